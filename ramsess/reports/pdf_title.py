"""The title page of the PDF, in RAMSESS' colours: what it is, its state, how to verify it."""

from __future__ import annotations

from typing import Any

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.renderPDF import draw
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4

from ramsess.reports import fonts
from ramsess.reports.identity import identity
from ramsess.reports.palette import INK, OCHRE, PAPER, SAND, SEA, SKY, SLATE
from ramsess.reports.pdf_tags import alternative, tagged
from ramsess.reports.pdf_text import printed
from ramsess.reports.period import capital, french_date
from ramsess.reports.report import Report

MARGIN = 48.0
NETWORK = (
    "Réseau des structures d’accompagnement de l’économie sociale et solidaire "
    "en Provence-Alpes-Côte d’Azur"
)
_QR = 92.0


def draw_title_page(canvas: Any, document: Any) -> None:
    """Draw it; *document* has the report."""
    report: Report = document.report
    canvas.saveState()
    _seascape(canvas)
    canvas.setFillColor(PAPER)
    with tagged(canvas, "P"):
        canvas.setFont(fonts.BOLD, 46)
        canvas.drawString(MARGIN, A4[1] - 112, "RAMSESS")
        canvas.setFont(fonts.REGULAR, 12)
        _lines(canvas, NETWORK, fonts.REGULAR, 12, MARGIN, A4[1] - 136, 330)
    y = A4[1] - 392
    canvas.setFillColor(INK)
    title, _, when = printed(report.title, 200).partition(" — ")
    with tagged(canvas, "H1"):
        y = _lines(canvas, title, fonts.BOLD, 30, MARGIN, y, 490)
        y = _lines(canvas, capital(when), fonts.BOLD, 20, MARGIN, y, 490)
    canvas.setFillColor(SEA)
    with tagged(canvas, "P"):
        y = _lines(canvas, printed(report.subtitle), fonts.REGULAR, 16, MARGIN, y - 4, 470)
    canvas.setStrokeColor(OCHRE)
    canvas.setLineWidth(2)
    canvas.line(MARGIN, y + 2, MARGIN + 90, y + 2)
    y -= 30
    for name, value in _identity(report):
        with tagged(canvas, "P"):
            canvas.setFillColor(SLATE)
            canvas.setFont(fonts.REGULAR, 11)
            canvas.drawString(MARGIN, y, name)
            canvas.setFillColor(INK)
            y = _lines(canvas, printed(value), fonts.BOLD, 11, MARGIN + 110, y, 380) - 4
    if report.address:
        _verification(canvas, report.address)
    canvas.restoreState()


def _identity(report: Report) -> list[tuple[str, str]]:
    first, last = french_date(report.period.first), french_date(report.period.last)
    facts = [("Période", f"du {first} au {last}, jours compris")]
    for name, value in identity(report):
        facts.append((name, value if isinstance(value, str) else french_date(value)))
    return facts


def _verification(canvas: Any, address: str) -> None:
    """The address at the foot of the page, in letters and as a QR code."""
    code = QrCodeWidget(address, barWidth=_QR, barHeight=_QR, barBorder=4, barLevel="M")
    drawing = Drawing(_QR, _QR)
    drawing.add(code)
    x, y = A4[0] - MARGIN - _QR, 40.0
    canvas.setFillColor(INK)
    with tagged(canvas, "P"):
        canvas.setFont(fonts.BOLD, 11)
        canvas.drawString(MARGIN, y + 62, "Vérifier ce document")
        canvas.setFont(fonts.REGULAR, 11)
        text = f"Chacun·e peut s’assurer qu’il n’a pas été modifié : {address}"
        _lines(canvas, printed(text), fonts.REGULAR, 11, MARGIN, y + 46, x - MARGIN - 20)
    box = f"/A<</O/Layout/Placement/Block/BBox[{x:.0f} {y:.0f} {x + _QR:.0f} {y + _QR:.0f}]>>"
    words = alternative(f"Code QR de l’adresse de vérification : {address}")
    with tagged(canvas, "Figure", box + words):
        draw(drawing, canvas, x, y)


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
