"""``RAMSESS_WHOLE=1`` (``make whole``): everybody tries everything; otherwise, a part of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")

WHOLE = bool(os.environ.get("RAMSESS_WHOLE"))


def part_of(everything: Sequence[Thing], few: Sequence[Thing]) -> list[Thing]:
    """*everything*, or the *few* of it that every change tries."""
    assert set(few) <= set(everything)
    return list(everything if WHOLE else few)


def one_in(number: int, everything: Sequence[Thing]) -> list[Thing]:
    """*everything*, or one in *number*, evenly."""
    return list(everything if WHOLE else everything[::number])


def shares(number: int, everything: Sequence[Thing], few: int) -> list[list[Thing]]:
    """*everything* shared out over *number* tests, or one test of one in *few*, evenly."""
    if WHOLE:
        return [list(everything[at::number]) for at in range(number)]
    return [list(everything[::few])]
