"""The journal: exact, append-only, one transaction with what it tells, and any tampering found."""

from __future__ import annotations

import ast
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import ramsess
from ramsess.actions.audit_chain import Head, head_of, verify
from ramsess.actions.auditing import note
from ramsess.actions.beneficiaries import PersonDraft, correct_beneficiary
from ramsess.database import db
from ramsess.models import AuditDetail, AuditEvent, Beneficiary
from ramsess.models.audit import AUDITED, OF_A_PERSON
from tests.conftest import SignIn, administrator, open_account
from tests.views.conftest import enter_person
from tests.views.test_together import same_session


def person_of(session: Session, name: str = "Fictif") -> Beneficiary:
    person = Beneficiary(last_name=name, first_name="Zoé")
    session.add(person)
    session.commit()
    return person


def noted(session: Session) -> list[tuple[str, int | None, int | None]]:
    """Action, person and structure of every event, in order."""
    rows = session.execute(
        select(AuditEvent.action, AuditDetail.person_id, AuditDetail.structure_id)
        .join(AuditDetail, AuditDetail.event_id == AuditEvent.id)
        .order_by(AuditEvent.id)
    )
    return [(action, person, structure) for action, person, structure in rows]


def some_events(session: Session, count: int = 6) -> Beneficiary:
    person = person_of(session)
    for index in range(count):
        note(session, "read_person", person_id=person.id, record=f"lecture {index}")
    session.commit()
    return person


def as_owner(session: Session, *statements: str) -> None:
    """What somebody does who holds the database itself: no trigger stops her."""
    session.rollback()
    with administrator() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))


def test_forty_readings_by_eight_at_once_are_forty_events(app: Flask, sign_in: SignIn) -> None:
    first = sign_in("adviser", "APEAS")
    address = enter_person(first, "Fictif")
    clients = [same_session(app, first) for _ in range(8)]

    def read(index: int) -> list[int]:
        return [clients[index].get(address).status_code for _ in range(5)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(read, range(8)))
    assert answers == [[200] * 5] * 8
    with app.app_context():
        session = db.session()
        events = noted(session)
        assert [action for action, _, _ in events].count("read_person") == 40
        assert len(events) == 41
        verdict = verify(session)
        assert (verdict.fault, verdict.head.number) == (None, 41)


def test_an_event_tells_who_when_what_and_in_whose_name(session: Session) -> None:
    account = open_account(session, "adviser", "APEAS")
    person = person_of(session)
    note(
        session,
        "read_person",
        person_id=person.id,
        record=person.public_id,
        account_id=account.id,
    )
    session.commit()
    event = session.scalars(select(AuditEvent)).one()
    assert event.details
    assert event.details.account_id == account.id
    assert event.details.record == str(person.public_id)
    assert event.details.structure
    assert event.details.structure.code == "APEAS"
    # The chain itself holds no personal data.
    columns = {column.name for column in AuditEvent.__table__.columns}
    assert columns == {"id", "at", "action", "commitment", "previous", "digest"}


def test_the_same_reading_is_noted_once_a_transaction(session: Session) -> None:
    person = person_of(session)
    for _ in range(3):
        note(session, "read_person", person_id=person.id)
    note(session, "correct_person", person_id=person.id)
    session.commit()
    note(session, "read_person", person_id=person.id)
    session.commit()
    assert [one[0] for one in noted(session)] == ["read_person", "correct_person", "read_person"]


def test_a_change_rolled_back_leaves_no_event(session: Session) -> None:
    person = person_of(session)
    draft = PersonDraft("Autre", "Zoé")
    correct_beneficiary(session, person, draft, version=person.version)
    session.rollback()
    session.commit()
    assert noted(session) == []
    assert person.last_name == "Fictif"


def test_a_session_closed_without_commit_leaves_no_event(app: Flask, session: Session) -> None:
    other = Session(db.engines["batch"])
    note(other, "search_people")
    other.close()
    other.execute(text("SELECT 1"))
    other.commit()
    other.close()
    assert noted(session) == []


