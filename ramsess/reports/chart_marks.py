"""What several charts draw alike: words, and the markers that tell lines apart without colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportlab.graphics.shapes import Circle, Polygon, PolyLine, Rect, Shape, String

from ramsess.reports import fonts
from ramsess.reports.numbers import figure
from ramsess.reports.palette import PAPER, SLATE, Style, style_of
from ramsess.reports.table import NOT_PUBLISHED, Number, Unit

SIZE = 8.0
SLACK = 1.25  # a browser's typeface may be wider than ours


def marker(x: float, y: float, number: int, style: Style) -> Shape:
    """Circle, square, diamond, triangle; hollow on the second round."""
    fill = style.stroke if number // 4 % 2 == 0 else PAPER
    kind = number % 4
    if kind == 0:
        shape: Shape = Circle(x, y, 2.5)
    elif kind == 1:
        shape = Rect(x - 2.4, y - 2.4, 4.8, 4.8)
    elif kind == 2:
        shape = Polygon([x, y + 3.4, x + 3.4, y, x, y - 3.4, x - 3.4, y])
    else:
        shape = Polygon([x, y + 3.2, x + 3.1, y - 2.2, x - 3.1, y - 2.2])
    shape.fillColor, shape.strokeColor, shape.strokeWidth = fill, style.stroke, 1
    return shape


def marked_line(
    points: Sequence[tuple[float, float]], number: int, *, width: float
) -> Iterator[Shape]:
    """The line numbered *number* through the points, *width* thick, and a marker at each."""
    style = style_of(number)
    if len(points) > 1:
        yield PolyLine(
            [coordinate for point in points for coordinate in point],
            strokeColor=style.stroke,
            strokeWidth=width,
            strokeDashArray=list(style.dash) if style.dash else None,
        )
    for x, y in points:
        yield marker(x, y, number, style)


def words(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    size: float = SIZE,
    bold: bool = False,
    colour: object = SLATE,
) -> String:
    """*text* on its base line."""
    font = fonts.BOLD if bold else fonts.REGULAR
    return String(x, y, text, textAnchor=anchor, fontName=font, fontSize=size, fillColor=colour)


def shown(value: Number | None, unit: Unit) -> str:
    """The figure *value* as a chart writes it; « s » when it is not published (Rule 15)."""
    return NOT_PUBLISHED if value is None else figure(value, unit)
