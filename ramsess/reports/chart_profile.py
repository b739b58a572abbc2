"""The profile of a diagnostic: maturity on each axis, a line for each structure and one for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.shapes import Drawing, Line, Rect, String

from ramsess.models import Axis, Diagnostic
from ramsess.models.diagnostic import LEVELS
from ramsess.reports import fonts
from ramsess.reports.chart_marks import marked_line, marker, words
from ramsess.reports.numbers import french_number
from ramsess.reports.palette import INK, LINE, PAPER, SEA, SKY, SLATE, style_of
from ramsess.reports.svg import inline_svg
from ramsess.reports.text import cut, one_line

TITLE = "Maturité du projet, axe par axe"
NOTHING = "Aucun niveau n’est encore indiqué."
OVERALL = "Ensemble (moyenne)"
SCREEN_WIDTH = 560.0

_ROW = 26.0
_LEADING = 12.0
_LABEL = 0.36  # of the width, for the names of the axes
_BAR = 9.0


@dataclass(frozen=True)
class Profile:
    """Levels from 1 to 4 by structure and axis (None: not said), and their mean by axis."""

    axes: tuple[str, ...]
    structures: tuple[str, ...]
    levels: tuple[tuple[int | None, ...], ...]

    @classmethod
    def of(cls, diagnostic: Diagnostic, axes: Sequence[Axis]) -> Profile:
        """The profile that a diagnostic draws on *axes*."""
        levels = []
        for part in diagnostic.contributions:
            said = {one.axis_code: one.level for one in part.appraisals}
            levels.append(tuple(said.get(axis.code) for axis in axes))
        return cls(
            tuple(axis.label for axis in axes),
            tuple(part.structure.name for part in diagnostic.contributions),
            tuple(levels),
        )

    @property
    def overall(self) -> tuple[float | None, ...]:
        """The mean of the levels said, axis by axis."""
        columns = [
            [level for level in (row[place] for row in self.levels) if level is not None]
            for place in range(len(self.axes))
        ]
        return tuple(sum(said) / len(said) if said else None for said in columns)

    @property
    def is_empty(self) -> bool:
        return all(level is None for row in self.levels for level in row)

    def drawing(self, width: float) -> Drawing:
        """A bar an axis for the mean, and a line of markers for each structure."""
        names = [*self.structures, OVERALL]
        legend = self._legend(names, width)
        top = len(legend) * _LEADING + 10
        height = top + 14 + len(self.axes) * _ROW + 6
        drawing = Drawing(width, height)
        drawing.add(Rect(0, 0, width, height, fillColor=PAPER, strokeColor=None))
        for row, items in enumerate(legend):
            for x, number in items:
                self._draw_name(drawing, x, height - 10 - row * _LEADING, number, names[number])
        left, right = width * _LABEL, width - 16
        step = (right - left) / (len(LEVELS) - 1 + 0.3)
        across = {level: left + (level - 0.7) * step for level in LEVELS}
        low, high = 6.0, height - top - 12
        for level, x in across.items():
            drawing.add(Line(x, low, x, high, strokeColor=LINE, strokeWidth=0.6))
            drawing.add(words(x, high + 3, str(level), anchor="middle", colour=SLATE))
        rows = [high - (place + 0.5) * _ROW for place in range(len(self.axes))]
        for y, label, mean in zip(rows, self.axes, self.overall, strict=True):
            self._draw_label(drawing, label, y, left - 10)
            if mean is not None:
                drawing.add(
                    Rect(left, y - _BAR / 2, left + (mean - 0.7) * step - left, _BAR,
                         fillColor=SKY, strokeColor=SEA, strokeWidth=0.6)
                )  # fmt: skip
        for number, levels in enumerate(self.levels):
            # Two who say the same are drawn one above the other.
            shift = (number - (len(self.levels) - 1) / 2) * -5.0
            points = [
                (across[level], y + shift)
                for level, y in zip(levels, rows, strict=True)
                if level is not None
            ]
            for shape in marked_line(points, number, width=1.2):
                drawing.add(shape)
        return drawing

    def svg(self) -> str:
        """The drawing as an ``<svg>`` element, its text alternative inside."""
        return inline_svg(self.drawing(SCREEN_WIDTH), TITLE, self.description)

    @property
    def description(self) -> str:
        """What the drawing shows, in French."""
        if self.is_empty:
            return NOTHING
        sentences = []
        rows = [*self.levels, self.overall]
        for name, levels in zip((*self.structures, OVERALL), rows, strict=True):
            said = [
                f"{axis.lower()} {mean_text(level)}"
                for axis, level in zip(self.axes, levels, strict=True)
                if level is not None
            ]
            sentences.append(f"{one_line(name)} : {', '.join(said) or 'aucun niveau'}.")
        return " ".join([*sentences, "Le tableau donne tous les niveaux."])

    def _legend(self, names: Sequence[str], width: float) -> list[list[tuple[float, int]]]:
        lines: list[list[tuple[float, int]]] = [[]]
        x = 6.0
        for number, name in enumerate(names):
            room = fonts.text_width(_short(name), fonts.BOLD, 8) * 1.25 + 26
            if x + room > width and lines[-1]:
                lines.append([])
                x = 6.0
            lines[-1].append((x, number))
            x += room
        return lines

    def _draw_name(self, drawing: Drawing, x: float, y: float, number: int, name: str) -> None:
        if number == len(self.structures):
            drawing.add(Rect(x - 4, y - 1, 10, 7, fillColor=SKY, strokeColor=SEA, strokeWidth=0.6))
        else:
            drawing.add(marker(x, y + 2.5, number, style_of(number)))
        text = String(x + 9, y, _short(name), fontName=fonts.BOLD, fontSize=8, fillColor=INK)
        drawing.add(text)

    def _draw_label(self, drawing: Drawing, label: str, y: float, room: float) -> None:
        lines = fonts.wrap(cut(one_line(label), 120), fonts.REGULAR, 8, room / 1.2)[:2]
        first = y - 2.8 + (len(lines) - 1) * 4.5
        for down, line in enumerate(lines):
            drawing.add(words(4, first - down * 9, line, size=8, colour=INK))


def mean_text(level: float | None) -> str:
    """``3``, ``2,5``; nothing when it is not said."""
    if level is None:
        return ""
    return french_number(level, 0 if level == int(level) else 1)


def _short(name: str) -> str:
    return cut(one_line(name), 40)
