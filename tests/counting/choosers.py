"""Who answers a generator's questions: a seed, or hypothesis.

The first option is always the plainest, so that a failing example shrinks to few rows.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Chooser(Protocol):
    def pick(self, options: Sequence[T]) -> T: ...

    def chance(self, percent: int) -> bool: ...

    def whole(self, low: int, high: int) -> int: ...

    def times(self, low: int, high: int) -> Iterator[int]:
        """Count to a number between the two, both included."""
        ...


class Seeded:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, options: Sequence[T]) -> T:
        return self.random.choice(options)

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def whole(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def times(self, low: int, high: int) -> Iterator[int]:
        yield from range(self.random.randint(low, high))


class Drawn:
    """Every answer a draw of its own, so that shrinking drops records and plain-ens the rest."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw

    def pick(self, options: Sequence[T]) -> T:
        picked: T = self.draw(st.sampled_from(options))
        return picked

    def chance(self, percent: int) -> bool:
        return bool(self.draw(st.integers(0, 99)) >= 100 - percent)

    def whole(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    def times(self, low: int, high: int) -> Iterator[int]:
        for number in range(high):
            if number >= low and not self.draw(st.integers(0, 3)):
                return
            yield number


def some(choose: Chooser, options: Sequence[T], low: int, high: int) -> list[T]:
    """Different ones among *options*, between *low* and *high*, fewer when there are fewer."""
    left, chosen = list(options), []
    for _ in choose.times(min(low, len(left)), min(high, len(left))):
        one = choose.pick(left)
        left.remove(one)
        chosen.append(one)
    return chosen


def maybe(choose: Chooser, percent: int, options: Sequence[T]) -> T | None:
    """One of them, or an empty cell."""
    return choose.pick(options) if choose.chance(percent) else None
