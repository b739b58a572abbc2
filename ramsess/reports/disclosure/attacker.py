"""The attacker: what can be worked out of what is published, in whole numbers.

He knows every published figure, every relation, that a figure of 0 is always published, and who
was hidden where. What he cannot work out is proved by examples: other true-looking figures, whole
and consistent with all that he knows. A count is safe when two of them are ``threshold`` apart;
where earlier editions by themselves leave less room, when they are as far apart as can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

from ramsess.reports.disclosure.system import Ints, System

WHOLE = 1e-6  # what is that near a whole number is one
# How far the solver looks, counted in its nodes: a slow machine hides the same cells.
# Mostly one is enough.
NODES = 2_000
SECONDS = 60.0  # and never longer than this


@dataclass(frozen=True)
class Part:
    """Hidden figures that are linked together, what links them, and the targets among them."""

    columns: Ints
    matrix: sparse.csr_matrix
    least: Ints
    most: npt.NDArray[np.float64]
    targets: Ints


class Attacker:
    """Keeps, for each target, the lowest and the highest value of the examples found.

    What is hidden only grows: an example stays one.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.values = np.array([figure.value for figure in system.figures], dtype=np.int64)
        self.hidden = np.array([figure.hidden for figure in system.figures], dtype=bool)
        self.low = np.array([target.value for target in system.targets], dtype=np.int64)
        self.high = self.low.copy()
        #: How far apart the examples of each target must be.
        self.need = np.full(len(system.targets), system.threshold, dtype=np.int64)
        current = np.array([figure.current for figure in system.figures], dtype=bool)
        # Rows with a figure of this report: what they do not reach was proved before.
        self._touched = (abs(system.matrix) @ current.astype(np.int64)) > 0
        few = (self.values < system.threshold) & (self.values > 0)
        self.floor = np.where(self.values > 0, 1 - self.values, 0)
        self.ceiling = np.where(few, 2, 8) * system.threshold + np.where(few, 0, self.values)
        self.ceiling[self.values == 0] = 0

    def unsafe(self) -> Ints:
        """The targets whose examples are not far enough apart."""
        return np.flatnonzero(self._is_unsafe(np.arange(len(self.low))))

    def attack(self, *, one_by_one: bool = True) -> Ints:
        """Look for examples; return the targets that stay unsafe, where this report tells
        something of them. Not *one_by_one*: quickly, so that some may be safe all the same."""
        reached = [target for target, shown in enumerate(self._all_shown()) if shown]
        for part in self.parts():
            reached += part.targets.tolist()
            for smaller in self._smaller(part):
                self._together(smaller)
            self._together(part)
            for target in part.targets[self._is_unsafe(part.targets)] if one_by_one else ():
                self.attack_one(part, int(target))
        return np.intersect1d(self.unsafe(), reached)

    def _all_shown(self) -> npt.NDArray[np.bool_]:
        """The targets of this report without any hidden figure: there is nothing to work out."""
        hidden = (abs(self.system.forms) @ self.hidden.astype(np.int64)) > 0
        current = np.array([target.is_current for target in self.system.targets], dtype=bool)
        return np.asarray(current & ~hidden)

    def attack_target(self, target: int) -> bool:
        """Look for examples for one target; True when it is safe."""
        if self._is_unsafe([target]).any():
            for part in self.parts([target]):
                self.attack_one(part, target)
        return not self._is_unsafe([target]).any()

    def attack_one(self, part: Part, target: int) -> None:
        """Push one target up, then down."""
        for sign in (1, -1):
            if self._is_unsafe([target]).any():
                self._push(part, [target], sign)

    def _smaller(self, part: Part) -> Iterator[Part]:
        """The part, where nothing but what is hidden in this report may differ: quick to try."""
        current = np.array([self.system.figures[int(n)].current for n in part.columns])
        if not current.all():
            yield replace(part, columns=part.columns[current], matrix=part.matrix[:, current])

    def _is_unsafe(self, targets: Sequence[int] | Ints) -> npt.NDArray[np.bool_]:
        room = self.high[targets] - self.low[targets]
        return np.asarray(room < self.need[targets])

    def _together(self, part: Part) -> None:
        """Push all that is unsafe up at once, then down, as long as it helps."""
        left = part.targets[self._is_unsafe(part.targets)]
        while len(left):
            for sign in (1, -1):
                self._push(part, left, sign)
            before, left = len(left), left[self._is_unsafe(left)]
            if len(left) == before:
                return

    def _push(self, part: Part, targets: Sequence[int] | Ints, sign: int) -> None:
        """Look for an example where the *targets* are as far up (*sign* 1) or down as they need be
        to be safe, all in all, and keep it."""
        width, count, threshold = len(part.columns), len(targets), self.system.threshold
        forms = sign * self.system.forms[targets][:, part.columns]
        values = np.array([self.system.targets[int(target)].value for target in targets])
        start = self.low[targets] - values if sign > 0 else values - self.high[targets]
        gains = sparse.hstack([forms, -sparse.identity(count)])
        links = sparse.hstack([part.matrix, sparse.csr_matrix((part.matrix.shape[0], count))])
        question: dict[str, Any] = {
            "c": np.concatenate([np.zeros(width), -np.ones(count)]),
            "bounds": optimize.Bounds(
                np.concatenate([self.floor[part.columns], np.full(count, -np.inf)]),
                np.concatenate([self.ceiling[part.columns], np.full(count, threshold)]),
            ),
            "constraints": optimize.LinearConstraint(
                sparse.vstack([links, gains]).tocsr(),
                np.concatenate([part.least, start]),
                np.concatenate([part.most, np.full(count, np.inf)]),
            ),
            "options": {"node_limit": NODES, "time_limit": SECONDS},
        }
        found = optimize.milp(**question).x
        if found is not None and np.abs(found - np.rint(found)).max() > WHOLE:
            # Mostly whole by itself; when it is not, the slower way.
            whole = np.concatenate([np.ones(width), np.zeros(count)])
            found = optimize.milp(**question, integrality=whole).x
        if found is not None:
            change = np.zeros(len(self.values), dtype=np.int64)
            change[part.columns] = np.rint(found[:width]).astype(np.int64)
            self.learn(change)

    def learn(self, change: Ints) -> None:
        """Take the figures + *change* for an example, if they are one."""
        system = self.system
        if change[~self.hidden].any() or (change < self.floor).any():
            return
        moved = system.matrix @ change
        if (moved[system.equal] != 0).any() or (moved < -system.slack).any():
            return
        values = system.forms @ (self.values + change)
        self.low, self.high = np.minimum(self.low, values), np.maximum(self.high, values)

    def parts(self, wanted: Sequence[int] | None = None) -> Iterator[Part]:
        """The hidden figures by what links them, where this report tells something of them and a
        target is unsafe."""
        system, hidden = self.system, np.flatnonzero(self.hidden)
        if not len(hidden):
            return
        matrix, forms = system.matrix[:, hidden], system.forms[:, hidden]
        both = sparse.vstack([matrix, forms]).tocsr()
        links = (abs(both).T @ abs(both)) > 0
        count, label = sparse.csgraph.connected_components(links, directed=False)
        of_row = _labels(matrix, label)
        of_target = _labels(forms, label)
        unsafe = set(self.unsafe() if wanted is None else wanted)
        touched = set(of_row[self._touched & (of_row >= 0)])
        touched |= {label[n] for n, at in enumerate(hidden) if system.figures[int(at)].current}
        touched |= {of_target[n] for n, one in enumerate(system.targets) if one.is_current}
        for number in range(count):
            targets = np.flatnonzero(of_target == number)
            if number not in touched or unsafe.isdisjoint(targets.tolist()):
                continue
            columns, rows = np.flatnonzero(label == number), np.flatnonzero(of_row == number)
            least = np.where(system.equal[rows], 0, -system.slack[rows])
            most = np.where(system.equal[rows], 0.0, np.inf)
            yield Part(hidden[columns], matrix[rows][:, columns], least, most, targets)


def _labels(matrix: sparse.csr_matrix, label: npt.NDArray[np.int32]) -> Ints:
    """The part of each row, which is that of its first figure; −1 for none."""
    found = np.full(matrix.shape[0], -1, dtype=np.int64)
    filled = np.diff(matrix.indptr) > 0
    found[filled] = label[matrix.indices[matrix.indptr[:-1][filled]]]
    return found
