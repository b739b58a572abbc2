"""The page of a week: its grid, its totals, the list of its acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flask_login import current_user
from sqlalchemy import select
from wtforms import Field

from ramsess import policy
from ramsess.actions.week import DAYS, Done, Line, Week
from ramsess.database import db
from ramsess.forms.act import LEFT
from ramsess.forms.week import WeekForm, week_name
from ramsess.models import ActType, Parcours, Structure
from ramsess.models.calendar import today
from ramsess.reports.period import french_weekday


@dataclass(frozen=True)
class Row:
    """A line of the grid: its fields, and what is shown but not typed in it, a list a day."""

    entry: Field
    structure: Structure | None
    parcours: Parcours | None
    type: ActType | None
    left: bool
    fixed: Sequence[list[Done]]

    def minutes(self, day: int) -> int:
        """What the fields and the rest say of a day."""
        cell = self.entry.form.days[day].form
        return (cell.minutes.data or 0) + sum(done.minutes for done in self.fixed[day])

    @property
    def total(self) -> int:
        """The line's minutes."""
        return sum(self.minutes(day) for day in range(DAYS))


@dataclass(frozen=True)
class WeekPage:
    """What the template shows; totals are of what stands in the fields, recorded or not."""

    week: Week
    form: WeekForm

    @cached_property
    def rows(self) -> list[Row]:
        """The lines that are there."""
        there = {_key(line): line for line in self.week.lines}
        rows = []
        for entry in self.form.lines:
            form = entry.form
            structure, reference = form.structure.data or "", form.parcours.data or ""
            line = there.get((structure, reference, form.type.data or ""))
            editable = {cell.form.act.data for cell in form.days}
            fixed = [
                [done for done in day if str(done.act.public_id) not in editable]
                for day in (line.days if line else [[] for _ in range(DAYS)])
            ]
            rows.append(
                Row(
                    entry,
                    line.structure if line else _structure(structure),
                    line.parcours if line else _parcours(reference),
                    line.type if line else db.session.get(ActType, form.type.data or ""),
                    reference == LEFT,
                    fixed if line else [[] for _ in range(DAYS)],
                )
            )
        return rows

    @property
    def several(self) -> bool:
        """Whether one must say for which structure."""
        return len({row.structure for row in self.rows} | set(self._own)) > 1

    @cached_property
    def _own(self) -> list[Structure]:
        return list(current_user.structures("adviser", "manager"))

    def added_minutes(self, day: int) -> int:
        """What the lines that are being added say of a day."""
        return sum(entry.form.days[day].form.minutes.data or 0 for entry in self.form.added)

    @cached_property
    def totals(self) -> list[int]:
        """Minutes, a day."""
        return [
            sum(row.minutes(day) for row in self.rows) + self.added_minutes(day)
            for day in range(DAYS)
        ]

    @property
    def total(self) -> int:
        """The week's minutes."""
        return sum(self.totals)

    @property
    def due(self) -> int | None:
        """The week's working time."""
        return self.week.working_minutes(self.week.days[-1])

    @property
    def due_so_far(self) -> int | None:
        """The working time of the days that are over, today included."""
        return self.week.working_minutes(min(self.week.days[-1], today()))

    @property
    def missing_days(self) -> list[dt.date]:
        """Days of work that are over, on which nothing is noted."""
        return [
            day
            for day, total, share in zip(self.week.days, self.totals, self.week.shares, strict=True)
            if not total and day.weekday() < 5 and day <= today() and share != 0
        ]

    @property
    def listed(self) -> list[tuple[dt.date, list[tuple[Line, Done, Field | None]]]]:
        """The acts of each day, with the field that moves them."""
        fields = {entry.form.act.data: entry for entry in self.form.moves}
        return [
            (
                day,
                [
                    (line, done, fields.get(str(done.act.public_id)))
                    for line in self.week.lines
                    for done in line.days[number]
                ],
            )
            for number, day in enumerate(self.week.days)
        ]

    @property
    def name(self) -> str:
        """``2009-S14``."""
        return week_name(self.week.monday)

    @property
    def before(self) -> str:
        """The week before."""
        return week_name(self.week.monday - dt.timedelta(days=DAYS))

    @property
    def after(self) -> str:
        """The week after."""
        return week_name(self.week.monday + dt.timedelta(days=DAYS))

    @property
    def labels(self) -> list[str]:
        """``lundi 12 mars 2009``, seven times."""
        return [french_weekday(day) for day in self.week.days]


def _key(line: Line) -> tuple[str, str, str]:
    reference = line.parcours.reference if line.parcours else LEFT if line.left else ""
    return str(line.structure.id), reference, line.type.code


def _structure(number: str) -> Structure | None:
    own = {str(item.id): item for item in current_user.structures("adviser", "manager")}
    return own.get(number)


def _parcours(reference: str) -> Parcours | None:
    seen = policy.parcours_seen(current_user, today())
    return db.session.scalar(
        select(Parcours).where(Parcours.reference == reference, Parcours.id.in_(seen))
    )
