"""Make every figure of a table again, from the lines behind it and nothing else (Rule 13)."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from ramsess.reports.behind import Behind
from ramsess.reports.table import Column, Row, Table, Unit

QUARTILES = {"min": Fraction(0), "q1": Fraction(1, 4), "median": Fraction(1, 2),
             "q3": Fraction(3, 4), "max": Fraction(1), "median_days": Fraction(1, 2)}  # fmt: skip
#: What one unit of a figure is in the lines.
HUNDREDTHS = {Unit.FTE: 100, Unit.EUROS: 100}


def wrong(table: Table, days: int) -> tuple[list[str], Counter[str]]:
    """The cells of *table* that their lines do not make, and how many of each kind were tried.

    *days*: how many the period has (the planned shares of posts are means over them).
    """
    found: list[str] = []
    tried: Counter[str] = Counter()
    for row in table.rows:
        for column in table.columns:
            if table.is_hidden(row.key, column.key):
                continue
            kind, made = remade(table, row, column, days)
            tried[kind] += 1
            value = table.value(row.key, column.key)
            behind = table.behind(row.key, column.key)
            exact = abs(float(made) - value) < 1e-9 and abs(behind.figure - value) < 1e-9
            if not exact or not agrees(behind, value, kind):
                found.append(f"{table.id} {row.key}/{column.key}: {value}, {made}, {len(behind)}")
    return found, tried


def agrees(behind: Behind, value: float, kind: str) -> bool:
    """A count has as many lines as it says, each of 1; no line adds nothing to a sum."""
    if kind == "count":
        return len(behind) == value and set(behind.amounts.tolist()) <= {1}
    return kind not in ("sum", "shared") or 0 not in behind.amounts


def remade(table: Table, row: Row, column: Column, days: int) -> tuple[str, Fraction | int]:
    """What sort of figure the cell holds, and the figure made of its lines."""
    behind = table.behind(row.key, column.key)
    amounts = [int(one) for one in behind.amounts]
    unit = table.unit(row, column)
    if row.key == "delay" or column.key in QUARTILES:
        share = QUARTILES.get(column.key, Fraction(1, 2))
        return "quantile", between(sorted(amounts), share)
    if column.key in ("PERCENT", "planned", "recorded"):
        return "part", part(table, row, column)
    if table.id == "B17" and column.key == "share":
        hundredths = Fraction(100 * sum(amounts), days)
        return "sum", Fraction(int(hundredths + Fraction(1, 2)), 100)
    if unit is Unit.PERCENT:
        return "known", 100 * sum(amounts) // len(amounts) if amounts else 0
    made = Fraction(sum(amounts), HUNDREDTHS.get(unit, 1))
    if column.key in ("SHARED", "change"):
        return column.key.lower(), made
    summed = unit is not Unit.COUNT or set(amounts) - {1} or row.key == "acts_planned"
    return "sum" if summed else "count", made


def between(values: list[int], share: Fraction) -> Fraction:
    """By linear interpolation."""
    if not values:
        return Fraction(0)
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (place - low) * (values[high] - values[low])


def part(table: Table, row: Row, column: Column) -> int:
    """Per cent of the lines of the row among those of all rows beside it, by largest remainder."""
    if table.is_blank(row, column):
        return 0
    if table.id == "B17":
        post = row.key.partition("/")[0]
        keys = [item.key for item in table.rows if item.key.startswith(f"{post}/")]
        of = {"planned": "share", "recorded": "minutes"}[column.key]
    else:
        keys = [item.key for item in table.rows if item.kind == "detail" and not item.level]
        of = "parcours" if table.id == "B15" else "TOTAL"
    sums = [Fraction(str(table.behind(key, of).figure)) for key in keys]
    whole = sum(sums)
    if row.key not in keys:
        return 100 if whole else 0
    exact = [100 * one / whole for one in sums] if whole else [Fraction(0)] * len(sums)
    floors = [int(one) for one in exact]
    missing = (100 if whole else 0) - sum(floors)
    order = sorted(range(len(keys)), key=lambda i: (floors[i] - exact[i], i))
    return floors[keys.index(row.key)] + (order.index(keys.index(row.key)) < missing)
