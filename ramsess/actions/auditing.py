"""Note who read or changed which record, in the transaction of the reading or the change.

Events are gathered in the session and written when the transaction is about to be committed, in
one statement that takes the lock of the chain: the last lock that the transaction takes. A
rollback forgets them, a savepoint's rollback those noted since; when the journal cannot be
written, nothing is committed.
"""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.orm import Session, SessionTransaction

from ramsess.database import acting
from ramsess.models import Act, Beneficiary, Parcours
from ramsess.models.calendar import today

PENDING, SHOWN, MARKS = "audit", "audit_shown", "audit_marks"

_WRITE = text(
    "SELECT audit_note_many(CAST(:actions AS text[]), CAST(:accounts AS int[]), "
    "CAST(:structures AS int[]), CAST(:persons AS int[]), CAST(:records AS text[]))"
)
# Of an account's structures, the one that gives sight of the person: the lead of her parcours,
# then one that takes part in it, then any other.
_IN_WHOSE_NAME = text(
    """
    SELECT DISTINCT ON (asked.account, asked.person) asked.account, asked.person, g.structure_id
    FROM unnest(CAST(:accounts AS int[]), CAST(:persons AS int[])) AS asked(account, person)
    JOIN grants AS g ON g.account_id = asked.account AND g.structure_id IS NOT NULL
    LEFT JOIN parcours_beneficiaries AS b ON b.beneficiary_id = asked.person
    LEFT JOIN parcours AS p ON p.id = b.parcours_id
    LEFT JOIN involvements AS i ON i.parcours_id = p.id AND i.structure_id = g.structure_id
        AND i.joined_on <= :day AND coalesce(i.left_on >= :day, true)
    ORDER BY asked.account, asked.person,
        coalesce(p.lead_structure_id = g.structure_id AND i.id IS NOT NULL, false) DESC,
        i.id IS NOT NULL DESC, g.structure_id
    """
)

# The session whose transaction a connection carries.
_sessions: WeakKeyDictionary[Connection, Session] = WeakKeyDictionary()


class Noted(NamedTuple):
    """An event to write."""

    action: str
    account_id: int | None
    structure_id: int | None
    person_id: int | None
    record: str | None


def note(
    session: Session,
    action: str,
    *,
    person_id: int | None = None,
    structure_id: int | None = None,
    record: uuid.UUID | str | None = None,
    account_id: int | None = None,
) -> None:
    """Note *action* (``read_person``, ``correct_person``…) on a person or another record.

    *record* is what an address shows of it (a random identifier or a parcours' reference). The
    account is the one that acts now, unless *account_id* says otherwise. Without *structure_id*,
    the structure is the account's one that gives sight of the person. The same action on the same
    record by the same account is noted once a transaction.
    """
    # What is noted needs a transaction to be written in.
    session.connection()
    session.info.setdefault(PENDING, []).append(
        _event(action, person_id, structure_id, record, account_id)
    )


def shown(
    session: Session,
    action: str,
    *,
    person_id: int | None = None,
    structure_id: int | None = None,
    record: uuid.UUID | str | None = None,
    account_id: int | None = None,
) -> None:
    """Say that a page being made shows a record; noted when the page is sent (``note_shown``).

    Apart from ``note``: a refused change rolls back, and its page shows the record all the same.
    """
    session.info.setdefault(SHOWN, []).append(
        _event(action, person_id, structure_id, record, account_id)
    )


def note_shown(session: Session) -> bool:
    """Note what was shown; False when nothing was. The commit is the caller's."""
    events = session.info.pop(SHOWN, [])
    if events:
        session.connection()
        session.info.setdefault(PENDING, []).extend(events)
    return bool(events)


def forget_shown(session: Session) -> None:
    """Nothing was shown after all."""
    session.info.pop(SHOWN, None)


def note_person(
    session: Session, action: str, person: Beneficiary, structure_id: int | None = None
) -> None:
    """Note an action on a person's record."""
    note(session, action, person_id=person.id, record=person.public_id, structure_id=structure_id)


