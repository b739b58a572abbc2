"""Who is where: what each member of the network has handed in of each period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from ramsess.models import HandIn, Membership, ReportingPeriod, Seal, Structure
from ramsess.models.calendar import today
from ramsess.models.hand_in import HANDED_IN, SENT_BACK


class State(StrEnum):
    """Where a structure is with a period."""

    TO_COME = "à venir"
    UNDER_WAY = "en cours"
    TO_COMPLETE = "à compléter"
    LATE = "en retard"
    SENT_BACK = "renvoyé"
    HANDED_IN = "rendu"
    CONSOLIDATED = "consolidé"
    LEFT_OUT = "consolidé sans elle"
    SEALED = "scellé"

    @property
    def mark(self) -> str:
        """Told apart without colours."""
        return MARKS[self]


MARKS = {
    State.TO_COME: "·",
    State.UNDER_WAY: "…",
    State.TO_COMPLETE: "○",
    State.LATE: "!",
    State.SENT_BACK: "↩",
    State.HANDED_IN: "✓",
    State.CONSOLIDATED: "●",
    State.LEFT_OUT: "○",
    State.SEALED: "■",
}
#: The structure has something to do.
DUE = (State.TO_COMPLETE, State.LATE, State.SENT_BACK)
#: What asks for attention comes first.
URGENCY = (State.LATE, State.SENT_BACK, State.TO_COMPLETE)


@dataclass(frozen=True)
class Standing:
    """A structure and a period; *last*: the last step, none before any."""

    period: ReportingPeriod
    structure: Structure
    last: HandIn | None
    sealed: bool

    @property
    def handed_in(self) -> bool:
        """The structure's last word is that it has handed in."""
        return self.last is not None and self.last.step == HANDED_IN

    @property
    def number(self) -> int:
        """How many steps there were."""
        return self.last.number if self.last else 0

    @property
    def state(self) -> State:
        """In one word."""
        if self.period.consolidated_on:
            if not self.handed_in:
                return State.LEFT_OUT
            return State.SEALED if self.sealed else State.CONSOLIDATED
        if self.handed_in:
            return State.HANDED_IN
        if self.last and self.last.step == SENT_BACK:
            return State.SENT_BACK
        return _before(self.period, today())


def _before(period: ReportingPeriod, day: dt.date) -> State:
    """The state of who has not handed in."""
    if day < period.first_on:
        return State.TO_COME
    if day <= period.last_on:
        return State.UNDER_WAY
    return State.LATE if period.due_on and period.due_on < day else State.TO_COMPLETE


Standings = Mapping[tuple[int, int], Standing]


def standings(
    session: Session, periods: Sequence[ReportingPeriod], structures: Iterable[int] | None = None
) -> Standings:
    """By period and structure: every member of the network in the period, or those *structures*.

    Pages see the steps of their own structures alone.
    """
    ids = [period.id for period in periods]
    sealed = sealed_periods(session, ids)
    last = {
        (step.period_id, step.structure_id): step
        for step in session.scalars(
            select(HandIn)
            .where(HandIn.period_id.in_(ids))
            .ext(distinct_on(HandIn.period_id, HandIn.structure_id))
            .order_by(HandIn.period_id, HandIn.structure_id, HandIn.number.desc())
        )
    }
    among = Structure.id.in_(structures) if structures is not None else None
    found = {}
    for period, structure in _members(session, ids, among):
        key = (period.id, structure.id)
        found[key] = Standing(period, structure, last.get(key), period.id in sealed)
    return found


def sealed_periods(session: Session, ids: Sequence[int]) -> set[int]:
    """Those of the periods that are sealed."""
    return set(session.scalars(select(Seal.period_id).where(Seal.period_id.in_(ids))))


def _members(
    session: Session, ids: Sequence[int], among: ColumnElement[bool] | None
) -> Iterable[tuple[ReportingPeriod, Structure]]:
    query = (
        select(ReportingPeriod, Structure)
        .join(Membership, (Membership.joined_on <= ReportingPeriod.last_on)
              & (Membership.left_on.is_(None) | (Membership.left_on >= ReportingPeriod.first_on)))
        .join(Structure, Structure.id == Membership.structure_id)
        .where(ReportingPeriod.id.in_(ids))
        .distinct()
        .order_by(ReportingPeriod.first_on, ReportingPeriod.last_on, Structure.name)
    )  # fmt: skip
    rows = session.execute(query if among is None else query.where(among))
    return [(row[0], row[1]) for row in rows]


def steps_of(session: Session, period: ReportingPeriod, structure_id: int) -> Sequence[HandIn]:
    """What was said to and fro, the latest first."""
    return session.scalars(
        select(HandIn)
        .where(HandIn.period_id == period.id, HandIn.structure_id == structure_id)
        .order_by(HandIn.number.desc())
    ).all()
