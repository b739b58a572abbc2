"""Cells of a table, and the cross table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

#: (row, column) → figure; a cell that is absent is 0.
Cells = dict[tuple[str, str], float]


def crossed(pairs: Iterable[tuple[str, str]]) -> Cells:
    """A cross table of (row, column), with `TOTAL` both ways."""
    cells: Counter[tuple[str, str]] = Counter()
    for row, column in pairs:
        for key in ((row, column), (row, "TOTAL"), ("TOTAL", column), ("TOTAL", "TOTAL")):
            cells[key] += 1
    return dict(cells)
