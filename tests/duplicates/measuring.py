"""How much of what was planted is found, and how much of what is found was planted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from tests.duplicates.crowd import Crowd


@dataclass(frozen=True)
class Measure:
    """Precision and recall of the pairs found, with the recall of each kind of noise."""

    found: int
    right: int
    planted: int
    by_kind: dict[str, tuple[int, int]]

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.planted

    def __str__(self) -> str:
        lines = [
            f"paires trouvées {self.found}, justes {self.right}, plantées {self.planted} : "
            f"précision {self.precision:.1%}, rappel {self.recall:.1%}"
        ]
        lines += [
            f"  {kind:<36} {right:>4} / {of:<4} {right / of:.1%}"
            for kind, (right, of) in self.by_kind.items()
        ]
        return "\n".join(lines)


def measure(crowd: Crowd, found: Collection[tuple[int, int]]) -> Measure:
    """*found*: pairs of ids, the lower first."""
    right = set(found) & set(crowd.planted)
    of_kind, right_of_kind = (
        Counter(crowd.planted.values()),
        Counter(crowd.planted[p] for p in right),
    )
    kinds = {kind: (right_of_kind[kind], of_kind[kind]) for kind in of_kind}
    return Measure(len(set(found)), len(right), len(crowd.planted), kinds)
