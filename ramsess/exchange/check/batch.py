"""Checked rows, with what they refer to: what applying writes, and nothing else.

A row whose cells could not stand keeps a stand-in value; nothing is applied while one is left.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol, TypeVar

from ramsess.exchange import layout
from ramsess.exchange.check.lines import Line


@dataclass(frozen=True)
class Span:
    """First and last day, both included; None where open."""

    first: dt.date | None
    last: dt.date | None

    def covers(self, day: dt.date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def overlaps(self, other: Span) -> bool:
        """True when the two spans share a day."""
        return not (
            (self.last is not None and other.first is not None and self.last < other.first)
            or (other.last is not None and self.first is not None and other.last < self.first)
        )


class LocalRow(Protocol):
    """A row that the workbook names by an ``id_local``."""

    line: Line
    local_id: str


R = TypeVar("R", bound=LocalRow)


def add_once(row: R, rows: dict[str, R]) -> None:
    """Keep *row* under its ``id_local``, or report that the sheet already has it."""
    if not row.local_id:
        return
    earlier = rows.setdefault(row.local_id, row)
    if earlier is not row:
        row.line.problem(
            "id_local",
            f"L’identifiant « {row.local_id} » est déjà celui de la ligne "
            f"{earlier.line.number} : donnez-en un autre.",
        )


@dataclass
class AdviserRow:
    """A line of Conseillers: an assignment to the workbook's structure; *share* in %."""

    line: Line
    email: str
    last_name: str
    first_name: str
    share: int | None
    span: Span


@dataclass
class PersonRow:
    """A line of Bénéficiaires; ``NR`` or None where unknown."""

    line: Line
    local_id: str
    last_name: str
    first_name: str
    name_key: str
    birth_date: dt.date | None
    sex: str
    commune: str | None
    situation: str
    education: str
    rsa: bool | None
    qpv: bool | None
    phone: str
    email: str


@dataclass
class ParcoursRow:
    """A line of Parcours; *reference* is empty where the workbook's structure leads."""

    line: Line
    local_id: str
    people: tuple[str, ...]
    title: str
    legal_form: str | None
    sector: str | None
    commune: str | None
    entered_on: dt.date
    entry_phase: str
    origin: str
    exited_on: dt.date | None
    outcome: str | None
    phase: str | None
    phase_on: dt.date | None
    jobs_created: Decimal
    jobs_consolidated: Decimal
    reference: str
    target: ParcoursTarget | None = None


@dataclass
class ParcoursTarget:
    """One parcours of the network that rows speak of.

    ``record_id`` is its id when the database knows it; ``lead_row`` the line of the structure
    that leads it when it is in the import. ``known`` are the involvements in the database and
    ``wanted`` those of the import, by structure id.
    """

    lead_id: int
    entered_on: dt.date
    exited_on: dt.date | None
    record_id: int | None = None
    reference: str = ""
    lead_row: ParcoursRow | None = None
    lead_book: Workbook | None = None
    known: dict[int, list[tuple[int, Span]]] = field(default_factory=dict)
    wanted: dict[int, list[Span]] = field(default_factory=dict)

    def spans(self, structure_id: int) -> list[Span]:
        """When a structure takes part, once the import is applied; ends at the exit at latest."""
        stays = matched_spans(self.known.get(structure_id, []), self.wanted.get(structure_id, []))
        return [Span(span.first, span.last or self.exited_on) for _, span in stays]


@dataclass(frozen=True)
class Share:
    """An adviser's minutes for a structure in an act, in the order of the cell."""

    email: str
    structure_id: int
    minutes: int


@dataclass
class ActRow:
    """A line of Actes."""

    line: Line
    local_id: str
    done_on: dt.date
    type: str
    parcours: str | None
    target: ParcoursTarget | None
    modality: str | None
    commune: str | None
    anonymous: int
    person: str | None
    scheme: str
    note: str
    shares: list[Share] = field(default_factory=list)


@dataclass
class SessionRow:
    """A line of Séances; *scheme* is None where the cell is blank."""

    line: Line
    local_id: str
    done_on: dt.date
    type: str
    title: str
    minutes: int
    commune: str | None
    people: tuple[str, ...]
    anonymous: int
    scheme: str | None
    reference: str | None
    shares: list[Share] = field(default_factory=list)


@dataclass
class Workbook:
    """A structure's workbook once checked; rows by ``id_local``."""

    file: str
    code: str
    structure_id: int
    partial: bool = False
    advisers: list[AdviserRow] = field(default_factory=list)
    people: dict[str, PersonRow] = field(default_factory=dict)
    parcours: dict[str, ParcoursRow] = field(default_factory=dict)
    acts: dict[str, ActRow] = field(default_factory=dict)
    sessions: dict[str, SessionRow] = field(default_factory=dict)

    def rows(self) -> dict[str, Mapping[str, LocalRow]]:
        """The rows that have an ``id_local``, by sheet."""
        return {
            layout.PEOPLE: self.people,
            layout.PARCOURS: self.parcours,
            layout.ACTS: self.acts,
            layout.SESSIONS: self.sessions,
        }


def matched_spans(
    known: list[tuple[int, Span]], wanted: list[Span]
) -> list[tuple[int | None, Span]]:
    """What stands after an update: (record id, or None for a new one; span).

    A wanted span corrects the known one that begins the same day; when one of each is left over,
    it corrects that one; the rest of the known stay, the rest of the wanted are new.
    """
    left = dict(known)
    matched: list[tuple[int | None, Span]] = []
    rest: list[Span] = []
    for span in wanted:
        same = next((key for key, old in left.items() if old.first == span.first), None)
        if same is None:
            rest.append(span)
        else:
            del left[same]
            matched.append((same, span))
    if len(rest) == 1 and len(left) == 1 and not matched:
        key = next(iter(left))
        return [(key, rest[0])]
    return matched + [(None, span) for span in rest] + list(left.items())
