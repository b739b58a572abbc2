"""What a report shows: tables of figures, declared once and rendered everywhere.

A ``Table`` is plain data: the renderers (screen, Excel, PDF, JSON) know it and nothing of
counting. It comes out of a ``Tally``, which keeps for each cell the records it counts, so that
a figure and the list behind it cannot disagree (Rule 13).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from ramsess.reports.behind import (
    COUNTED,
    IN_COMMON,
    SHARED,
    Behind,
    Ids,
    Lines,
    Measure,
    Part,
    Scale,
    lines,
)
from ramsess.reports.rounding import Number as Number  # noqa: PLC0414  # part of the table

#: What every output shows in the place of a figure that is not published (*secret statistique*).
NOT_PUBLISHED = "s"


class HiddenError(LookupError):
    """A figure was asked that is not published (Rule 15)."""


class Unit(StrEnum):
    """How a figure is to be read; it decides the number format in every output."""

    COUNT = "count"  # whole number
    MINUTES = "minutes"  # integer minutes, shown as hours and minutes
    FTE = "fte"  # full-time equivalents, two decimals
    DAYS = "days"  # days, one decimal at most (quartiles)
    NUMBER = "number"  # acts per parcours, one decimal at most (quartiles)
    PERCENT = "percent"  # whole per cent that add up to 100 (Rule 9)
    EUROS = "euros"  # euros, two decimals


class RowKind(StrEnum):
    DETAIL = "detail"
    SUBTOTAL = "subtotal"
    TOTAL = "total"


@dataclass(frozen=True)
class Column:
    """A column: *key* is stable and public (JSON), *label* is what people read.

    A *derived* column (a change, a percentage) is computed from the others: it is shown, but it
    is not a figure of the JSON report. The figures of a *signed* column are differences: those
    above 0 are shown with a plus.
    """

    key: str
    label: str
    unit: Unit = Unit.COUNT
    derived: bool = False
    signed: bool = False


@dataclass(frozen=True)
class Row:
    """A row; *level* indents it under the row above; *unit* overrides the column's.

    A cell of an *optional* row may hold nothing (the share of no record): that is not 0.
    """

    key: str
    label: str
    kind: RowKind = RowKind.DETAIL
    level: int = 0
    unit: Unit | None = None
    optional: bool = False


class ChartKind(StrEnum):
    BARS = "bars"  # horizontal bars, one a row
    STACKED = "stacked"  # horizontal bars, one a row, stacked by column
    LINES = "lines"  # one line a column over the rows (months)
    MULTIPLES = "multiples"  # the same rows once a column, each column on its own scale


@dataclass(frozen=True)
class Chart:
    """A drawing of some cells of the table: detail rows × *columns* (keys)."""

    kind: ChartKind
    title: str
    columns: tuple[str, ...]
    rows: tuple[str, ...] | None = None  # None: every detail row


@dataclass(frozen=True)
class Quote:
    """A cell of another table, whose figure and records are taken as they are."""

    table: Table
    row: str
    column: str


@dataclass(frozen=True)
class Table:
    """A counted table: figures by (row key, column key); an absent cell is 0."""

    id: str
    title: str
    rule: str
    row_heading: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    values: dict[tuple[str, str], Number]
    chart: Chart | None = None
    parts: tuple[Part, ...] = field(default=(), repr=False)
    quotes: Mapping[tuple[str, str], Quote] = field(default_factory=dict, repr=False)
    #: How a figure comes out of its records, by cell; elsewhere it is their number or their sum.
    measures: Mapping[tuple[str, str], Measure] = field(default_factory=dict, repr=False)
    scale: Scale | None = field(default=None, repr=False)
    #: Cells that are not published (Rule 15): the table holds neither their figure nor records.
    hidden: frozenset[tuple[str, str]] = frozenset()

    def value(self, row: str, column: str) -> Number:
        """The figure of a cell; 0 when nothing was counted there. HiddenError when not published:
        nothing may be drawn or computed from it."""
        if (row, column) in self.hidden:
            raise HiddenError(f"{self.id}: {row}, {column}")
        return self.values.get((row, column), 0)

    def is_hidden(self, row: str, column: str) -> bool:
        """True for a cell whose figure is not published (Rule 15)."""
        return (row, column) in self.hidden

    def unit(self, row: Row, column: Column) -> Unit:
        """The unit of a cell: the row's when it states one, unless the column is a percentage."""
        return column.unit if column.unit is Unit.PERCENT or row.unit is None else row.unit

    def is_blank(self, row: Row, column: Column) -> bool:
        """True for a cell without a figure: a share that it cannot have."""
        return (column.derived or row.optional) and (row.key, column.key) not in self.values

    def behind(self, row: str, column: str) -> Behind:
        """The records behind a cell, line by line, and the figure that they make (Rule 13).

        HiddenError for a figure that is not published: nothing leads to its records.
        """
        if (row, column) in self.hidden:
            raise HiddenError(f"{self.id}: {row}, {column}")
        quote = self.quotes.get((row, column))
        if quote is not None:
            return quote.table.behind(quote.row, quote.column)
        usual = IN_COMMON if column == SHARED else COUNTED
        return self.measures.get((row, column), usual).behind(self, row, column)

    def lines(self, row: str, column: str) -> Lines:
        """What was counted, or added, in that cell of this table."""
        r = next(i for i, item in enumerate(self.rows) if item.key == row)
        c = next(i for i, item in enumerate(self.columns) if item.key == column)
        return lines(self.parts, lambda part: (part.rows == r) & (part.columns == c))

    def records(self, row: str, column: str) -> dict[str, Ids]:
        """The records behind a cell: distinct ids by kind of record."""
        found = self.behind(row, column)
        return {found.kind: np.unique(found.ids)} if len(found) else {}

    def scaled(self, row: str, column: str, total: int) -> Number:
        """The figure that a cell shows for a whole *total* of what its records add."""
        return total if self.scale is None else self.scale(row, column, total)

    def unit_of(self, row: str, column: str) -> Unit:
        """The unit of the cell of these keys."""
        found = next(item for item in self.rows if item.key == row)
        return self.unit(found, next(item for item in self.columns if item.key == column))

    def as_json(self) -> dict[str, Any]:
        """The table for the JSON report: stable keys, derived columns left out; null is blank,
        ``NOT_PUBLISHED`` not published."""
        columns = [column for column in self.columns if not column.derived]
        return {
            "title": self.title,
            "rule": self.rule,
            "columns": [column.key for column in columns],
            "rows": [
                {
                    "key": row.key,
                    "label": row.label,
                    "values": {column.key: self._shown(row, column) for column in columns},
                }
                for row in self.rows
            ],
        }

    def _shown(self, row: Row, column: Column) -> Number | str | None:
        if self.is_hidden(row.key, column.key):
            return NOT_PUBLISHED
        return None if self.is_blank(row, column) else self.value(row.key, column.key)


