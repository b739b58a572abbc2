"""What a structure does for the rights of a person: tell her, pass on a request to erase."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.actions.auditing import note
from ramsess.actions.refusals import Checks
from ramsess.models import (
    Account,
    Acquaintance,
    Beneficiary,
    ErasureRequest,
    Parcours,
    ParcoursBeneficiary,
    Structure,
)
from ramsess.models.calendar import today
from ramsess.models.rights import REASONS


@dataclass(frozen=True)
class Told:
    """What a structure told a person; *sharing_agreed* is None when she was not asked."""

    structure: Structure
    informed_on: dt.date | None
    sharing_agreed: bool | None


def check_information(checks: Checks, informed_on: dt.date | None) -> None:
    """Refuse a day without sense."""
    checks.day("informed_on", informed_on)


def note_information(
    session: Session,
    account: Account,
    person: Beneficiary,
    *,
    structure_id: int,
    informed_on: dt.date | None,
    sharing_agreed: bool | None,
) -> Beneficiary:
    """Note what a structure told *person* and what she answered. Raises RefusedError."""
    checks = Checks()
    if structure_id not in policy.structure_ids(account):
        checks.refuse("structure", "Choisissez une de vos structures.")
    check_information(checks, informed_on)
    checks.conclude()
    said = {"informed_on": informed_on, "sharing_agreed": sharing_agreed}
    session.execute(
        insert(Acquaintance)
        .values(beneficiary_id=person.id, structure_id=structure_id, since=today(), **said)
        .on_conflict_do_update(index_elements=["beneficiary_id", "structure_id"], set_=said)
    )
    session.expire_all()
    note(session, "inform_person", person_id=person.id, structure_id=structure_id)
    return person


def told(session: Session, account: Account, person: Beneficiary) -> list[Told]:
    """What each of the account's structures told *person*."""
    rows = {
        row.structure_id: row
        for row in session.scalars(
            select(Acquaintance).where(Acquaintance.beneficiary_id == person.id)
        )
    }
    return [
        Told(
            structure,
            rows[structure.id].informed_on if structure.id in rows else None,
            rows[structure.id].sharing_agreed if structure.id in rows else None,
        )
        for structure in account.structures("adviser", "manager")
    ]


def sharing_refused(session: Session, parcours: Parcours) -> bool:
    """True when one of its people told the lead that her record is not to be shared."""
    return bool(
        session.scalar(
            select(
                exists()
                .where(ParcoursBeneficiary.parcours_id == parcours.id)
                .where(Acquaintance.beneficiary_id == ParcoursBeneficiary.beneficiary_id)
                .where(Acquaintance.structure_id == parcours.lead_structure_id)
                .where(Acquaintance.sharing_agreed.is_(False))
            )
        )
    )


def uninformed(account: Account, day: dt.date) -> Select[Beneficiary]:
    """The people whom the account sees and whom none of its structures informed, by name."""
    informed = select(Acquaintance.beneficiary_id).where(
        Acquaintance.structure_id.in_(policy.structure_ids(account)),
        Acquaintance.informed_on.is_not(None),
    )
    return (
        select(Beneficiary)
        .where(
            Beneficiary.id.in_(policy.people_seen(account, day)), Beneficiary.id.not_in(informed)
        )
        .order_by(Beneficiary.search_key, Beneficiary.id)
    )


def ask_erasure(
    session: Session,
    account: Account,
    person: Beneficiary,
    *,
    structure_id: int,
    reason_code: str,
) -> ErasureRequest:
    """Ask the network to erase *person*; asked twice, it is one request. Raises RefusedError."""
    checks = Checks()
    if structure_id not in {item.id for item in account.structures("manager")}:
        checks.refuse("structure", "Choisissez une structure dont vous êtes responsable.")
    if reason_code not in REASONS:
        checks.refuse("reason", "Choisissez un motif.")
    checks.conclude()
    session.execute(
        insert(ErasureRequest)
        .values(
            person_id=person.id,
            structure_id=structure_id,
            account_id=account.id,
            reason_code=reason_code,
        )
        .on_conflict_do_nothing()
    )
    note(session, "request_erasure", person_id=person.id, structure_id=structure_id)
    return session.scalars(
        select(ErasureRequest).where(
            ErasureRequest.person_id == person.id,
            ErasureRequest.structure_id == structure_id,
            ErasureRequest.answer.is_(None),
        )
    ).one()


def requests_about(
    session: Session, account: Account, person: Beneficiary
) -> Sequence[ErasureRequest]:
    """What the account's structures asked about *person*, the latest first."""
    return session.scalars(
        select(ErasureRequest)
        .where(
            ErasureRequest.person_id == person.id,
            ErasureRequest.structure_id.in_(policy.structure_ids(account)),
        )
        .order_by(ErasureRequest.asked_at.desc())
    ).all()


def refuse_erasure(session: Session, request: ErasureRequest) -> None:
    """Answer no; an answer given stands."""
    session.refresh(request, with_for_update=True)
    if request.answer is None:
        now = session.scalar(select(func.now()))
        request.answer, request.answered_at = "refused", now
        session.flush()
        note(session, "refuse_erasure", person_id=request.person_id)
