"""What a structure is asked: shown without identity, answered once, opened by accepting."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Result, Uuid, column, func, select
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.actions.auditing import note
from ramsess.actions.orientations import is_late, note_people, waiting_first
from ramsess.actions.refusals import Checks, ConflictError, RefusedError
from ramsess.models import Account, Adviser, Department, Orientation, Structure

# Why accepting did not happen, by what the database answers.
NOT_ACCEPTED = {
    "over": "Ce parcours est terminé, ou la personne n’est plus suivie : il n’y a rien à accepter.",
    "unshared": "La personne ne souhaite plus que son dossier soit partagé : l’orientation ne peut "
    "pas être acceptée.",
}


@dataclass(frozen=True)
class Offer:
    """What a structure that is asked may know: nobody's identity.

    *reason* and the codes are there while it waits; *answer_note* is the structure's own.
    """

    public_id: uuid.UUID
    from_structure_id: int
    to_structure_id: int
    adviser_id: int | None
    proposed_on: dt.date
    answer: str | None
    answered_on: dt.date | None
    answer_note: str | None
    reason: str | None
    phase_code: str | None
    sector_code: str | None
    legal_form_code: str | None
    department_code: str | None
    sender: str
    receiver: str
    adviser: str
    department: str

    @property
    def late(self) -> bool:
        """True when the answer is overdue today."""
        return is_late(self.proposed_on, self.answer)


_OFFERED = ("from_structure_id", "to_structure_id", "adviser_id", "proposed_on", "answer",
            "answered_on", "answer_note", "reason", "phase_code", "sector_code",
            "legal_form_code", "department_code")  # fmt: skip


def offers(
    session: Session,
    account: Account,
    public_id: uuid.UUID | None = None,
    *,
    waiting: bool = False,
) -> list[Offer]:
    """What the account's structures were asked, what waits first; that alone, or *public_id*."""
    names: list[Any] = [column(name) for name in _OFFERED]
    sender, receiver = (
        select(Structure.name).where(Structure.id == column(name)).scalar_subquery()
        for name in ("from_structure_id", "to_structure_id")
    )
    adviser = (
        select(func.trim(Adviser.first_name + " " + Adviser.last_name))
        .where(Adviser.id == column("adviser_id"))
        .scalar_subquery()
    )
    department = (
        select(Department.name)
        .where(Department.code == column("department_code"))
        .scalar_subquery()
    )
    known = column("public_id", Uuid)
    query = (
        select(
            known,
            *names,
            sender.label("sender"),
            receiver.label("receiver"),
            func.coalesce(adviser, "").label("adviser"),
            func.coalesce(department, "").label("department"),
        )
        .select_from(func.sight.offers())
        .where(column("to_structure_id").in_(policy.structure_ids(account)))
        .order_by(*waiting_first(column("answer"), column("proposed_on")), known)
    )
    if public_id:
        query = query.where(known == public_id)
    if waiting:
        query = query.where(column("answer").is_(None))
    rows: Result[Any] = session.execute(query)
    return [Offer(**row._asdict()) for row in rows]


def answer_orientation(session: Session, offer: Offer, answer: str, why: str = "") -> None:
    """Accept (``accepted``) or refuse (``refused``, saying why) what a structure is asked.

    Accepting lets the structure take part in the parcours, or know the person, from today, in the
    same transaction; refusing tells it nothing of anybody. Raises RefusedError, and ConflictError
    when it was answered or given up meanwhile.
    """
    checks = Checks()
    if answer not in ("accepted", "refused"):
        checks.refuse("answer", "Acceptez ou refusez.")
    if answer == "refused" and not why.strip():
        checks.refuse("answer_note", "Dites pourquoi : la structure qui oriente en a besoin.")
    checks.conclude()
    why = why.strip() if answer == "refused" else ""
    done = session.scalar(select(func.sight.answer(offer.public_id, answer, why)))
    if done in NOT_ACCEPTED:
        raise RefusedError({"": NOT_ACCEPTED[done]})
    if done != answer:
        raise ConflictError
    session.expire_all()
    if answer == "refused":
        # Who refuses never knew whom: the event names nobody.
        note(
            session,
            "refuse_orientation",
            record=offer.public_id,
            structure_id=offer.to_structure_id,
        )
        return
    accepted = session.scalars(
        select(Orientation).where(Orientation.public_id == offer.public_id)
    ).one()
    note_people(session, "accept_orientation", accepted, offer.to_structure_id)
