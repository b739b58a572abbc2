"""Which more cells are hidden, so that those below the threshold cannot be worked out.

For a target that the attacker works out: the change of the figures that moves it far enough and
costs least, over all tables and periods at once (linear programming); every figure that the change
touches is hidden too. The attacker has the last word, not this.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize, sparse

from ramsess.reports.disclosure.attacker import Attacker
from ramsess.reports.disclosure.release import DisclosureError
from ramsess.reports.disclosure.system import System

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
        weights = np.array([figure.weight for figure in figures])
        self._weights = weights * (1 + np.log2(1 + values))

    def run(self) -> None:
        """Hide; raise DisclosureError when a target can be worked out whatever is hidden."""
        unsafe = self.attacker.attack()
        for _ in range(ROUNDS):
            if not len(unsafe):
                return
            for target in unsafe:
                self._protect(int(target))
            unsafe = self.attacker.attack()
        if len(unsafe):
            self._hide_all(int(unsafe[0]))

    def _protect(self, target: int) -> None:
        attacker, threshold = self.attacker, self.system.threshold
        if attacker.high[target] - attacker.low[target] >= threshold:
            return
        value = self.system.targets[target].value
        change = self._path(target, attacker.low[target] + threshold - value)
        if change is None:
            change = self._path(target, attacker.high[target] - threshold - value)
        if change is None:
            return
        for number in np.flatnonzero(np.abs(change) > TOUCHED):
            self._hide(int(number), target)
        attacker.learn(np.rint(change).astype(np.int64))
        attacker.attack_target(target)

    def _path(self, target: int, by: int) -> np.ndarray | None:
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
        """The last resort: no count of persons is published, but for those that are 0."""
        for number in self._open:
            self._hide(int(number), target)
        for left in self.attacker.attack():
            one = self.system.targets[int(left)]
            # What is known from earlier editions alone is not for this one to protect.
            if one.is_current:
                raise DisclosureError(
                    "L’édition de la Région ne peut pas être publiée : quoi qu’on y masque, un "
                    f"nombre de personnes inférieur à {self.system.threshold} se déduit de ce qui "
                    f"est déjà publié ({one.label})."
                )
