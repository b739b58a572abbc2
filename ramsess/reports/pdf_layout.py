"""The pages of the PDF: formats, footer, title page in RAMSESS' colours, numbering."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from ramsess.reports import fonts
from ramsess.reports.palette import INK, LINE, OCHRE, PAPER, SAND, SEA, SKY, SLATE
from ramsess.reports.pdf_text import printed
from ramsess.reports.period import french_date
from ramsess.reports.report import Report

MARGIN = 48.0
PORTRAIT_WIDTH = A4[0] - 2 * MARGIN
LANDSCAPE_WIDTH = A4[1] - 2 * MARGIN
NETWORK = (
    "Réseau des structures d’accompagnement de l’économie sociale et solidaire "
    "en Provence-Alpes-Côte d’Azur"
)

_TOP = 40.0
_BOTTOM = 46.0
_TOTAL = "total"

#: Page of each section by its key, and the number of pages under ``total``.
Numbering = dict[str, int]


class _NumberedCanvas(Canvas):  # type: ignore[misc]
    """A canvas that knows the numbering of the pass before, and learns its own."""

    numbering: Numbering
    places: Numbering


class Document(BaseDocTemplate):  # type: ignore[misc]
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
                PageTemplate("title", [_frame(A4)], onPage=self._title_page, pagesize=A4),
                PageTemplate("portrait", [_frame(A4)], onPage=self._footer, pagesize=A4),
                PageTemplate("landscape", [_frame(across)], onPage=self._footer, pagesize=across),
            ]
        )

    def number(self, story: list[Flowable]) -> Numbering:
        """Build the document and return the page of each section and the total."""
        self.build(story, canvasmaker=self._canvas)
        return {**self.places, _TOTAL: self.page}

    def _canvas(self, *arguments: Any, **options: Any) -> Canvas:
        canvas = _NumberedCanvas(*arguments, **options)
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
        text = printed(f"{report.title} — {report.subtitle} — {report.state}")
        room = width - 2 * MARGIN - 80
        canvas.drawString(MARGIN, 25, fonts.shorten(text, fonts.REGULAR, 8, room))
        canvas.drawRightString(width - MARGIN, 25, page)
        canvas.restoreState()

    def _title_page(self, canvas: Any, _document: Any) -> None:
        canvas.saveState()
        _seascape(canvas)
        canvas.setFillColor(PAPER)
        canvas.setFont(fonts.BOLD, 46)
        canvas.drawString(MARGIN, A4[1] - 112, "RAMSESS")
        canvas.setFont(fonts.REGULAR, 12)
        _lines(canvas, NETWORK, fonts.REGULAR, 12, MARGIN, A4[1] - 136, 330)
        y = A4[1] - 400
        canvas.setFillColor(INK)
        title, _, when = printed(self.report.title, 200).partition(" — ")
        y = _lines(canvas, title, fonts.BOLD, 30, MARGIN, y, 490)
        y = _lines(canvas, when, fonts.BOLD, 20, MARGIN, y, 490)
        canvas.setFillColor(SEA)
        y = _lines(canvas, printed(self.report.subtitle), fonts.REGULAR, 16, MARGIN, y - 4, 470)
        canvas.setStrokeColor(OCHRE)
        canvas.setLineWidth(2)
        canvas.line(MARGIN, y + 2, MARGIN + 90, y + 2)
        y -= 30
        for name, value in self._identity():
            canvas.setFillColor(SLATE)
            canvas.setFont(fonts.REGULAR, 11)
            canvas.drawString(MARGIN, y, name)
            canvas.setFillColor(INK)
            y = _lines(canvas, printed(value), fonts.BOLD, 11, MARGIN + 110, y, 360) - 4
        canvas.restoreState()

    def _identity(self) -> list[tuple[str, str]]:
        report = self.report
        first, last = french_date(report.period.first), french_date(report.period.last)
        facts = [("Période", f"du {first} au {last}, jours compris")]
        if report.structure:
            facts.append(("Structure", f"{report.structure.name} ({report.structure.code})"))
        if report.scheme:
            facts.append(("Dispositif", f"{report.scheme[1]} ({report.scheme[0]}) seulement"))
        state = report.state
        if state == "provisoire":
            state = "provisoire : ces chiffres peuvent encore changer"
        facts += [("État", state), ("Établi le", french_date(report.made_on))]
        return [*facts, *zip(("Empreinte", "Vérification"), report.marks, strict=False)]


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


def _lines(
    canvas: Any, text: str, font: str, size: float, x: float, y: float, width: float
) -> float:
    """Draw *text* downwards from the base line *y*; return the next base line."""
    canvas.setFont(font, size)
    for line in fonts.wrap(text, font, size, width):
        canvas.drawString(x, y, line)
        y -= size * 1.25
    return y


def _seascape(canvas: Any) -> None:
    """Our visual identity: an ochre sun over the waves, drawn, no image."""
    width, height = A4
    base = height - 330
    canvas.setFillColor(SEA)
    canvas.rect(0, base, width, 330, stroke=0, fill=1)
    canvas.setFillColor(OCHRE)
    canvas.circle(width - 130, base + 92, 58, stroke=0, fill=1)
    canvas.setFillColor(SAND)
    canvas.circle(width - 130, base + 92, 44, stroke=0, fill=1)
    waves = ((78, "#2f6f96", 26), (52, "#6ea5c3", 20), (28, SKY, 16), (8, PAPER, 12))
    for number, (level, colour, swell) in enumerate(waves):
        path = canvas.beginPath()
        y = base + level
        length = width / (2 + number % 2)
        x = -length * (0.25 + 0.2 * number)
        path.moveTo(x, y)
        while x < width:
            path.curveTo(x + length / 3, y + swell, x + 2 * length / 3, y - swell, x + length, y)
            x += length
        path.lineTo(x, base - 2)
        path.lineTo(-length, base - 2)
        path.close()
        canvas.setFillColor(colour)
        canvas.drawPath(path, stroke=0, fill=1)
