"""Axes of the charts: round steps of the figures' unit, and their labels."""

from __future__ import annotations

from ramsess.reports.numbers import NARROW_SPACE, figure, french_number
from ramsess.reports.table import Number, Unit

_WHOLE = (Unit.COUNT, Unit.PERCENT)


def ticks(highest: float, unit: Unit, count: int = 5) -> list[float]:
    """Round figures from 0 up to *highest* or just above, at most *count* steps; minutes too."""
    if highest <= 0:
        return [0.0]
    step = _step(highest / count, unit)
    steps = -int(-(highest / step) // 1)
    return [step * i for i in range(max(1, steps) + 1)]


def tick_label(value: float, unit: Unit) -> str:
    """The figure *value* of an axis; whole hours without their ``00``."""
    if unit is Unit.MINUTES and value and value % 60 == 0:
        return f"{french_number(int(value // 60), 0)}{NARROW_SPACE}h"
    return figure(_plain(value), unit)


def _plain(value: float) -> Number:
    return int(value) if value == int(value) else round(value, 2)


def _step(least: float, unit: Unit) -> float:
    if unit is Unit.MINUTES:
        for step in (1, 5, 15, 30):
            if least <= step:
                return float(step)
        return 60 * _round_up(least / 60, whole=True)
    return _round_up(least, whole=unit in _WHOLE)


def _round_up(least: float, *, whole: bool) -> float:
    power = 1.0 if whole else 0.01
    while True:
        for factor in (1, 2, 5):
            if least <= factor * power:
                return factor * power
        power *= 10
