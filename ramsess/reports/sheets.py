"""Sheets of the workbook: one a table, one or more a detail list, each ready to be printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break

from ramsess.reports.addresses import Addresses
from ramsess.reports.cells import TEXT, number_format, put_figure, safe_cell
from ramsess.reports.detail_rows import Look, looks
from ramsess.reports.numbers import cell_text
from ramsess.reports.report import Detail, Member
from ramsess.reports.sheet_charts import native_charts, place_charts
from ramsess.reports.sheet_prose import FROZEN_LINES, line_count, pieces, prose_width
from ramsess.reports.sheet_tables import add_real_table
from ramsess.reports.table import NOT_PUBLISHED, Column, Row, Table
from ramsess.reports.text import one_line
from ramsess.reports.workbook_styles import Styles

#: The row of every sheet's column headings; the first row of figures follows. Above: title, rule,
#: comment, links.
HEADER_ROW = 5
CONTENTS = "Sommaire"
BESIDE = "Réseau (dédoublonné)"
MORE_COMMENT = "Suite du commentaire"

_LINE = 15.5  # points
_PAGE = (523.0, 752.0)  # points that an upright page has for its sheet
_CHARACTER = 5.6  # points of a column one character wide
_UPRIGHT = 140  # characters that an upright page holds in letters that read well
_SQUEEZED = 1.5


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
            lines = max(lines, line_count(cell.value, width))
    if lines > 1:
        sheet.row_dimensions[number].height = min(400, _LINE * lines + 1)
    sheet.append(cells)


def _printed(text: str) -> str:
    """*text* as the head or foot of a printed page, where & begins a command."""
    return one_line(text)[:120].replace("&", "&&")


class Sheets:
    """Adds sheets to *book*, a write-only workbook called *title*, of the structure *whose*.

    Every sheet leads back to the first, *contents*; *head* stands above every printed page.
    Figures lead to their records at *addresses*.
    """

    def __init__(
        self,
        book: Workbook,
        title: str,
        whose: Member | None = None,
        *,
        contents: str = CONTENTS,
        head: str = "",
        addresses: Addresses | None = None,
    ) -> None:
        self._addresses = addresses
        self._book = book
        self._foot = _printed(f"RAMSESS — {title}")
        self._head = _printed(head)
        self._whose = whose
        self._contents = contents
        self.styles = Styles(book)

    def open(self, name: str, widths: Sequence[float], *, repeat: bool = True) -> Any:
        """A new sheet, set up for print; column *widths* are in characters."""
        sheet = self._book.create_sheet(name)
        for number, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.page_setup.paperSize = 9  # A4
        sheet.page_setup.orientation = "landscape" if sum(widths) > _UPRIGHT else "portrait"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        margins = sheet.page_margins
        margins.left = margins.right = 0.5
        margins.top, margins.bottom = 0.5, 0.75
        for part, text in (
            (sheet.oddHeader.right, self._head),
            (sheet.oddFooter.left, self._foot),
            (sheet.oddFooter.right, "page &P / &N"),
        ):
            part.text, part.size = text or None, 8
        sheet.HeaderFooter.scaleWithDoc = False
        sheet.sheet_view.showGridLines = False
        if repeat:
            sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
        return sheet

    def add_table(
        self, name: str, table: Table, beside: Table | None = None, comment: str = ""
    ) -> None:
        """Add the sheet *name*: *table*, its comment, under it the network's, then the chart."""
        tables = [table] if beside is None else [table, beside]
        widths = _widths(tables)
        sheet = self.open(name, widths)
        whose = self._whose
        title = table.title if beside is None or whose is None else f"{table.title} — {whose.name}"
        sheet.freeze_panes = f"B{HEADER_ROW + 1}"
        sheet.auto_filter.ref = self._name_range(
            f"{table.id}_chiffres", name, HEADER_ROW, len(table.columns) + 1, len(table.rows)
        )
        said = pieces(comment, prose_width(widths)[1], FROZEN_LINES)
        under = HEADER_ROW + len(table.rows)  # the last row written
        if beside is not None:
            under += 3 + len(beside.rows)
        drawn = native_charts(name, table, HEADER_ROW)
        first_chart = under + 2 + (2 + len(said[1:]) if said[1:] else 0)
        self._top(sheet, title, table.rule, widths, said[0] if said else "", rest=bool(said[1:]),
                  chart=f"'{_quoted(name)}'!A{first_chart}" if drawn else "")  # fmt: skip
        self._table(sheet, table, HEADER_ROW, widths)
        if beside is not None:
            first = HEADER_ROW + len(table.rows) + 3
            self._name_range(
                f"{table.id}_chiffres_réseau", name, first, len(beside.columns) + 1,
                len(beside.rows),
            )  # fmt: skip
            sheet.append([])
            sheet.append([safe_cell(self.styles.subtitle(sheet), BESIDE)])
            self._table(sheet, beside, first, widths)
        if said[1:]:
            sheet.append([])
            sheet.append([safe_cell(self.styles.subtitle(sheet), MORE_COMMENT)])
            for number, piece in enumerate(said[1:], under + 3):
                self._prose(sheet, number, piece, widths, self.styles.comment(sheet))
        end = place_charts(sheet, drawn, first_chart, widths)
        if not _fit(sheet, widths, _LINE * (end + line_count(table.rule, 110))) and drawn:
            sheet.row_breaks.append(Break(id=first_chart - 2))

    def add_detail(
        self, name: str, detail: Detail, rows: int, *, table_name: str = ""
    ) -> list[Look]:
        """Add the sheet *name* as far as its headings; return how its *rows* are to look.

        With *table_name* they are a table of the spreadsheet, ready for a pivot table.
        """
        widths = [float(max(column.width, 8)) for column in detail.columns]
        sheet = self.open(name, widths)
        sheet.freeze_panes = f"B{HEADER_ROW + 1}"
        labels = _distinct(one_line(column.label) for column in detail.columns)
        if table_name:
            add_real_table(sheet, table_name, HEADER_ROW, labels, rows)
        else:
            last = f"{get_column_letter(len(labels))}{HEADER_ROW + rows}"
            sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}"
        self._top(sheet, detail.title, detail.rule, widths)
        header = []
        for column, label in zip(detail.columns, labels, strict=True):
            figures = column.kind in ("integer", "minutes")
            style = self.styles.header(sheet, figures=figures, indent=0 if figures else 1)
            header.append(safe_cell(style, label))
        append(sheet, HEADER_ROW, header, widths)
        return looks(detail.columns, sheet, self.styles)

    def link(self, sheet: Any, target: str, text: str) -> Any:
        """A cell that leads to the first cell of the sheet *target*."""
        cell = safe_cell(self.styles.link(sheet), text)
        location = f"'{_quoted(target)}'!A1"
        cell.hyperlink = Hyperlink(ref="A1", location=location, display=None)
        return cell

    def _lead(self, cell: Any, table: Table, row: Row, column: Column) -> None:
        """Let the figure of *cell* open the page of the records that it counts (Rule 13)."""
        address = self._addresses and self._addresses(table, row, column)
        if address:
            cell.hyperlink = Hyperlink(ref="A1", target=address)

    def _top(
        self,
        sheet: Any,
        title: str,
        rule: str,
        widths: Sequence[float],
        comment: str = "",
        *,
        rest: bool = False,
        chart: str = "",
    ) -> None:
        """The rows above the headings: title, rule, comment, links to the contents and *chart*."""
        sheet.row_dimensions[1].height = 24
        sheet.append([safe_cell(self.styles.title(sheet), one_line(title))])
        self._prose(sheet, 2, one_line(rule), widths, self.styles.prose(sheet))
        if comment:
            shown = f"{comment}\n(suite sous le tableau)" if rest else comment
            self._prose(sheet, 3, shown, widths, self.styles.comment(sheet))
        else:
            sheet.row_dimensions[3].height = 5
            sheet.append([])
        sheet.row_dimensions[4].height = _LINE + 2
        links = [self.link(sheet, self._contents, f"← {self._contents}")]
        if chart:
            cell = safe_cell(self.styles.link(sheet), "↓ Graphique")
            cell.hyperlink = Hyperlink(ref="A1", location=chart, display=None)
            links.append(cell)
        sheet.append(links)

    def _prose(
        self, sheet: Any, number: int, text: str, widths: Sequence[float], cell: Any
    ) -> None:
        """Append the row *number*: *text* over as many columns as make a line that reads well."""
        merged, width = prose_width(widths)
        if merged > 1:
            sheet.merged_cells.ranges.add(
                CellRange(f"A{number}:{get_column_letter(merged)}{number}")
            )
        append(sheet, number, [safe_cell(cell, text)], [width])

    def _name_range(self, name: str, sheet: str, first: int, columns: int, rows: int) -> str:
        """Give *name* to headings and rows of a table; return their range inside the sheet."""
        last = get_column_letter(columns), first + rows
        place = f"'{_quoted(sheet)}'!$A${first}:${last[0]}${last[1]}"
        self._book.defined_names[name] = DefinedName(name, attr_text=place)
        return f"A{first}:{last[0]}{last[1]}"

    def _table(self, sheet: Any, table: Table, first: int, widths: Sequence[float]) -> None:
        """Append *table*, its headings in the row *first*."""
        styles = self.styles
        header = [safe_cell(styles.header(sheet, figures=False), one_line(table.row_heading))]
        for column in table.columns:
            header.append(safe_cell(styles.header(sheet, figures=True), one_line(column.label)))
        append(sheet, first, header, widths)
        for number, row in enumerate(table.rows, first + 1):
            cells = [safe_cell(styles.label(sheet, row.kind, row.level), row.label)]
            cells += [self._figure(sheet, table, row, column) for column in table.columns]
            append(sheet, number, cells, widths)

    def _figure(self, sheet: Any, table: Table, row: Row, column: Column) -> Any:
        """The cell of a figure: the one place where it is made.

        Nothing where there is none; « s » where it is not published (Rule 15).
        """
        if table.is_hidden(row.key, column.key):
            return safe_cell(self.styles.figure(sheet, row.kind, TEXT), NOT_PUBLISHED)
        value, unit = table.value(row.key, column.key), table.unit(row, column)
        shown = number_format(value, unit, signed=column.signed)
        cell = self.styles.figure(sheet, row.kind, shown)
        if not table.is_blank(row, column):
            put_figure(cell, value, unit)
            self._lead(cell, table, row, column)
        return cell


def _fit(sheet: Any, widths: Sequence[float], height: float) -> bool:
    """Print the sheet, *height* points high, on one page if that makes it little smaller.

    So a chart is not cut in two by the end of a page; False when it takes several.
    """
    portrait = sheet.page_setup.orientation == "portrait"
    across, down = _PAGE if portrait else _PAGE[::-1]
    scale = min(1.0, across / (_CHARACTER * sum(widths)))
    fits = height * scale <= _SQUEEZED * down
    if fits:
        sheet.page_setup.fitToHeight = 1
    return fits


def _quoted(name: str) -> str:
    """*name* of a sheet as it stands between quotes in a reference."""
    return name.replace("'", "''")


def _distinct(labels: Iterable[str]) -> list[str]:
    """*labels*, none empty and none twice, whatever their case: a table refuses both."""
    found: list[str] = []
    for label in labels:
        tried, number = label or "Colonne", 2
        while tried.casefold() in {other.casefold() for other in found}:
            tried, number = f"{label or 'Colonne'} ({number})", number + 1
        found.append(tried)
    return found


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
