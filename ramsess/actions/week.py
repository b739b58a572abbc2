"""An adviser's week: what she did, day by day, beside her working time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ramsess import policy
from ramsess.models import (
    Account,
    Act,
    ActAdviser,
    ActType,
    Adviser,
    Parcours,
    Structure,
)

# Full time, and how many days of the week it is spread over; in minutes.
FULL_TIME = 35 * 60
WORKED_DAYS = 5
DAYS = 7

# What a line of the week is: structure, parcours as acts name it, type.
LineKey = tuple[int, int | None, str]


@dataclass(frozen=True)
class Done:
    """An act of the week, with the adviser's own minutes in it for one structure (Rule 2).

    *alone*: nobody else is in it and it is no session, so its minutes are all hers to write.
    """

    act: Act
    minutes: int
    alone: bool
    correctable: bool

    @property
    def editable(self) -> bool:
        """True when the week may correct it without saying more than its minutes and its day."""
        return self.alone and self.correctable


@dataclass
class Line:
    """What was done for one structure, on one parcours or none, of one type; a list a day.

    *parcours* is None too for one that the structures no longer see (*left*).
    """

    structure: Structure
    parcours: Parcours | None
    type: ActType
    left: bool = False
    days: list[list[Done]] = field(default_factory=lambda: [[] for _ in range(DAYS)])


@dataclass(frozen=True)
class Week:
    """The seven days from *monday*.

    *shares*: for each day, the part of a full time that the adviser works, in per cent over all
    her structures; None where an assignment does not say.
    """

    monday: dt.date
    lines: Sequence[Line]
    shares: Sequence[int | None]

    @property
    def days(self) -> list[dt.date]:
        """Monday to Sunday."""
        return [self.monday + dt.timedelta(days=number) for number in range(DAYS)]

    def working_minutes(self, last: dt.date) -> int | None:
        """The working time from Monday to *last*: 35 h × share, over five days; holidays included.

        None when a share is unknown.
        """
        due = [
            share
            for day, share in zip(self.days[:WORKED_DAYS], self.shares, strict=False)
            if day <= last
        ]
        if any(share is None for share in due):
            return None
        return round(FULL_TIME * sum(share or 0 for share in due) / (100 * WORKED_DAYS))


def monday_of(day: dt.date) -> dt.date:
    """The first day of its week."""
    return day - dt.timedelta(days=day.weekday())


def read_week(session: Session, account: Account, adviser: Adviser, monday: dt.date) -> Week:
    """The acts of *adviser* that the account may see, from *monday* to Sunday.

    Lines are ordered by structure, those of parcours first, by reference, then by type.
    """
    lines: dict[LineKey, Line] = {}
    own = policy.structure_ids(account)
    for share in acts_between(session, account, adviser, monday, monday + dt.timedelta(days=6)):
        act = share.act
        left = act.parcours_id is not None and act.parcours is None
        # What can no longer be told apart is one line.
        key = (share.structure_id, -1 if left else act.parcours_id, act.type_code)
        if key not in lines:
            lines[key] = Line(share.structure, act.parcours, act.type, left)
        alone = len(act.shares) == 1 and act.group_session is None
        lines[key].days[(act.done_on - monday).days].append(
            Done(act, share.minutes, alone, act.structure_id in own)
        )
    days = [monday + dt.timedelta(days=number) for number in range(DAYS)]
    return Week(monday, sorted(lines.values(), key=_order), [share_on(adviser, d) for d in days])


def acts_between(
    session: Session, account: Account, adviser: Adviser, first: dt.date, last: dt.date
) -> Sequence[ActAdviser]:
    """The adviser's parts in the acts of these days that the account may see."""
    return session.scalars(
        select(ActAdviser)
        .join(Act, Act.id == ActAdviser.act_id)
        .where(
            ActAdviser.adviser_id == adviser.id,
            Act.done_on.between(first, last),
            Act.id.in_(policy.acts_seen(account)),
        )
        .options(
            selectinload(ActAdviser.structure),
            selectinload(ActAdviser.act).options(
                selectinload(Act.type),
                selectinload(Act.shares),
                selectinload(Act.group_session),
                selectinload(Act.parcours).selectinload(Parcours.project),
            ),
        )
        .order_by(Act.done_on, Act.recorded_at, Act.id)
    ).all()


def share_on(adviser: Adviser, day: dt.date) -> int | None:
    """The part of a full time worked on *day*, in per cent; None when an assignment says none."""
    held = [item.share for item in adviser.assignments if item.covers(day)]
    return None if None in held else sum(share or 0 for share in held)


def _order(line: Line) -> tuple[str, bool, str, int, str]:
    reference = line.parcours.reference if line.parcours else ""
    return line.structure.name, line.parcours is None, reference, line.type.position, line.type.code
