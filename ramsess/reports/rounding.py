"""How figures are rounded, and what stands between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Number = int | float


def percentages(values: Sequence[Number]) -> list[int]:
    """Whole percentages of *values* that add up to 100 by largest remainder (Rule 9).

    All are 0 when the total is 0.
    """
    total = sum(values)
    if not total:
        return [0] * len(values)
    exact = [value * 100 / total for value in values]
    floors = [int(share) for share in exact]
    order = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], i))
    for i in order[: 100 - sum(floors)]:
        floors[i] += 1
    return floors


def quantile(values: npt.ArrayLike, share: float) -> Number:
    """By linear interpolation, as PostgreSQL's ``percentile_cont``; a whole one is an integer."""
    found = float(np.quantile(np.asarray(values), share))
    return int(found) if found.is_integer() else found
