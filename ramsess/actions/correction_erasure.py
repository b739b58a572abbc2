"""Erase a person from the words of corrections: the figures stay, as those of her records do."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from ramsess.actions import naming
from ramsess.models import Act, ActBeneficiary, Beneficiary, Correction

ERASED_REASON = "Motif effacé"


def clear_corrections(
    session: Session,
    person: Beneficiary,
    alone: Sequence[int],
    acts: Sequence[int],
    names: Sequence[tuple[str, str]],
) -> None:
    """Empty what corrections say of her own records; of any other, what names her.

    *alone* are the parcours on which nobody else stays, *acts* every act that concerns her.
    """
    of_hers = select(Act.id).where(
        Act.id.in_(acts),
        or_(
            Act.parcours_id.in_(alone),
            Act.id.in_(
                select(ActBeneficiary.act_id).where(ActBeneficiary.beneficiary_id == person.id)
            ),
        ),
    )
    hers = or_(Correction.parcours_id.in_(alone), Correction.act_id.in_(of_hers))
    said = session.execute(
        select(Correction.id, Correction.was, Correction.should_be, Correction.reason).where(
            hers.is_not(True)
        )
    )
    naming_her = [
        number for number, *words in said if any(naming.names(text, names) for text in words)
    ]
    session.execute(
        update(Correction)
        .where(or_(hers, Correction.id.in_(naming_her)))
        .values(was="", should_be="", reason=ERASED_REASON)
        .execution_options(synchronize_session=False)
    )