Keys: TypeAlias = "str | pd.Categorical[Any]"
Places = npt.NDArray[np.int64]


class Tally:
    """Counts records into the cells of a table.

    Rows and columns of the records are given as one key for all of them, or as a categorical of
    keys, one for each record; a record whose key is missing, or is no row or column of the
    table, is left out of that count.
    """

    def __init__(self, rows: Sequence[Row], columns: Sequence[Column]) -> None:
        self.rows = tuple(rows)
        self.columns = tuple(columns)
        self._row_at = {row.key: i for i, row in enumerate(self.rows)}
        self._column_at = {column.key: i for i, column in enumerate(self.columns)}
        self._sums = np.zeros((len(self.rows), len(self.columns)), dtype=np.int64)
        self._parts: list[Part] = []

    def count(
        self,
        kind: str,
        ids: Any,
        row: Keys,
        column: Keys,
        *,
        distinct: bool = False,
        whom: Any = None,
    ) -> None:
        """Count the records *ids*, once each; *distinct* when an id may come twice in a cell.

        *whom*: the persons whose attendance each is.
        """
        self._put(kind, ids, None, row, column, distinct, whom)

    def add(self, kind: str, ids: Any, amounts: Any, row: Keys, column: Keys) -> None:
        """Add integer *amounts* (minutes, hundredths, heads) that come from the records *ids*."""
        self._put(kind, ids, np.asarray(amounts), row, column, False, None)

    def _put(
        self, kind: str, ids: Any, amounts: Any, row: Keys, column: Keys, distinct: bool, whom: Any
    ) -> None:
        ids = np.asarray(ids, dtype=np.int64)
        whom = None if whom is None else np.asarray(whom, dtype=np.int64)
        rows = _positions(row, self._row_at)
        columns = _positions(column, self._column_at)
        keep = (rows >= 0) & (columns >= 0)
        if not keep.all():
            keep = np.broadcast_to(keep, ids.shape)
            rows, columns = (at[keep] if at.ndim else at for at in (rows, columns))
            ids = ids[keep]
            amounts = None if amounts is None else amounts[keep]
            whom = None if whom is None else whom[keep]
        if distinct and len(ids):
            frame = pd.DataFrame({"i": ids, "c": rows * len(self.columns) + columns})
            first = ~frame.duplicated().to_numpy()
            ids, whom = ids[first], None
            rows, columns = (at[first] if at.ndim else at for at in (rows, columns))
        self._sum(rows, columns, ids, amounts)
        # The same row or column for all takes no room.
        rows, columns = (np.broadcast_to(at, ids.shape) for at in (rows, columns))
        self._parts.append(Part(kind, ids, rows, columns, amounts, whom))

    def _sum(self, rows: Places, columns: Places, ids: Ids, amounts: Any) -> None:
        if not len(ids):
            return
        if not rows.ndim and not columns.ndim:
            self._sums[rows, columns] += (
                len(ids) if amounts is None else amounts.sum(dtype=np.int64)
            )
            return
        # Whole numbers stay exact in float64 up to 2**53: minutes of every career on Earth.
        cells = rows * len(self.columns) + columns
        sums = np.bincount(cells, weights=amounts, minlength=self._sums.size)
        self._sums += sums.astype(np.int64).reshape(self._sums.shape)

    def set_shared(self, structures: Iterable[str]) -> None:
        """Fill the column ``SHARED``: sum of the structures' columns − ``TOTAL`` (Rule 1)."""
        own = [self._column_at[key] for key in structures]
        shared, total = self._column_at["SHARED"], self._column_at["TOTAL"]
        self._sums[:, shared] = self._sums[:, own].sum(axis=1) - self._sums[:, total]

    def values(self, scale: Scale | None = None) -> dict[tuple[str, str], Number]:
        """The figures other than 0, by row and column key; *scale* turns a sum into a figure."""
        found: dict[tuple[str, str], Number] = {}
        for r, c in zip(*np.nonzero(self._sums), strict=True):
            row, column = self.rows[r].key, self.columns[c].key
            value = int(self._sums[r, c])
            found[row, column] = value if scale is None else scale(row, column, value)
        return found

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(self._parts)


def _positions(keys: Keys, at: dict[str, int]) -> Places:
    """The place of each key, −1 for one that has none; of one key for all, that place alone."""
    if isinstance(keys, str):
        return np.asarray(at.get(keys, -1), dtype=np.int64)
    lookup = np.array([at.get(str(key), -1) for key in keys.categories] + [-1], dtype=np.int64)
    return np.asarray(
        lookup[keys.codes], dtype=np.int64
    )  # the code −1 (missing) reads the last entry
