"""Horizontal bars, plain, side by side or stacked, each with its figure beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.shapes import Drawing, Line, Rect

from ramsess.reports import fonts
from ramsess.reports.chart_cells import Block, Item
from ramsess.reports.chart_marks import SIZE, SLACK, shown, words
from ramsess.reports.chart_scale import tick_label, ticks
from ramsess.reports.palette import INK, LINE, SLATE, style_of, swatch
from ramsess.reports.table import Number

_LEADING = 9.2
_LEGEND_LINE = 13.0
_AXIS = 14.0


@dataclass(frozen=True)
class Bars:
    """The bars of a block, *width* points wide; drawn downwards from a given top."""

    block: Block
    stacked: bool
    width: float

    @property
    def height(self) -> float:
        return self._legend_height + sum(map(self._pitch, self.block.items)) + self._axis_height

    def draw(self, drawing: Drawing, top: float) -> None:
        """Add the bars to *drawing*, their upper edge at *top*."""
        y = self._draw_legend(drawing, top)
        left, right = self._label_width, self.width - self._figure_width
        highest, axis = float(self._highest), ticks(float(self._highest), self.block.unit)
        if self.stacked:
            highest = axis[-1]
        scale = (right - left) / highest if highest else 0.0
        bottom = y - sum(map(self._pitch, self.block.items))
        if self.stacked:
            self._draw_axis(drawing, axis, left, scale, y, bottom)
        for item in self.block.items:
            pitch = self._pitch(item)
            self._draw_label(drawing, item, left - 6, y - pitch / 2)
            if self.stacked:
                self._draw_stack(drawing, item, left, y - pitch / 2, scale)
            else:
                self._draw_bars(drawing, item, left, y, pitch, scale)
            y -= pitch
        drawing.add(Line(left, bottom, left, top - self._legend_height, strokeColor=SLATE))

    @property
    def _highest(self) -> Number:
        if self.stacked:
            whole = [item for item in self.block.items if item.is_whole]
            stacks: list[Number] = [sum(_positive(item.published)) for item in whole]
            return max(stacks, default=0)
        return self.block.highest()

    @property
    def _thickness(self) -> float:
        if self.stacked or len(self.block.series) == 1:
            return 12.0
        return 9.5

    def _pitch(self, item: Item) -> float:
        bars = 1 if self.stacked else len(self.block.series)
        lines = len(_label_lines(item, self._label_width))
        return max(bars * self._thickness + 6, lines * _LEADING + 4)

    @property
    def _label_width(self) -> float:
        widest = max(
            (
                fonts.text_width(item.label, fonts.REGULAR, SIZE) + 8 * item.level
                for item in self.block.items
            ),
            default=0.0,
        )
        return min(0.34 * self.width, widest * SLACK + 8)

    @property
    def _figure_width(self) -> float:
        texts = [shown(v, self.block.unit) for item in self.block.items for v in item.values]
        if self.stacked:
            texts = [_sum_shown(self.block, item) for item in self.block.items]
        widest = max((fonts.text_width(text, fonts.BOLD, SIZE) for text in texts), default=0.0)
        return widest * SLACK + 10

    @property
    def _axis_height(self) -> float:
        return _AXIS if self.stacked else 0.0

    @property
    def _legend_height(self) -> float:
        return len(self._legend()) * _LEGEND_LINE + 4 if len(self.block.series) > 1 else 0.0

    def _legend(self) -> list[list[tuple[int, str, float]]]:
        """Lines of (series, text, x)."""
        lines: list[list[tuple[int, str, float]]] = [[]]
        x = 0.0
        for series, name in enumerate(self.block.series):
            text = fonts.shorten(name, fonts.REGULAR, SIZE, self.width * 0.6)
            needed = 17 + fonts.text_width(text, fonts.REGULAR, SIZE) * SLACK + 12
            if x and x + needed > self.width:
                lines.append([])
                x = 0.0
            lines[-1].append((series, text, x))
            x += needed
        return lines

    def _draw_legend(self, drawing: Drawing, top: float) -> float:
        if len(self.block.series) > 1:
            for number, line in enumerate(self._legend()):
                y = top - (number + 1) * _LEGEND_LINE + 3
                for series, text, x in line:
                    drawing.add(swatch(x + 0.5, y, 12, 8, style_of(series)))
                    drawing.add(words(x + 17, y + 1.2, text, colour=INK))
        return top - self._legend_height

    def _draw_axis(
        self,
        drawing: Drawing,
        axis: list[float],
        left: float,
        scale: float,
        top: float,
        bottom: float,
    ) -> None:
        for value in axis[1:]:
            x = left + value * scale
            drawing.add(Line(x, bottom, x, top, strokeColor=LINE, strokeWidth=0.5))
        for value in axis:
            text = tick_label(value, self.block.unit)
            x = left + value * scale
            drawing.add(words(x, bottom - 10, text, anchor="middle", size=7))

    def _draw_label(self, drawing: Drawing, item: Item, right: float, middle: float) -> None:
        lines = _label_lines(item, self._label_width)
        y = middle + (len(lines) - 1) * _LEADING / 2 - SIZE * 0.33
        for line in lines:
            drawing.add(words(right, y, line, anchor="end", colour=INK))
            y -= _LEADING

    def _draw_bars(
        self, drawing: Drawing, item: Item, left: float, top: float, pitch: float, scale: float
    ) -> None:
        count = len(self.block.series)
        thick = self._thickness
        y = top - (pitch - count * thick) / 2
        for series, value in enumerate(item.values):
            y -= thick
            length = max(0.0, (value or 0) * scale)
            if length:
                drawing.add(swatch(left, y + 0.7, length, thick - 1.4, style_of(series)))
            text = shown(value, self.block.unit)
            colour = INK if value else SLATE
            drawing.add(words(left + length + 4, y + thick / 2 - SIZE * 0.33, text, colour=colour))

    def _draw_stack(
        self, drawing: Drawing, item: Item, left: float, middle: float, scale: float
    ) -> None:
        if not item.is_whole:  # a stack that lacks a part would tell another sum
            drawing.add(words(left + 4, middle - SIZE * 0.33, shown(None, self.block.unit)))
            return
        x = left
        low = middle - self._thickness / 2
        for series, value in enumerate(_positive(item.published)):
            length = value * scale
            if not length:
                continue
            style = style_of(series)
            drawing.add(swatch(x, low, length, self._thickness, style))
            text = shown(value, self.block.unit)
            needed = fonts.text_width(text, fonts.REGULAR, 7.2) * SLACK + 3
            if needed + 2 <= length:
                centre = x + length / 2
                if style.hatching != "none":
                    plate = Rect(centre - needed / 2, low + 1.6, needed, self._thickness - 3.2)
                    plate.fillColor, plate.strokeColor = style.fill, None
                    drawing.add(plate)
                colour = style.text
                drawing.add(
                    words(centre, middle - 2.5, text, anchor="middle", size=7.2, colour=colour)
                )
            x += length
        text = _sum_shown(self.block, item)
        if text:
            drawing.add(words(x + 4, middle - SIZE * 0.33, text, bold=True, colour=INK))


def _positive(values: Sequence[Number]) -> list[Number]:
    return [max(0, value) for value in values]


def _sum_shown(block: Block, item: Item) -> str:
    """The end label of a stack: its sum, where the table itself gives it."""
    return "" if item.total is None else shown(item.total, block.unit)


def _label_lines(item: Item, width: float) -> list[str]:
    room = (width - 8) / (SLACK if width > 60 else 1)
    lines = fonts.wrap(item.label, fonts.REGULAR, SIZE, room)
    if len(lines) > 3:
        lines[2:] = [fonts.shorten(" ".join(lines[2:]), fonts.REGULAR, SIZE, room)]
    return lines
