"""Propose orientations, note what becomes of them, forget whom they were about."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.actions import naming
from ramsess.actions.auditing import note
from ramsess.actions.refusals import Checks, ConflictError, RefusedError
from ramsess.actions.sealed import check_moment
from ramsess.models import (
    Account,
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


def is_late(proposed_on: dt.date, answer: str | None) -> bool:
    """True when nothing was answered for more than ``ANSWER_WITHIN`` days."""
    return answer is None and (today() - proposed_on).days > ANSWER_WITHIN


def waiting_first(answer: Any, proposed_on: Any) -> tuple[ColumnElement[Any], ...]:
    """The order of a list: what waits since longest, then what was answered, the latest first."""
    return (
        answer.is_not(None),
        case((answer.is_(None), proposed_on)),
        proposed_on.desc(),
    )


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
    # Who proposes the same thing at the same instant finds what the first one proposed.
    session.refresh(draft.parcours or draft.person, with_for_update=True)
    if request_key:
        there = session.scalar(select(Orientation).where(Orientation.request_key == request_key))
        if there is not None:
            return there
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
    note_people(session, "propose_orientation", orientation, draft.from_structure_id)
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
    held = select(Orientation.id).where(Orientation.id == orientation.id).with_for_update()
    if session.scalar(held) is None:
        # What a structure has answered is no longer the sender's to change.
        raise ConflictError
    session.refresh(orientation)
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
    if (answer, answered_on) != (orientation.answer, orientation.answered_on):
        for day in (orientation.answered_on, answered_on):
            since = orientation.proposed_on
            check_moment(session, checks, "answered_on", day, since=since, until=since)
    checks.conclude()
    orientation.answer, orientation.answered_on = answer, answered_on
    orientation.answer_note = why.strip()
    session.flush()
    note_people(session, "close_orientation", orientation, orientation.from_structure_id)


def people_of(orientation: Orientation) -> Sequence[Beneficiary]:
    """Those whom it is about, as far as the reader sees them."""
    if orientation.parcours:
        return orientation.parcours.beneficiaries
    return [orientation.beneficiary] if orientation.beneficiary else []


def note_people(session: Session, action: str, orientation: Orientation, structure_id: int) -> None:
    """Note an action on an orientation, for each of the people whom it is about."""
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


def forget(
    session: Session,
    person: Beneficiary,
    alone: Sequence[int],
    shared: Sequence[int],
    names: Sequence[naming.Name],
) -> None:
    """Leave no text about a person who is erased; what still waits about her alone is given up.

    *alone* are her parcours on which nobody else with a name stays, *shared* the others: of these,
    a text goes when it holds one of her *names*.
    """
    hers = Orientation.beneficiary_id == person.id
    for item in session.scalars(
        select(Orientation).where(hers | Orientation.parcours_id.in_([*alone, *shared]))
    ):
        for text in ("reason", "answer_note"):
            if item.parcours_id not in shared or naming.names(getattr(item, text), names):
                setattr(item, text, "")
        if item.beneficiary_id is not None and item.answer is None:
            item.answer, item.answered_on = "closed", today()
    session.flush()
