"""The tables of the Région's edition: what is hidden is really absent from them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from ramsess.reports.disclosure.reasons import Reason, Why
from ramsess.reports.disclosure.release import Release
from ramsess.reports.period import Period
from ramsess.reports.persons import Cell, Persons
from ramsess.reports.table import Number, Table
from ramsess.reports.tables.b01_key_figures import SOURCES


def as_published(table: Table, period: Period, earlier: Sequence[Release]) -> Table:
    """B01 with, one year before, what was counted for the edition that was published then."""
    before = next((r for r in earlier if r.period == period.year_before()), None)
    if table.id != "B01" or before is None:
        return table
    values = dict(table.values)
    for row in table.rows:
        source, *cell = SOURCES[row.key]
        then = before.tables[source].value(*cell)
        values[row.key, "previous"] = then
        values[row.key, "change"] = round(values.get((row.key, "current"), 0) - then, 2)
    return replace(table, values=values)


def lighten(table: Table, persons: Persons) -> Table:
    """*table* without the rows and columns that the Région does not have, nor any record."""
    rows = tuple(row for row in table.rows if row.key not in persons.left_out_rows)
    columns = tuple(c for c in table.columns if c.key not in persons.left_out_columns)
    kept = {row.key for row in rows}, {column.key for column in columns}
    return replace(
        table,
        rows=rows,
        columns=columns,
        values={cell: value for cell, value in table.values.items()
                if cell[0] in kept[0] and cell[1] in kept[1]},
        parts=(),
        measures={},
        quotes={},
    )  # fmt: skip


def few_behind(table: Table, persons: Persons, threshold: int) -> Iterator[Reason]:
    """The cells that are never published, and those with few records behind."""
    for cell in sorted(persons.withheld):
        yield Reason(table.id, cell, Why.WITHHELD)
    for cell, records in persons.few.items():
        if 0 < records < threshold:
            yield Reason(table.id, cell, Why.BEHIND)


def derived(table: Table, persons: Persons, hidden: Collection[Cell]) -> Iterator[Reason]:
    """The cells computed from hidden ones: changes, and percentages of what is not published."""
    shown = {column.key: column.label for column in table.columns}
    for row in table.rows:
        for column in table.columns:
            base = persons.percentages.get(column.key)
            sources: list[Cell] = []
            if base is not None:
                sources = [(row.key, base), ("TOTAL", base)]
            elif column.key == "change":
                sources = [(row.key, "current"), (row.key, "previous")]
            if (row.key, column.key) not in table.values and base is not None:
                continue
            for source in sources:
                if source in hidden:
                    yield Reason(table.id, (row.key, column.key), Why.DERIVED,
                                 f"« {row.label} », « {shown[source[1]]} »")  # fmt: skip
                    break


def redact(table: Table, persons: Persons, hidden: frozenset[Cell]) -> Table:
    """*table* with the cells *hidden* absent, and percentages of nothing but what is published."""
    values = {cell: value for cell, value in table.values.items() if cell not in hidden}
    for column, base in persons.percentages.items():
        if any(at == base for _, at in hidden):
            values |= _percentages(table, column, base, hidden)
    return replace(table, values=values, hidden=hidden)


def _percentages(
    table: Table, column: str, base: str, hidden: Collection[Cell]
) -> Mapping[Cell, Number]:
    """Each share rounded by itself: those that add up to 100 tell something of the others."""
    found: dict[Cell, Number] = {}
    for row in table.rows:
        cell = row.key, column
        if cell in table.values and cell not in hidden:
            total = table.value("TOTAL", base)
            found[cell] = round(100 * table.value(row.key, base) / total)
    return found
