"""Every count of persons ever published or to be, once each, wherever its cells stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ramsess.reports.disclosure.release import DisclosureError, Release
from ramsess.reports.period import Period
from ramsess.reports.persons import Cell, Count, Kind, Persons, Relation
from ramsess.reports.table import Table
from ramsess.reports.tables import PERSONS


@dataclass
class Figure:
    """A count of persons in a period; *label* says where it stands.

    *published*: shown in an earlier edition, for ever; *hidden*: its figure is shown nowhere.
    *current*: it is in the report that is being made, in its *cells*.
    """

    number: int
    name: str
    kind: Kind
    period: Period
    value: int
    weight: float
    label: str
    published: bool = False
    hidden: bool = False
    hidden_before: bool = False
    current: bool = False
    cells: list[tuple[str, Cell]] = field(default_factory=list)


class Figures:
    """The figures of the earlier releases and of the report that is being made."""

    def __init__(self) -> None:
        self.all: list[Figure] = []
        self.declared: dict[Period, dict[str, Persons]] = {}
        self.gaps: list[tuple[Figure, Figure]] = []
        self._found: dict[tuple[str, Period], Figure] = {}
        #: By the name and the report of a cell.
        self._cells: dict[tuple[str, Period], Figure] = {}

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.all)

    def add_release(self, release: Release) -> None:
        """The figures of an earlier release, those that it showed and those that it did not."""
        for table, declared in self._declare(release.period, release.tables.values()):
            rows = {row.key for row in table.rows}
            columns = {column.key for column in table.columns}
            for cell, count in declared.counts.items():
                if cell[0] not in rows or cell[1] not in columns:
                    continue  # What is counted since, a report sealed before does not have.
                figure = self._figure(table, cell, count)
                self._cells[declared.name(*cell), release.period] = figure
                shown = release.shows(table.id, cell)
                figure.published |= shown
                figure.hidden_before |= not shown
        for figure in self.all:
            figure.hidden = figure.hidden_before and not figure.published

    def add_report(self, period: Period, tables: Iterable[Table]) -> None:
        """The figures of the report that is being made."""
        for table, declared in self._declare(period, tables):
            for cell, count in declared.counts.items():
                figure = self._figure(table, cell, count)
                self._cells[declared.name(*cell), period] = figure
                figure.current = True
                figure.cells.append((table.id, cell))

    def add_absent(self) -> None:
        """A row that a table of a period does not have is 0 there, and is known to be."""
        for figure in list(self.all):
            for period in self.declared:
                key = figure.name, period
                if key not in self._found and self._is_told(period, figure.name):
                    absent = replace(figure, number=len(self.all), period=period, value=0,
                                     published=True, hidden=False, hidden_before=False,
                                     current=False, cells=[])  # fmt: skip
                    self.all.append(absent)
                    self._found[key] = absent

    def find(self, name: str, period: Period) -> Figure | None:
        """The figure that the cell *name* of the report of *period* shows; None where no table has
        its row: it is 0."""
        return self._cells.get((name, period))

    def relations(self) -> Iterator[tuple[Period, Relation]]:
        """What holds between the figures of each report, as its tables declare it."""
        for period, declared in self.declared.items():
            for persons in declared.values():
                for relation in persons.relations:
                    if all(self._is_told(period, name) for _, name in relation.terms):
                        yield period, relation

    def _is_told(self, period: Period, name: str) -> bool:
        return name.partition("/")[0] in self.declared[period]

    def _declare(self, period: Period, tables: Iterable[Table]) -> Sequence[tuple[Table, Persons]]:
        found = []
        for table in tables:
            if table.id not in PERSONS:
                raise DisclosureError(
                    f"Le tableau {table.id} ne dit pas s’il compte des personnes : il ne peut pas "
                    "figurer dans l’édition de la Région."
                )
            found.append((table, PERSONS[table.id](table, period)))
        self.declared[period] = {table.id: declared for table, declared in found}
        return found

    def _figure(self, table: Table, cell: Cell, count: Count) -> Figure:
        value = int(table.value(*cell))
        key = count.name, count.period
        known = self._found.get(key)
        if known is not None and known.value == value:
            return known
        figure = Figure(
            len(self.all), count.name, count.kind, count.period, value, count.weight,
            _label(table, cell),
        )  # fmt: skip
        self.all.append(figure)
        if known is not None:
            # The same figure, counted anew and found another: what was corrected shows between.
            self.gaps.append((known, figure))
        self._found[key] = figure
        return figure


def _label(table: Table, cell: Cell) -> str:
    row = next(item.label for item in table.rows if item.key == cell[0])
    column = next(item.label for item in table.columns if item.key == cell[1])
    return f"{table.id}, « {row} », « {column} »"