def test_savepoints_neither_lose_nor_double_events(session: Session) -> None:
    note(session, "read_person", record="avant")
    with session.begin_nested():
        note(session, "read_person", record="gardé")
        with session.begin_nested() as inner:
            note(session, "read_person", record="défait")
            inner.rollback()
    with session.begin_nested() as outer:
        with session.begin_nested():
            note(session, "read_person", record="défait avec")
        outer.rollback()
    note(session, "read_person", record="après")
    session.begin_nested()
    note(session, "read_person", record="ouvert")
    session.commit()
    records = session.scalars(select(AuditDetail.record).order_by(AuditDetail.event_id)).all()
    assert records == ["avant", "gardé", "après", "ouvert"]


def test_when_the_journal_fails_the_change_fails(session: Session) -> None:
    person = person_of(session)
    correct_beneficiary(session, person, PersonDraft("Autre", "Zoé"), version=person.version)
    note(session, "PAS UNE ACTION")
    with pytest.raises(DBAPIError, match="action_is_plain"):
        session.commit()
    session.rollback()
    assert person.last_name == "Fictif"
    assert noted(session) == []


def test_when_the_journal_fails_the_page_is_not_sent(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    address = enter_person(client, "Fictif")
    hidden = "ALTER FUNCTION audit_note_many {} RENAME TO {}"
    arguments = "(text[], int[], int[], int[], text[])"
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        with app.app_context(), administrator() as connection:
            statement = hidden.format(arguments, "audit_hidden").replace(" (", "(")
            connection.execute(text(statement))
        answer = client.get(address)
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = None
        with app.app_context(), administrator() as connection:
            connection.execute(
                text(f"ALTER FUNCTION audit_hidden{arguments} RENAME TO audit_note_many")
            )
    assert answer.status_code == 500
    assert "Fictif" not in answer.text
    assert "Fictif" in client.get(address).text


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET action = 'autre'",
        "DELETE FROM audit_events WHERE id = 6",
        "TRUNCATE audit_events CASCADE",
        "UPDATE audit_details SET account_id = NULL, record = 'autre'",
        "UPDATE audit_details SET salt = NULL, erased_at = now() WHERE person_id IS NULL",
        "UPDATE audit_details SET person_id = NULL, structure_id = 1",
        "DELETE FROM audit_details",
        "TRUNCATE audit_details",
    ],
)
def test_the_journal_is_append_only(session: Session, statement: str) -> None:
    some_events(session)
    note(session, "search_people")
    session.commit()
    # A command is refused by its rights, or by the journal; the administrator by the journal.
    with pytest.raises(DBAPIError, match=r"ne se modifie pas|permission denied"):
        session.execute(text(statement))
    session.rollback()
    with pytest.raises(DBAPIError, match="ne se modifie pas"), administrator() as connection:
        connection.execute(text(statement))
    assert verify(session).fault is None
    assert len(noted(session)) == 7


def test_an_inserted_event_cannot_choose_its_place(session: Session) -> None:
    some_events(session)
    with administrator() as connection:
        connection.execute(
            text(
                "INSERT INTO audit_events (id, at, action, commitment, previous, digest) VALUES "
                "(3, '2001-01-01', 'read_person', :zeros, :zeros, :zeros)"
            ),
            {"zeros": "0" * 64},
        )
    last = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert last
    assert (last.id, last.at.year > 2001) == (7, True)
    assert verify(session).fault == "le détail de l’événement 7 a disparu."


