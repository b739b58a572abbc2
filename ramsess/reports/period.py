"""Periods of a report: first and last day included, civil dates Europe/Paris (Rule 3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

MONTHS_FR = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip

WEEKDAYS_FR = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def french_weekday(day: dt.date) -> str:
    """``jeudi 12 mars 2009``."""
    return f"{WEEKDAYS_FR[day.weekday()]} {french_date(day)}"


def french_date(day: dt.date) -> str:
    """Return *day* as French people write it: ``12 mars 2009``, ``1er mai 2009``."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS_FR[day.month - 1]} {day.year}"


def period_name(kind: str, first: dt.date) -> str:
    """How the quarter or the year (*kind* ``year``) that begins on *first* is called:
    ``1er trimestre 2009``, ``année 2009``."""
    if kind == "year":
        return f"année {first.year}"
    number = (first.month + 2) // 3
    return f"{number}{'er' if number == 1 else 'e'} trimestre {first.year}"


@dataclass(frozen=True)
class Period:
    """The days from *first* to *last*, both included (Rule 3)."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("Le dernier jour de la période précède le premier.")

    @classmethod
    def of_year(cls, year: int) -> Period:
        """The civil year *year*."""
        return cls(dt.date(year, 1, 1), dt.date(year, 12, 31))

    def year_before(self) -> Period:
        """The same dates one year before; 29 February becomes 28 February."""
        return Period(_one_year_before(self.first), _one_year_before(self.last))

    def months(self) -> list[str]:
        """The months that the period touches, as ``2009-03``."""
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        start = self.first.year * 12 + self.first.month - 1
        return [f"{m // 12:04d}-{m % 12 + 1:02d}" for m in range(start, start + count)]

    def in_month(self, month: str) -> Period:
        """The days of the period that are in *month* (``2009-03``)."""
        first = dt.date.fromisoformat(f"{month}-01")
        last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        return Period(max(first, self.first), min(last, self.last))

    def overlaps(self, other: Period) -> bool:
        """True when a day is in both."""
        return self.first <= other.last and other.first <= self.last

    def holds(self, other: Period) -> bool:
        """True when every day of *other* is in the period."""
        return self.first <= other.first and other.last <= self.last

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1

    def is_year(self) -> bool:
        """True when the period is one whole civil year."""
        return self == Period.of_year(self.first.year)

    def __str__(self) -> str:
        if self.is_year():
            return f"année {self.first.year}"
        return f"du {french_date(self.first)} au {french_date(self.last)}"


def capital(text: str) -> str:
    """*text* as it stands at the head of a column: ``Année 2009``."""
    return text[:1].upper() + text[1:]


def _one_year_before(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
