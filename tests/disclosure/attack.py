"""An attacker written from the rules alone: cell by cell, as the Région reads the reports.

He knows the published cells, what domain.md says of them, and that 0 is always published. Nothing
here comes from the code that hides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import optimize, sparse

from ramsess.reports.lists import Lists
from ramsess.reports.period import Period
from ramsess.reports.table import RowKind, Table

Variable = tuple[Period, str, str, str]
Sum = Mapping[Variable, float]

TOLERANCE = 1e-6
RECEPTION = "ACC"


@dataclass(frozen=True)
class Publication:
    """What was published for a period: full tables, and which cells are shown."""

    period: Period
    tables: Mapping[str, Table]
    hidden: Mapping[str, frozenset[tuple[str, str]]]


#: Table → its columns that count persons (None: all that are no percentage).
COUNTED: dict[str, tuple[str, ...] | None] = {
    "B01": ("current", "previous"),
    "B03": None,
    "B04": None,
    "B05": ("persons",),
    "B10": ("attendances",),
    "B11": ("known", "anonymous", "distinct"),
    "B18": ("persons", "anonymous"),
    "B21": ("persons",),
}
WHOLE = (("TOTAL", "TOTAL"), ("TOTAL", "persons"))
OF_PERSONS = ("persons_accompanied", "persons_received", "anonymous_received", "attendances")


@dataclass
class Attack:
    """Unknown cells, what is known of them, and the protected ones."""

    publications: Sequence[Publication]
    lists: Lists
    threshold: int = 5
    percentages: bool = False
    equal: list[tuple[Sum, float]] = field(default_factory=list)
    at_least: list[tuple[Sum, float]] = field(default_factory=list)
    #: Sums that are counts of persons as well.
    sums: list[Sum] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.value: dict[Variable, float] = {}
        self.unknown: dict[Variable, int] = {}
        for one in self.publications:
            for table_id, columns in COUNTED.items():
                table = one.tables[table_id]
                for row in table.rows:
                    if table_id == "B01" and row.key not in OF_PERSONS:
                        continue
                    for column in columns or [c.key for c in table.columns if not c.derived]:
                        name = one.period, table_id, row.key, column
                        self.value[name] = table.value(row.key, column)
                        if (row.key, column) in one.hidden.get(table_id, ()):
                            self.unknown[name] = len(self.unknown)
        for one in self.publications:
            self._inside(one)
        self._between()

    # --- what the rules say --------------------------------------------------------------------

    def _inside(self, one: Publication) -> None:
        def cell(table: str, row: str, column: str) -> Variable:
            return one.period, table, row, column

        persons = cell("B03", "TOTAL", "TOTAL")
        for table_id in ("B03", "B04"):
            self._crossed(one, table_id)
        for column in [c.key for c in one.tables["B04"].columns if not c.derived]:
            for row in ("RSA", "QPV"):
                rest = {cell("B04", "TOTAL", column): 1.0, cell("B04", row, column): -1.0}
                self.at_least.append((rest, 0))
                self.sums.append(rest)
        educations = [
            c.key for c in one.tables["B04"].columns if not c.derived and c.key != "TOTAL"
        ]
        for row in ("RSA", "QPV"):
            self._total([cell("B04", row, c) for c in educations], cell("B04", row, "TOTAL"))
        for other in (cell("B04", "TOTAL", "TOTAL"), cell("B05", "TOTAL", "persons"),
                      cell("B01", "persons_accompanied", "current")):  # fmt: skip
            self._same(persons, other)
        self._same(cell("B18", "TOTAL", "persons"), cell("B01", "persons_received", "current"))
        self._same(cell("B18", "TOTAL", "anonymous"), cell("B01", "anonymous_received", "current"))
        self._same(cell("B10", "TOTAL", "attendances"), cell("B01", "attendances", "current"))
        self._places(one)
        months = [r.key for r in one.tables["B10"].rows if r.kind is RowKind.DETAIL]
        attendances = cell("B10", "TOTAL", "attendances")
        self._total([cell("B10", month, "attendances") for month in months], attendances)
        self._total([cell("B11", "TOTAL", c) for c in ("known", "anonymous")], attendances)
        self._sessions(one)
        schemes = [r.key for r in one.tables["B21"].rows if r.kind is RowKind.DETAIL]
        concerned = cell("B21", "TOTAL", "persons")
        self._once([cell("B21", row, "persons") for row in schemes], concerned)
        self._most(cell("B18", "TOTAL", "persons"), concerned)
        self._most(cell("B11", "TOTAL", "distinct"), concerned)
        if self.percentages:
            self._rounded(one)

    def _crossed(self, one: Publication, table_id: str) -> None:
        table = one.tables[table_id]
        rows = [row.key for row in table.rows if row.kind is RowKind.DETAIL]
        columns = [c.key for c in table.columns if not c.derived and c.key != "TOTAL"]
        for row in (*rows, "TOTAL"):
            parts = [(one.period, table_id, row, column) for column in columns]
            self._total(parts, (one.period, table_id, row, "TOTAL"))
        for column in (*columns, "TOTAL"):
            parts = [(one.period, table_id, row, column) for row in rows]
            self._total(parts, (one.period, table_id, "TOTAL", column))

    def _places(self, one: Publication) -> None:
        table, period = one.tables["B05"], one.period
        below: dict[str, list[str]] = {}
        for row in table.rows:
            if row.kind is RowKind.SUBTOTAL:
                below[row.key] = []
            elif row.kind is RowKind.DETAIL:
                below[[*below][-1]].append(row.key)
        cells = {key: (period, "B05", key, "persons") for key in table_keys(table)}
        self._total([cells[key] for key in below], cells["TOTAL"])
        inside = [key for key in below if key not in ("HR", "NR")]
        everywhere = {cells[code]: 1.0 for key in inside for code in below[key]}
        self.equal.append(({**everywhere, **{cells[key]: -1.0 for key in inside}}, 0))
        over = {
            (self.lists.epci_of[commune], self.lists.department_of[commune])
            for commune in self.lists.epci_of
        }
        several = {epci for epci, _ in over if sum(e == epci for e, _ in over) > 1}
        astride = {department for epci, department in over if epci in several}
        for key in inside:
            if key not in astride:
                self._total([cells[code] for code in below[key]], cells[key])

    def _sessions(self, one: Publication) -> None:
        period = one.period
        types = [row.key for row in one.tables["B11"].rows if row.kind is RowKind.DETAIL]
        received = [row.key for row in one.tables["B18"].rows if row.kind is RowKind.DETAIL]
        for column in ("known", "anonymous"):
            self._total([(period, "B11", row, column) for row in types],
                        (period, "B11", "TOTAL", column))  # fmt: skip
        self._total([(period, "B18", row, "anonymous") for row in received],
                    (period, "B18", "TOTAL", "anonymous"))  # fmt: skip
        self._once([(period, "B11", row, "distinct") for row in types],
                   (period, "B11", "TOTAL", "distinct"))  # fmt: skip
        self._once([(period, "B18", row, "persons") for row in received],
                   (period, "B18", "TOTAL", "persons"))  # fmt: skip
        for row in (*types, "TOTAL"):
            known, distinct = (period, "B11", row, "known"), (period, "B11", row, "distinct")
            self._most(distinct, known)
            sessions = one.tables["B11"].value(row, "sessions")
            self.at_least.append(({distinct: float(sessions), known: -1.0}, 0))
        came = {
            (period, "B11", "TOTAL", "distinct"): -1.0,
            (period, "B18", "TOTAL", "persons"): 1.0,
            (period, "B03", "TOTAL", "TOTAL"): 1.0,
        }
        self.at_least.append((came, 0))
        for row in types:
            heads, counted = (period, "B11", row, "anonymous"), (period, "B18", row, "anonymous")
            self._most(heads, counted)
            if not row.startswith(RECEPTION):
                self._same(heads, counted)
                self._most((period, "B18", row, "persons"), (period, "B11", row, "distinct"))

    def _between(self) -> None:
        for outer in self.publications:
            inner = [
                one for one in self.publications
                if one.period != outer.period
                and outer.period.first <= one.period.first and one.period.last <= outer.period.last
            ]  # fmt: skip
            days = sum((one.period.last - one.period.first).days + 1 for one in inner)
            whole = days == (outer.period.last - outer.period.first).days + 1
            for table_id, column, adds, grows in (
                ("B10", "attendances", True, False), ("B11", "known", True, False),
                ("B11", "anonymous", True, False), ("B18", "anonymous", True, False),
                ("B11", "distinct", False, True), ("B21", "persons", False, True),
                ("B18", "persons", False, False),
            ):  # fmt: skip
                rows = {row for one in (outer, *inner) for row in table_keys(one.tables[table_id])}
                for row in rows:
                    if not inner or (table_id == "B10" and row != "TOTAL"):
                        continue
                    name = (outer.period, table_id, row, column)
                    parts = [(one.period, table_id, row, column) for one in inner]
                    rest = {**dict.fromkeys(parts, -1.0), name: 1.0}
                    if adds:
                        (self.equal if whole else self.at_least).append((rest, 0))
                        self.sums.append(rest)
                        continue
                    for part in parts if grows else ():
                        self._most(part, name)
                    if whole:
                        self.at_least.append(({**dict.fromkeys(parts, 1.0), name: -1.0}, 0))
            persons = (outer.period, "B03", "TOTAL", "TOTAL")
            parts = [(one.period, "B03", "TOTAL", "TOTAL") for one in inner]
            for part in parts:
                self._most(part, persons)
            if whole:
                self.at_least.append(({**dict.fromkeys(parts, 1.0), persons: -1.0}, 0))
            for one in self.publications:
                self._years_apart(outer, one)
                self._months(outer, one)
                self._next(outer, one)

    def _years_apart(self, one: Publication, before: Publication) -> None:
        if before.period != one.period.year_before():
            return
        for row, source in zip(OF_PERSONS, (("B03", "TOTAL", "TOTAL"), ("B18", "TOTAL", "persons"),
                               ("B18", "TOTAL", "anonymous"), ("B10", "TOTAL", "attendances")),
                               strict=True):  # fmt: skip
            self._same((one.period, "B01", row, "previous"), (before.period, *source))

    def _months(self, one: Publication, other: Publication) -> None:
        shared = table_keys(one.tables["B10"]) & table_keys(other.tables["B10"]) - {"TOTAL"}
        for month in shared if one is not other else ():
            self._same((one.period, "B10", month, "attendances"),
                       (other.period, "B10", month, "attendances"))  # fmt: skip

    def _next(self, one: Publication, after: Publication) -> None:
        if (after.period.first - one.period.last).days != 1:
            return
        stays = not one.tables["B02"].value("exits", "TOTAL")
        comes = after.tables["B02"].value("entries", "TOTAL")
        for table_id in ("B03", "B04", "B05"):
            columns = COUNTED[table_id] or [
                c.key for c in one.tables[table_id].columns if not c.derived
            ]
            for row in table_keys(one.tables[table_id]) | table_keys(after.tables[table_id]):
                for column in columns:
                    now, then = ((p.period, table_id, row, column) for p in (after, one))
                    if stays:
                        self._most(then, now)
                    # Whose first parcours ended may now be another age: she is still somebody.
                    if not comes and (stays or (row, column) in WHOLE):
                        self._most(now, then)

    def _rounded(self, one: Publication) -> None:
        """A percentage that is printed is within 1 of the true one."""
        for table_id in ("B03", "B04"):
            table = one.tables[table_id]
            total = (one.period, table_id, "TOTAL", "TOTAL")
            for row in table.rows:
                if row.kind is not RowKind.DETAIL:
                    continue
                share = table.value(row.key, "PERCENT")
                name = (one.period, table_id, row.key, "TOTAL")
                self.at_least.append(({name: 100.0, total: -(share - 1.0)}, 0))
                self.at_least.append(({name: -100.0, total: share + 1.0}, 0))

    def _total(self, parts: Iterable[Variable], total: Variable) -> None:
        self.equal.append(({**dict.fromkeys(parts, 1.0), total: -1.0}, 0))

    def _once(self, parts: Sequence[Variable], total: Variable) -> None:
        self.at_least.append(({**dict.fromkeys(parts, 1.0), total: -1.0}, 0))
        for part in parts:
            self._most(part, total)

    def _same(self, one: Variable, other: Variable) -> None:
        self.equal.append(({one: 1.0, other: -1.0}, 0))

    def _most(self, one: Variable, other: Variable) -> None:
        self.at_least.append(({other: 1.0, one: -1.0}, 0))

    def forget_what_was_corrected(self) -> None:
        """A total that a correction made false is no clue but of the correction: he sees that there
        was one, and how much it is remains protected (``sums``)."""
        self.equal = [item for item in self.equal if not self.true(item[0])]
        self.at_least = [item for item in self.at_least if self.true(item[0]) >= 0]

    # --- what can be worked out ----------------------------------------------------------------

    def protected(self) -> Iterator[Sum]:
        """Every cell of 1 to threshold − 1, and the sums that are such a count."""
        for name, value in self.value.items():
            if 0 < value < self.threshold:
                yield {name: 1.0}
        for item in self.sums:
            if 0 < abs(self.true(item)) < self.threshold:
                yield item

    def true(self, item: Sum) -> float:
        return sum(factor * self.value.get(name, 0) for name, factor in item.items())

    def worked_out(self, *, whole: bool = False, apart: int | None = None) -> list[Sum]:
        """The protected counts whose least and greatest possible values are not *apart* (by
        default ``threshold``); *whole*: he reasons in whole numbers."""
        apart = self.threshold if apart is None else apart
        width = len(self.unknown)
        targets = list(self.protected())
        forms = self._matrix(targets)[0]
        if not width:
            return targets
        equal, equal_to = self._matrix([item for item, _ in self.equal])
        more, more_than = self._matrix([item for item, _ in self.at_least])
        limits = optimize.LinearConstraint(
            sparse.vstack([equal, more]).tocsr(),
            np.concatenate([-equal_to, -more_than]),
            np.concatenate([-equal_to, np.full(len(more_than), np.inf)]),
        )
        low = np.full(len(targets), np.inf)
        high = -low

        def push(form: np.ndarray) -> None:
            found = optimize.milp(
                -form,
                integrality=np.full(width, int(whole)),
                bounds=optimize.Bounds(1, 10_000),
                constraints=limits,
                options={"time_limit": 30},
            )
            assert found.x is not None, f"what is published contradicts itself: {found.message}"
            values = forms @ found.x
            np.minimum(low, values, out=low)
            np.maximum(high, values, out=high)

        def narrow() -> np.ndarray:
            room = np.floor(high + TOLERANCE) - np.ceil(low - TOLERANCE)
            return np.flatnonzero(room < apart)

        for _ in range(4):
            left = narrow()
            if len(left):
                form = np.asarray(forms[left].sum(axis=0)).ravel()
                push(form)
                push(-form)
        for at in narrow():
            if at in narrow():
                form = forms[[at]].toarray().ravel()
                push(form)
                push(-form)
        return [targets[at] for at in narrow()]

    def _matrix(self, sums: Sequence[Sum]) -> tuple[sparse.csr_matrix, np.ndarray]:
        """Of the unknown cells; and the part of each sum that is published."""
        down, across, factors = [], [], []
        constants = np.zeros(len(sums))
        for at, item in enumerate(sums):
            for name, factor in item.items():
                number = self.unknown.get(name)
                if number is None:
                    constants[at] += factor * self.value.get(name, 0)
                else:
                    down.append(at)
                    across.append(number)
                    factors.append(factor)
        shape = (len(sums), len(self.unknown))
        return sparse.csr_matrix((factors, (down, across)), shape=shape), constants


def table_keys(table: Table) -> set[str]:
    """The keys of its rows."""
    return {row.key for row in table.rows}
