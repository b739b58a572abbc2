"""What was recorded, in the words of domain.md: what the workbooks are read into."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from tests.counting.workbooks import Row

#: What makes two rows the same person: a normalised name and a birth date, else the row itself.
Person = tuple[Any, ...]


@dataclass(frozen=True)
class Period:
    """Rule 3: first and last day included."""

    first: dt.date
    last: dt.date

    def __contains__(self, day: dt.date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    def year_before(self) -> Period:
        """The same dates one year before; 28 February for a 29 that does not exist."""
        return Period(_year_before(self.first), _year_before(self.last))


def _year_before(day: dt.date) -> dt.date:
    if (day.month, day.day) == (2, 29):
        return dt.date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)


@dataclass(eq=False)
class Parcours:
    """One accompaniment; `people` gives each person's row in the lead's workbook (rule 8).

    `stays` says, for each structure, the days on which it joined and left (none: at the exit).
    """

    lead: str
    id_local: str
    entry: dt.date
    exit: dt.date | None
    project: Row
    people: dict[Person, Row]
    phases: list[tuple[dt.date, str]]
    stays: dict[str, list[tuple[dt.date, dt.date | None]]] = field(default_factory=dict)

    @property
    def entry_phase(self) -> str:
        return self.phases[0][1]

    def phase_on(self, day: dt.date) -> str:
        """The phase held in the evening of *day*; before any, that of the entry."""
        reached = [phase for since, phase in self.phases if since <= day]
        return reached[-1] if reached else self.entry_phase


@dataclass(frozen=True)
class Work:
    """Minutes of one adviser, for one structure (rule 2)."""

    mail: str
    structure: str
    minutes: int


@dataclass(frozen=True)
class Post:
    """One line of a sheet Conseillers: an adviser's share of full time in a structure, in %."""

    mail: str
    structure: str
    share: int | None
    since: dt.date | None
    until: dt.date | None


@dataclass(frozen=True, eq=False)
class Act:
    """An act, or a session (a session is an act of its type).

    `persons` are the one whom an act names, or those who attended a session.
    """

    date: dt.date
    type: str
    scheme: str
    commune: str | None
    work: tuple[Work, ...]
    persons: frozenset[Person]
    anonymous: int
    parcours: Parcours | None
    is_session: bool
    modality: str | None = None

    @property
    def family(self) -> str:
        return self.type[:3]

    @property
    def minutes(self) -> int:
        return sum(work.minutes for work in self.work)

    @property
    def is_reception(self) -> bool:
        """Rule 6: an ACC act, or a session of any type."""
        return self.is_session or self.family == "ACC"


@dataclass(frozen=True)
class Network:
    parcours: list[Parcours]
    acts: list[Act]
    structures: list[str]
    posts: list[Post]
