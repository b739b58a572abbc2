"""Tables of figures on the pages of the PDF: widths, sizes, rows that split across pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.platypus import Flowable, Spacer

from ramsess.reports import fonts
from ramsess.reports.numbers import cell_text
from ramsess.reports.palette import LINE, MIST, SEA, SKY, SLATE
from ramsess.reports.pdf_grid import Grid
from ramsess.reports.pdf_text import printed
from ramsess.reports.report import Member
from ramsess.reports.table import Column, RowKind, Table

_SIZES = (8.4, 8.0, 7.5, 7.0, 6.5, 6.0)
_SPLIT = 8.0  # the greatest size of a table that goes over several pages
_LEGIBLE = 7.0  # no smaller, only to keep a table on one page or the page upright
_PAD = 3.2
_INDENT = 9.0
_WIDEST_COLUMN = 96.0
_NARROW_LABEL, _WIDE_LABEL = 70.0, 130.0
_LONGEST_HEADER = 120
_HEADING_LINES = 2  # a heading of more is made lower where there is room


def is_wide(table: Table, width: float) -> bool:
    """True when *table* is wider than *width* points at a size that reads well."""
    return _Layout(table, table.columns, _LEGIBLE).least > width


def whole_grid(table: Table, width: float, room: float) -> Grid | None:
    """*table* in *width* × *room* points, at the greatest legible size; None if it has none."""
    for layout in _layouts(table, width):
        if layout.size >= _LEGIBLE:
            grid = layout.grid(width)
            if grid.wrap(width, room)[1] <= room:
                return grid
    return None


def split_grids(table: Table, width: float) -> list[Flowable]:
    """Return *table* as grids that fit in *width* points and may go over several pages.

    One grid where some size of print fits; else the columns are shared out among several, each
    with the row labels.
    """
    for layout in _layouts(table, width):
        if layout.size <= _SPLIT:
            return [layout.grid(width)]
    found: list[Flowable] = []
    for columns in _shares(table, width):
        if found:
            found.append(Spacer(0, 10))
        found.append(_Layout(table, columns, _SIZES[-1]).grid(width))
    return found


def members_grid(members: Sequence[Member], width: float) -> Grid:
    """The list of the network's members: code and name."""
    size = 9.0
    code_width = 110.0
    rows = [["Code", "Structure"]]
    for member in members:
        name = fonts.wrap(printed(member.told), fonts.REGULAR, size, width - code_width - 10)
        code = fonts.wrap(printed(member.code, 40), fonts.BOLD, size, code_width - 10)
        rows.append(["\n".join(code), "\n".join(name)])
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), fonts.REGULAR, size, size * 1.25),
        ("FONT", (0, 0), (0, -1), fonts.BOLD, size, size * 1.25),
        ("FONT", (0, 0), (-1, 0), fonts.BOLD, size, size * 1.25),
        ("TEXTCOLOR", (0, 0), (-1, 0), SEA),
        ("LINEBELOW", (0, 0), (-1, 0), 1, SEA),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0.9),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.6),
    ]
    return Grid(
        rows, colWidths=[code_width, width - code_width], style=style, repeatRows=1, splitInRow=1
    )


def _layouts(table: Table, width: float) -> Iterator[_Layout]:
    """The layouts of the whole *table* that are no wider than *width*, the greatest first."""
    layouts = (_Layout(table, table.columns, size) for size in _SIZES)
    return (layout for layout in layouts if layout.least <= width)


