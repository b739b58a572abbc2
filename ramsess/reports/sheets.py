"""Sheets of the workbook: one a table, one or more a detail list, each ready to be printed."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.hyperlink import Hyperlink

from ramsess.reports.cells import number_format, put_figure, safe_cell
from ramsess.reports.detail_rows import Look, looks
from ramsess.reports.numbers import cell_text
from ramsess.reports.report import Detail, Member
from ramsess.reports.table import NOT_PUBLISHED, Table
from ramsess.reports.text import one_line
from ramsess.reports.workbook_styles import Styles

#: The row of every sheet's column headings; the first row of figures follows.
HEADER_ROW = 4
CONTENTS = "Sommaire"
BESIDE = "Réseau (dédoublonné)"

_LINE = 15.5  # points


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


def append(sheet: Any, number: int, cells: Sequence[Any], widths: Sequence[float]) -> None:
    """Append the row *number* to *sheet*, high enough for cells that wrap in *widths*."""
    lines = 1
    for cell, width in zip(cells, widths, strict=False):
        if isinstance(cell.value, str):
            wrapped = textwrap.wrap(cell.value, max(4, int(width) - 2))
            lines = max(lines, len(wrapped))
    if lines > 1:
        sheet.row_dimensions[number].height = min(400, _LINE * lines + 1)
    sheet.append(cells)


class Sheets:
    """Adds sheets to *book*, a write-only workbook called *title*, of the structure *whose*."""

    def __init__(self, book: Workbook, title: str, whose: Member | None = None) -> None:
        self._book = book
        self._title = title
        self._whose = whose
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
        margins = sheet.page_margins
        margins.left = margins.right = 0.5
        margins.top, margins.bottom = 0.5, 0.75
        title = f"RAMSESS — {one_line(self._title)}"[:120].replace("&", "&&")
        sheet.oddFooter.left.text = title
        sheet.oddFooter.right.text = "page &P / &N"
        sheet.sheet_view.showGridLines = False
        if repeat:
            sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
        return sheet

    def add_table(self, name: str, table: Table, beside: Table | None) -> None:
        """Add the sheet *name*: *table* and, under it, the network's."""
        tables = [table] if beside is None else [table, beside]
        widths = _widths(tables)
        sheet = self.open(name, widths)
        whose = self._whose
        title = table.title if beside is None or whose is None else f"{table.title} — {whose.name}"
        self._freeze(sheet, len(table.columns) + 1, len(table.rows))
        self._top(sheet, title, table.rule, widths)
        self._table(sheet, table, HEADER_ROW, widths)
        if beside is not None:
            sheet.append([])
            sheet.append([safe_cell(self.styles.subtitle(sheet), BESIDE)])
            self._table(sheet, beside, HEADER_ROW + len(table.rows) + 3, widths)

    def add_detail(self, name: str, detail: Detail, rows: int) -> list[Look]:
        """Add the sheet *name* as far as its headings; return how its *rows* are to look."""
        widths = [float(max(column.width, 8)) for column in detail.columns]
        sheet = self.open(name, widths)
        self._freeze(sheet, len(detail.columns), rows)
        self._top(sheet, detail.title, detail.rule, widths)
        header = []
        for column in detail.columns:
            figures = column.kind in ("integer", "minutes")
            style = self.styles.header(sheet, figures=figures, indent=0 if figures else 1)
            header.append(safe_cell(style, column.label))
        append(sheet, HEADER_ROW, header, widths)
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
        sheet.row_dimensions[1].height = 24
        sheet.append([safe_cell(self.styles.title(sheet), one_line(title))])
        rule_cell = safe_cell(self.styles.prose(sheet), sentence)
        append(sheet, 2, [rule_cell], [sum(widths[:merged])])
        sheet.append([self.link(sheet, CONTENTS, "← Sommaire")])

    def _freeze(self, sheet: Any, columns: int, rows: int) -> None:
        """Freeze and filter; before any row, for the first one writes the view of the sheet."""
        sheet.freeze_panes = f"B{HEADER_ROW + 1}"
        last = f"{get_column_letter(columns)}{HEADER_ROW + rows}"
        sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}"

    def _table(self, sheet: Any, table: Table, first: int, widths: Sequence[float]) -> None:
        """Append *table*, its headings in the row *first*."""
        styles = self.styles
        header = [safe_cell(styles.header(sheet, figures=False), one_line(table.row_heading))]
        for column in table.columns:
            header.append(safe_cell(styles.header(sheet, figures=True), one_line(column.label)))
        append(sheet, first, header, widths)
        for number, row in enumerate(table.rows, first + 1):
            cells = [safe_cell(styles.label(sheet, row.kind, row.level), row.label)]
            for column in table.columns:
                if table.is_hidden(row.key, column.key):
                    cells.append(safe_cell(styles.figure(sheet, row.kind, "@"), NOT_PUBLISHED))
                    continue
                value, unit = table.value(row.key, column.key), table.unit(row, column)
                cell = styles.figure(sheet, row.kind, number_format(value, unit))
                blank = table.is_blank(row, column)
                cells.append(cell if blank else put_figure(cell, value, unit))
            append(sheet, number, cells, widths)


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
                    needed.append(len(cell_text(table, row, column)) + 3)
        widths.append(float(max(needed)))
    return widths
