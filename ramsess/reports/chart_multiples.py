"""Small multiples: the same rows once for each column, side by side, each on its own scale.

A territory is read so: which département comes first in persons, in acts, in hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.shapes import Drawing, Line, Rect

from ramsess.reports import fonts
from ramsess.reports.chart_cells import Block
from ramsess.reports.chart_marks import SIZE, shown, words
from ramsess.reports.palette import INK, LINE, MIST, SEA, SLATE

_SLACK = 1.2  # a browser's typeface may be wider than ours
_ROW = 16.0
_HEAD = 16.0
_BAR = 9.0
_GAP = 12.0


@dataclass(frozen=True)
class Multiples:
    """Blocks of the same items, one series each, *width* points wide in all."""

    blocks: Sequence[Block]
    width: float

    @property
    def height(self) -> float:
        return _HEAD + len(self._labels) * _ROW + 4

    def draw(self, drawing: Drawing, top: float) -> None:
        """Add the panels to *drawing*, their upper edge at *top*."""
        left = self._label_width
        own = (self.width - left) / len(self.blocks)
        bottom = top - self.height + 4
        for number, label in enumerate(self._labels):
            y = top - _HEAD - (number + 1) * _ROW
            if number % 2 == 0:  # a band leads the eye from the label to the last panel
                drawing.add(Rect(0, y, self.width, _ROW, fillColor=MIST, strokeColor=None))
            text = fonts.shorten(label, fonts.REGULAR, SIZE, left - 8)
            drawing.add(words(4, y + (_ROW - SIZE) / 2 + 1.4, text, colour=INK))
        for place, block in enumerate(self.blocks):
            self._draw_panel(drawing, block, left + place * own, own - _GAP, top, bottom)

    def _draw_panel(
        self, drawing: Drawing, block: Block, left: float, width: float, top: float, bottom: float
    ) -> None:
        name = fonts.shorten(block.series[0], fonts.BOLD, SIZE, width)
        drawing.add(words(left, top - 10, name, bold=True, colour=INK))
        texts = [shown(item.values[0], block.unit) for item in block.items]
        widest = max((fonts.text_width(text, fonts.REGULAR, SIZE) for text in texts), default=0.0)
        highest = float(block.highest())
        scale = max(8.0, width - widest * _SLACK - 5) / highest if highest else 0.0
        for number, (item, text) in enumerate(zip(block.items, texts, strict=True)):
            y = top - _HEAD - (number + 1) * _ROW
            value = item.values[0]
            length = max(0.0, (value or 0) * scale)
            if length:
                low = y + (_ROW - _BAR) / 2
                drawing.add(Rect(left, low, length, _BAR, fillColor=SEA, strokeColor=None))
            colour = INK if value else SLATE
            drawing.add(words(left + length + 4, y + (_ROW - SIZE) / 2 + 1.4, text, colour=colour))
        drawing.add(Line(left, bottom, left, top - _HEAD, strokeColor=SLATE, strokeWidth=0.8))
        drawing.add(Line(left, top - _HEAD, left + width, top - _HEAD, strokeColor=LINE))

    @property
    def _labels(self) -> list[str]:
        return [item.label for item in self.blocks[0].items]

    @property
    def _label_width(self) -> float:
        widest = max(
            (fonts.text_width(label, fonts.REGULAR, SIZE) for label in self._labels), default=0.0
        )
        return min(0.3 * self.width, widest * _SLACK + 14)