@dataclass(frozen=True)
class _Layout:
    """Some columns of a table set in one *size* of print."""

    table: Table
    columns: tuple[Column, ...]
    size: float

    @property
    def least(self) -> float:
        """The least width in points that keeps every figure and every word of a heading whole."""
        return self.label_least + sum(map(self.column_least, self.columns))

    @property
    def label_least(self) -> float:
        """The least width of the labels: one line each, unless they are long."""
        return min(self._label_width, _WIDE_LABEL)

    @property
    def _label_width(self) -> float:
        """The width of the labels on one line each."""
        widest = max(
            (
                fonts.text_width(printed(row.label), fonts.BOLD, self.size) + _INDENT * row.level
                for row in self.table.rows
            ),
            default=0.0,
        )
        return max(_NARROW_LABEL, widest + 2 * _PAD + 0.2)

    def column_least(self, column: Column) -> float:
        """The least width of *column*; a word of more than 90 points may be broken."""
        word = min(90.0, fonts.longest_word(_header(column), fonts.BOLD, self._header_size))
        texts = self._texts(column)
        widest = max((fonts.text_width(text, fonts.BOLD, self.size) for text in texts), default=0.0)
        return max(word, widest) + 2 * _PAD + 0.2

    def grid(self, width: float) -> Grid:
        """The grid, at most *width* points wide."""
        widths = self._widths(width)
        heading = printed(self.table.row_heading, _LONGEST_HEADER)
        header = [self._wrapped(heading, fonts.BOLD, self._header_size, widths[0] - 2 * _PAD)]
        for column, own in zip(self.columns, widths[1:], strict=True):
            room = own - 2 * _PAD
            header.append(self._wrapped(_header(column), fonts.BOLD, self._header_size, room))
        columns = [self._texts(column) for column in self.columns]
        rows = [header]
        for number, row in enumerate(self.table.rows):
            font = fonts.REGULAR if row.kind is RowKind.DETAIL else fonts.BOLD
            room = widths[0] - 2 * _PAD - _INDENT * row.level
            label = self._wrapped(printed(row.label), font, self.size, max(20.0, room))
            rows.append([label, *(texts[number] for texts in columns)])
        return Grid(
            rows,
            colWidths=widths,
            style=self._style(columns),
            repeatRows=1,
            splitInRow=1,
            hAlign="LEFT",
        )

    @property
    def _header_size(self) -> float:
        return self.size - 0.6

    def _texts(self, column: Column) -> list[str]:
        table = self.table
        return [printed(cell_text(table, row, column)) for row in table.rows]

    def _widths(self, width: float) -> list[float]:
        """The label's width, which is all that the columns leave, then theirs."""
        own = [self.column_least(column) for column in self.columns]
        room = width - max(self.label_least, min(self._label_width, 0.5 * width))
        even = min(room / max(1, len(own)), _WIDEST_COLUMN)
        if all(even >= least for least in own):
            own = [even] * len(own)
        else:
            own = self._lower(own, room)
            spare = max(0.0, room - sum(own)) / len(own)
            own = [max(least, min(least + spare, _WIDEST_COLUMN)) for least in own]
        return [width - sum(own), *own]

    def _lower(self, own: list[float], room: float) -> list[float]:
        """*own* widths, the columns of the highest headings widened as far as *room* goes."""
        own = list(own)
        while True:
            lines = [
                len(self._heading(column, width))
                for column, width in zip(self.columns, own, strict=True)
            ]
            highest = max(lines)
            if highest <= _HEADING_LINES:
                return own
            wider = [
                self._width_for(column, highest - 1) if number == highest else width
                for column, number, width in zip(self.columns, lines, own, strict=True)
            ]
            if sum(wider) > room or max(wider) > _WIDEST_COLUMN:
                return own
            own = wider

    def _width_for(self, column: Column, lines: int) -> float:
        """The least width of *column* in which its heading takes no more than *lines*."""
        width = self.column_least(column)
        while len(self._heading(column, width)) > lines:
            width += 1
        return width

    def _heading(self, column: Column, width: float) -> list[str]:
        return fonts.wrap(_header(column), fonts.BOLD, self._header_size, width - 2 * _PAD)

    def _wrapped(self, text: str, font: str, size: float, width: float) -> str:
        return "\n".join(fonts.wrap(text, font, size, width))

    def _style(self, columns: list[list[str]]) -> list[tuple[Any, ...]]:
        size, header = self.size, self._header_size
        style: list[tuple[Any, ...]] = [
            ("FONT", (0, 0), (-1, -1), fonts.REGULAR, size, size * 1.18),
            ("FONT", (0, 0), (-1, 0), fonts.BOLD, header, header * 1.18),
            ("TEXTCOLOR", (0, 0), (-1, 0), SEA),
            ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("VALIGN", (0, 1), (-1, -1), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), _PAD),
            ("RIGHTPADDING", (0, 0), (-1, -1), _PAD),
            ("TOPPADDING", (0, 0), (-1, -1), 0.9),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.1),
            ("LINEBELOW", (0, 1), (-1, -1), 0.3, LINE),
            ("LINEBELOW", (0, 0), (-1, 0), 1, SEA),
        ]
        for number, row in enumerate(self.table.rows, 1):
            if row.level:
                style.append(("LEFTPADDING", (0, number), (0, number), _PAD + _INDENT * row.level))
            if row.kind is not RowKind.DETAIL:
                whole = (0, number), (-1, number)
                style.append(("FONT", *whole, fonts.BOLD, size, size * 1.18))
                colour = MIST if row.kind is RowKind.SUBTOTAL else SKY
                style.append(("BACKGROUND", *whole, colour))
                if row.kind is RowKind.TOTAL:
                    style.append(("LINEABOVE", *whole, 0.8, SEA))
        for place, texts in enumerate(columns, 1):
            for number, text in enumerate(texts, 1):
                if text == "0":
                    style.append(("TEXTCOLOR", (place, number), (place, number), SLATE))
        return style


def _header(column: Column) -> str:
    return printed(column.label, _LONGEST_HEADER)


def _shares(table: Table, width: float) -> list[tuple[Column, ...]]:
    """The columns in groups that fit in *width* points at the smallest size."""
    layout = _Layout(table, table.columns, _SIZES[-1])
    groups: list[list[Column]] = [[]]
    used = layout.label_least
    for column in table.columns:
        least = layout.column_least(column)
        if groups[-1] and used + least > width:
            groups.append([])
            used = layout.label_least
        groups[-1].append(column)
        used += least
    return [tuple(group) for group in groups]
