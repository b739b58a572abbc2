"""Reading a structure's own spreadsheet: its columns as ours, its words as our codes."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ramsess.exchange import layout
from ramsess.exchange.check.cells import is_blank
from ramsess.exchange.headings import candidates
from ramsess.exchange.layout import Column, Kind, SheetLayout
from ramsess.exchange.problems import Problem
from ramsess.exchange.workbook import Cell, Formula, Row, Sheet, Sheets, Unreadable
from ramsess.models.names import normalise

# Sheets that a spreadsheet may be; advisers are the network's to add.
TARGETS = (layout.PEOPLE, layout.PARCOURS, layout.ACTS, layout.SESSIONS)
MOST_WORDS = 200
LONGEST_WORD = 80
# Codes and what they mean, by column of ours.
Lists: TypeAlias = Mapping[str, Iterable[tuple[str, str]]]

_LENGTH = re.compile(
    r"(?:(\d{1,2})\s*(?:h|:)\s*(\d{1,2})?(?:\s*(?:min|mn))?|(\d{1,4})\s*(?:min|mn|['’′]))",
    re.IGNORECASE | re.ASCII,
)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_YES = {"x", "vrai", "true", "1", "o", "y", "yes"}
_NO = {"faux", "false", "0", "n", "no"}


@dataclass
class Recipe:
    """Which sheet of ours the spreadsheet is, for which structure, and how each column is read.

    ``columns``: our heading → ``{"from": normalised heading}`` or ``{"always": value}``;
    ``codes``: our heading → normalised word → code, empty where the cell is left blank.
    """

    structure: str
    sheet: str
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def expected(self) -> SheetLayout:
        """The sheet of ours."""
        return layout.LAYOUTS[self.sheet]

    def missing(self) -> list[Column]:
        """The columns that must be said, and are not; rows without ``id_local`` get one."""
        return [
            column
            for column in self.expected.columns
            if column.required and column.name != "id_local" and column.name not in self.columns
        ]


def table_of(book: Sheets) -> Sheet:
    """The only sheet of a spreadsheet."""
    return book.sheets[0]


def headings_of(table: Sheet) -> list[str]:
    """The normalised headings, position by position; empty where there is none."""
    return ["" if is_blank(cell) else normalise(str(cell)) for cell in table.rows[0].cells]


def titles_of(table: Sheet) -> dict[str, str]:
    """The headings as typed, by their normalised form; the first of twins."""
    found: dict[str, str] = {}
    for cell in table.rows[0].cells:
        if not is_blank(cell) and normalise(str(cell)):
            found.setdefault(normalise(str(cell)), str(cell))
    return found


def proposed(table: Sheet, structure: str, sheet: str) -> Recipe:
    """The likely reading, for a person to correct."""
    recipe = Recipe(structure, sheet)
    known = {normalise(column.name): column.name for column in recipe.expected.columns}
    for plain, title in titles_of(table).items():
        name = known.get(plain)
        if name is None:
            names, sure = candidates(sheet, title)
            name = names[0] if sure else None
        if name is not None and name not in recipe.columns:
            recipe.columns[name] = {"from": plain}
    return recipe


def words(table: Sheet, recipe: Recipe, lists: Lists) -> dict[str, dict[str, str]]:
    """For each column of codes that is read, the words met that are no code: normalised → typed.

    At most MOST_WORDS a column.
    """
    found: dict[str, dict[str, str]] = {}
    places = {heading: index for index, heading in reversed(list(enumerate(headings_of(table))))}
    for name, items in lists.items():
        place = places.get(recipe.columns.get(name, {}).get("from", ""))
        if place is None:
            continue
        codes = {normalise(code) for code, _ in items}
        met: dict[str, str] = {}
        for row in table.rows[1:]:
            cell = row.cells[place] if place < len(row.cells) else None
            if not is_blank(cell) and not isinstance(cell, Formula | Unreadable):
                plain = normalise(str(cell))[:LONGEST_WORD]
                if plain not in codes and len(met) < MOST_WORDS:
                    met.setdefault(plain, str(cell)[:LONGEST_WORD])
        if met:
            found[name] = met
    return found


def guessed(word: str, items: Iterable[tuple[str, str]]) -> str:
    """The code whose label, or the beginning of whose label, the word is; nothing when unsure."""
    items = list(items)
    same = [code for code, label in items if normalise(label) == word]
    begun = [code for code, label in items if word and normalise(label).startswith(word)]
    return (same or begun or [""])[0] if len(same) == 1 or len(begun) == 1 else ""


def as_workbook(book: Sheets, recipe: Recipe) -> Sheets:
    """The workbook that *recipe* makes of the spreadsheet: rows keep their numbers."""
    table = table_of(book)
    names = [column.name for column in recipe.expected.columns if column.name in recipe.columns]
    if "id_local" not in names:
        names.insert(0, "id_local")
    twins: Counter[str] = Counter()
    rows = [Row(1, tuple(names))]
    places = {heading: index for index, heading in reversed(list(enumerate(headings_of(table))))}
    for row in table.rows[1:]:
        if all(map(is_blank, row.cells)):
            continue
        said = {name: _value(recipe, name, row, places) for name in names}
        if "id_local" not in recipe.columns:
            said["id_local"] = _named(said, twins)
        rows.append(Row(row.number, tuple(said[name] for name in names)))
    sheets = [Sheet(recipe.sheet, tuple(rows))]
    for expected in layout.SHEETS:
        if expected.name == layout.STRUCTURE:
            sheets.append(Sheet(expected.name, _whose(recipe.structure)))
        elif expected.name != recipe.sheet:
            titles = tuple(column.name for column in expected.columns)
            sheets.append(Sheet(expected.name, (Row(1, titles),)))
    return Sheets(book.file, sheets, partial=True)


def _whose(structure: str) -> tuple[Row, ...]:
    return Row(1, ("version", layout.VERSION)), Row(2, ("code_structure", structure))


def _named(said: Mapping[str, Cell], twins: Counter[str]) -> str:
    """A row without name is named by what it says: the same row again is the same record."""
    text = json.dumps({name: str(value) for name, value in said.items() if value is not None})
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    twins[digest] += 1
    return digest if twins[digest] == 1 else f"{digest}-{twins[digest]}"


def _value(recipe: Recipe, name: str, row: Row, places: Mapping[str, int]) -> Cell:
    how = recipe.columns.get(name, {})
    if "always" in how:
        return how["always"]
    place = places.get(how.get("from", ""))
    cell = row.cells[place] if place is not None and place < len(row.cells) else None
    if is_blank(cell) or isinstance(cell, Formula | Unreadable):
        return cell
    if name in recipe.codes:
        plain = normalise(str(cell))[:LONGEST_WORD]
        return recipe.codes[name].get(plain, cell) or None
    return _read(recipe.expected.column(name), cell)


def _read(column: Column, cell: Cell) -> Cell:
    """What people write in their own spreadsheets, as our cells are read."""
    text = cell.strip() if isinstance(cell, str) else ""
    if column.kind is Kind.MINUTES and (said := _LENGTH.fullmatch(text)):
        hours, rest, minutes = said.groups()
        return int(minutes) if minutes else int(hours) * 60 + int(rest or 0)
    if column.kind in (Kind.DATE, Kind.BIRTH_DATE) and (said := _ISO_DAY.fullmatch(text)):
        try:
            return dt.date(*map(int, said.groups()))
        except ValueError:
            return cell
    if column.kind is Kind.YES_NO:
        plain = normalise(str(cell))
        return "oui" if plain in _YES else "non" if plain in _NO else cell
    return cell


def located(problem: Problem, book: Sheets, recipe: Recipe) -> Problem:
    """The same problem at its place in the spreadsheet, under its own heading."""
    table = table_of(book)
    plain = recipe.columns.get(problem.column or "", {}).get("from")
    title: Any = titles_of(table).get(plain or "", problem.column)
    sheet = table.name if problem.sheet == recipe.sheet else problem.sheet
    return Problem(problem.file, sheet, problem.row, title, problem.message)
