"""What an operation changed can be put back, unless something else touched it since."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from ramsess.actions.history import IrreversibleError, changes_of, current_operation, reverse
from ramsess.models import Beneficiary, Change, Funding, Message
from ramsess.models.change import TRACKED
from tests.counting.builder import Network
from tests.counting.comparing import YEAR, import_files
from tests.counting.networks import random_network
from tests.counting.workbooks import write


def done(session: Session) -> uuid.UUID:
    """What the transaction did, written."""
    session.flush()
    operation = current_operation(session)
    assert operation
    session.commit()
    return operation


def rows(session: Session) -> dict[str, list[str]]:
    """Every row that has a history, versions left out: they only ever grow."""
    found: dict[str, list[str]] = {}
    for noun in TRACKED:
        read = session.scalars(text(f"SELECT to_jsonb(t) - 'version' FROM \"{noun}\" t"))
        found[noun] = sorted(json.dumps(row, sort_keys=True) for row in read)
    return found


def test_what_was_added_goes_and_what_was_removed_comes_back(session: Session) -> None:
    network = Network(session)
    network.person()
    done(session)
    before = rows(session)
    network.act("2009-03-01", note="Premier rendez-vous", people=(network.person(),))
    added = done(session)
    with_act = rows(session)
    assert reverse(session, added) >= 4
    removed = done(session)
    assert rows(session) == before
    reverse(session, removed)
    session.commit()
    assert rows(session) == with_act


def test_what_was_changed_is_what_it_was_with_a_version_that_grows(session: Session) -> None:
    network = Network(session)
    act = network.act("2009-03-01", note="Avant")
    done(session)
    before, version = rows(session), act.version
    act.note, act.type_code = "Après", "CSL2"
    act.shares[0].minutes = 90
    changed = done(session)
    seen = {
        (change.noun, change.kind): (change.before, change.after)
        for change in changes_of(session, changed)
    }
    assert seen["acts", "U"] == (
        {"note": "Avant", "type_code": "CSL1", "version": 1},
        {"note": "Après", "type_code": "CSL2", "version": 2},
    )
    assert seen["act_advisers", "U"] == ({"minutes": 60}, {"minutes": 90})
    reverse(session, changed)
    session.commit()
    assert rows(session) == before
    assert act.version == version + 2


def test_what_something_else_touched_since_stops_the_whole(session: Session) -> None:
    network = Network(session)
    act = network.act("2009-03-01")
    parcours = network.parcours(network.person())
    added = done(session)
    act.note = "Corrigé depuis"
    network.act("2009-03-02", parcours=parcours)
    parcours.fundings.append(
        Funding(source_code="REGION", cents=100, obtained_on=parcours.entered_on)
    )
    done(session)
    before = rows(session)
    with pytest.raises(IrreversibleError) as stopped:
        reverse(session, added)
    session.rollback()
    assert set(map(str, stopped.value.obstacles)) == {
        "Depuis, quelqu’un a modifié ou retiré un acte.",
        "Depuis, un acte s’y est ajouté.",
        "Depuis, un financement s’y est ajouté.",
        "Depuis, le temps passé à un acte s’y est ajouté.",
    }
    assert rows(session) == before


def test_nothing_without_a_history_goes_with_what_is_put_back(session: Session) -> None:
    network = Network(session)
    parcours = network.parcours(network.person())
    added = done(session)
    session.execute(text(
        "INSERT INTO accounts (email, name, active, fs_uniquifier) "
        "VALUES ('a@demo.example', 'Ana', true, 'x')"
    ))  # fmt: skip
    account = session.scalar(text("SELECT id FROM accounts"))
    session.add(Message(account_id=account, parcours_id=parcours.id, text="À suivre"))
    session.commit()
    with pytest.raises(IrreversibleError, match="un autre enregistrement s’y est ajouté"):
        reverse(session, added)


def test_a_row_removed_then_named_anew_by_another_is_told(session: Session) -> None:
    network = Network(session)
    person = network.person(birth_date=YEAR.first)
    done(session)
    name = {"last_name": person.last_name, "first_name": person.first_name}
    session.execute(delete(Beneficiary))
    removed = done(session)
    session.add(Beneficiary(**name, birth_date=YEAR.first))
    done(session)
    with pytest.raises(IrreversibleError, match="ne permet plus de revenir"):
        reverse(session, removed)


@pytest.mark.parametrize("seed", [3, 11])
def test_an_import_taken_back_leaves_no_trace_and_can_be_done_again(
    session: Session, tmp_path: Path, seed: int
) -> None:
    """The same structures hand in again: acts and sessions more, others and people changed."""
    books = random_network(seed, 8)
    for book in books:
        whole = book.sheets
        book.sheets = {
            sheet: lines[: len(lines) // 2] if sheet in ("Actes", "Séances") else lines
            for sheet, lines in whole.items()
        }
        write(book, tmp_path / f"0-{book.structure}.xlsx")
        book.sheets = {
            **whole,
            "Actes": [
                {**row, "durée_minutes": 15 + int(row["id_local"][1:]) % 60}
                for row in whole["Actes"]
            ],
            "Bénéficiaires": [
                {**row, "téléphone": "04 91 00 00 00"} for row in whole["Bénéficiaires"]
            ],
        }
        write(book, tmp_path / f"1-{book.structure}.xlsx")
    import_files(session, sorted(tmp_path.glob("0-*.xlsx")))
    before = rows(session)
    later = sorted(tmp_path.glob("1-*.xlsx"))
    operation = imported(session, later)
    after = rows(session)
    assert after != before
    reverse(session, operation)
    session.commit()
    assert rows(session) == before
    again = imported(session, later)
    assert again != operation
    assert {noun: len(found) for noun, found in rows(session).items()} == {
        noun: len(found) for noun, found in after.items()
    }


def imported(session: Session, paths: list[Path]) -> uuid.UUID:
    import_files(session, paths)
    last: uuid.UUID = session.scalars(
        select(Change.operation).order_by(Change.id.desc()).limit(1)
    ).one()
    return last
