"""The colours and hatchings of the reports: RAMSESS' own, readable without colour too.

Every fill that is paler than a contrast of 3:1 with the paper carries a darker outline, and two
neighbouring series differ by lightness and by hatching, never by hue alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from reportlab.graphics.shapes import Group, Path, Rect
from reportlab.lib.colors import Color, HexColor

SEA = HexColor("#12466b")
SKY = HexColor("#bcd9e8")
OCHRE = HexColor("#b8730f")
SAND = HexColor("#f3dfb3")
TERRACOTTA = HexColor("#9b3a22")
OLIVE = HexColor("#66803f")
SLATE = HexColor("#55646f")
INK = HexColor("#18262f")
LINE = HexColor("#c5d0d8")
MIST = HexColor("#eef3f6")
PAPER = HexColor("#ffffff")

Hatching = Literal["none", "diagonal", "dots", "level", "cross"]


@dataclass(frozen=True)
class Style:
    """How one series is drawn: fill, hatching, outline, the text upon it, its line."""

    fill: Color
    hatching: Hatching
    hatch: Color
    outline: Color
    text: Color
    stroke: Color
    dash: tuple[float, ...] | None


def _style(fill: Color, hatching: Hatching, dash: tuple[float, ...] | None = None) -> Style:
    pale = {SKY: SEA, SAND: OCHRE, PAPER: SLATE}.get(fill)
    return Style(
        fill=fill,
        hatching=hatching,
        hatch=pale or PAPER,
        outline=pale or fill,
        text=INK if pale else PAPER,
        stroke=pale or fill,
        dash=dash,
    )


SERIES = (
    _style(SEA, "none"),
    _style(SAND, "diagonal", (5, 2)),
    _style(TERRACOTTA, "level", (1, 2)),
    _style(SKY, "dots", (7, 2, 1, 2)),
    _style(OLIVE, "none", (3, 2)),
    _style(PAPER, "level", (9, 3)),
    _style(OCHRE, "cross"),
    _style(SKY, "none", (5, 2)),
    _style(SEA, "diagonal", (1, 2)),
    _style(SAND, "none", (7, 2, 1, 2)),
    _style(TERRACOTTA, "none", (3, 2)),
    _style(PAPER, "dots", (9, 3)),
    _style(OLIVE, "diagonal"),
    _style(SLATE, "none", (5, 2)),
)


def style_of(series: int) -> Style:
    """The style of the series number *series*; they come round again after the last."""
    return SERIES[series % len(SERIES)]


def swatch(x: float, y: float, width: float, height: float, style: Style) -> Group:
    """A rectangle filled, hatched and outlined in *style*; *y* is its lower edge."""
    drawn = Group(
        Rect(x, y, width, height, fillColor=style.fill, strokeColor=style.outline, strokeWidth=0.6)
    )
    if style.hatching != "none" and width > 2 and height > 2:
        drawn.add(_hatching(x, y, width, height, style))
    return drawn


def _hatching(x: float, y: float, width: float, height: float, style: Style) -> Path:
    path: Any = Path(fillColor=None, strokeColor=style.hatch, strokeWidth=0.6)
    step = 3.6
    if style.hatching in ("diagonal", "cross"):
        for offset in _steps(-height, width, step):
            low, high = max(0.0, -offset), min(height, width - offset)
            if high > low:
                path.moveTo(x + offset + low, y + low)
                path.lineTo(x + offset + high, y + high)
                if style.hatching == "cross":
                    path.moveTo(x + offset + low, y + height - low)
                    path.lineTo(x + offset + high, y + height - high)
    elif style.hatching == "level":
        for up in _steps(0, height, 2.6):
            path.moveTo(x, y + up)
            path.lineTo(x + width, y + up)
    else:
        path.strokeWidth = 1.1
        path.strokeLineCap = 1  # round: a line of no length is a dot
        for row, up in enumerate(_steps(0, height, 2.8)):
            for along in _steps(step / 2 * (row % 2), width, step):
                path.moveTo(x + along, y + up)
                path.lineTo(x + along + 0.01, y + up)
    return path


def _steps(first: float, last: float, step: float) -> list[float]:
    count = int((last - first) / step) + 1
    values = [first + step * (i + 0.5) for i in range(count)]
    return [value for value in values if value < last - 0.5]
