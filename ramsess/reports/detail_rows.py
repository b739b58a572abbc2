"""Rows of the detail sheets, written as XML straight into the workbook's archive.

A busy year has 130,000 acts: openpyxl needs 30 µs a cell, a minute in all. So it writes the sheet
up to the headings, and the rows are put in here, from the same safe text and in its styles.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from ramsess.reports.archive import member
from ramsess.reports.cells import (
    DATE,
    HOURS,
    MINUTES_OF_A_DAY,
    TEXT,
    WHOLE,
    is_command,
    old_date,
    safe_text,
)
from ramsess.reports.report import Cell, DetailColumn
from ramsess.reports.workbook_styles import Styles

FORMATS = {"integer": WHOLE, "minutes": HOURS, "date": DATE, "text": TEXT}

_CHUNK = 2000  # rows
_MOST_KNOWN = 50_000
_EPOCH = dt.date(1899, 12, 30)
_LEAP_ERROR = 61  # spreadsheets believe in a 29 February 1900, their day 60
_END = b"</sheetData>"


@dataclass(frozen=True)
class Look:
    """How a column is written: its kind and the numbers of its styles in the workbook."""

    minutes: bool
    typed: int
    text: int
    command: int


def looks(columns: Sequence[DetailColumn], sheet: Any, styles: Styles) -> list[Look]:
    """The looks of *columns* in the workbook of *sheet*; to be asked before it is saved."""
    text = styles.plain(sheet, TEXT)
    command = styles.plain(sheet, TEXT)
    command.quotePrefix = True
    return [
        Look(
            column.kind == "minutes",
            styles.plain(sheet, FORMATS[column.kind]).style_id,
            text.style_id,
            command.style_id,
        )
        for column in columns
    ]


def rows_xml(rows: Iterable[Sequence[Cell]], first: int, columns: Sequence[Look]) -> Iterator[str]:
    """The ``<row>`` elements of *rows*, the first of them being the row *first*, in chunks."""
    letters = [get_column_letter(number) for number in range(1, len(columns) + 1)]
    known: list[dict[Any, str]] = [{} for _ in columns]
    chunk: list[str] = []
    for number, row in enumerate(rows, first):
        chunk.append(f'<row r="{number}">')
        for letter, look, seen, value in zip(letters, columns, known, row, strict=True):
            if value is None or value == "":
                continue
            rest = seen.get(value)
            if rest is None:
                if len(seen) > _MOST_KNOWN:
                    seen.clear()
                rest = seen[value] = _cell_xml(value, look)
            chunk.append(f'<c r="{letter}{number}"{rest}')
        chunk.append("</row>")
        if number % _CHUNK == 0:
            yield "".join(chunk)
            chunk.clear()
    yield "".join(chunk)


def assemble(
    book: BinaryIO, target: BinaryIO, day: dt.date, rows: Mapping[str, Iterable[str]]
) -> None:
    """Copy the archive *book* to *target*, with *rows* at the end of the sheets named by path.

    Every date inside is *day*, so that the same report gives the same bytes.
    """
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            info = member(name, day)
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"T[\d:]+Z", b"T00:00:00Z", content)
                content = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>%sT00:00:00Z" % _iso(day), content
                )
            if name not in rows:
                archive.writestr(info, content)
                continue
            top, _, bottom = content.partition(_END)
            with archive.open(info, "w", force_zip64=True) as part:
                part.write(top)
                for chunk in rows[name]:
                    part.write(chunk.encode())
                part.write(_END + bottom)


def _iso(day: dt.date) -> bytes:
    return day.isoformat().encode()


def _cell_xml(value: str | int | dt.date, look: Look) -> str:
    """The element ``<c>`` of *value*, from after its address."""
    if isinstance(value, dt.date):
        if value.year >= 1900:
            days = (value - _EPOCH).days
            return f' s="{look.typed}"><v>{days if days >= _LEAP_ERROR else days - 1}</v></c>'
        value = old_date(value)
    if isinstance(value, str):
        text = safe_text(value)
        style = look.command if is_command(text) else look.text
        inside = f'<is><t xml:space="preserve">{escape(text)}</t></is>' if text else ""
        return f' s="{style}" t="inlineStr">{inside}</c>' if inside else f' s="{style}"/>'
    number = value / MINUTES_OF_A_DAY if look.minutes else value
    return f' s="{look.typed}"><v>{number!r}</v></c>'
