"""Who was merged has her rights over both records: found, told everything, erased from both."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

from sqlalchemy import select, text

from ramsess.actions.access import gather
from ramsess.actions.auditing import note_person
from ramsess.actions.erasure import erase_person, find_by_reference, replay
from ramsess.actions.ledger import Ledger
from ramsess.actions.merging import merge_people
from ramsess.actions.retention import give_back_identity, put_away
from ramsess.database import Base as Schema
from ramsess.models import Beneficiary, DuplicatePair
from ramsess.models.calendar import today
from tests.counting.builder import Network
from tests.duplicates.conftest import Base
from tests.duplicates.test_merging import ALL_FIRST, pair_of


def merged(base: Base) -> tuple[Beneficiary, uuid.UUID]:
    """The record that stays, and the reference of the other, whose names stand in a shared note."""
    net = Network(base.session)
    one = base.know("Zzunique", "Zzélie", "APEAS", phone="0400000001")
    two = base.know("Zzuniqque", "Zzéliie", "APEAS", email="zz@demo.example")
    note_person(base.session, "read_person", two)
    base.session.commit()
    shared = net.parcours(two, base.know("Autre", "Ana", "APEAS"))
    net.act("2009-03-02", parcours=shared, note="Vu Mme Zzuniqque hier.")
    reference = two.public_id
    kept = merge_people(base.session, pair_of(base, one, two), ALL_FIRST)
    base.session.commit()
    return kept, reference


def left(base: Base, word: str) -> list[str]:
    """The tables that still hold *word*."""
    return [
        table
        for table in Schema.metadata.tables
        if base.session.scalar(
            text(f"SELECT count(*) FROM {table} t WHERE to_jsonb(t)::text ILIKE :word"),
            {"word": f"%{word}%"},
        )
    ]


def test_everything_held_on_either_record_is_told(base: Base) -> None:
    kept, reference = merged(base)
    assert find_by_reference(base.session, reference) == kept
    dossier = gather(base.session, kept)
    said = json.dumps(dossier.as_json(), ensure_ascii=False)
    assert "Zzuniqque" in said
    actions = [row["action"] for row in dossier.records["audit_events"]]
    assert {"read_person", "merge_people"} <= {*actions}
    (pair,) = dossier.records["duplicate_pairs"]
    assert not {"first_id", "second_id", "kept_id", "evidence"} & pair.keys()


def test_erasing_her_erases_both_and_no_restore_brings_either_back(
    base: Base, tmp_path: Path
) -> None:
    kept, reference = merged(base)
    assert {"beneficiaries", "changes", "acts"} <= {*left(base, "zzuni")}
    own = kept.public_id
    erase_person(base.session, kept, ledger=Ledger(tmp_path))
    base.session.commit()
    for word in ("zzuni", "zzéli", "zz@demo", "0400000001", str(reference), str(own)):
        assert left(base, word) == [], word
    noted = (tmp_path / "erasures.jsonl").read_text()
    assert str(reference) in noted
    assert str(own) in noted
    # A backup from before the merge holds both records, each with its reference.
    again = base.know("Zzunique", "Zzélie", "APEAS"), base.know("Zzuniqque", "Zzéliie", "APEAS")
    again[0].public_id, again[1].public_id = own, reference
    base.session.commit()
    assert replay(base.session, [own, reference]) == 2
    assert left(base, "zzuni") == []


def test_put_away_and_given_back_she_is_one(base: Base) -> None:
    kept, reference = merged(base)
    put_away(base.session, kept, day=today())
    base.session.commit()
    assert left(base, "zzuniqque") == []
    found = find_by_reference(base.session, reference)
    assert found is not None
    give_back_identity(base.session, found)
    base.session.commit()
    assert kept.last_name == "Zzunique"
    assert not base.session.scalars(select(DuplicatePair)).all()
