"""A mutualised post over a period: what each structure should have of it, and what it had."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ramsess.reports.period import Period
from ramsess.reports.rounding import percentages


@dataclass(frozen=True)
class Stay:
    """A share of full time (whole per cent, None when nobody said) in a structure; open dates."""

    structure: str
    share: int | None
    from_on: dt.date | None
    to_on: dt.date | None

    def days_in(self, period: Period) -> int:
        first = max(filter(None, (self.from_on, period.first)))
        last = min(filter(None, (self.to_on, period.last)))
        return max(0, (last - first).days + 1)


@dataclass(frozen=True)
class Line:
    """A structure's part of a post: *share* of full time as it was on average, in per cent.

    *planned* and *recorded* are its parts of the post, in whole per cent that add up to 100;
    None where a share is unknown, or nothing was recorded.
    """

    structure: str
    share: float | None
    planned: int | None
    minutes: int
    recorded: int | None

    @property
    def gap(self) -> int | None:
        """Points recorded beyond what was planned."""
        if self.planned is None or self.recorded is None:
            return None
        return self.recorded - self.planned


def lines_of(stays: Sequence[Stay], minutes: Mapping[str, int], period: Period) -> list[Line]:
    """A line for each structure, by name; a share counts for the days on which it held."""
    structures = sorted({stay.structure for stay in stays})
    weights = {name: _weight([stay for stay in stays if stay.structure == name], period)
               for name in structures}  # fmt: skip
    known = [weight for weight in weights.values() if weight is not None]
    planned = dict(zip(structures, percentages(known), strict=True)) if (
        len(known) == len(structures) and any(known)
    ) else {}  # fmt: skip
    worked = [minutes.get(name, 0) for name in structures]
    recorded = dict(zip(structures, percentages(worked), strict=True)) if any(worked) else {}
    days = (period.last - period.first).days + 1
    lines = []
    for name in structures:
        weight = weights[name]
        lines.append(
            Line(
                structure=name,
                share=None if weight is None else weight / days,
                planned=planned.get(name),
                minutes=minutes.get(name, 0),
                recorded=recorded.get(name),
            )
        )
    return lines


def _weight(stays: Sequence[Stay], period: Period) -> int | None:
    """Per cent of full time × days; None when a share that matters is unknown."""
    held = [(stay.share, stay.days_in(period)) for stay in stays]
    if any(share is None and days for share, days in held):
        return None
    return sum((share or 0) * days for share, days in held)
