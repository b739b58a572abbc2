"""The column of percentages beside a total (Rule 9)."""

from __future__ import annotations

from dataclasses import replace

from ramsess.reports.behind import Measure, PartOf
from ramsess.reports.rounding import percentages
from ramsess.reports.table import Column, RowKind, Table, Unit


def with_percentages(table: Table, of: str = "TOTAL") -> Table:
    """Add the share of each detail row in the column *of*: whole per cent that add up to 100.

    *Non renseigné* is in the total and has its share; it is never spread over the others. Rows
    at a deeper level, or that only repeat persons counted above, have none.
    """
    rows = [row for row in table.rows if row.kind is RowKind.DETAIL and row.level == 0]
    shares = percentages([table.value(row.key, of) for row in rows])
    values = dict(table.values)
    cells = tuple((row.key, of) for row in rows)
    measures: dict[tuple[str, str], Measure] = dict(table.measures)
    for row, share in zip(rows, shares, strict=True):
        values[row.key, "PERCENT"] = share
        measures[row.key, "PERCENT"] = PartOf(cells, (row.key, of), ("TOTAL", of))
    if any(shares):
        values["TOTAL", "PERCENT"] = 100
        measures["TOTAL", "PERCENT"] = PartOf(cells, None, ("TOTAL", of))
    column = Column("PERCENT", "% du total", Unit.PERCENT, derived=True)
    return replace(table, columns=(*table.columns, column), values=values, measures=measures)
