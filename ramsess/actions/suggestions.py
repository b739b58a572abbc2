"""Where to orient somebody: the members of the network, the most suitable first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from ramsess.models import Membership, Sector, Structure
from ramsess.models.names import normalise


@dataclass(frozen=True)
class Suggestion:
    """A structure, and whether what it does suits the project."""

    structure: Structure
    suits: bool


def suggest_structures(
    session: Session, day: dt.date, *, phase_code: str | None, sector_code: str | None
) -> list[Suggestion]:
    """The members on *day*: those that cover the phase first, then those that know the sector."""
    members = session.scalars(
        select(Structure)
        .join(Membership)
        .where(
            Membership.joined_on <= day,
            or_(Membership.left_on.is_(None), Membership.left_on >= day),
        )
        .options(selectinload(Structure.phases))
        .order_by(Structure.name)
    )
    sector = session.get(Sector, sector_code) if sector_code else None
    words = {word for word in normalise(sector.label).split() if len(word) > 2} if sector else set()
    ranked = []
    for member in members:
        covers = any(phase.code == phase_code for phase in member.phases)
        knows = bool(words & set(normalise(member.specialities).split()))
        ranked.append((2 * covers + knows, member))
    ranked.sort(key=lambda pair: -pair[0])
    return [Suggestion(member, score > 0) for score, member in ranked]
