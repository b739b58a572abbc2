"""What a chart draws: figures parted by unit, for one scale can show only one unit."""

from __future__ import annotations

from dataclasses import dataclass

from ramsess.reports.table import Chart, ChartKind, Column, Number, Row, RowKind, Table, Unit
from ramsess.reports.text import cut, one_line

MOST_BARS = 40
_LONGEST = 160


@dataclass(frozen=True)
class Item:
    """What one bar, or one point of each line, stands for: a figure for each series.

    *total* is what the table itself gives as the sum of the series, if it does.
    """

    label: str
    level: int
    values: tuple[Number, ...]
    total: Number | None = None


@dataclass(frozen=True)
class Block:
    """Items whose figures share *unit*; *left_out* more were too many to be drawn."""

    unit: Unit
    series: tuple[str, ...]
    items: tuple[Item, ...]
    left_out: int = 0

    def highest(self) -> Number:
        """The greatest figure of the block, 0 when all are 0 or there is none."""
        return max((value for item in self.items for value in item.values), default=0)

    def is_empty(self) -> bool:
        """True when there is nothing to draw: no item, no series, or only zeros."""
        return not any(value for item in self.items for value in item.values)


def blocks(table: Table, chart: Chart) -> list[Block]:
    """The blocks of *chart*, one a unit, in the order of the table.

    Bars of one row over several columns are one bar a column. Of more than ``MOST_BARS`` bars
    the greatest are kept.
    """
    by_key = {column.key: column for column in table.columns}
    columns = [by_key[key] for key in chart.columns]
    if chart.rows is None:
        rows = [row for row in table.rows if row.kind is RowKind.DETAIL]
    else:
        rows = [row for row in table.rows if row.key in chart.rows]
    found = []
    for unit in dict.fromkeys(table.unit(row, column) for row in rows for column in columns):
        own_rows = [r for r in rows if any(table.unit(r, c) is unit for c in columns)]
        own_columns = [c for c in columns if any(table.unit(r, c) is unit for r in rows)]
        if chart.kind is ChartKind.BARS and len(own_rows) == 1 and len(own_columns) > 1:
            found.append(_greatest(_one_row(table, unit, own_rows[0], own_columns)))
        else:
            block = _by_row(table, unit, own_rows, own_columns)
            found.append(block if chart.kind is ChartKind.LINES else _greatest(block))
    return found


def _by_row(table: Table, unit: Unit, rows: list[Row], columns: list[Column]) -> Block:
    items = []
    with_total = any(column.key == "TOTAL" for column in table.columns)
    for row in rows:
        if any(table.is_hidden(row.key, column.key) for column in columns):
            continue  # nothing is drawn of what is not published (Rule 15)
        values = tuple(table.value(row.key, column.key) for column in columns)
        # A sum over structures would count shared records twice (Rule 1): only the table's own.
        shown = with_total and not table.is_hidden(row.key, "TOTAL")
        total = table.value(row.key, "TOTAL") if shown else None
        items.append(
            Item(_label(row.label), row.level, values, total if total == sum(values) else None)
        )
    return Block(unit, tuple(_label(column.label) for column in columns), tuple(items))


def _one_row(table: Table, unit: Unit, row: Row, columns: list[Column]) -> Block:
    items = [
        Item(_label(c.label), 0, (table.value(row.key, c.key),))
        for c in columns
        if not table.is_hidden(row.key, c.key)
    ]
    return Block(unit, (_label(row.label),), tuple(items))


def _greatest(block: Block) -> Block:
    if len(block.items) <= MOST_BARS:
        return block
    order = sorted(range(len(block.items)), key=lambda i: -sum(block.items[i].values))
    kept = tuple(block.items[i] for i in sorted(order[:MOST_BARS]))
    return Block(block.unit, block.series, kept, len(block.items) - MOST_BARS)


def _label(text: str) -> str:
    return cut(one_line(text), _LONGEST)
