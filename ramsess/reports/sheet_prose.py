"""Sentences in the cells of a workbook: how many lines they take, and where they are parted."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from ramsess.reports.text import paragraphs

#: Lines of a comment above the figures: more would leave no room for those that scroll under it.
FROZEN_LINES = 8

_WIDEST_PROSE = 110  # characters
_LINES = 24  # of one cell: a row can be no higher than 409 points


def line_count(text: str, width: float) -> int:
    """How many lines *text* takes in a cell *width* characters wide."""
    room = _room(width)
    return sum(max(1, len(textwrap.wrap(line, room))) for line in text.split("\n"))


def pieces(text: str, width: float, first: int = _LINES) -> list[str]:
    """A long text for several cells *width* characters wide: *first* lines, then cells of 24.

    Its paragraphs are lines of a cell; a paragraph is broken only if it is longer than a cell.
    """
    room = _room(width)
    found: list[list[str]] = [[]]
    for paragraph in paragraphs(text):
        lines = textwrap.wrap(paragraph, room)
        while lines:
            most = first if len(found) == 1 else _LINES
            left = most - sum(line_count(part, width) for part in found[-1])
            if left <= 0 or (len(lines) > left and found[-1] and len(lines) <= _LINES):
                found.append([])
                continue
            found[-1].append(" ".join(lines[:left]))
            lines = lines[left:]
    return ["\n".join(parts) for parts in found if parts]


def _room(width: float) -> int:
    """How many characters a line holds: of a wide cell about as many as digits."""
    return max(4, int(width) - (2 if width < 60 else 0))


def prose_width(widths: Sequence[float]) -> tuple[int, float]:
    """How many columns a sentence goes over, and how wide they are together."""
    room = min(sum(widths), _WIDEST_PROSE)
    merged = 1
    while sum(widths[:merged]) < room and merged < len(widths):
        merged += 1
    return merged, sum(widths[:merged])