SWAP = (
    "UPDATE audit_events AS e SET (at, action, commitment) = (o.at, o.action, o.commitment) "
    "FROM audit_events AS o WHERE (e.id, o.id) IN ((2, 3), (3, 2))"
)
EXCHANGE = (
    "UPDATE audit_events SET id = 100 WHERE id = 2",
    "UPDATE audit_events SET id = 2 WHERE id = 3",
    "UPDATE audit_events SET id = 3 WHERE id = 100",
)


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (("UPDATE audit_events SET action = 'autre' WHERE id = 3",), "l’événement 3 a été modifié"),
        (
            ("UPDATE audit_events SET at = at - interval '1 µs' WHERE id = 3".replace("µs", "us"),),
            "3 a été modifié",
        ),
        (("UPDATE audit_events SET digest = repeat('a', 64) WHERE id = 3",), "3 a été modifié"),
        (("DELETE FROM audit_events WHERE id = 3",), "il manque l’événement 3"),
        (("DELETE FROM audit_events WHERE id = 1",), "il manque l’événement 1"),
        (
            (
                "DELETE FROM audit_events WHERE id = 3",
                "UPDATE audit_events SET id = id - 1 WHERE id > 3",
            ),
            "3 ne suit pas le précédent",
        ),
        ((SWAP,), "2 a été modifié"),
        (EXCHANGE, "2 ne suit pas le précédent"),
        (
            (
                "UPDATE audit_events SET id = -id WHERE id > 3",
                "UPDATE audit_events SET id = 1 - id WHERE id < 0",
                "INSERT INTO audit_events SELECT 4, at, action, commitment, previous, digest "
                "FROM audit_events WHERE id = 3",
            ),
            "4 ne suit pas le précédent",
        ),
        (
            ("UPDATE audit_details SET account_id = 77 WHERE event_id = 3",),
            "détail de l’événement 3 a été modifié",
        ),
        (
            ("UPDATE audit_details SET record = NULL WHERE event_id = 3",),
            "détail de l’événement 3 a été modifié",
        ),
        (("DELETE FROM audit_details WHERE event_id = 3",), "détail de l’événement 3 a disparu"),
    ],
)
def test_tampering_is_found(session: Session, statements: tuple[str, ...], fault: str) -> None:
    some_events(session)
    assert verify(session).fault is None
    as_owner(session, *statements)
    assert fault in str(verify(session).fault)


def test_a_cut_tail_is_found_by_a_head_kept_elsewhere(session: Session) -> None:
    some_events(session)
    kept = head_of(session)
    as_owner(
        session,
        "DELETE FROM audit_events WHERE id > 4",
        "DELETE FROM audit_details WHERE event_id > 4",
    )
    assert verify(session).fault is None
    assert "l’événement 6 a disparu" in str(verify(session, kept).fault)
    # Writing over the cut does not hide it.
    for index in range(4):
        note(session, "search_people", record=str(index))
    session.commit()
    assert verify(session).fault is None
    assert "6 n’est plus celui" in str(verify(session, kept).fault)


def test_a_head_kept_elsewhere_is_still_in_a_longer_chain(session: Session) -> None:
    some_events(session, 2)
    kept = head_of(session)
    note(session, "search_people")
    session.commit()
    verdict = verify(session, Head.parse(f"{kept.number}:{kept.digest}"))
    assert (verdict.fault, verdict.head.number) == (None, 3)


def test_an_empty_journal_is_whole(session: Session) -> None:
    verdict = verify(session, Head.parse(f"0:{'0' * 64}"))
    assert (verdict.fault, verdict.head.number) == (None, 0)
    with pytest.raises(ValueError, match="EMPREINTE"):
        Head.parse("7:abc")


@pytest.mark.parametrize(
    "way", ["SELECT audit_forget({})", "DELETE FROM beneficiaries WHERE id = {}"]
)
def test_erasing_a_person_empties_her_details_and_keeps_the_chain(
    session: Session, way: str
) -> None:
    person, other = some_events(session), person_of(session, "Inventée")
    note(session, "read_person", person_id=other.id, record=other.public_id)
    session.commit()
    kept = head_of(session)
    session.execute(text(way.format(person.id)))
    session.commit()
    verdict = verify(session, kept)
    assert (verdict.fault, verdict.erased) == (None, 6)
    told = session.scalars(select(AuditDetail).order_by(AuditDetail.event_id)).all()
    assert {(one.person_id, one.record, one.salt) for one in told[:6]} == {(None, None, None)}
    assert all(one.erased_at for one in told[:6])
    assert told[6].person_id == other.id
    assert told[6].salt


