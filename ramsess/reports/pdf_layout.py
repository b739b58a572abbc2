"""The pages of the PDF: formats, footer, numbering, structure."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from ramsess.reports import fonts
from ramsess.reports.identity import state
from ramsess.reports.palette import LINE, SLATE
from ramsess.reports.pdf_tags import TaggedCanvas, Tags
from ramsess.reports.pdf_text import printed
from ramsess.reports.pdf_title import MARGIN, draw_title_page
from ramsess.reports.report import Report

PORTRAIT_WIDTH = A4[0] - 2 * MARGIN
LANDSCAPE_WIDTH = A4[1] - 2 * MARGIN
_TOP = 40.0
_BOTTOM = 46.0
_TOTAL = "total"

#: Page of each section by its key, and the number of pages under ``total``.
Numbering = dict[str, int]


class _NumberedCanvas(TaggedCanvas):
    """A canvas that knows the numbering of the pass before, and learns its own."""

    numbering: Numbering
    places: Numbering


class Document(BaseDocTemplate):  # type: ignore[misc]  # the library is untyped
    """The document of *report*: its page templates ``title``, ``portrait`` and ``landscape``."""

    def __init__(self, target: BytesIO, report: Report, numbering: Numbering) -> None:
        super().__init__(
            target,
            pagesize=A4,
            title=printed(report.title),
            author="RAMSESS",
            subject=printed(report.subtitle),
            creator="RAMSESS",
            producer="RAMSESS",
            keywords=["RAMSESS", str(report.period), report.state, *report.marks],
            lang="fr-FR",
            displayDocTitle=True,
            invariant=1,
            initialFontName=fonts.REGULAR,
        )
        self.report = report
        self.numbering = numbering
        self.places: Numbering = {}
        across = landscape(A4)
        self.addPageTemplates(
            [
                PageTemplate("title", [_frame(A4)], onPage=draw_title_page, pagesize=A4),
                PageTemplate("portrait", [_frame(A4)], onPage=self._footer, pagesize=A4),
                PageTemplate("landscape", [_frame(across)], onPage=self._footer, pagesize=across),
            ]
        )

    def number(self, story: list[Flowable]) -> Numbering:
        """Build the document and return the page of each section and the total."""
        self.build(story, canvasmaker=self._canvas)
        return {**self.places, _TOTAL: self.page}

    def _canvas(self, *arguments: Any, **options: Any) -> _NumberedCanvas:
        canvas = _NumberedCanvas(*arguments, **{**options, "pdfVersion": (1, 7)})
        if self.numbering:  # the pages of the first pass are thrown away
            canvas.tags = Tags(canvas)
        canvas.numbering, canvas.places = self.numbering, self.places
        # A reproducible file bears the date of its report, not that of its making.
        day = self.report.made_on
        canvas._doc._timeStamp.YMDhms = (day.year, day.month, day.day, 0, 0, 0)
        return canvas

    def _footer(self, canvas: Any, _document: Any) -> None:
        width = canvas._pagesize[0]
        report = self.report
        canvas.saveState()
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.6)
        canvas.line(MARGIN, 36, width - MARGIN, 36)
        canvas.setFont(fonts.REGULAR, 8)
        canvas.setFillColor(SLATE)
        page = f"page {canvas.getPageNumber()} / {self.numbering.get(_TOTAL, 0)}"
        text = printed(f"{report.title} — {report.subtitle} — {state(report)}")
        room = width - 2 * MARGIN - 80
        canvas.drawString(MARGIN, 25, fonts.shorten(text, fonts.REGULAR, 8, room))
        canvas.drawRightString(width - MARGIN, 25, page)
        if report.address:
            said = printed(f"À vérifier sur {report.address}", 200)
            canvas.drawString(MARGIN, 14.5, fonts.shorten(said, fonts.REGULAR, 8, room))
        canvas.restoreState()


def frame_height(*, wide: bool) -> float:
    """The height in points that a page gives to its tables."""
    return float(A4[0] if wide else A4[1]) - _TOP - _BOTTOM


def _frame(size: tuple[float, float]) -> Frame:
    return Frame(
        MARGIN,
        _BOTTOM,
        size[0] - 2 * MARGIN,
        size[1] - _TOP - _BOTTOM,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
