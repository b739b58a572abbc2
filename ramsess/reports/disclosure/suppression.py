"""Which more cells are hidden, so that those below the threshold cannot be worked out.

For a target that the attacker works out: the change of the figures that moves it far enough and
costs least, over all tables and periods at once (linear programming); every figure that the change
touches is hidden too. The attacker has the last word, not this.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

from ramsess.reports.disclosure.attacker import Attacker
from ramsess.reports.disclosure.release import DisclosureError
from ramsess.reports.disclosure.system import Ints, System

Floats: TypeAlias = npt.NDArray[np.float64]
TOUCHED = 1e-6
ROUNDS = 6


class Suppression:
    """Hides until the attacker works out no target; ``protects``: figure → the target it is for."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.attacker = Attacker(system)
        self.protects: dict[int, int] = {}
        figures = system.figures
        values = self.attacker.values
        #: What may move at all: neither published before, nor 0, which is always published.
        self._open = np.flatnonzero(
            [not figure.published and figure.value > 0 for figure in figures]
        )
        matrix = system.matrix[:, self._open]
        rows = np.flatnonzero(np.diff(matrix.indptr) > 0)
        self._matrix = matrix[rows]
        self._least = np.where(system.equal[rows], 0, -system.slack[rows])
        self._most = np.where(system.equal[rows], 0.0, np.inf)
        #: Who attacks when nothing more is published than what was.
        self._silent = Attacker(system)
        self._silent.hidden[self._open] = True
        weights = np.array([figure.weight for figure in figures])
        self._weights = weights * (1 + np.log2(1 + values))

    def run(self) -> None:
        """Hide; raise DisclosureError when a target can be worked out whatever is hidden."""
        unsafe = self.attacker.attack(one_by_one=False)
        self._make_room_for_others(unsafe)
        for _ in range(ROUNDS):
            for target in unsafe:
                self._protect(int(target))
            unsafe = self.attacker.attack()
            if not len(unsafe):
                return
        for target in unsafe:
            self._make_room(int(target))
        for target in self.attacker.attack():
            self._hide_all(int(target))

    def _protect(self, target: int) -> None:
        if self.attacker.attack_target(target):
            return
        change = self._cheapest(target)
        if change is None:
            self._make_room(target)
            change = self._cheapest(target)
        if change is None:
            return
        for number in np.flatnonzero(np.abs(change) > TOUCHED):
            self._hide(int(number), target)
        self.attacker.learn(np.rint(change).astype(np.int64))
        self.attacker.attack_target(target)

    def _cheapest(self, target: int) -> Floats | None:
        """The cheapest change that makes *target* safe, up or else down."""
        attacker, value = self.attacker, self.system.targets[target].value
        need = attacker.need[target]
        up = self._path(target, attacker.low[target] + need - value)
        return up if up is not None else self._path(target, attacker.high[target] - need - value)

    def _make_room_for_others(self, unsafe: Ints) -> None:
        """Of what is no cell of this report, ask for what is easily had when nothing more is
        published: something at least, but not that it be looked for one by one."""
        targets = self.system.targets
        others = np.array([t for t in unsafe if not targets[t].is_own_cell], dtype=np.int64)
        if len(others):
            self._silent.attack(one_by_one=False)
            room = self._silent.high[others] - self._silent.low[others]
            self.attacker.need[others] = np.clip(room, 1, self.system.threshold)

    def _make_room(self, target: int) -> None:
        """Ask for no more than what can be had when nothing more is published.

        Raises DisclosureError when a cell of this report can be worked out even then; what else is
        known from earlier editions alone is not for this one to protect.
        """
        self._silent.attack_target(target)
        room = int(self._silent.high[target] - self._silent.low[target])
        one = self.system.targets[target]
        if not room and one.is_own_cell:
            raise DisclosureError(
                "L’édition de la Région ne peut pas être publiée : quoi qu’on y masque, un nombre "
                f"de personnes inférieur à {self.system.threshold} se déduit de ce qui est déjà "
                f"publié ({one.label})."
            )
        self.attacker.need[target] = min(room, self.system.threshold)

    def _path(self, target: int, by: int) -> Floats | None:
        """The cheapest change of the figures that moves *target* *by* that much; None: there is
        none. What is hidden already costs next to nothing."""
        width = len(self._open)
        hidden = self.attacker.hidden[self._open]
        cost = np.where(hidden, 1e-3, self._weights[self._open])
        form = self.system.forms[target][:, self._open]
        rows = sparse.vstack([self._matrix, form])
        both = sparse.hstack([rows, -rows]).tocsr()
        least = np.append(self._least, by if by > 0 else -np.inf)
        most = np.append(self._most, np.inf if by > 0 else by)
        ceiling = self.attacker.ceiling[self._open]
        found = optimize.milp(
            np.concatenate([cost, cost]),
            bounds=optimize.Bounds(0, np.concatenate([ceiling, -self.attacker.floor[self._open]])),
            constraints=optimize.LinearConstraint(both, least, most),
        )
        if found.x is None:
            return None
        change = np.zeros(len(self.system.figures))
        change[self._open] = found.x[:width] - found.x[width:]
        return change

    def _hide(self, number: int, target: int) -> None:
        if not self.attacker.hidden[number]:
            self.attacker.hidden[number] = True
            self.system.figures[number].hidden = True
            self.protects[number] = target

    def _hide_all(self, target: int) -> None:
        """The last resort, as silent as can be: no count of persons, but for those that are 0."""
        for number in self._open:
            self._hide(int(number), target)
