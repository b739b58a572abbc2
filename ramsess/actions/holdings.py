"""What hangs on two records that may be one person: what a merge would bring together.

Counted as who asks sees it: what other structures noted moves too, and is told to nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.models import (
    Account,
    ActBeneficiary,
    Attendance,
    Diagnostic,
    Enrolment,
    Message,
    Orientation,
    Parcours,
    ParcoursBeneficiary,
)
from ramsess.models.calendar import today


@dataclass(frozen=True)
class Holding:
    """A kind of record: how many of each, the older record first, and how many are of both."""

    label: str
    first: int
    second: int
    both: int


@dataclass(frozen=True)
class Holdings:
    """*shared* are the references of parcours on which both are; *sessions* the number of those
    at which both were noted."""

    kinds: Sequence[Holding]
    shared: Sequence[str]
    sessions: int


def holdings(session: Session, account: Account, first_id: int, second_id: int) -> Holdings:
    """What the account sees of each record, by kind."""
    day = today()
    acts = policy.acts_seen(account)
    parcours = policy.parcours_seen(account, day)
    orientations = policy.orientations_seen(account, day)

    def of_parcours(model: type[Message | Diagnostic]) -> Any:
        return select(ParcoursBeneficiary.beneficiary_id, model.id).join(
            model, model.parcours_id == ParcoursBeneficiary.parcours_id
        ).where(ParcoursBeneficiary.parcours_id.in_(parcours))  # fmt: skip

    queries: dict[str, Any] = {
        "Parcours": select(
            ParcoursBeneficiary.beneficiary_id, ParcoursBeneficiary.parcours_id
        ).where(ParcoursBeneficiary.parcours_id.in_(parcours)),
        "Accueils et actes qui la nomment": select(
            ActBeneficiary.beneficiary_id, ActBeneficiary.act_id
        ).where(ActBeneficiary.act_id.in_(acts)),
        "Présences aux séances": select(Attendance.beneficiary_id, Attendance.act_id).where(
            Attendance.structure_id.in_(policy.structure_ids(account))
        ),
        "Inscriptions aux séances": select(Enrolment.beneficiary_id, Enrolment.act_id).where(
            Enrolment.structure_id.in_(policy.structure_ids(account))
        ),
        "Orientations": select(Orientation.beneficiary_id, Orientation.id).where(
            Orientation.id.in_(orientations)
        ),
        "Diagnostics partagés": of_parcours(Diagnostic),
        "Messages sur ses parcours": of_parcours(Message),
    }
    found: dict[str, tuple[set[int], set[int]]] = {}
    for label, query in queries.items():
        of_person = next(iter(query.selected_columns))
        rows = session.execute(query.where(of_person.in_((first_id, second_id)))).all()
        found[label] = (
            {record for person, record in rows if person == first_id},
            {record for person, record in rows if person == second_id},
        )
    shared = set.intersection(*found["Parcours"])
    return Holdings(
        [
            Holding(label, len(first), len(second), len(first & second))
            for label, (first, second) in found.items()
        ],
        session.scalars(
            select(Parcours.reference).where(Parcours.id.in_(shared)).order_by(Parcours.reference)
        ).all(),
        len(set.intersection(*found["Présences aux séances"])),
    )
