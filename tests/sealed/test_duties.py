"""What personal data requires passes: erasing, putting away, merging two records of one person."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from ramsess.actions.duplicates import evidence, identity_of
from ramsess.actions.erasure import ARCHIVED, erase_person, take_identity
from ramsess.actions.ledger import Ledger
from ramsess.actions.merging import merge_people, proposed, undo_merge
from ramsess.actions.sealed import SealedError
from ramsess.models import Account, Attendance, Correction, DuplicatePair, ParcoursBeneficiary
from ramsess.roles import role_url
from tests.counting.builder import day, row
from tests.sealed.scene import Scene, make_scene


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


def accompanied(scene: Scene) -> int:
    report = scene.network.report("2009-01-01", "2009-03-31")
    return int(row(report, "B03", "TOTAL")["TOTAL"])


def pair(session: Session, scene: Scene) -> DuplicatePair:
    first, second = scene.people["zoe"], scene.people["lou"]
    found = DuplicatePair(
        first_id=first.id, second_id=second.id, found_on=day("2009-06-01"), score=90, reasons=[],
        evidence=evidence(identity_of(first), identity_of(second)),
    )  # fmt: skip
    session.add(found)
    session.flush()
    return found


def test_erasing_and_putting_away_leave_every_figure(
    session: Session, scene: Scene, tmp_path: Path
) -> None:
    before = [one.as_json() for one in scene.network.report("2009-01-01", "2009-06-30").tables]
    erase_person(session, scene.people["zoe"], ledger=Ledger(tmp_path))
    take_identity(session, scene.people["lou"], ARCHIVED)
    session.commit()
    after = [one.as_json() for one in scene.network.report("2009-01-01", "2009-06-30").tables]
    assert after == before


def test_two_records_are_merged_across_the_seal_and_parted_again(
    session: Session, scene: Scene
) -> None:
    quarter = ("2009-01-01", "2009-03-31")
    before = [one.as_json() for one in scene.network.report(*quarter).tables]
    persons = accompanied(scene)
    found = pair(session, scene)
    merge_people(session, found, proposed(found))
    session.commit()
    # Counted live, they are one person; what is sealed is read from its own bytes.
    assert accompanied(scene) == persons - 1
    there = session.scalars(select(Attendance.beneficiary_id)).all()
    assert scene.ids["lou"] not in there
    undo_merge(session, found)
    session.commit()
    assert [one.as_json() for one in scene.network.report(*quarter).tables] == before


def test_the_way_for_a_merge_is_open_to_its_two_records_and_its_own_transaction(
    session: Session, scene: Scene
) -> None:
    move = text(
        "UPDATE parcours_beneficiaries SET beneficiary_id = :to "
        "WHERE beneficiary_id = :zoe AND parcours_id = :in_parcours"
    )
    let = text("SELECT sight.let_identity_move(:zoe, :lou)")
    ids = scene.ids | {"to": scene.ids["max"]}
    # Two people whom nobody found alike.
    session.execute(let, ids)
    with pytest.raises(SealedError):
        session.execute(move, ids | {"to": scene.ids["lou"]})
    session.rollback()
    pair(session, scene)
    session.commit()
    session.execute(let, ids)
    with pytest.raises(SealedError):
        session.execute(move, ids)
    session.rollback()
    session.execute(let, ids)
    session.commit()
    with pytest.raises(SealedError):
        session.execute(move, ids | {"to": scene.ids["lou"]})
    session.rollback()
    session.execute(let, ids)
    session.execute(move, ids | {"to": scene.ids["lou"]})
    # Nor does it let anything else pass.
    with pytest.raises(SealedError):
        session.execute(text("UPDATE acts SET type_code = 'CSL2' WHERE id = :in_act"), ids)
    session.rollback()


def test_the_pages_cannot_open_that_way(app: Flask, scene: Scene) -> None:
    url = role_url(app.config["SETTINGS"], app.config["DATABASE_ADDRESS"], "app")
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    for statement in (
        f"SELECT sight.let_identity_move({scene.ids['zoe']}, {scene.ids['lou']})",
        "SELECT sight.hold_still()",
        "INSERT INTO sight.identity_moves VALUES (pg_current_xact_id(), 1)",
        "DELETE FROM seals",
        "DELETE FROM corrections",
        "UPDATE corrections SET reason = 'x'",
    ):
        with psycopg.connect(address) as connection, pytest.raises(psycopg.Error) as refused:
            connection.execute(statement.encode())
        assert refused.value.sqlstate == "42501", statement


def test_a_correction_is_never_changed_nor_removed_and_is_erased_with_her(
    session: Session, scene: Scene, tmp_path: Path
) -> None:
    account = session.scalars(select(Account.id)).first()
    said = {
        "account_id": account, "structure_id": scene.ids["APEAS"], "period_id": scene.ids["period"],
        "minutes": 30,
    }  # fmt: skip
    name = scene.people["lou"].last_name
    session.add_all([
        Correction(kind="duration", act_id=scene.ids["in_welcome"], reason="Venue", **said),
        Correction(kind="duration", act_id=scene.ids["in_session"], reason=f"{name} était là",
                   **said),
        Correction(kind="type", act_id=scene.ids["in_session"], reason="Erreur de type", **said),
        Correction(kind="parcours_other", parcours_id=scene.ids["in_ended"], reason="Oubli",
                   should_be=f"{name} à l’association", **said),
        Correction(kind="act_forgotten", reason=f"Accueil de {name}", **said),
    ])  # fmt: skip
    session.commit()
    for statement in ("UPDATE corrections SET minutes = 0", "DELETE FROM corrections"):
        with pytest.raises(ProgrammingError):
            session.execute(text(statement))
        session.rollback()
    erase_person(session, scene.people["lou"], ledger=Ledger(tmp_path))
    session.commit()
    told = session.execute(
        select(Correction.reason, Correction.should_be, Correction.minutes).order_by(Correction.id)
    ).all()
    erased = ("Motif effacé", "", 30)
    assert [tuple(one) for one in told] == [
        erased, erased, ("Erreur de type", "", 30), erased, erased,
    ]  # fmt: skip
    assert session.scalars(select(ParcoursBeneficiary.beneficiary_id)).all()
