"""The report as a workbook: contents, key figures, one sheet a table, the detail lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import Workbook

from ramsess.reports.cells import TEXT, put_date, safe_cell
from ramsess.reports.detail_rows import assemble, rows_xml
from ramsess.reports.report import Detail, Report
from ramsess.reports.sheets import CONTENTS, HEADER_ROW, Sheets, append, sheet_name
from ramsess.reports.table import RowKind, Table
from ramsess.reports.text import one_line

KEY_FIGURES = "Chiffres clés"

_DETAIL_ROWS = 1_000_000  # of one sheet; a spreadsheet holds 1,048,576
_CONTENTS_WIDTHS = (34.0, 50.0, 90.0)


def write_workbook(report: Report, target: Path | BinaryIO) -> None:
    """Write *report* as ``.xlsx`` to *target*, a path or a binary file open for writing.

    The column headings of every table stand in row ``HEADER_ROW``; rows and columns follow in
    the order of the table, the row labels in column A. Minutes are parts of a day, percentages
    hundredths, dates real dates.
    """
    book = Workbook(write_only=True)
    properties = book.properties
    properties.title, properties.subject = one_line(report.title), one_line(report.subtitle)
    properties.creator, properties.language = "RAMSESS", "fr-FR"
    properties.created = dt.datetime.combine(report.made_on, dt.time())
    names = table_names(report)
    details = _detail_names(report, names.values())
    sheets = Sheets(book, report.title, report.structure)
    listed = [(names[table.id], table.title, table.rule) for table in report.tables]
    listed += [(name, detail.title, "Liste pseudonymisée") for name, detail, _ in details]
    _add_contents(sheets, report, listed)
    for table in report.tables:
        sheets.add_table(names[table.id], table, report.beside.get(table.id))
    rows: dict[str, Iterator[str]] = {}
    for name, detail, part in details:
        look = sheets.add_detail(name, detail, len(part))
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
        names[table.id] = sheet_name(_short_title(table), [CONTENTS, *names.values()])
    return names


def _detail_names(report: Report, taken: Iterable[str]) -> list[tuple[str, Detail, range]]:
    """The sheets of the details: name, detail, and which of its rows."""
    found: list[tuple[str, Detail, range]] = []
    for detail in report.details:
        rows = range(len(detail.rows))
        for start in range(0, max(1, len(rows)), _DETAIL_ROWS):
            names = [CONTENTS, *taken, *(name for name, _, _ in found)]
            part = rows[start : start + _DETAIL_ROWS]
            found.append((sheet_name(detail.name, names), detail, part))
    return found


def _short_title(table: Table) -> str:
    return KEY_FIGURES if table.id == "B01" else f"{table.id} {table.title}"


def _add_contents(sheets: Sheets, report: Report, listed: list[tuple[str, str, str]]) -> None:
    """The first sheet: what the report is, what it holds, whose it is."""
    styles = sheets.styles
    sheet = sheets.open(CONTENTS, _CONTENTS_WIDTHS, repeat=False)

    def text(value: str) -> Any:
        return safe_cell(styles.plain(sheet, TEXT, wrapped=True), one_line(value))

    def name(value: str) -> Any:
        return safe_cell(styles.label(sheet, RowKind.SUBTOTAL), value)

    def header(*labels: str) -> list[Any]:
        return [safe_cell(styles.header(sheet, figures=False), label) for label in labels]

    def date(day: dt.date) -> Any:
        return put_date(styles.left(sheet), day)

    rows: list[list[Any]] = [
        [safe_cell(styles.title(sheet), one_line(report.title))],
        [safe_cell(styles.subtitle(sheet), one_line(report.subtitle))],
        [],
        [name("Du"), date(report.period.first)],
        [name("Au (compris)"), date(report.period.last)],
    ]
    if report.structure:
        rows.append([name("Structure"), text(f"{report.structure.name} ({report.structure.code})")])
    if report.scheme:
        rows.append([name("Dispositif"), text(f"{report.scheme[1]} ({report.scheme[0]})")])
    rows.append([name("État"), text(report.state)])
    rows.append([name("Établi le"), date(report.made_on)])
    if report.digest:
        rows.append([name("Empreinte"), text(report.digest)])
    rows += [[], header("Feuille", "Intitulé", "Ce qui est compté")]
    for target, title, rule in listed:
        rows.append([sheets.link(sheet, target, target), text(title), text(rule)])
    rows += [[], header("Membre du réseau", "Nom")]
    rows += [[text(member.code), text(member.told)] for member in report.members]
    for number, row in enumerate(rows, 1):
        if number > 2:
            append(sheet, number, row, _CONTENTS_WIDTHS)
        else:
            sheet.append(row)
