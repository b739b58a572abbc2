"""Write a copy of the sheets read, with the faulty cells filled and commented.

In: ``{"sheets": [{"name", "rows"}], "problems": [[sheet, row, column number, heading, sentence]]}``
with cells as parse.py writes them; row or column number null where a sentence is about more than a
cell. Out: an .xlsx that holds values only; a text stays a text, whatever it begins with.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

TITLE = "À corriger"
# A comment is a drawing: too many of them, and spreadsheets no longer open the file.
MOST_MARKS = 2_000
FAULT = PatternFill("solid", fgColor="FFC7CE")
HEADING = PatternFill("solid", fgColor="1F4E79")
WHITE = Font(bold=True, color="FFFFFF")
LINK = Font(color="1F4E79", underline="single")
WIDTHS = (18, 9, 24, 90)


def answer(content: bytes, _told: list[str]) -> bytes:
    """The marked copy."""
    asked = json.loads(content)
    book = Workbook()
    book.remove(book.worksheets[0])
    summary = book.create_sheet(TITLE)
    for sheet in asked["sheets"]:
        _copy(book.create_sheet(_title(sheet["name"])), sheet["rows"])
    _list(summary, asked["problems"], book)
    for problem in asked["problems"][:MOST_MARKS]:
        _mark(book, *problem)
    book.active = 0
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _title(name: str) -> str:
    return "".join("_" if char in "[]:*?/\\" else char for char in _clean(name))[:31] or "Feuille"


def _clean(text: str) -> str:
    """What a spreadsheet can hold: a character that it cannot is shown as such."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    kept: str = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", whole)
    return kept[:32_767]


def _put(cell: Cell, value: Any) -> None:
    """A value; never a formula: openpyxl makes one of a text that begins with « = »."""
    if isinstance(value, list):
        kind, text = value
        if kind in ("d", "t"):
            moment = dt.datetime.fromisoformat(text)
            cell.value = moment if kind == "t" else moment.date()
            cell.number_format = "DD/MM/YYYY HH:MM" if kind == "t" else "DD/MM/YYYY"
            return
        value = text
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = _clean(value)
    cell.data_type = "s"
    cell.quotePrefix = value[:1] in tuple("=+-@\t\r")


def _copy(sheet: Worksheet, rows: list[Any]) -> None:
    for number, cells in rows:
        for column, value in enumerate(cells, 1):
            if value is not None:
                _put(sheet.cell(number, column), value)
                if number == 1:
                    sheet.cell(1, column).font = Font(bold=True)
    for column in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 20
    sheet.freeze_panes = "A2"


def _list(sheet: Worksheet, problems: list[Any], book: Workbook) -> None:
    for column, (title, width) in enumerate(
        zip(("Feuille", "Ligne", "Colonne", "Ce qui ne va pas"), WIDTHS, strict=True), 1
    ):
        cell = sheet.cell(1, column, title)
        cell.font, cell.fill = WHITE, HEADING
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    for line, (name, row, column, heading, sentence) in enumerate(problems, 2):
        for place, value in enumerate((name or "—", row, heading, sentence), 1):
            _put(sheet.cell(line, place), value)
        sheet.cell(line, 4).alignment = Alignment(wrap_text=True, vertical="top")
        if row and _title(name) in book.sheetnames:
            there = f"'{_title(name)}'!{get_column_letter(column or 1)}{row}"
            sheet.cell(line, 1).hyperlink = Hyperlink(ref=f"A{line}", location=there)
            sheet.cell(line, 1).font = LINK


def _mark(
    book: Workbook, name: str, row: int | None, column: int | None, _heading: str, sentence: str
) -> None:
    if not row or not column or _title(name) not in book.sheetnames:
        return
    cell = book[_title(name)].cell(row, column)
    cell.fill = FAULT
    said = f"{cell.comment.text}\n{_clean(sentence)}" if cell.comment else _clean(sentence)
    cell.comment = Comment(said, "RAMSESS", height=120, width=320)
