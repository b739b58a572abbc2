"""The charts of the report: one drawing for the screen (SVG) and for the PDF."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.graphics.shapes import Drawing, Rect, String

from ramsess.reports import fonts
from ramsess.reports.chart_bars import Bars
from ramsess.reports.chart_cells import Block, blocks, drawn_chart
from ramsess.reports.chart_lines import Lines
from ramsess.reports.chart_marks import shown
from ramsess.reports.chart_multiples import Multiples
from ramsess.reports.palette import INK, PAPER, SLATE
from ramsess.reports.svg import inline_svg
from ramsess.reports.table import NOT_PUBLISHED, Chart, ChartKind, Table, Unit
from ramsess.reports.text import cut, one_line

SCREEN_WIDTH = 560.0
NOTHING = "Rien à représenter : toutes les valeurs sont nulles."
HIDDEN = "s : chiffre non publié (secret statistique)."
ALL_HIDDEN = "Rien à représenter : aucun chiffre n’est publié (secret statistique)."

_TITLE_SIZE = 9.5
_BOLD_SLACK = 1.45  # a browser's bold may be still wider than ours
_TITLE_LEADING = 12.0
_GAP = 10.0
_SPOKEN = 24  # more figures than this are summed up in the text alternative
UNIT_NAMES = {
    Unit.COUNT: "Nombre",
    Unit.MINUTES: "Heures",
    Unit.FTE: "Équivalents temps plein",
    Unit.DAYS: "Jours",
    Unit.NUMBER: "Nombre",
    Unit.PERCENT: "Pourcentage",
    Unit.EUROS: "Euros",
}
_KIND_NAMES = {
    ChartKind.BARS: "Barres horizontales",
    ChartKind.STACKED: "Barres horizontales empilées",
    ChartKind.LINES: "Courbes",
    ChartKind.MULTIPLES: "Barres horizontales, un cadre par colonne",
}


def chart_drawing(table: Table, width: float) -> Drawing:
    """Return the chart of *table* as a drawing *width* points wide; it is also a Flowable.

    ValueError when the table declares no chart. Figures of several units make several panels.
    """
    chart = _chart(table)
    found = blocks(table, chart)
    room = width / _BOLD_SLACK
    title = fonts.wrap(cut(one_line(chart.title), 200), fonts.BOLD, _TITLE_SIZE, room)
    drawn = [block for block in found if not block.is_empty()]
    notes = [HIDDEN] if any(block.has_hidden() for block in drawn) else []
    notes += [_note(block) for block in drawn if block.left_out]
    panels = _panels(chart.kind, found, drawn, width)
    heading = _TITLE_LEADING if len(panels) > 1 else 0.0
    height = len(title) * _TITLE_LEADING + 6 + _TITLE_LEADING * len(notes)
    height += sum(panel.height + heading + _GAP for panel in panels) or 2 * _TITLE_LEADING

    drawing = Drawing(width, height)
    drawing.add(Rect(0, 0, width, height, fillColor=PAPER, strokeColor=None))
    y = height
    for line in title:
        y -= _TITLE_LEADING
        drawing.add(String(0, y + 2, line, fontName=fonts.BOLD, fontSize=9.5, fillColor=INK))
    y -= 6
    for number, panel in enumerate(panels):
        if heading:
            drawing.add(_small(y - 9, UNIT_NAMES[drawn[number].unit], bold=True))
            y -= heading
        panel.draw(drawing, y)
        y -= panel.height + _GAP
    if not panels:
        drawing.add(_small(y - 10, _nothing(found)))
    for number, note in enumerate(notes):
        drawing.add(_small(3 + _TITLE_LEADING * number, note))
    return drawing


def chart_svg(table: Table, width: float = SCREEN_WIDTH) -> str:
    """Return the chart of *table* as an ``<svg>`` element to stand inside a page."""
    return inline_svg(
        chart_drawing(table, width), one_line(_chart(table).title), chart_description(table)
    )


def chart_description(table: Table) -> str:
    """Return in French what the chart of *table* shows: all its figures when they are few."""
    chart = _chart(table)
    sentences = [f"{_KIND_NAMES[chart.kind]} : {one_line(chart.title)}."]
    found = blocks(table, chart)
    if all(block.is_empty() for block in found):
        return f"{sentences[0]} {_nothing(found)}"
    for block in found:
        named = len(block.series) > 1 or len(found) > 1
        for number, series in enumerate(block.series):
            text = _spoken(block, number)
            sentences.append(f"{series} : {text}." if named else f"{text}.")
        if block.left_out:
            sentences.append(_note(block))
    if any(block.has_hidden() for block in found):
        sentences.append(HIDDEN)
    sentences.append("Le tableau donne tous les chiffres.")
    return " ".join(sentences)


def _chart(table: Table) -> Chart:
    chart = drawn_chart(table)
    if chart is None:
        raise ValueError(f"Le tableau {table.id} n’a pas de graphique.")
    return chart


def _panels(
    kind: ChartKind, found: list[Block], drawn: list[Block], width: float
) -> Sequence[Bars | Lines | Multiples]:
    """What is drawn one under the other, of the blocks *found* those that hold something."""
    if kind is ChartKind.LINES:
        return [Lines(block, width) for block in drawn]
    if kind is ChartKind.MULTIPLES:
        return [Multiples(found, width)] if drawn else []
    return [Bars(block, kind is ChartKind.STACKED, width) for block in drawn]


def _spoken(block: Block, number: int) -> str:
    """The figures of the series *number*: all when they are few, else the least and the most."""
    said = [(item.label, item.values[number]) for item in block.items]
    if len(said) * len(block.series) <= _SPOKEN:
        return ", ".join(f"{label} {shown(value, block.unit)}" for label, value in said)
    known = [(value, label) for label, value in said if value is not None]
    if not known:
        return NOT_PUBLISHED
    low, high = min(known, key=lambda pair: pair[0]), max(known, key=lambda pair: pair[0])
    ends = [f"{shown(value, block.unit)} ({label})" for value, label in (low, high)]
    secret = len(said) - len(known)
    rest = f", dont {secret} s" if secret else ""
    return f"de {ends[0]} à {ends[1]}, {len(said)} valeurs{rest}"


def _nothing(found: list[Block]) -> str:
    published = [value for block in found for item in block.items for value in item.published]
    return NOTHING if published or not any(block.has_hidden() for block in found) else ALL_HIDDEN


def _note(block: Block) -> str:
    drawn = len(block.items)
    return f"Les {drawn} plus grandes valeurs sur {drawn + block.left_out} sont représentées."


def _small(y: float, text: str, *, bold: bool = False) -> String:
    font = fonts.BOLD if bold else fonts.REGULAR
    return String(0, y, text, fontName=font, fontSize=8, fillColor=SLATE)
