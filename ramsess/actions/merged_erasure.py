"""Erase with a person the records that were merged into hers, and what was said of pairs."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import delete, or_, select, text, update
from sqlalchemy.orm import Session

from ramsess.actions.history_erasure import forget_history
from ramsess.models import Beneficiary, DuplicatePair

# What a record was called before it was merged is in the history alone.
_FORMER_NAMES = text(
    """
    SELECT DISTINCT coalesce(c.before ->> 'last_name', b.last_name),
      coalesce(c.before ->> 'first_name', b.first_name)
    FROM changes AS c JOIN beneficiaries AS b ON b.id = c.person_id
    WHERE c.noun = 'beneficiaries' AND c.kind = 'U' AND c.person_id = ANY (:ids)
      AND c.operation IN (SELECT p.operation FROM duplicate_pairs AS p WHERE p.kept_id = :person
                          OR p.first_id = ANY (:ids) OR p.second_id = ANY (:ids))
    """
)


def merged_into(session: Session, person: Beneficiary) -> Sequence[Beneficiary]:
    """The records of the same person whose content went to *person*."""
    return session.scalars(
        select(Beneficiary).where(Beneficiary.merged_into_id == person.id).order_by(Beneficiary.id)
    ).all()


def former_names(session: Session, person: Beneficiary) -> list[tuple[str, str]]:
    """The last and first names that her records bore before they were merged."""
    ids = [one.id for one in merged_into(session, person)]
    if not ids:
        return []
    rows = session.execute(_FORMER_NAMES, {"ids": [person.id, *ids], "person": person.id})
    return [(last, first) for last, first in rows]


def forget_merges(session: Session, person: Beneficiary) -> None:
    """Forget what was said of *person* and her like, and what merged records were."""
    ids = [person.id]
    for one in merged_into(session, person):
        forget_history(session, one.id, [], [], [])
        ids.append(one.id)
    session.execute(
        delete(DuplicatePair).where(
            or_(DuplicatePair.first_id.in_(ids), DuplicatePair.second_id.in_(ids))
        )
    )


def forget_references(session: Session, people: Iterable[Beneficiary]) -> None:
    """Draw again the references that addresses and sheets may still bear."""
    for one in people:
        session.execute(
            update(Beneficiary)
            .where(Beneficiary.id == one.id)
            .values(public_id=uuid.uuid4())
            .execution_options(synchronize_session=False)
        )
