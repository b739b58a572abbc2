"""Propose orientations, answer them, give them up."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Result, Uuid, column, func, select
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.actions import naming
from ramsess.actions.auditing import note
from ramsess.actions.refusals import Checks, ConflictError, RefusedError
from ramsess.models import (
    Account,
    Adviser,
    Beneficiary,
    Orientation,
    Parcours,
    ParcoursBeneficiary,
    Partner,
    Structure,
)
from ramsess.models.calendar import today

#: Days without answer after which an orientation is late: two weeks leave time for a team meeting,
#: and the person is still waiting.
ANSWER_WITHIN = 14

# Why accepting did not happen, by what the database answers.
NOT_ACCEPTED = {
    "over": "Ce parcours est terminé, ou la personne n’est plus suivie : il n’y a rien à accepter.",
    "unshared": "La personne ne souhaite plus que son dossier soit partagé : l’orientation ne peut "
    "pas être acceptée.",
}


@dataclass(frozen=True)
class OrientationDraft:
    """What is said when somebody is oriented: from, to a structure or a partner, about whom.

    Either *parcours* or *person* is there.
    """

    from_structure_id: int
    reason: str
    consent_on: dt.date | None
    to_structure_id: int | None = None
    partner_code: str | None = None
    parcours: Parcours | None = None
    person: Beneficiary | None = None

    @property
    def people(self) -> Sequence[Beneficiary]:
        """Whom it is about."""
        if self.parcours:
            return self.parcours.beneficiaries
        return [self.person] if self.person else []


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

    @property
    def late(self) -> bool:
        """True when the answer is overdue today."""
        return is_late(self.proposed_on, self.answer)


def is_late(proposed_on: dt.date, answer: str | None) -> bool:
    """True when nothing was answered for more than ``ANSWER_WITHIN`` days."""
    return answer is None and (today() - proposed_on).days > ANSWER_WITHIN


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
    known = column("public_id", Uuid)
    query = (
        select(known, *names, sender, receiver, func.coalesce(adviser, ""))
        .select_from(func.sight.offers())
        .where(column("to_structure_id").in_(policy.structure_ids(account)))
        .order_by(column("answer").is_not(None), column("proposed_on").desc(), known)
    )
    if public_id:
        query = query.where(known == public_id)
    if waiting:
        query = query.where(column("answer").is_(None))
    rows: Result[Any] = session.execute(query)
    return [Offer(*row) for row in rows]


def unanswered(session: Session, account: Account) -> Sequence[Orientation]:
    """What the account's structures proposed, and nobody answered in time; the oldest first."""
    return session.scalars(
        select(Orientation)
        .where(
            Orientation.from_structure_id.in_(policy.structure_ids(account)),
            Orientation.answer.is_(None),
            Orientation.proposed_on < today() - dt.timedelta(days=ANSWER_WITHIN),
        )
        .order_by(Orientation.proposed_on, Orientation.id)
    ).all()


def propose_orientation(
    session: Session,
    account: Account,
    draft: OrientationDraft,
    *,
    request_key: uuid.UUID | None = None,
) -> Orientation:
    """Propose *draft* today; the same *request_key* proposes once. Raises RefusedError."""
    if request_key:
        there = session.scalar(select(Orientation).where(Orientation.request_key == request_key))
        if there is not None:
            return there
    # Two colleagues who propose the same thing at once: the second finds the first.
    session.refresh(draft.parcours or draft.person, with_for_update=True)
    _check(session, account, draft)
    orientation = Orientation(
        from_structure_id=draft.from_structure_id,
        adviser_id=account.adviser.id if account.adviser else None,
        to_structure_id=draft.to_structure_id,
        partner_code=draft.partner_code,
        parcours=draft.parcours,
        beneficiary=draft.person,
        reason=draft.reason.strip(),
        consent_on=draft.consent_on,
        proposed_on=today(),
        request_key=request_key,
    )
    session.add(orientation)
    session.flush()
    if orientation.to_structure_id and session.scalar(select(func.sight.unshared(orientation.id))):
        raise RefusedError(
            {"consent": "Il est noté que la personne n’accepte pas que son dossier soit partagé. "
             "Si elle a changé d’avis, notez-le d’abord sur sa fiche."}
        )  # fmt: skip
    _note_people(session, "propose_orientation", orientation, draft.from_structure_id)
    return orientation


