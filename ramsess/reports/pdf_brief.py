"""The pages before the tables: the coordinator's foreword, and the period in brief."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import Flowable, PageBreak, Spacer

from ramsess.reports import brief, fonts
from ramsess.reports.brief import BigFigure
from ramsess.reports.palette import INK, MIST, OCHRE, SEA, SLATE
from ramsess.reports.pdf_figure import Figure
from ramsess.reports.pdf_layout import PORTRAIT_WIDTH, frame_height
from ramsess.reports.pdf_tags import tagged
from ramsess.reports.pdf_text import Heading, Prose, printed
from ramsess.reports.report import Report
from ramsess.reports.text import paragraphs

FOREWORD = "avant-propos"
BRIEF = "en-bref"

_COLUMNS = 3
_GAP = 10.0
_TILE = 66.0
_ABOVE_CHART = 14.0
_SHORT = 0.2  # of a page: a longer foreword has its own


def foreword(report: Report) -> list[Flowable]:
    """What the coordinator says of the whole report; nothing when it is not said."""
    said = paragraphs(report.foreword)
    if not said:
        return []
    prose = [Prose(part, size=11, after=7, limit=20_000) for part in said]
    return [PageBreak(), Heading(FOREWORD, brief.FOREWORD), Spacer(0, 4), *prose]


def in_brief(report: Report) -> list[Flowable]:
    """The big figures, the sentences, and as many charts as the page has room for.

    A foreword that is short stands on the same page, above.
    """
    figures = brief.big_figures(report)
    story: list[Flowable] = [Heading(BRIEF, brief.heading(report))]
    if figures:
        story += [Tiles(figures), Spacer(0, 12)]
    story += [Prose(text, size=10.5, after=5) for text in brief.sentences(report)]
    room = frame_height(wide=False)
    above = _height(foreword(report)[1:])
    shared = 0 < above <= _SHORT * room
    if shared:
        room -= above + story[0].getSpaceBefore()
    room -= _height(story)
    for table in brief.charted(report):
        figure = Figure(table, PORTRAIT_WIDTH)
        needed = figure.height + _ABOVE_CHART
        if not figure.is_empty and needed <= room:
            story += [Spacer(0, _ABOVE_CHART), figure]
            room -= needed
    return story if shared else [PageBreak(), *story]


def _height(flowables: list[Flowable]) -> float:
    return float(sum(one.wrap(PORTRAIT_WIDTH, frame_height(wide=False))[1] for one in flowables))


class Tiles(Flowable):  # type: ignore[misc]  # the library is untyped
    """Big figures side by side, each with what it counts and how it compares."""

    def __init__(self, figures: list[BigFigure]) -> None:
        super().__init__()
        self.figures = figures

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        rows = -(-len(self.figures) // _COLUMNS)
        return width, rows * (_TILE + _GAP) - _GAP

    def draw(self) -> None:
        own = (self.width - _GAP * (_COLUMNS - 1)) / _COLUMNS
        rows = -(-len(self.figures) // _COLUMNS)
        for number, figure in enumerate(self.figures):
            row, column = divmod(number, _COLUMNS)
            y = (rows - 1 - row) * (_TILE + _GAP)
            self._tile(figure, column * (own + _GAP), y, own)

    def _tile(self, figure: BigFigure, x: float, y: float, width: float) -> None:
        canvas: Any = self.canv
        canvas.setFillColor(MIST)
        canvas.rect(x, y, width, _TILE, stroke=0, fill=1)
        canvas.setFillColor(OCHRE)
        canvas.rect(x, y, 3, _TILE, stroke=0, fill=1)
        room = width - 18
        changes = fonts.wrap(printed(figure.change), fonts.REGULAR, 8, room)[:2]
        with tagged(canvas, "P"):
            for text, greatest, colour, up in (
                (printed(figure.text), 22.0, SEA, 42),
                (printed(figure.label), 9.5, INK, 27),
            ):
                # A text that is too wide is printed as much smaller as it takes.
                size = min(greatest, greatest * room / fonts.text_width(text, fonts.BOLD, greatest))
                self._line(text, fonts.BOLD, size, colour, x + 10, y + up)
            for down, line in enumerate(changes):
                self._line(line, fonts.REGULAR, 8, SLATE, x + 10, y + 16 - 9.5 * down)

    def _line(self, text: str, font: str, size: float, colour: Any, x: float, y: float) -> None:
        canvas: Any = self.canv
        canvas.setFont(font, size)
        canvas.setFillColor(colour)
        canvas.drawString(x, y, text)
