"""The journal is append-only, and any tampering with it is found."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ramsess.actions.audit_chain import Head, head_of, verify
from ramsess.actions.auditing import note
from ramsess.models import AuditEvent
from tests.conftest import administrator
from tests.security.test_audit import noted, some_events


def as_owner(session: Session, *statements: str) -> None:
    """What somebody does who holds the database itself: no trigger stops her."""
    session.rollback()
    with administrator() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))


ALTERATIONS = (
    "UPDATE audit_events SET action = 'autre'",
    "DELETE FROM audit_events WHERE id = 6",
    "TRUNCATE audit_events CASCADE",
    "UPDATE audit_details SET account_id = NULL, record = 'autre'",
    "UPDATE audit_details SET salt = NULL, erased_at = now() WHERE person_id IS NULL",
    "UPDATE audit_details SET person_id = NULL, structure_id = 1",
    "DELETE FROM audit_details",
    "TRUNCATE audit_details",
)


@pytest.mark.parametrize("statement", ALTERATIONS)
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
                # Twice, so that no number is taken on the way, whatever the rows' order.
                "UPDATE audit_events SET id = -id WHERE id > 3",
                "UPDATE audit_events SET id = -id - 1 WHERE id < 0",
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
