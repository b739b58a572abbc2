"""Lines over months: a marker at each point, the name of each line at its end."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.graphics.shapes import Drawing, Line, Rect

from ramsess.reports import fonts
from ramsess.reports.chart_cells import Block
from ramsess.reports.chart_marks import SIZE, SLACK, marked_line, marker, shown, words
from ramsess.reports.chart_scale import tick_label, ticks
from ramsess.reports.palette import INK, LINE, PAPER, SLATE, style_of
from ramsess.reports.table import Number

_PLOT = 120.0
_ABOVE = 14.0
_BELOW = 24.0
_LEADING = 9.5


@dataclass(frozen=True)
class Lines:
    """The lines of a block, *width* points wide; drawn downwards from a given top."""

    block: Block
    width: float

    @property
    def height(self) -> float:
        names = len(self.block.series) * _LEADING
        return _ABOVE + max(_PLOT, names) + _BELOW

    def draw(self, drawing: Drawing, top: float) -> None:
        """Add the lines to *drawing*, the upper edge at *top*."""
        unit = self.block.unit
        axis = ticks(float(self.block.highest()), unit)
        high, low = top - _ABOVE, top - self.height + _BELOW
        left = 8 + max(fonts.text_width(tick_label(v, unit), fonts.REGULAR, 7) for v in axis) * (
            SLACK
        )
        right = self.width - self._name_width
        scale = (high - low) / axis[-1] if axis[-1] else 0.0
        for value in axis:
            y = low + value * scale
            stroke = SLATE if value == 0 else LINE
            drawing.add(Line(left, y, right, y, strokeColor=stroke, strokeWidth=0.6))
            drawing.add(words(left - 5, y - 2.4, tick_label(value, unit), anchor="end", size=7))
        across = self._places(left, right)
        self._draw_months(drawing, across, low)
        ends = []
        for number in range(len(self.block.series)):
            values = [item.values[number] for item in self.block.items]
            runs = _runs(across, values)
            for run in runs:
                points = [(x, low + value * scale) for x, value in run]
                for shape in marked_line(points, number, width=1.5):
                    drawing.add(shape)
                if len(self.block.series) == 1:
                    self._draw_figures(drawing, points, [value for _, value in run], low)
            ends.append(low + runs[-1][-1][1] * scale if runs else low)
            for x, known in zip(across, values, strict=True):
                if known is None:
                    drawing.add(words(x, low + 3, shown(None, unit), anchor="middle", size=7.5))
        self._draw_names(drawing, ends, right, high)

    def _draw_figures(
        self,
        drawing: Drawing,
        points: list[tuple[float, float]],
        values: list[Number],
        low: float,
    ) -> None:
        """The figure of each point, under it in a hollow; if too wide, the extremes alone.

        None goes under the axis, which is at *low*.
        """
        texts = [shown(value, self.block.unit) for value in values]
        widest = max(fonts.text_width(text, fonts.REGULAR, 7.5) for text in texts) * SLACK
        pitch = points[1][0] - points[0][0] if len(points) > 1 else self.width
        extremes = {values.index(max(values)), values.index(min(values))}
        for number, ((x, y), value) in enumerate(zip(points, values, strict=True)):
            if widest > 0.9 * pitch and number not in extremes:
                continue
            around = values[max(0, number - 1) : number + 2]
            hollow = len(values) > 1 and value <= min(around) and y - low > 16
            up = -11 if hollow else 5.5
            text = texts[number]
            # On paper of its own: neither the scale's line nor the curve goes through a figure.
            width = fonts.text_width(text, fonts.REGULAR, 7.5)
            drawing.add(
                Rect(x - width / 2, y + up - 0.6, width, 6.8, fillColor=PAPER, strokeColor=None)
            )
            drawing.add(words(x, y + up, text, anchor="middle", size=7.5, colour=INK))

    @property
    def _names(self) -> list[str]:
        room = self.width * 0.22
        return [fonts.shorten(name, fonts.BOLD, SIZE, room) for name in self.block.series]

    @property
    def _name_width(self) -> float:
        if len(self.block.series) == 1:  # the title names a single line
            return 20.0
        widest = max(fonts.text_width(name, fonts.BOLD, SIZE) for name in self._names)
        return widest * SLACK + 30

    def _places(self, left: float, right: float) -> list[float]:
        count = len(self.block.items)
        inner_left, inner_right = left + 14, right - 6
        if count == 1:
            return [(inner_left + inner_right) / 2]
        return [inner_left + (inner_right - inner_left) * i / (count - 1) for i in range(count)]

    def _draw_months(self, drawing: Drawing, across: list[float], low: float) -> None:
        pitch = across[1] - across[0] if len(across) > 1 else self.width
        labels = [item.label for item in self.block.items]
        widest = max(fonts.longest_word(text, fonts.REGULAR, 7) for text in labels) * 1.05 + 2
        every = max(1, -int(-(widest / pitch) // 1))
        whole = max(fonts.text_width(text, fonts.REGULAR, 7) for text in labels)
        # All on one line or, where a wider typeface could make them touch, all broken alike.
        broken = whole * SLACK >= pitch * every
        for number, (x, text) in enumerate(zip(across, labels, strict=True)):
            drawing.add(Line(x, low, x, low - 2.5, strokeColor=SLATE, strokeWidth=0.6))
            if number % every:
                continue
            for down, line in enumerate(text.split(" ", 1) if broken else [text]):
                y = low - 10.5 - 8 * down
                drawing.add(words(x, y, line, anchor="middle", size=7, colour=SLATE))

    def _draw_names(self, drawing: Drawing, ends: list[float], right: float, high: float) -> None:
        if len(ends) == 1:
            return
        order = sorted(range(len(ends)), key=lambda i: -ends[i])
        # From the top down, each name at the end of its line, or just under the one above; then
        # pushed up again where the lowest would leave the drawing.
        heights: list[float] = []
        for series in order:
            highest = heights[-1] - _LEADING if heights else high
            heights.append(min(ends[series], highest))
        floor = high - (self.height - _ABOVE - _BELOW)
        for place in range(len(order) - 1, -1, -1):
            heights[place] = max(heights[place], floor + _LEADING * (len(order) - 1 - place))
        for series, y in zip(order, heights, strict=True):
            style = style_of(series)
            drawing.add(
                Line(right - 4, ends[series], right + 6, y, strokeColor=LINE, strokeWidth=0.5)
            )
            drawing.add(marker(right + 10, y, series, style))
            text = self._names[series]
            drawing.add(words(right + 17, y - 2.7, text, size=SIZE, bold=True, colour=INK))


def _runs(across: list[float], values: list[Number | None]) -> list[list[tuple[float, Number]]]:
    """The places and values of each run of published figures: no line bridges one that is not."""
    runs: list[list[tuple[float, Number]]] = [[]]
    for x, value in zip(across, values, strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((x, value))
    return [run for run in runs if run]