def note_parcours(
    session: Session, action: str, parcours: Parcours, structure_id: int | None = None
) -> None:
    """Note an action on a parcours, for each of its people."""
    for person in parcours.beneficiaries:
        note(
            session,
            action,
            person_id=person.id,
            record=parcours.reference,
            structure_id=structure_id,
        )


def people_of(act: Act) -> set[int]:
    """The ids of the people whom an act names, accompanies or received."""
    people = {item.beneficiary_id for item in act.people}
    if act.parcours:
        people |= {person.id for person in act.parcours.beneficiaries}
    return people


def note_act(session: Session, action: str, act: Act, people: set[int]) -> None:
    """Note an action on an act or a session, for each of *people*, in its structure's name."""
    for person_id in sorted(people):
        note(
            session,
            action,
            person_id=person_id,
            record=act.public_id,
            structure_id=act.structure_id,
        )


def _event(
    action: str,
    person_id: int | None,
    structure_id: int | None,
    record: uuid.UUID | str | None,
    account_id: int | None,
) -> Noted:
    return Noted(
        action,
        account_id or acting.get().account_id,
        structure_id,
        person_id,
        str(record) if record else None,
    )


def _write(connection: Connection) -> None:
    """Write what the connection's session noted; called when it is about to be committed."""
    session = _sessions.get(connection)
    pending = session.info.pop(PENDING, []) if session is not None else []
    if not pending:
        return
    try:
        _write_events(connection, _once(pending))
    except BaseException:
        # SQLAlchemy believes the transaction over as soon as its commit has begun, and would give
        # the connection back to the pool as it is.
        connection.connection.rollback()
        raise


def _write_events(connection: Connection, pending: list[Noted]) -> None:
    events = _named(connection, pending)
    columns = ("actions", "accounts", "structures", "persons", "records")
    connection.execute(
        _WRITE, dict(zip(columns, map(list, zip(*events, strict=True)), strict=True))
    )


def _once(pending: list[Noted]) -> list[Noted]:
    """The first of each action on a record by an account; of a structure, when nothing else is."""
    first: dict[tuple[Any, ...], Noted] = {}
    for item in pending:
        bare = item.person_id is None and item.record is None
        key = (
            item.action,
            item.account_id,
            item.person_id,
            item.record,
            item.structure_id if bare else None,
        )
        first.setdefault(key, item)
    return list(first.values())


def _named(connection: Connection, events: list[Noted]) -> list[Noted]:
    """The events, each with the structure in whose name it was done."""
    asked = {
        (item.account_id, item.person_id)
        for item in events
        if item.structure_id is None and item.account_id is not None
    }
    if not asked:
        return events
    accounts, persons = zip(*asked, strict=True)
    found = connection.execute(
        _IN_WHOSE_NAME,
        {"accounts": list(accounts), "persons": list(persons), "day": today()},
    )
    names = {(account, person): structure for account, person, structure in found}
    return [
        item
        if item.structure_id is not None
        else item._replace(structure_id=names.get((item.account_id, item.person_id)))
        for item in events
    ]


def _begun(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    _sessions[connection] = session


def _mark(session: Session, transaction: SessionTransaction) -> None:
    """Remember what was noted before a savepoint."""
    if transaction.nested:
        marks = session.info.setdefault(MARKS, {})
        marks[transaction] = len(session.info.get(PENDING, ()))


def _rolled_back(session: Session, transaction: SessionTransaction) -> None:
    """Forget what was noted since the savepoint."""
    mark = session.info.get(MARKS, {}).pop(transaction, None)
    if mark is not None:
        del session.info.get(PENDING, [])[mark:]


def _ended(session: Session, transaction: SessionTransaction) -> None:
    """The whole transaction is over, written or not."""
    if transaction.parent is None:
        session.info.pop(PENDING, None)
        session.info.pop(MARKS, None)


event.listen(Engine, "commit", _write)
event.listen(Session, "after_begin", _begun)
event.listen(Session, "after_transaction_create", _mark)
event.listen(Session, "after_soft_rollback", _rolled_back)
event.listen(Session, "after_transaction_end", _ended)
