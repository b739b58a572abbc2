"""Sheets of the workbook: one a table, one or more a detail list, each ready to be printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.hyperlink import Hyperlink

from ramsess.reports.cells import number_format, put_figure, safe_cell
from ramsess.reports.detail_rows import Look, looks
from ramsess.reports.numbers import figure
from ramsess.reports.report import Detail, Report
from ramsess.reports.table import Table
from ramsess.reports.text import one_line
from ramsess.reports.workbook_styles import Styles

#: The row of every sheet's column headings; the first row of figures follows.
HEADER_ROW = 4
#: Rows between the last row of a structure's table and the headings of the network's.
ROWS_TO_BESIDE = 3
CONTENTS = "Sommaire"
BESIDE = "Réseau (dédoublonné)"

_DETAIL_RULE = (
    "Liste pseudonymisée, sans nom ni note ; les numéros n’ont de sens que dans ce bilan."
)


def beside_header_row(table: Table) -> int:
    """The row of the headings of the network's table under the structure's *table*."""
    return HEADER_ROW + len(table.rows) + ROWS_TO_BESIDE


def sheet_name(text: str, taken: Iterable[str] = ()) -> str:
    """*text* as the name of a sheet: at most 31 characters, none forbidden, not yet *taken*."""
    words = re.sub(r"[\[\]:*?/\\]", " ", one_line(text)).strip("' ").split()
    name = ""
    for word in words:
        if len(f"{name} {word}".strip()) > 31:
            break
        name = f"{name} {word}".strip()
    name = re.sub(r"( (par|et|de|des|du|la|le|les|à|au|aux|en))+$", "", name)
    name = (name or "".join(words)[:31] or "Feuille").strip("'")
    known = {other.casefold() for other in taken}
    number = 2
    tried = name
    while tried.casefold() in known:
        tried = f"{name[:26]} ({number})"
        number += 1
    return tried


class Sheets:
    """Adds sheets to *book*, a write-only workbook, for *report*."""

    def __init__(self, book: Workbook, report: Report) -> None:
        self._book = book
        self._report = report
        self.styles = Styles(book)

    def open(self, name: str, widths: Sequence[float], *, repeat: bool = True) -> Any:
        """A new sheet, set up for print; column *widths* are in characters."""
        sheet = self._book.create_sheet(name)
        for number, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.page_setup.paperSize = 9  # A4
        sheet.page_setup.orientation = "landscape" if sum(widths) > 95 else "portrait"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_margins.left = sheet.page_margins.right = 0.5
        title = f"RAMSESS — {one_line(self._report.title)}"[:120].replace("&", "&&")
        sheet.oddFooter.left.text = title
        sheet.oddFooter.right.text = "page &P / &N"
        sheet.sheet_view.showGridLines = False
        if repeat:
            sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
        return sheet

    def add_table(self, name: str, table: Table, beside: Table | None) -> None:
        """Add the sheet *name*: *table* and, under it, the network's."""
        tables = [table] if beside is None else [table, beside]
        sheet = self.open(name, _widths(tables))
        columns = max(len(item.columns) for item in tables) + 1
        self._top(sheet, table.title, table.rule, _widths(tables)[:columns])
        self._freeze(sheet, len(table.columns) + 1, len(table.rows))
        self._table(sheet, table)
        if beside is not None:
            sheet.append([])
            sheet.append([safe_cell(self.styles.subtitle(sheet), BESIDE)])
            self._table(sheet, beside)

    def add_detail(self, name: str, detail: Detail, rows: int) -> list[Look]:
        """Add the sheet *name* as far as its headings; return how its *rows* are to look."""
        widths = [float(max(column.width, 8)) for column in detail.columns]
        sheet = self.open(name, widths)
        self._top(sheet, detail.title, _DETAIL_RULE, widths)
        self._freeze(sheet, len(detail.columns), rows)
        header = []
        for column in detail.columns:
            figures = column.kind in ("integer", "minutes")
            header.append(safe_cell(self.styles.header(sheet, figures=figures), column.label))
        sheet.append(header)
        return looks(detail.columns, sheet, self.styles)

    def link(self, sheet: Any, target: str, text: str) -> Any:
        """A cell that leads to the first cell of the sheet *target*."""
        cell = safe_cell(self.styles.link(sheet), text)
        quoted = target.replace("'", "''")
        cell.hyperlink = Hyperlink(ref="A1", location=f"'{quoted}'!A1", display=None)
        return cell

    def _top(self, sheet: Any, title: str, rule: str, widths: Sequence[float]) -> None:
        """The rows above the headings: title, rule, link to the contents."""
        room = min(sum(widths), 110)
        merged = 1
        while sum(widths[:merged]) < room and merged < len(widths):
            merged += 1
        if merged > 1:
            sheet.merged_cells.ranges.add(CellRange(f"A2:{get_column_letter(merged)}2"))
        sentence = one_line(rule)
        lines = -(-len(sentence) // max(20, int(sum(widths[:merged]) * 0.95)))
        sheet.row_dimensions[1].height = 24
        sheet.row_dimensions[2].height = min(400, 15.5 * max(1, lines) + 2)
        sheet.append([safe_cell(self.styles.title(sheet), one_line(title))])
        sheet.append([safe_cell(self.styles.prose(sheet), sentence)])
        sheet.append([self.link(sheet, CONTENTS, "← Sommaire")])

    def _freeze(self, sheet: Any, columns: int, rows: int) -> None:
        sheet.freeze_panes = f"B{HEADER_ROW + 1}"
        last = f"{get_column_letter(columns)}{HEADER_ROW + rows}"
        sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}"

    def _table(self, sheet: Any, table: Table) -> None:
        styles = self.styles
        header = [safe_cell(styles.header(sheet, figures=False), one_line(table.row_heading))]
        for column in table.columns:
            header.append(safe_cell(styles.header(sheet, figures=True), one_line(column.label)))
        sheet.append(header)
        for row in table.rows:
            cells = [safe_cell(styles.label(sheet, row.kind, row.level), row.label)]
            for column in table.columns:
                value, unit = table.value(row.key, column.key), table.unit(row, column)
                cell = styles.figure(sheet, row.kind, number_format(value, unit))
                cells.append(put_figure(cell, value, unit))
            sheet.append(cells)


def _widths(tables: Sequence[Table]) -> list[float]:
    """Widths in characters that show every figure and the longest word of each heading."""
    labels = [len(row.label) + 2 * row.level + 3 for table in tables for row in table.rows]
    widths = [float(min(58, max([len(tables[0].row_heading) + 4, 14, *labels])))]
    for number in range(max(len(table.columns) for table in tables)):
        needed = [9]
        for table in tables:
            if number < len(table.columns):
                column = table.columns[number]
                needed += [min(24, len(word) + 4) for word in column.label.split()]
                for row in table.rows:
                    shown = figure(table.value(row.key, column.key), table.unit(row, column))
                    needed.append(len(shown) + 3)
        widths.append(float(max(needed)))
    return widths
