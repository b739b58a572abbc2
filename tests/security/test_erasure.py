"""Erasing: no byte of the person is left, also after a restore; no figure changes."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from sqlalchemy import String, Text, select, text
from sqlalchemy.orm import Session

from ramsess import create_app
from ramsess.actions import naming
from ramsess.actions.erasure import ERASED_PROJECT, erase_person
from ramsess.actions.ledger import Ledger, LedgerDamagedError
from ramsess.cli.upkeep.backup import back_up
from ramsess.cli.upkeep.purge import purge_traces
from ramsess.cli.upkeep.restore import restore
from ramsess.database import Base
from ramsess.models import (
    Act,
    Beneficiary,
    ExchangeKey,
    Parcours,
    ParcoursBeneficiary,
    Project,
)
from tests.counting.builder import Network
from tests.security import canaries
from tests.security.canaries import House

# Text columns of the tables that lead to a person in which nothing of her can be written: our own
# codes and references, and the titles of sessions, which belong to the session.
NOT_HERS = {
    "changes.kind",
    "corrections.kind",
    "changes.noun",
    "diagnostics.link_hash",
    "duplicate_pairs.evidence",
    "duplicate_pairs.verdict",
    "erasure_requests.answer",
    "erasure_requests.reason_code",
    "exchange_keys.sheet",
    "group_sessions.reference",
    "group_sessions.title",
    "orientations.answer",
    "parcours.join_code",
    "parcours.reference",
    "plan_actions.state",
    "projects.siret",
    "signed_sheets.kind",
}
LEADING = {
    "acquaintances", "act_advisers", "act_beneficiaries", "acts", "attendances", "beneficiaries",
    "erasure_requests", "exchange_keys", "fundings", "group_sessions", "involvements",
    "orientations", "parcours", "parcours_beneficiaries", "phase_changes", "projects",
    "session_hosts", "appraisals", "contributions", "diagnostics", "plan_actions", "plans",
    "changes", "duplicate_pairs", "decisions", "enrolments", "meetings", "messages",
    "signed_sheets", "corrections",
}  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return canaries.build(tmp_path_factory.mktemp("effacement") / "instance")


def test_people_erased_leave_no_byte_and_no_restore_brings_them_back(
    house: House, tmp_path: Path
) -> None:
    with house.session() as session:
        references = canaries.populate(session)
    with house.session() as session:
        # The history of records holds what they were before.
        for column in (
            "beneficiaries.email", "acts.note", "projects.title", "parcours.origin",
            "fundings.label", "orientations.reason", "exchange_keys.local_id",
        ):  # fmt: skip
            table, name = column.split(".")
            session.execute(text(f"UPDATE {table} SET {name} = {name} || '.' WHERE {name} <> ''"))
        session.commit()
    canaries.deposit(house.instance)
    filled = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        if table.name in LEADING
        for column in table.columns
        if isinstance(column.type, String | Text) and not column.foreign_keys
    }
    kept = {"changes.key", "changes.before", "changes.after"}
    assert house.columns_with() == (filled | kept) - NOT_HERS
    figures = house.reports()
    older = tmp_path / "avant.dump"
    back_up(house.url, older, embedded=True)

    ledger = Ledger(house.instance)
    for reference in references:
        with house.session() as session:
            (person,) = canaries.people_of(session, [reference])
            erase_person(session, person, ledger=ledger)
    assert house.rows_with() == []
    assert house.files_with(), "the disk still holds old pages: the search can find them"
    purge_traces(house.url, embedded=house.instance)
    assert house.files_with() == []
    assert house.reports() == figures
    assert ledger.read() == references
    assert ledger.path.stat().st_mode & 0o777 == 0o600

    # Without the ledger the backup brings everybody back: the search would have seen it.
    hidden = ledger.path.rename(tmp_path / "registre")
    assert restore(house.settings, older, create_app).erased_again == 0
    assert {"acts", "beneficiaries", "exchange_keys", "projects"} <= set(house.rows_with())
    assert house.files_with()
    hidden.rename(ledger.path)

    assert restore(house.settings, older, create_app).erased_again == len(references)
    assert house.rows_with() == []
    assert house.files_with() == []
    assert house.reports() == figures


def erased(session: Session, person: Beneficiary, tmp_path: Path) -> Beneficiary:
    erase_person(session, person, ledger=Ledger(tmp_path))
    session.commit()
    return session.get_one(Beneficiary, person.id)


def test_what_the_others_of_a_parcours_need_stays(session: Session, tmp_path: Path) -> None:
    network = Network(session)
    one, other = network.person(), network.person()
    parcours = network.parcours(one, other)
    parcours.project.title = f"Épicerie de {one.last_name} et compagnie"
    parcours.project.siret = "12345678901234"
    parcours.origin = "Mission locale"
    kept = network.act("2009-03-01", parcours=parcours, note="Point sur le budget")
    gone = network.act("2009-03-02", parcours=parcours, note=f"Vu {one.last_name.upper()} seule")
    session.commit()
    erased(session, one, tmp_path)
    assert session.get_one(Act, kept.id).note == "Point sur le budget"
    assert session.get_one(Act, gone.id).note == ""
    project = session.get_one(Parcours, parcours.id).project
    assert (project.title, project.siret) == ("Épicerie de … et compagnie", "12345678901234")
    assert session.get_one(Parcours, parcours.id).origin == "Mission locale"
    erased(session, other, tmp_path)
    assert session.get_one(Act, kept.id).note == ""
    project = session.get_one(Project, parcours.project_id)
    assert (project.title, project.siret) == (ERASED_PROJECT, None)
    assert session.get_one(Parcours, parcours.id).origin == ""


def test_an_orientation_of_an_erased_person_is_given_up_and_says_nothing(
    session: Session, tmp_path: Path
) -> None:
    network = Network(session)
    person, other = network.person(), network.person()
    shared = network.parcours(person, other)
    waiting = network.orientation("APEAS>PLACE", "2009-03-01", person)
    answered = network.orientation("APEAS>>ADIE", "2009-03-01", person, "refused", "2009-03-02")
    named = network.orientation("APEAS>PLACE", "2009-03-01", shared)
    silent = network.orientation("APEAS>AGODIS", "2009-03-01", shared)
    named.reason, named.answer_note = f"Avec {person.last_name}", "Sans elle"
    erase_person(session, person, ledger=Ledger(tmp_path))
    assert [(item.answer, item.reason) for item in (waiting, answered, named, silent)] == [
        ("closed", ""), ("refused", ""), (None, ""), (None, "Motif fictif"),
    ]  # fmt: skip
    assert named.answer_note == "Sans elle"


def test_two_people_erased_stay_two_people(session: Session, tmp_path: Path) -> None:
    network = Network(session)
    people = [erased(session, network.person(), tmp_path) for _ in range(2)]
    assert len({person.name_key for person in people}) == 2
    assert {person.name for person in people} == {"Personne effacée"}
    assert all(person.nameless_since for person in people)


def test_a_second_erasure_touches_no_note_that_says_person(
    session: Session, tmp_path: Path
) -> None:
    network = Network(session)
    one, other = network.person(), network.person()
    parcours = network.parcours(one, other)
    act = network.act("2009-03-01", parcours=parcours, note="Personne effacée des listes")
    session.commit()
    erased(session, erased(session, one, tmp_path), tmp_path)
    assert session.get_one(Act, act.id).note


def test_workbook_keys_of_what_is_counted_stay_without_her_name(
    session: Session, tmp_path: Path
) -> None:
    network = Network(session)
    person = network.person()
    parcours = network.parcours(person)
    place = parcours.lead_structure_id
    for sheet, local_id in (
        ("Bénéficiaires", "B1"), ("Parcours", f"P-{person.last_name.upper()}-1"),
    ):  # fmt: skip
        record = person.id if sheet == "Bénéficiaires" else parcours.id
        session.add(
            ExchangeKey(structure_id=place, sheet=sheet, local_id=local_id, record_id=record)
        )
    session.commit()
    erased(session, person, tmp_path)
    (key,) = session.scalars(select(ExchangeKey))
    assert key.sheet == "Parcours"
    assert key.record_id == parcours.id
    assert key.local_id.startswith("effacé-")


def test_her_place_on_the_parcours_stays(session: Session, tmp_path: Path) -> None:
    network = Network(session)
    person = network.person(sex_code="F")
    network.parcours(person)
    session.commit()
    erased(session, person, tmp_path)
    (member,) = session.scalars(select(ParcoursBeneficiary))
    assert member.sex_code == "F"
    assert session.get_one(Beneficiary, person.id).sex_code == "NR"


def test_the_ledger_is_written_before_the_commit(session: Session, tmp_path: Path) -> None:
    person = Network(session).person()
    session.commit()
    reference = person.public_id
    erase_person(session, person, ledger=Ledger(tmp_path))
    session.rollback()
    assert Ledger(tmp_path).read() == [reference]


def test_a_line_cut_by_a_crash_is_written_over(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    first, second = uuid.uuid4(), uuid.uuid4()
    ledger.append([first])
    with ledger.path.open("ab") as file:
        file.write(b'{"public_id": "')
    assert ledger.read() == [first]
    ledger.append([second])
    assert ledger.read() == [first, second]


@pytest.mark.parametrize("damage", ["drop", "change", "nonsense"])
def test_a_damaged_ledger_is_told(tmp_path: Path, damage: str) -> None:
    ledger = Ledger(tmp_path)
    ledger.append([uuid.uuid4(), uuid.uuid4(), uuid.uuid4()])
    lines = ledger.path.read_text().splitlines()
    if damage == "drop":
        del lines[1]
    elif damage == "change":
        lines[0] = lines[0].replace("erased_at", "erased_On")
    else:
        lines[1] = "rien"
    ledger.path.write_text("\n".join(lines) + "\n")
    with pytest.raises(LedgerDamagedError, match="à la ligne 2"):
        ledger.read()


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Vu Mme BEN-SAÏD hier", True),
        ("Vu ben  said", True),
        ("appel d’Inès", True),
        ("Appel d’Ine\u0300s", True),
        ("Inessa est venue", False),
        ("le ben et le said", False),
        ("", False),
        (None, False),
    ],
)
def test_a_name_is_found_as_names_are_compared(said: str | None, found: bool) -> None:
    assert naming.names(said, [("Ben Saïd", "Inès")]) is found


def test_a_reference_without_spaces_holds_a_name() -> None:
    assert naming.holds("P2009BENSAID-3", [("Ben Saïd", "Al")])
    assert not naming.holds("P2009-AL", [("Ben Saïd", "Al")])
