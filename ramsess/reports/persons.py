"""What a table says of its figures that count persons, for what leaves for the Région (Rule 15).

Every table declares it in its own file: which cells count persons, what relates them to one
another and to those of other tables, and what the Région's edition does not show at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from ramsess.reports.period import Period
from ramsess.reports.table import Number, RowKind, Table

Cell: TypeAlias = tuple[str, str]


class Kind(StrEnum):
    """How a count of persons behaves over time."""

    HEADS = "heads"  # attendances, head counts: a period is the sum of its parts
    MET = "met"  # distinct persons met in the period
    ACCOMPANIED = "accompanied"  # distinct persons on the parcours followed in it


@dataclass(frozen=True)
class Count:
    """What a cell counts: cells of one *name* and *period* are one figure, wherever they stand.

    *weight*: how much is lost when it is not published, beside a cell of 1.
    """

    name: str
    kind: Kind
    period: Period
    weight: float = 1.0


@dataclass(frozen=True)
class Relation:
    """Cells of one report, by coefficient and name (``B03/F/TOTAL``), add up to 0, or to 0 at
    least."""

    terms: tuple[tuple[int, str], ...]
    equal: bool = True


#: Figures that several tables show.
ACCOMPANIED = "B03/TOTAL/TOTAL"
ATTENDANCES = "B10/TOTAL/attendances"
MARGIN, TOTAL = 6.0, 40.0  # what a margin, and a figure that other tables quote, weigh


class Persons:
    """The declaration of one table of one report, filled by the table's own file.

    *counts*: what the cells count; *relations*; *secrets*: sums of counts that no cell shows, but
    that would be counts of persons too; *few*: of a cell that is no count of persons, the records
    behind, for it is not published when they are few; *withheld*: cells that it never
    publishes; *left_out*: rows and columns that the Région's edition does not have; *absent*: nor
    the table itself.
    """

    def __init__(self, table: Table, period: Period) -> None:
        self.table = table
        self.period = period
        self.counts: dict[Cell, Count] = {}
        self.relations: list[Relation] = []
        self.secrets: list[Relation] = []
        self.few: dict[Cell, Number] = {}
        self.left_out_rows: frozenset[str] = frozenset()
        self.left_out_columns: frozenset[str] = frozenset()
        self.absent = False
        self.withheld: frozenset[Cell] = frozenset()
        #: Columns of whole percentages of another column (Rule 9): percentages → base.
        self.percentages: dict[str, str] = {}

    def name(self, row: str, column: str) -> str:
        """How relations name the cell."""
        return f"{self.table.id}/{row}/{column}"

    def count(
        self,
        row: str,
        column: str,
        kind: Kind,
        *,
        same_as: str = "",
        period: Period | None = None,
        weight: float = 1.0,
    ) -> None:
        """A cell that counts persons; *same_as*: the name of the figure that it repeats."""
        name = same_as or self.name(row, column)
        self.counts[row, column] = Count(name, kind, period or self.period, weight)

    def sums(self, cells: Iterable[Cell], total: Cell) -> None:
        """*cells* add up to *total*."""
        terms = [(1, self.name(*cell)) for cell in cells]
        self.relations.append(Relation((*terms, (-1, self.name(*total)))))

    def at_most(self, cell: Cell, *others: Cell, times: int = 1) -> None:
        """*cell* ≤ the sum of *others*, *times* over."""
        terms = [(times, self.name(*other)) for other in others]
        self.relations.append(Relation((*terms, (-1, self.name(*cell))), equal=False))

    def at_most_named(self, name: str, *others: str) -> None:
        """The cell *name* ≤ the sum of *others*, of this table or another."""
        terms = [(1, other) for other in others]
        self.relations.append(Relation((*terms, (-1, name)), equal=False))

    def unduplicated(self, cells: Sequence[Cell], total: Cell) -> None:
        """*total* counts once who is in several of *cells*: ≥ each, ≤ their sum."""
        self.at_most(total, *cells)
        for cell in cells:
            self.at_most(cell, total)

    def part(self, cell: Cell, whole: Cell) -> None:
        """*cell* is a part of *whole*; the rest of it is a count of persons too."""
        self.at_most(cell, whole)
        self.secrets.append(Relation(((1, self.name(*whole)), (-1, self.name(*cell)))))

    def cross(self, kind: Kind, *, total: str = "") -> None:
        """Rows × columns with their totals (``TOTAL``); the overall one repeats *total*."""
        rows = [row.key for row in self.table.rows if row.kind is RowKind.DETAIL]
        columns = [c.key for c in self.table.columns if not c.derived and c.key != "TOTAL"]
        for row in (*rows, "TOTAL"):
            for column in (*columns, "TOTAL"):
                margins = (row == "TOTAL") + (column == "TOTAL")
                self.count(
                    row, column, kind,
                    same_as=total if margins == 2 else "",
                    weight=(1.0, MARGIN, TOTAL)[margins],
                )  # fmt: skip
        for row in (*rows, "TOTAL"):
            self.sums([(row, column) for column in columns], (row, "TOTAL"))
        for column in (*columns, "TOTAL"):
            self.sums([(row, column) for row in rows], ("TOTAL", column))


#: What a table's file gives: its declaration, of a table that was counted and of its period.
Declare: TypeAlias = Callable[[Table, Period], Persons]


def no_persons(table: Table, period: Period) -> Persons:
    """The declaration of a table without any count of persons."""
    return Persons(table, period)
