"""Which days a calendar's rule falls on, asked day by day: no rule, however wrong, runs away.

The rules of RFC 5545 that calendars make: every so many days, weeks, months or years, on weekdays,
days of the month, months, and the n-th of these. What is finer is refused, not guessed.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
DAILY, WEEKLY, MONTHLY, YEARLY = "DAILY", "WEEKLY", "MONTHLY", "YEARLY"
READ = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
MOST_PARTS = 62


class UnknownRuleError(ValueError):
    """A rule that is not read here."""


@dataclass(frozen=True)
class Rule:
    """A rule from *start* on; *weekdays*: which, and the n-th of the month or 0 for each."""

    start: dt.date
    frequency: str
    interval: int = 1
    count: int | None = None
    weekdays: Sequence[tuple[int, int]] = ()
    month_days: Sequence[int] = ()
    months: Sequence[int] = ()
    places: Sequence[int] = ()
    week_starts: int = 0
    _days: dict[tuple[int, int], list[dt.date]] = field(default_factory=dict, repr=False)

    @classmethod
    def parse(cls, start: dt.date, said: Mapping[str, Sequence[Any]]) -> Rule:
        """The rule that a calendar says, by its parts. Raises UnknownRuleError."""
        parts = {str(name).upper(): list(values) for name, values in said.items()}
        frequency = str(parts.get("FREQ", [""])[0])
        if not parts.keys() <= READ or frequency not in (DAILY, WEEKLY, MONTHLY, YEARLY):
            raise UnknownRuleError
        if any(len(values) > MOST_PARTS for values in parts.values()):
            raise UnknownRuleError
        try:
            rule = cls(
                start,
                frequency,
                int(parts.get("INTERVAL", [1])[0]),
                int(parts["COUNT"][0]) if "COUNT" in parts else None,
                [_weekday(str(one)) for one in parts.get("BYDAY", ())],
                [int(one) for one in parts.get("BYMONTHDAY", ())],
                [int(one) for one in parts.get("BYMONTH", ())],
                [int(one) for one in parts.get("BYSETPOS", ())],
                WEEKDAYS[str(parts.get("WKST", ["MO"])[0])],
            )
        except (KeyError, ValueError, IndexError):
            raise UnknownRuleError from None
        if rule.interval < 1 or rule._is_too_fine():
            raise UnknownRuleError
        return rule

    def _is_too_fine(self) -> bool:
        by_month = self.frequency in (MONTHLY, YEARLY)
        if any(number for _, number in self.weekdays) and not by_month:
            return True
        if self.frequency == YEARLY and (self.weekdays or self.month_days) and not self.months:
            return True
        return bool(self.places) and self.frequency != MONTHLY

    def between(self, first: dt.date, last: dt.date) -> Iterator[dt.date]:
        """The days of the rule from *first* to *last*, both included, in order."""
        begin = self.start if self.count is not None else max(first, self.start)
        found = 0
        for number in range((last - begin).days + 1):
            day = begin + dt.timedelta(days=number)
            if not self.falls_on(day):
                continue
            found += 1
            if self.count is not None and found > self.count:
                return
            if day >= first:
                yield day

    def looked_at(self, first: dt.date, last: dt.date) -> int:
        """How many days ``between`` looks at."""
        begin = self.start if self.count is not None else max(first, self.start)
        return max(0, (last - begin).days + 1)

    def falls_on(self, day: dt.date) -> bool:
        """True when the rule, its count apart, falls on *day*."""
        if day < self.start or (self.months and day.month not in self.months):
            return False
        if self._periods(day) % self.interval:
            return False
        if self.frequency in (DAILY, WEEKLY):
            return self._on_days(day)
        if self.weekdays or self.month_days:
            return day in self._of_month(day.year, day.month)
        other_month = self.frequency == YEARLY and not self.months and day.month != self.start.month
        return day.day == self.start.day and not other_month

    def _on_days(self, day: dt.date) -> bool:
        if self.month_days and not _on_month_day(day, self.month_days):
            return False
        if self.weekdays:
            return day.weekday() in {weekday for weekday, _ in self.weekdays}
        return self.frequency == DAILY or day.weekday() == self.start.weekday()

    def _periods(self, day: dt.date) -> int:
        """How many days, weeks, months or years after the start."""
        if self.frequency == DAILY:
            return (day - self.start).days
        if self.frequency == WEEKLY:
            return (_week(day, self.week_starts) - _week(self.start, self.week_starts)).days // 7
        months = (day.year - self.start.year) * 12 + day.month - self.start.month
        return months if self.frequency == MONTHLY else day.year - self.start.year

    def _of_month(self, year: int, month: int) -> list[dt.date]:
        """The days of a month that the rule names."""
        if (year, month) not in self._days:
            length = calendar.monthrange(year, month)[1]
            days = [dt.date(year, month, number) for number in range(1, length + 1)]
            kept = [
                day
                for day in days
                if (not self.month_days or _on_month_day(day, self.month_days))
                and (not self.weekdays or _on_weekday(day, length, self.weekdays))
            ]
            if self.places:
                kept = [kept[place - 1 if place > 0 else place] for place in self.places
                        if 0 < abs(place) <= len(kept)]  # fmt: skip
            self._days[year, month] = kept
        return self._days[year, month]


def _weekday(text: str) -> tuple[int, int]:
    """``MO``, ``2TU``, ``-1FR``."""
    return WEEKDAYS[text[-2:].upper()], int(text[:-2] or 0)


def _week(day: dt.date, starts: int) -> dt.date:
    return day - dt.timedelta(days=(day.weekday() - starts) % 7)


def _on_month_day(day: dt.date, numbers: Sequence[int]) -> bool:
    length = calendar.monthrange(day.year, day.month)[1]
    return day.day in numbers or day.day - length - 1 in numbers


def _on_weekday(day: dt.date, length: int, weekdays: Sequence[tuple[int, int]]) -> bool:
    from_start = (day.day - 1) // 7 + 1
    from_end = -((length - day.day) // 7 + 1)
    return any(
        day.weekday() == weekday and number in (0, from_start, from_end)
        for weekday, number in weekdays
    )
