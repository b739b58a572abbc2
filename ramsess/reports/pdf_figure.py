"""A chart on the page of the PDF, with its text alternative in the document's structure."""

from __future__ import annotations

from typing import Any

from reportlab.graphics.shapes import Drawing, Group, String
from reportlab.platypus import Flowable

from ramsess.reports.chart_cells import blocks, drawn_chart
from ramsess.reports.charts import chart_description, chart_drawing
from ramsess.reports.pdf_tags import alternative, tagged
from ramsess.reports.pdf_text import printed
from ramsess.reports.table import Table


class Figure(Flowable):  # type: ignore[misc]  # the library is untyped
    """The chart of *table*, *width* points wide; made smaller if it is higher than *room*."""

    def __init__(self, table: Table, width: float, room: float | None = None) -> None:
        super().__init__()
        chart = drawn_chart(table)
        assert chart is not None
        self.is_empty = all(block.is_empty() for block in blocks(table, chart))
        self._text = chart_description(table)
        self._drawing = chart_drawing(table, width)
        _print_strings(self._drawing)
        scale = 1.0 if room is None else min(1.0, room / self._drawing.height)
        self._drawing.renderScale = scale
        self.width, self.height = width * scale, self._drawing.height * scale

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas: Any = self.canv
        x, y = canvas.absolutePosition(0, 0)
        box = f"{x:.1f} {y:.1f} {x + self.width:.1f} {y + self.height:.1f}"
        layout = f"/A<</O/Layout/Placement/Block/BBox[{box}]>>"
        with tagged(canvas, "Figure", layout + alternative(self._text)):
            self._drawing.drawOn(canvas, 0, 0)


def _print_strings(group: Drawing | Group) -> None:
    """The narrow spaces of the screen are drawn as ``printed`` has them."""
    for shape in group.contents:
        if isinstance(shape, Group):
            _print_strings(shape)
        elif isinstance(shape, String):
            shape.text = printed(shape.text)
