"""What the coordinator sees of the Région's edition: each table with what it hides, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ramsess.reports.disclosure.edition import RegionEdition
from ramsess.reports.disclosure.reasons import Reason
from ramsess.reports.numbers import cell_text
from ramsess.reports.persons import Cell
from ramsess.reports.table import Column, Row, Table


@dataclass(frozen=True)
class Hidden:
    """A hidden cell: where it stands, its figure as it is read, why."""

    row: Row
    column: Column
    text: str
    reason: Reason


@dataclass(frozen=True)
class Sheet:
    """A table of the edition; *full* has every figure; *left_out*: rows and columns that the
    Région's table does not have."""

    table: Table
    full: Table
    reasons: dict[Cell, Reason]
    left_out: tuple[str, ...]

    @property
    def cells(self) -> int:
        """How many cells the table of the edition has."""
        return len(self.table.rows) * len(self.table.columns)

    @property
    def hidden(self) -> list[Hidden]:
        """Its hidden cells, in the order of the table."""
        return [
            Hidden(row, column, self.text(row, column), self.reasons[row.key, column.key])
            for row in self.table.rows
            for column in self.table.columns
            if self.table.is_hidden(row.key, column.key)
        ]

    def text(self, row: Row, column: Column) -> str:
        """The figure of a cell, hidden or not."""
        hidden = self.table.is_hidden(row.key, column.key)
        return cell_text(self.full if hidden else self.table, row, column)


def sheets(edition: RegionEdition) -> list[Sheet]:
    """Every table of the edition."""
    return list(_sheets(edition))


def absent(edition: RegionEdition) -> list[Table]:
    """The tables of the network's report that the Région's has not."""
    kept = {table.id for table in edition.report.tables}
    return [table for key, table in edition.release.tables.items() if key not in kept]


def _sheets(edition: RegionEdition) -> Iterator[Sheet]:
    for table in edition.report.tables:
        full = edition.release.tables[table.id]
        rows, columns = ({item.key for item in items} for items in (table.rows, table.columns))
        left_out = (
            *(row.label for row in full.rows if row.key not in rows),
            *(column.label for column in full.columns if column.key not in columns),
        )
        reasons = {one.cell: one for one in edition.reasons if one.table_id == table.id}
        yield Sheet(table, full, reasons, left_out)
