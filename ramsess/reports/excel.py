"""The report as a workbook: what it is, key figures, one sheet a table, the detail lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from openpyxl import Workbook

from ramsess.reports.detail_rows import assemble, rows_xml
from ramsess.reports.identity import state
from ramsess.reports.read_me import READ_ME, add_read_me
from ramsess.reports.report import Detail, Report
from ramsess.reports.sheet_tables import table_name
from ramsess.reports.sheets import HEADER_ROW, Sheets, sheet_name
from ramsess.reports.table import Table
from ramsess.reports.text import one_line

KEY_FIGURES = "Chiffres clés"

_DETAIL_ROWS = 1_000_000  # of one sheet; a spreadsheet holds 1,048,576


def write_workbook(report: Report, target: Path | BinaryIO) -> None:
    """Write *report* as ``.xlsx`` to *target*, a path or a binary file open for writing.

    The column headings of every table stand in row ``HEADER_ROW``; rows and columns follow in
    the order of the table, the row labels in column A. Minutes are parts of a day, percentages
    hundredths, dates real dates.
    """
    book = Workbook(write_only=True)
    properties = book.properties
    properties.title, properties.subject = one_line(report.title), one_line(report.subtitle)
    properties.keywords = " ".join(report.marks) or None
    properties.creator, properties.language = "RAMSESS", "fr-FR"
    properties.created = dt.datetime.combine(report.made_on, dt.time())
    names = table_names(report)
    details = _detail_names(report, names.values())
    head = state(report)
    if report.address:
        head += f", à vérifier sur {report.address}"
    sheets = Sheets(book, report.title, report.structure, contents=READ_ME, head=head)
    listed = [(names[table.id], table.title, table.rule) for table in report.tables]
    for name, detail, _ in details:
        listed.append((name, detail.title, f"Liste pseudonymisée, tableau {table_name(name)}"))
    add_read_me(sheets, report, listed)
    for table in report.tables:
        comment = report.comments.get(table.id, "")
        sheets.add_table(names[table.id], table, report.beside.get(table.id), comment)
    rows: dict[str, Iterator[str]] = {}
    for name, detail, part in details:
        look = sheets.add_detail(name, detail, len(part), table_name=table_name(name))
        path = f"xl/worksheets/sheet{len(book.worksheets)}.xml"
        rows[path] = rows_xml(islice(detail.rows, part.start, part.stop), HEADER_ROW + 1, look)
    file = BytesIO()
    book.save(file)
    if isinstance(target, Path):
        with target.open("wb") as opened:
            assemble(file, opened, report.made_on, rows)
    else:
        assemble(file, target, report.made_on, rows)


def table_names(report: Report) -> dict[str, str]:
    """The name of each table's sheet, by table id."""
    names: dict[str, str] = {}
    for table in report.tables:
        names[table.id] = sheet_name(_short_title(table), [READ_ME, *names.values()])
    return names


def _detail_names(report: Report, taken: Iterable[str]) -> list[tuple[str, Detail, range]]:
    """The sheets of the details: name, detail, and which of its rows."""
    found: list[tuple[str, Detail, range]] = []
    for detail in report.details:
        rows = range(len(detail.rows))
        for start in range(0, max(1, len(rows)), _DETAIL_ROWS):
            names = [READ_ME, *taken, *(name for name, _, _ in found)]
            part = rows[start : start + _DETAIL_ROWS]
            found.append((sheet_name(detail.name, names), detail, part))
    return found


def _short_title(table: Table) -> str:
    return KEY_FIGURES if table.id == "B01" else f"{table.id} {table.title}"
