"""An exchange workbook as it was typed: sheets of rows of plain values, not yet checked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True)
class Formula:
    """A cell that holds a formula: never a value, whatever the spreadsheet showed."""

    text: str


@dataclass(frozen=True)
class Unreadable:
    """A cell whose content is no text, number or date: ``#REF!``, a duration, a huge text."""

    text: str


Cell: TypeAlias = str | int | float | bool | dt.date | dt.datetime | Formula | Unreadable | None


@dataclass(frozen=True)
class Row:
    """A row that holds something: its number in the sheet (from 1) and its cells from column A."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name as typed, and its rows that are not blank, headings included."""

    name: str
    rows: tuple[Row, ...]
    hidden: bool = False


@dataclass
class Sheets:
    """One workbook: the file's name, as shown in messages, and its sheets.

    ``others`` are the names of the sheets that were not read, having no place in the workbook.
    ``partial``: it was never meant to hold all that its structure hands in.
    """

    file: str
    sheets: list[Sheet] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    partial: bool = False