def test_reading_somebody_erased_meanwhile_is_noted_without_her(session: Session) -> None:
    person = person_of(session)
    note(session, "read_person", person_id=person.id, record=person.public_id)
    with Session(db.engines["batch"]) as other:
        other.execute(text("DELETE FROM beneficiaries"))
        other.commit()
    session.commit()
    detail = session.scalars(select(AuditDetail)).one()
    assert (detail.person_id, detail.record, detail.salt) == (None, None, None)
    assert verify(session).fault is None


def test_two_details_never_have_the_same_text(session: Session) -> None:
    salt = "00" * 32
    told = [
        (1, None, None, None),
        (None, 1, None, None),
        (None, None, 1, None),
        (None, None, None, "1"),
        (11, None, None, None),
        (1, 1, None, None),
        (None, None, None, ""),
        (None, None, None, "-"),
        (None, None, None, "1:1"),
        (1, 1, 1, "é"),
    ]
    commitments = {
        session.scalar(
            text("SELECT audit_commitment(:s, :a, :b, :c, :d)"),
            {"s": salt, **dict(zip("abcd", one, strict=True))},
        )
        for one in told
    }
    assert len(commitments) == len(told)


def test_writers_who_hold_each_other_s_people_never_deadlock(app: Flask, session: Session) -> None:
    """Each corrects a person (her row is held) and notes that it read another's, held by others."""
    people = [person_of(session, name).id for name in ("Un", "Deux", "Trois", "Quatre")]
    session.commit()
    rounds, start = 15, Barrier(len(people))

    def work(rank: int) -> None:
        with Session(db_engine) as own:
            for turn in range(rounds):
                start.wait(30)
                person = own.get(Beneficiary, people[rank])
                assert person
                person.last_name = f"Nom {rank} {turn}"
                own.flush()
                note(own, "correct_person", person_id=people[rank])
                own.commit()
                note(own, "read_person", person_id=people[(rank + 1) % len(people)])
                note(own, "read_person", person_id=people[(rank + 2) % len(people)])
                own.commit()

    db_engine = db.engines["batch"]
    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(work, range(len(people))))
    events = noted(session)
    assert len(events) == len(people) * rounds * 3
    assert verify(session).fault is None


def test_three_thousand_events_are_one_statement(session: Session) -> None:
    session.execute(
        text(
            "INSERT INTO beneficiaries (last_name, first_name, name_key, search_key, sex_code, "
            "situation_code, education_code, phone, email, version) SELECT 'F' || n, 'Z', "
            "'f' || n || '|z', 'f', 'NR', 'NR', 'NR', '', '', 1 FROM generate_series(1, 3000) AS n"
        )
    )
    session.commit()
    people = session.scalars(select(Beneficiary.id)).all()
    statements: list[str] = []
    connection = session.connection()
    for person_id in people:
        note(session, "import_person", person_id=person_id, record=uuid.uuid4())
    event.listen(connection, "before_cursor_execute", lambda *about: statements.append(about[2]))
    session.commit()
    assert len([one for one in statements if "audit" in one]) == 1
    assert verify(session).head.number == 3000


def test_every_action_noted_has_its_french_words() -> None:
    package = Path(ramsess.__file__).parent
    calls: set[str] = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                name = node.func.id
                if name.startswith(("note", "show_list", "shown")):
                    calls |= {
                        arg.value
                        for arg in node.args
                        if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                    }
    assert len(calls) > 15
    assert calls <= set(AUDITED)
    assert set(OF_A_PERSON) <= set(AUDITED)
