"""The charts of the tables as the spreadsheet's own, drawn from the cells of the sheet.

They refer to cells and copy none. A cell that is not published has no figure to draw: the bar or
the point to which it belongs is left out, and the title says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.fill import ColorChoice, PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
)
from openpyxl.utils import get_column_letter

from ramsess.reports.cells import PERCENT, WHOLE
from ramsess.reports.chart_cells import drawn_chart
from ramsess.reports.charts import UNIT_NAMES
from ramsess.reports.table import Chart, ChartKind, Column, Row, RowKind, Table, Unit
from ramsess.reports.text import cut, one_line

#: Fills that read without colour: solid and hatched in turn, dark and pale.
_FILLS = (
    ("12466B", None),
    ("B8730F", "wdUpDiag"),
    ("9B3A22", "dkVert"),
    ("12466B", "pct20"),
    ("66803F", None),
    ("55646F", "dkHorz"),
)
_DASHES = ("solid", "dash", "sysDot", "lgDashDot", "sysDash", "lgDash")
_MARKERS = ("circle", "square", "diamond", "triangle")
_MOST = 40  # bars
_WIDTH = 24.0  # centimetres
_NARROW = 11.5
_LONG = 30  # characters: LibreOffice would print the title of the axis over longer labels
_CHARACTER = 0.19  # centimetres
_ROW_HEIGHT = 0.53  # centimetres of a row of the sheet
_AXES = {
    Unit.MINUTES: '[h]"\u00a0h"', Unit.PERCENT: PERCENT, Unit.FTE: "#,##0.0",
    Unit.EUROS: '#,##0"\u00a0€"',
}  # fmt: skip


def native_charts(sheet: str, table: Table, header_row: int) -> list[Any]:
    """The charts of *table*, whose headings stand in *header_row* of *sheet*: one a unit."""
    chart = drawn_chart(table)
    if chart is None:
        return []
    found = []
    for rows, columns in _blocks(table, chart):
        kept = [row for row in rows if not _hidden(table, [row], columns)]
        across = len(rows) == 1 and len(columns) > 1
        shown = columns
        if across:
            shown = [column for column in columns if not _hidden(table, rows, [column])]
            kept = rows if shown else []
        if not _is_drawn(table, kept, shown):
            continue
        left_out = len(rows) - len(kept) + len(columns) - len(shown)
        place = _Place(sheet, table, header_row)
        beyond = len(kept) > _MOST and not across
        one = _drawn(place, chart, kept[:_MOST], shown, left_out, across=across, rows_beyond=beyond)
        found.append(one)
    return found


def place_charts(sheet: Any, charts: Sequence[Any], row: int, widths: Sequence[float]) -> int:
    """Put *charts* under one another from the *row* on; return the row after them.

    Narrow ones go two by two, if the columns, *widths* characters wide, give a place to begin.
    """
    beside = _beside(widths)
    left = True
    for number, chart in enumerate(charts):
        narrow = chart.width < _WIDTH and bool(beside)
        sheet.add_chart(chart, f"{'A' if left else beside}{row}")
        if narrow and left and number + 1 < len(charts):
            left = False
            continue
        left = True
        row += int(chart.height / _ROW_HEIGHT) + 2
    return row


def _beside(widths: Sequence[float]) -> str:
    """The first column that begins right of a narrow chart; none where the sheet ends before."""
    edge = 0.0
    for number, width in enumerate(widths, 1):
        if edge > _NARROW:
            return str(get_column_letter(number))
        edge += width * _CHARACTER
    return ""


def _blocks(table: Table, chart: Chart) -> list[tuple[list[Row], list[Column]]]:
    """Rows and columns of each drawing: one scale can show only one unit."""
    by_key = {column.key: column for column in table.columns}
    columns = [by_key[key] for key in chart.columns]
    if chart.rows is None:
        rows = [row for row in table.rows if row.kind is RowKind.DETAIL]
    else:
        rows = [row for row in table.rows if row.key in chart.rows]
    if chart.kind is ChartKind.MULTIPLES:
        return [(rows, [column]) for column in columns]
    found = []
    for unit in dict.fromkeys(table.unit(row, column) for row in rows for column in columns):
        own_rows = [r for r in rows if any(table.unit(r, c) is unit for c in columns)]
        own_columns = [c for c in columns if any(table.unit(r, c) is unit for r in rows)]
        found.append((own_rows, own_columns))
    return found


def _hidden(table: Table, rows: Sequence[Row], columns: Sequence[Column]) -> bool:
    return any(table.is_hidden(row.key, column.key) for row in rows for column in columns)


def _is_drawn(table: Table, rows: Sequence[Row], columns: Sequence[Column]) -> bool:
    return any(table.value(row.key, column.key) for row in rows for column in columns)


class _Place:
    """Where the cells of a table are."""

    def __init__(self, sheet: str, table: Table, header_row: int) -> None:
        self.table = table
        self._header_row = header_row
        self._sheet = "'" + sheet.replace("'", "''") + "'"
        self._rows = {row.key: header_row + n for n, row in enumerate(table.rows, 1)}
        self._letters = {
            column.key: get_column_letter(n) for n, column in enumerate(table.columns, 2)
        }

    def figures(self, rows: Sequence[Row], columns: Sequence[Column]) -> str:
        """The cells of some rows of one column, or of some columns of one row."""
        return self._union(
            [(self._letters[c.key], self._rows[r.key]) for r in rows for c in columns]
        )

    def labels(self, rows: Sequence[Row]) -> str:
        """The cells of the labels of *rows*."""
        return self._union([("A", self._rows[row.key]) for row in rows])

    def headings(self, columns: Sequence[Column]) -> str:
        """The cells of the headings of *columns*."""
        return self._union([(self._letters[c.key], self._header_row) for c in columns])

    def _union(self, cells: Sequence[tuple[str, int]]) -> str:
        """A reference to *cells*, neighbours under one another told as one range."""
        runs: list[list[tuple[str, int]]] = []
        for cell in cells:
            if runs and runs[-1][-1] == (cell[0], cell[1] - 1):
                runs[-1].append(cell)
            else:
                runs.append([cell])
        parts = []
        for run in runs:
            first, last = (f"${letter}${number}" for letter, number in (run[0], run[-1]))
            parts.append(f"{self._sheet}!{first}" + (f":{last}" if len(run) > 1 else ""))
        return parts[0] if len(parts) == 1 else f"({','.join(parts)})"


def _drawn(
    place: _Place,
    chart: Chart,
    rows: Sequence[Row],
    columns: Sequence[Column],
    left_out: int,
    *,
    across: bool,
    rows_beyond: bool,
) -> Any:
    lines = chart.kind is ChartKind.LINES
    unit = place.table.unit(rows[0], columns[0])
    drawn: Any = LineChart() if lines else BarChart()
    title = cut(one_line(chart.title), 120)
    if chart.kind is ChartKind.MULTIPLES:
        title = one_line(columns[0].label)
    if rows_beyond:
        title += f" ({_MOST} premières lignes)"
    if left_out:
        title += " (sans les chiffres non publiés)"
    named = columns if across else rows
    heading = "Structure" if across else one_line(place.table.row_heading)
    _frame(drawn, title, heading if max(len(one.label) for one in named) <= _LONG else "", unit)
    series: list[tuple[str | None, str, str]]
    if across:
        series = [(None, place.figures(rows, columns), place.headings(columns))]
    else:
        labels = place.labels(rows)
        series = [(place.headings([c]), place.figures(rows, [c]), labels) for c in columns]
    for number, (name, figures, labels) in enumerate(series):
        one = Series(
            idx=number,
            order=number,
            tx=SeriesLabel(strRef=StrRef(f=name)) if name else None,
            cat=AxDataSource(strRef=StrRef(f=labels)),
            val=NumDataSource(numRef=NumRef(f=figures)),
        )
        _paint(one, number, lines=lines)
        drawn.series.append(one)
    bars = len(columns) if across else len(rows) * (1 if chart.kind is ChartKind.STACKED else
                                                    len(columns))  # fmt: skip
    drawn.width = _NARROW if chart.kind is ChartKind.MULTIPLES else _WIDTH
    drawn.height = 9.0 if lines else 3.6 + 0.75 * bars
    if len(series) == 1:
        drawn.legend = None
        drawn.dataLabels = DataLabelList(dLblPos="t" if lines else None, showVal=True,
                                         showSerName=False, showCatName=False,
                                         showLegendKey=False, showPercent=False)  # fmt: skip
    else:
        drawn.legend.position = "b"
    if not lines:
        drawn.type, drawn.gapWidth = "bar", 45
        drawn.y_axis.crosses = "max"  # the first row is at the top, the scale at the bottom
        drawn.x_axis.scaling.orientation = "maxMin"
        if chart.kind is ChartKind.STACKED:
            drawn.grouping, drawn.overlap = "stacked", 100
    return drawn


def _frame(drawn: Any, title: str, heading: str, unit: Unit) -> None:
    drawn.title = _words(title, 13, bold=True)
    drawn.x_axis.tickLblSkip = 1  # no label is left out
    drawn.x_axis.txPr = drawn.y_axis.txPr = _letters(9)
    if heading:
        drawn.x_axis.title = _words(heading, 10)
    drawn.y_axis.title = _words(UNIT_NAMES[unit], 10)
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.y_axis.number_format = _AXES.get(unit, WHOLE)
    drawn.y_axis.numFmt.sourceLinked = False
    drawn.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="D9E0E5"))


def _words(text: str, size: int, *, bold: bool = False) -> Title:
    """A title in letters of *size* points."""
    look = CharacterProperties(sz=100 * size, b=bold, lang="fr-FR")
    paragraph = Paragraph(
        pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(rPr=look, t=text)]
    )
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


def _letters(size: int) -> RichText:
    """Labels in letters of *size* points."""
    look = CharacterProperties(sz=100 * size)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)])


def _paint(series: Any, number: int, *, lines: bool) -> None:
    colour, pattern = _FILLS[number % len(_FILLS)]
    if lines:
        dash = _DASHES[number % len(_DASHES)]
        series.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=colour, prstDash=dash, w=22_000)
        )
        series.marker = Marker(symbol=_MARKERS[number % len(_MARKERS)], size=6)
        series.marker.graphicalProperties = GraphicalProperties(solidFill=colour)
        series.smooth = False
        return
    if pattern is None:
        series.graphicalProperties = GraphicalProperties(solidFill=colour)
    else:
        fill = PatternFillProperties(
            prst=pattern, fgClr=ColorChoice(srgbClr=colour), bgClr=ColorChoice(srgbClr="FFFFFF")
        )
        series.graphicalProperties = GraphicalProperties(pattFill=fill)
    series.graphicalProperties.line.solidFill = colour