def _check(session: Session, account: Account, draft: OrientationDraft) -> None:
    checks = Checks()
    if draft.from_structure_id not in policy.structure_ids(account):
        checks.refuse("structure", "Choisissez une de vos structures.")
    if draft.to_structure_id:
        structure = session.get(Structure, draft.to_structure_id)
        if structure is None or not structure.is_member_on(today()):
            checks.refuse("to", "Cette structure n’est pas membre du réseau.")
        elif structure.id == draft.from_structure_id:
            checks.refuse("to", "Une structure ne s’oriente pas vers elle-même.")
    elif not draft.partner_code or session.get(Partner, draft.partner_code) is None:
        checks.refuse("to", "Choisissez une structure ou un partenaire.")
    if not draft.reason.strip():
        checks.refuse("reason", "Dites pourquoi vous orientez la personne.")
    elif naming.names(draft.reason, [(one.last_name, one.first_name) for one in draft.people]):
        checks.refuse(
            "reason",
            "Ce motif nomme la personne : la structure destinataire ne doit pas la connaître avant "
            "d’avoir accepté.",
        )
    if draft.consent_on is None:
        checks.refuse("consent", "Sans l’accord de la personne, rien n’est proposé ni partagé.")
    else:
        checks.day("consent_on", draft.consent_on)
    if draft.parcours:
        _check_parcours(checks, draft, draft.parcours)
    elif draft.person:
        _check_person(session, checks, draft, draft.person)
    if "to" not in checks.reasons and _waits_already(session, draft):
        checks.refuse("to", "La même orientation attend déjà une réponse.")
    checks.conclude()


def _check_parcours(checks: Checks, draft: OrientationDraft, parcours: Parcours) -> None:
    present = {stay.structure_id for stay in parcours.involvements if stay.covers(today())}
    if parcours.exited_on and parcours.exited_on < today():
        checks.refuse("", "Ce parcours est terminé.")
    elif draft.from_structure_id not in present:
        checks.refuse("structure", "Cette structure ne prend pas part au parcours.")
    elif draft.to_structure_id in present:
        checks.refuse("to", "Cette structure prend déjà part au parcours.")


def _check_person(
    session: Session, checks: Checks, draft: OrientationDraft, person: Beneficiary
) -> None:
    followed = session.scalars(
        select(Parcours)
        .join(ParcoursBeneficiary)
        .where(ParcoursBeneficiary.beneficiary_id == person.id, Parcours.exited_on.is_(None))
    )
    for parcours in followed:
        if any(
            stay.structure_id == draft.from_structure_id and stay.covers(today())
            for stay in parcours.involvements
        ):
            checks.refuse(
                "", f"Votre structure suit le parcours {parcours.reference} : orientez depuis lui."
            )


def _waits_already(session: Session, draft: OrientationDraft) -> bool:
    same = select(Orientation.id).where(
        Orientation.from_structure_id == draft.from_structure_id,
        Orientation.to_structure_id.is_not_distinct_from(draft.to_structure_id),
        Orientation.partner_code.is_not_distinct_from(draft.partner_code),
        Orientation.parcours_id.is_not_distinct_from(draft.parcours.id if draft.parcours else None),
        Orientation.beneficiary_id.is_not_distinct_from(draft.person.id if draft.person else None),
        Orientation.answer.is_(None),
    )
    return session.scalar(same) is not None


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
    _note_people(session, "accept_orientation", accepted, offer.to_structure_id)


def close_orientation(
    session: Session,
    orientation: Orientation,
    *,
    answer: str,
    answered_on: dt.date | None,
    why: str,
    version: int,
) -> None:
    """Note what became of what one's structure proposed.

    A partner's answer is whatever it said, on the day given, and may be corrected; what a structure
    was asked can only be given up (``closed``), today, while it waits. Raises RefusedError,
    ConflictError.
    """
    session.refresh(orientation, with_for_update=True)
    if orientation.version != version:
        raise ConflictError
    checks = Checks()
    if orientation.partner_code is None:
        if orientation.answer is not None:
            raise ConflictError
        answer, answered_on = "closed", today()
    elif answer not in ("accepted", "refused", "closed"):
        checks.refuse("answer", "Choisissez une réponse.")
    if (
        checks.day("answered_on", answered_on)
        and answered_on
        and answered_on < orientation.proposed_on
    ):
        checks.refuse("answered_on", "Cette date précède l’orientation.")
    checks.conclude()
    orientation.answer, orientation.answered_on = answer, answered_on
    orientation.answer_note = why.strip()
    session.flush()
    _note_people(session, "close_orientation", orientation, orientation.from_structure_id)


def people_of(orientation: Orientation) -> Sequence[Beneficiary]:
    """Those whom it is about, as far as the reader sees them."""
    if orientation.parcours:
        return orientation.parcours.beneficiaries
    return [orientation.beneficiary] if orientation.beneficiary else []


def _note_people(
    session: Session, action: str, orientation: Orientation, structure_id: int
) -> None:
    # Of a parcours that the structure has left since, it sees nobody any more.
    people: list[int | None] = [person.id for person in people_of(orientation)]
    for person_id in people or [None]:
        note(
            session,
            action,
            person_id=person_id,
            record=orientation.public_id,
            structure_id=structure_id,
        )


def taken_up_on(session: Session, orientation: Orientation) -> dt.date | None:
    """The day of the receiving structure's first act after it accepted."""
    day: dt.date | None = session.scalar(select(func.sight.taken_up(orientation.id)))
    return day
