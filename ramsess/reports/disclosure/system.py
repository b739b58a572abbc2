"""What the Région knows, as linear relations between counts of persons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from ramsess.reports.disclosure.figures import Figure, Figures
from ramsess.reports.disclosure.over_time import Flow, Known, Terms, over_time
from ramsess.reports.disclosure.release import Release
from ramsess.reports.period import Period
from ramsess.reports.table import Table

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Target:
    """A count of persons below the threshold, shown by a cell or not: nobody may work it out.

    It is the sum of *terms* (coefficient, figure).
    """

    terms: Terms
    label: str

    @property
    def value(self) -> int:
        """The count that is protected; below 0 for a difference."""
        return sum(factor * figure.value for factor, figure in self.terms)

    @property
    def is_current(self) -> bool:
        """True when the report that is being made has a figure of it."""
        return any(figure.current for _, figure in self.terms)

    @property
    def is_own_cell(self) -> bool:
        """True for what a cell of this report would show, and not a difference of several."""
        return self.is_current and len(self.terms) == 1


class System:
    """The figures, what is known between them, and what must not be worked out.

    ``matrix`` · (change of the figures) is 0 on rows that are ``equal``, −``slack`` at least on
    the others: the true figures are the change 0.
    """

    def __init__(self, figures: Figures, flows: dict[Period, Flow], threshold: int) -> None:
        self.figures: Sequence[Figure] = figures.all
        self.threshold = threshold
        self.targets: list[Target] = []
        self._secrets: set[frozenset[tuple[int, int]]] = set()
        self._rows: list[dict[int, int]] = []
        self._equal: list[bool] = []
        self._slack: list[int] = []
        self._protect_cells()
        for period, relation in figures.relations():
            found = ((factor, figures.find(name, period)) for factor, name in relation.terms)
            terms = tuple((factor, figure) for factor, figure in found if figure is not None)
            self._know(Known(terms, relation.equal))
        for period, declared in figures.declared.items():
            for persons in declared.values():
                for secret in persons.secrets:
                    found = ((factor, figures.find(name, period)) for factor, name in secret.terms)
                    self._protect(tuple((f, figure) for f, figure in found if figure is not None),
                                  "le reste de")  # fmt: skip
        for known in over_time(figures, flows):
            self._know(known)
        for old, new in figures.gaps:
            self._protect(((1, new), (-1, old)), "l’écart entre deux publications de")
        self.matrix = _matrix(self._rows, len(self.figures))
        self.forms = _matrix([_coefficients(target.terms) for target in self.targets],
                             len(self.figures))  # fmt: skip
        self.equal = np.array(self._equal, dtype=bool)
        self.slack = np.array(self._slack, dtype=np.int64)

    def _protect_cells(self) -> None:
        for figure in self.figures:
            if 0 < figure.value < self.threshold and not figure.published:
                figure.hidden = True
                self.targets.append(Target(((1, figure),), figure.label))
            elif figure.hidden_before and not figure.published:
                figure.hidden = True

    def _know(self, known: Known) -> None:
        """Hold *known* for known if it is true; what it leaves over may be a count of persons."""
        rest = sum(factor * figure.value for factor, figure in known.terms)
        if known.equal and rest:
            self._protect(known.terms, "l’écart sur")
        elif rest >= 0:
            self._rows.append(_coefficients(known.terms))
            self._equal.append(known.equal)
            self._slack.append(rest)
        if known.secret and not known.equal:
            self._protect(known.terms, "la différence avec une autre période de")

    def _protect(self, terms: Terms, what: str) -> None:
        rest = sum(factor * figure.value for factor, figure in terms)
        key = frozenset(_coefficients(terms).items())
        if 0 < abs(rest) < self.threshold and key not in self._secrets:
            self._secrets.add(key)
            self.targets.append(Target(terms, f"{what} {terms[0][1].label}"))


def _coefficients(terms: Iterable[tuple[int, Figure]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for factor, figure in terms:
        found[figure.number] = found.get(figure.number, 0) + factor
    return {number: factor for number, factor in found.items() if factor}


def _matrix(rows: Sequence[dict[int, int]], width: int) -> sparse.csr_matrix:
    where = [(n, number) for n, row in enumerate(rows) for number in row]
    factors = [factor for row in rows for factor in row.values()]
    down, across = zip(*where, strict=True) if where else ((), ())
    return sparse.csr_matrix((factors, (down, across)), shape=(len(rows), width), dtype=np.int64)


def read_system(
    period: Period, tables: Iterable[Table], earlier: Sequence[Release], threshold: int
) -> tuple[Figures, System]:
    """What the Région knows once the report of *period* is published beside the *earlier* ones."""
    figures = Figures()
    flows = {}
    for release in earlier:
        figures.add_release(release)
        flows[release.period] = Flow.of(release.tables["B02"])
    counted = {table.id: table for table in tables}
    figures.add_report(period, counted.values())
    flows[period] = Flow.of(counted["B02"])
    figures.add_absent()
    return figures, System(figures, flows, threshold)
