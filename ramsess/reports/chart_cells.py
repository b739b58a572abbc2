"""What a chart draws: figures parted by unit, for one scale can show only one unit."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ramsess.reports.table import Chart, ChartKind, Column, Number, Row, RowKind, Table, Unit
from ramsess.reports.text import cut, one_line

MOST_BARS = 40
_LONGEST = 160


@dataclass(frozen=True)
class Item:
    """What one bar, or one point of each line, stands for: a figure for each series.

    None is a figure that is not published (Rule 15): nothing is drawn nor computed of it.
    *total* is what the table itself gives as the sum of the series, if it does.
    """

    label: str
    level: int
    values: tuple[Number | None, ...]
    total: Number | None = None

    @property
    def published(self) -> list[Number]:
        """Its figures that are published."""
        return [value for value in self.values if value is not None]

    @property
    def is_whole(self) -> bool:
        """True when every figure of it is published."""
        return len(self.published) == len(self.values)


@dataclass(frozen=True)
class Block:
    """Items whose figures share *unit*; *left_out* more were too many to be drawn."""

    unit: Unit
    series: tuple[str, ...]
    items: tuple[Item, ...]
    left_out: int = 0

    def highest(self) -> Number:
        """The greatest figure of the block, 0 when all are 0 or there is none."""
        return max((value for item in self.items for value in item.published), default=0)

    def is_empty(self) -> bool:
        """True when there is nothing to draw: no item, no series, only zeros, none published."""
        return not any(value for item in self.items for value in item.published)

    def has_hidden(self) -> bool:
        """True when some figure is not published."""
        return not all(item.is_whole for item in self.items)


def drawn_chart(table: Table) -> Chart | None:
    """The chart of *table* as its published figures allow.

    A stack that lacks a part is not drawn: where that leaves fewer than half of them, the totals
    are drawn in their place, if the table has and publishes them.
    """
    chart = table.chart
    if chart is None or chart.kind is not ChartKind.STACKED:
        return chart
    rows = _rows(table, chart)
    whole = [row for row in rows if not any(table.is_hidden(row.key, c) for c in chart.columns)]
    if 2 * len(whole) >= len(rows) or not any(column.key == "TOTAL" for column in table.columns):
        return chart
    if any(table.is_hidden(row.key, "TOTAL") for row in rows):
        return chart
    title = f"{chart.title} : total, faute de pouvoir publier tout le détail"
    return replace(chart, kind=ChartKind.BARS, title=title, columns=("TOTAL",))


def _rows(table: Table, chart: Chart) -> list[Row]:
    if chart.rows is None:
        return [row for row in table.rows if row.kind is RowKind.DETAIL]
    return [row for row in table.rows if row.key in chart.rows]


def blocks(table: Table, chart: Chart) -> list[Block]:
    """The blocks of *chart*, one a unit, in the order of the table.

    Bars of one row over several columns are one bar a column. Of more than ``MOST_BARS`` bars
    the greatest are kept. Multiples are one block a column.
    """
    by_key = {column.key: column for column in table.columns}
    columns = [by_key[key] for key in chart.columns]
    rows = _rows(table, chart)
    if chart.kind is ChartKind.MULTIPLES:
        return [
            _by_row(table, column.unit, [row for row in rows if row.unit is None], [column])
            for column in columns
        ]
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
        item = Item(
            _label(row.label), row.level, tuple(_value(table, row, column) for column in columns)
        )
        if with_total and item.is_whole and not table.is_hidden(row.key, "TOTAL"):
            # A sum over structures would count shared records twice (Rule 1): only the table's own.
            total = table.value(row.key, "TOTAL")
            item = replace(item, total=total if total == sum(item.published) else None)
        items.append(item)
    return Block(unit, tuple(_label(column.label) for column in columns), tuple(items))


def _one_row(table: Table, unit: Unit, row: Row, columns: list[Column]) -> Block:
    items = [Item(_label(c.label), 0, (_value(table, row, c),)) for c in columns]
    return Block(unit, (_label(row.label),), tuple(items))


def _greatest(block: Block) -> Block:
    if len(block.items) <= MOST_BARS:
        return block
    order = sorted(range(len(block.items)), key=lambda i: -sum(block.items[i].published))
    kept = tuple(block.items[i] for i in sorted(order[:MOST_BARS]))
    return Block(block.unit, block.series, kept, len(block.items) - MOST_BARS)


def _value(table: Table, row: Row, column: Column) -> Number | None:
    return None if table.is_hidden(row.key, column.key) else table.value(row.key, column.key)


def _label(text: str) -> str:
    return cut(one_line(text), _LONGEST)
