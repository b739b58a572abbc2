"""How long identities stay: put away some years after the last contact, erased some years later.

Both steps are those of an erasure. A parcours still open keeps its people: it is told, for
somebody to close it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, delete, func, literal, select, union_all, update
from sqlalchemy.orm import Session

from ramsess.actions.auditing import note
from ramsess.actions.drafts import forget_old
from ramsess.actions.erasure import ARCHIVED, IDENTITY, erase_person, take_identity
from ramsess.actions.ledger import Ledger
from ramsess.actions.refusals import Checks, RefusedError
from ramsess.models import (
    Acquaintance,
    Act,
    ActBeneficiary,
    Attendance,
    Beneficiary,
    IdentityArchive,
    Orientation,
    Parcours,
    ParcoursBeneficiary,
)


@dataclass
class Due:
    """What a run does, or would do: references of people, and of parcours to close."""

    to_archive: list[uuid.UUID] = field(default_factory=list)
    to_erase: list[uuid.UUID] = field(default_factory=list)
    to_close: list[str] = field(default_factory=list)


def apply_retention(
    session: Session,
    *,
    today: dt.date,
    ledger: Ledger,
    archive_after: int,
    erase_after: int,
    dry_run: bool = False,
) -> Due:
    """Put away the identities of people without contact, erase those put away long ago.

    *archive_after* and *erase_after* are years; run twice, it does nothing more.
    """
    limit = years_before(today, archive_after)
    people = _without_contact(session, limit)
    archives = session.scalars(
        select(IdentityArchive)
        .where(IdentityArchive.archived_on < years_before(today, erase_after))
        .order_by(IdentityArchive.beneficiary_id)
    ).all()
    due = Due(
        to_archive=[person.public_id for person in people],
        to_erase=[archive.beneficiary.public_id for archive in archives],
        to_close=_to_close(session, limit),
    )
    if not dry_run:
        forget_old(session)
        for person in [archive.beneficiary for archive in archives]:
            erase_person(session, person, ledger=ledger)
        for person in people:
            put_away(session, person, day=today)
    return due


def put_away(session: Session, person: Beneficiary, *, day: dt.date) -> None:
    """Put the identity of *person* away; her record becomes « Personne archivée »."""
    session.refresh(person, with_for_update=True)
    structures = session.execute(
        select(Acquaintance.structure_id, Acquaintance.since, Acquaintance.informed_on,
               Acquaintance.sharing_agreed).where(Acquaintance.beneficiary_id == person.id)
    )  # fmt: skip
    identity: dict[str, Any] = {name: _plain(getattr(person, name)) for name in IDENTITY}
    identity["structures"] = [
        {name: _plain(value) for name, value in row.items()} for row in structures.mappings()
    ]
    take_identity(session, person, ARCHIVED, day=day)
    session.add(IdentityArchive(beneficiary_id=person.id, identity=identity, archived_on=day))
    session.flush()
    note(session, "archive_person", person_id=person.id)


def give_back_identity(session: Session, person: Beneficiary) -> Beneficiary:
    """Give *person*, who comes back, the identity that was put away; its structures see her again.

    Notes erased meanwhile stay erased. Raises RefusedError when somebody has that identity now, or
    when none is put away.
    """
    archive = session.get(IdentityArchive, person.id, with_for_update=True)
    if archive is None:
        raise RefusedError({"": "L’identité de cette personne n’est pas mise à part."})
    identity = dict(archive.identity)
    structures = identity.pop("structures")
    birth = identity.pop("birth_date")
    born = dt.date.fromisoformat(birth) if birth else None
    checks = Checks()
    if born and session.scalar(
        select(Beneficiary.id).where(
            Beneficiary.name_key == identity["name_key"], Beneficiary.birth_date == born
        )
    ):
        checks.refuse("", "Une autre personne du réseau porte désormais cette identité.")
    checks.conclude()
    identity["public_id"] = uuid.UUID(identity["public_id"])
    session.execute(
        update(Beneficiary)
        .where(Beneficiary.id == person.id)
        .values(**identity, birth_date=born, nameless_since=None, version=Beneficiary.version + 1)
        .execution_options(synchronize_session=False)
    )
    for row in structures:
        days = {
            name: dt.date.fromisoformat(row[name]) if row[name] else None
            for name in ("since", "informed_on")
        }
        session.add(Acquaintance(beneficiary_id=person.id, **{**row, **days}))
    session.execute(delete(IdentityArchive).where(IdentityArchive.beneficiary_id == person.id))
    session.flush()
    session.expire_all()
    note(session, "give_back_identity", person_id=person.id)
    return person


def years_before(day: dt.date, years: int) -> dt.date:
    """The same day *years* before; 1 March for a 29 February that was not."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, month=3, day=1)


def _contacts() -> Select[Any]:
    """(person, day) of every contact: entry, exit, act, attendance, orientation, being entered,
    informed."""
    member = ParcoursBeneficiary.beneficiary_id
    on_parcours = select(member, Act.done_on).join(
        Act, Act.parcours_id == ParcoursBeneficiary.parcours_id
    )
    parcours = Parcours.id == ParcoursBeneficiary.parcours_id
    knows = Acquaintance.beneficiary_id
    contacts = union_all(
        on_parcours,
        select(member, Parcours.entered_on).join(Parcours, parcours),
        select(member, Parcours.exited_on).join(Parcours, parcours),
        select(ActBeneficiary.beneficiary_id, Act.done_on).join(
            Act, Act.id == ActBeneficiary.act_id
        ),
        select(Attendance.beneficiary_id, Act.done_on).join(Act, Act.id == Attendance.act_id),
        select(Orientation.beneficiary_id, Orientation.proposed_on),
        select(knows, Acquaintance.since),
        select(knows, Acquaintance.informed_on),
    ).subquery("contacts")
    person, day = contacts.c
    return select(person.label("person_id"), func.max(day).label("last")).group_by(person)


def _without_contact(session: Session, limit: dt.date) -> Sequence[Beneficiary]:
    """People on no open parcours whose last contact is before *limit*.

    Somebody of whom no contact is known (a workbook's row that nothing names) is left: nothing
    tells since when she is there.
    """
    last = _contacts().subquery("last")
    still = (
        select(literal(1))
        .join(Parcours, Parcours.id == ParcoursBeneficiary.parcours_id)
        .where(ParcoursBeneficiary.beneficiary_id == Beneficiary.id, Parcours.exited_on.is_(None))
        .select_from(ParcoursBeneficiary)
        .exists()
    )
    return session.scalars(
        select(Beneficiary)
        .join(last, last.c.person_id == Beneficiary.id)
        .where(Beneficiary.nameless_since.is_(None), last.c.last < limit, ~still)
        .order_by(Beneficiary.id)
    ).all()


def _to_close(session: Session, limit: dt.date) -> list[str]:
    """The references of open parcours without act, nor entry, since *limit*."""
    recent = select(Act.parcours_id).where(Act.parcours_id == Parcours.id, Act.done_on >= limit)
    return list(
        session.scalars(
            select(Parcours.reference)
            .where(Parcours.exited_on.is_(None), Parcours.entered_on < limit, ~recent.exists())
            .order_by(Parcours.reference)
        )
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value
