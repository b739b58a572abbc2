"""Which column of ours a heading typed otherwise may be: « Date naiss. », « Durée (min) ».

Nothing is read so without a person's word: what is proposed is shown, what is doubtful is asked.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz

from ramsess.exchange import layout
from ramsess.exchange.check.cells import is_blank
from ramsess.exchange.layout import SheetLayout
from ramsess.exchange.workbook import Row, Sheet, Sheets
from ramsess.models.names import normalise

DATA = Path(__file__).parents[1] / "data" / "headings.csv"
# Out of 100: from there two spellings may be one; under the distance two columns are in doubt.
ALIKE, DISTANCE = 78, 6
SAME = 100
MOST_CANDIDATES = 3

# Sheet → heading as typed → our heading, or nothing when the column is not to be read.
Answers = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Doubt:
    """A heading that is not ours, and the columns of ours that it may be, the likeliest first.

    ``sure`` when only one of them is likely.
    """

    sheet: str
    title: str
    candidates: tuple[str, ...]
    sure: bool


@cache
def spellings(sheet: str) -> dict[str, tuple[str, ...]]:
    """Our headings of that sheet, each with the normalised ways in which people write it."""
    with DATA.open(encoding="utf-8", newline="") as file:
        said = {
            row["column"]: row["synonyms"].split("|")
            for row in csv.DictReader(file)
            if row["sheet"] == sheet
        }
    return {
        column.name: tuple(dict.fromkeys(map(normalise, (column.name, *said.get(column.name, ())))))
        for column in layout.LAYOUTS[sheet].columns
    }


def candidates(sheet: str, title: str, taken: Sequence[str] = ()) -> tuple[tuple[str, ...], bool]:
    """The columns that *title* may be, those *taken* apart, and whether the first is alone."""
    plain = normalise(title)
    scores: list[tuple[float, str]] = []
    for name, ways in spellings(sheet).items():
        if name not in taken:
            score = max(SAME if way == plain else fuzz.token_sort_ratio(way, plain) for way in ways)
            if score >= ALIKE:
                scores.append((score, name))
    scores.sort(key=lambda item: -item[0])
    names = tuple(name for _, name in scores[:MOST_CANDIDATES])
    sure = bool(scores) and (len(scores) == 1 or scores[0][0] - scores[1][0] >= DISTANCE)
    return names, sure


def doubts(book: Sheets) -> list[Doubt]:
    """The headings of *book* that are not ours and may be; those like nothing are left alone."""
    found = []
    for sheet in book.sheets:
        expected = layout.BY_PLAIN_NAME[normalise(sheet.name)]
        for title in _strange(sheet, expected):
            names, sure = candidates(expected.name, title, _present(sheet, expected))
            if names:
                found.append(Doubt(expected.name, title, names, sure))
    return found


def _titles(sheet: Sheet) -> list[str]:
    if not sheet.rows or sheet.rows[0].number != 1:
        return []
    return ["" if is_blank(cell) else str(cell) for cell in sheet.rows[0].cells]


def _present(sheet: Sheet, expected: SheetLayout) -> list[str]:
    known = {normalise(column.name): column.name for column in expected.columns}
    return [known[plain] for title in _titles(sheet) if (plain := normalise(title)) in known]


def _strange(sheet: Sheet, expected: SheetLayout) -> list[str]:
    if expected.name == layout.STRUCTURE:
        return []
    known = {normalise(column.name) for column in expected.columns}
    return [title for title in _titles(sheet) if title and normalise(title) not in known]


def renamed(book: Sheets, answers: Answers) -> Sheets:
    """*book* with the headings that *answers* name under ours."""
    return replace(
        book, sheets=[_renamed(sheet, answers.get(_official(sheet), {})) for sheet in book.sheets]
    )


def _official(sheet: Sheet) -> str:
    return layout.BY_PLAIN_NAME[normalise(sheet.name)].name


def _renamed(sheet: Sheet, titles: Mapping[str, str]) -> Sheet:
    if not titles or not sheet.rows:
        return sheet
    first, *rest = sheet.rows
    cells = tuple(titles.get(str(cell)) or cell for cell in first.cells)
    return replace(sheet, rows=(Row(first.number, cells), *rest))
