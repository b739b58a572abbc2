"""Plain A4 documents: a band with the title, text, a footer with the page."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from ramsess.reports import fonts
from ramsess.reports.palette import INK, LINE, OCHRE, PAPER, SEA, SLATE
from ramsess.reports.pdf_text import printed

MARGIN = 48.0
WIDTH = A4[0] - 2 * MARGIN
_BAND = 58.0


class _Canvas(Canvas):  # type: ignore[misc]  # the library is untyped
    made_on: dt.date


class PlainDocument(BaseDocTemplate):  # type: ignore[misc]  # the library is untyped
    """A document of the network: French, titled, the same bytes for the same content."""

    def __init__(self, title: str, *, made_on: dt.date, footer: str) -> None:
        self.target = BytesIO()
        super().__init__(
            self.target,
            pagesize=A4,
            title=printed(title),
            author="RAMSESS",
            creator="RAMSESS",
            producer="RAMSESS",
            lang="fr-FR",
            displayDocTitle=True,
            invariant=1,
            initialFontName=fonts.REGULAR,
        )
        self.heading, self.foot, self.made_on = printed(title), printed(footer), made_on
        first = Frame(MARGIN, 42, WIDTH, A4[1] - 42 - _BAND - 18, 0, 0, 0, 0)
        later = Frame(MARGIN, 42, WIDTH, A4[1] - 42 - 36, 0, 0, 0, 0)
        self.addPageTemplates(
            [
                PageTemplate("first", [first], onPage=self._first, autoNextPageTemplate="later"),
                PageTemplate("later", [later], onPage=self._footer),
            ]
        )

    def write(self, story: list[Flowable]) -> bytes:
        """The document, as bytes."""
        self.build(story, canvasmaker=self._canvas)
        return self.target.getvalue()

    def _canvas(self, *arguments: Any, **options: Any) -> Canvas:
        canvas = _Canvas(*arguments, **options)
        day = self.made_on
        canvas._doc._timeStamp.YMDhms = (day.year, day.month, day.day, 0, 0, 0)
        return canvas

    def _first(self, canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFillColor(SEA)
        canvas.rect(0, A4[1] - _BAND, A4[0], _BAND, stroke=0, fill=1)
        canvas.setFillColor(OCHRE)
        canvas.rect(0, A4[1] - _BAND - 3, A4[0], 3, stroke=0, fill=1)
        canvas.setFillColor(PAPER)
        canvas.setFont(fonts.BOLD, 17)
        title = fonts.shorten(self.heading, fonts.BOLD, 17, WIDTH - 90)
        canvas.drawString(MARGIN, A4[1] - 36, title)
        canvas.setFont(fonts.BOLD, 11)
        canvas.drawRightString(A4[0] - MARGIN, A4[1] - 35, "RAMSESS")
        canvas.restoreState()
        self._footer(canvas, document)

    def _footer(self, canvas: Any, _document: Any) -> None:
        canvas.saveState()
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.6)
        canvas.line(MARGIN, 34, A4[0] - MARGIN, 34)
        canvas.setFont(fonts.REGULAR, 8)
        canvas.setFillColor(SLATE)
        canvas.drawString(MARGIN, 23, fonts.shorten(self.foot, fonts.REGULAR, 8, WIDTH - 70))
        canvas.drawRightString(A4[0] - MARGIN, 23, f"page {canvas.getPageNumber()}")
        canvas.restoreState()


class Lines(Flowable):  # type: ignore[misc]  # the library is untyped
    """Lines to write on: each a label and a rule to the right edge, or what is known already."""

    def __init__(self, fields: list[tuple[str, str]], *, spacing: float = 24.0) -> None:
        super().__init__()
        self.fields = [(printed(label), printed(value, 120)) for label, value in fields]
        self.spacing = spacing

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        return width, len(self.fields) * self.spacing

    def draw(self) -> None:
        canvas: Any = self.canv
        y = len(self.fields) * self.spacing - 15
        for label, value in self.fields:
            canvas.setFont(fonts.REGULAR, 10)
            canvas.setFillColor(INK)
            canvas.drawString(0, y, label)
            start = fonts.text_width(label, fonts.REGULAR, 10) + 6
            if value:
                canvas.setFont(fonts.BOLD, 10)
                canvas.drawString(
                    start, y, fonts.shorten(value, fonts.BOLD, 10, self.width - start)
                )
            else:
                canvas.setStrokeColor(SLATE)
                canvas.setLineWidth(0.6)
                canvas.line(start, y - 2, self.width, y - 2)
            y -= self.spacing


class Boxes(Flowable):  # type: ignore[misc]  # the library is untyped
    """A question and boxes to tick."""

    def __init__(self, question: str, answers: list[str]) -> None:
        super().__init__()
        self.question, self.answers = printed(question), [printed(item) for item in answers]

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.lines = fonts.wrap(self.question, fonts.REGULAR, 10, width)
        return width, len(self.lines) * 13.6 + 20

    def draw(self) -> None:
        canvas: Any = self.canv
        canvas.setFillColor(INK)
        canvas.setFont(fonts.REGULAR, 10)
        y = len(self.lines) * 13.6 + 10
        for line in self.lines:
            canvas.drawString(0, y, line)
            y -= 13.6
        x = 0.0
        canvas.setLineWidth(0.8)
        canvas.setStrokeColor(INK)
        for answer in self.answers:
            canvas.rect(x, y - 1, 9, 9, stroke=1, fill=0)
            canvas.drawString(x + 14, y, answer)
            x += fonts.text_width(answer, fonts.REGULAR, 10) + 40


class Fact(Flowable):  # type: ignore[misc]  # the library is untyped
    """A label and its value beside it; a long value goes over several lines and pages."""

    LABEL = 150.0
    SIZE = 9.5

    def __init__(self, label: str, value: str, *, colour: Color = INK) -> None:
        super().__init__()
        self.label, self.value, self.colour = printed(label), printed(value, 100_000), colour
        self.lines: list[str] | None = None

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        if self.lines is None:
            room = width - self.LABEL
            self.lines = fonts.wrap(self.value or "—", fonts.REGULAR, self.SIZE, room)
        return width, len(self.lines) * 12.6

    def split(self, width: float, height: float) -> list[Flowable]:
        self.wrap(width, height)
        assert self.lines is not None
        fitting = int(height // 12.6)
        if fitting < 1:
            return []
        parts = []
        for label, lines in ((self.label, self.lines[:fitting]), ("", self.lines[fitting:])):
            part = type(self)(label, "")
            part.lines = lines
            parts.append(part)
        return parts if parts[1].lines else parts[:1]

    def draw(self) -> None:
        canvas: Any = self.canv
        assert self.lines is not None
        y = len(self.lines) * 12.6 - 9.5
        canvas.setFillColor(SLATE)
        canvas.setFont(fonts.REGULAR, self.SIZE)
        if self.label:
            room = self.LABEL - 8
            canvas.drawString(0, y, fonts.shorten(self.label, fonts.REGULAR, self.SIZE, room))
        canvas.setFillColor(self.colour)
        for line in self.lines:
            canvas.drawString(self.LABEL, y, line)
            y -= 12.6


class Passage(Fact):
    """A long text over the whole width, going over as many lines and pages as it needs."""

    LABEL = 0.0
    SIZE = 10.0

    def __init__(self, text: str, rest: str = "") -> None:
        super().__init__("", text or rest)
