"""What holds between the same figure of several periods.

Heads add up. Distinct persons do not, but a period has those of each of its parts, and no others.
Some of it is only nearly always so (a person's age is that of an entry, which may be another one):
an attacker may believe it, so that it is held to be known wherever it is true.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ramsess.reports.disclosure.figures import Figure, Figures
from ramsess.reports.period import Period
from ramsess.reports.persons import Kind
from ramsess.reports.table import Table

Terms = tuple[tuple[int, Figure], ...]


@dataclass(frozen=True)
class Flow:
    """The parcours of the network in a period, as B02 publishes them."""

    followed: int
    entries: int
    exits: int

    @classmethod
    def of(cls, table: Table) -> Flow:
        """Read them in B02."""
        return cls(*(int(table.value(row, "TOTAL")) for row in ("followed", "entries", "exits")))


@dataclass(frozen=True)
class Known:
    """*terms* add up to 0 (*equal*) or to 0 at least. *secret*: what they add up to would itself
    be a count of persons."""

    terms: Terms
    equal: bool = False
    secret: bool = False


def over_time(figures: Figures, flows: Mapping[Period, Flow]) -> Iterator[Known]:
    """What is known between periods."""
    by_name: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        by_name[figure.name].append(figure)
    for same in by_name.values():
        if len(same) > 1:
            for figure in same:
                yield from _within(figure, same, flows)
            yield from _next_to(same, flows)


def _within(figure: Figure, same: list[Figure], flows: Mapping[Period, Flow]) -> Iterator[Known]:
    """The figure and those of the periods inside its own."""
    period = figure.period
    # Counted twice and found different, the first was published first.
    first = {one.period: one for one in reversed(same)}
    inside = [one for one in first.values() if one.period != period and period.holds(one.period)]
    parts = [
        one
        for one in inside
        if not any(other is not one and other.period.holds(one.period) for other in inside)
    ]  # fmt: skip
    if not parts:
        return
    whole = sum(part.period.days for part in parts) == period.days
    apart = not any(
        one.period.overlaps(two.period) for n, one in enumerate(parts) for two in parts[:n]
    )
    rest: Terms = ((1, figure), *((-1, part) for part in parts))
    if figure.kind is Kind.HEADS:
        if apart:
            yield Known(rest, equal=whole, secret=True)
        return
    for part in parts:
        yield Known(((1, figure), (-1, part)))
        flow, inner = flows.get(period), flows.get(part.period)
        if figure.kind is Kind.ACCOMPANIED and flow and inner and flow.followed == inner.followed:
            # The same parcours, hence the same persons.
            yield Known(((1, part), (-1, figure)))
    if apart and whole:
        yield Known(tuple((-factor, one) for factor, one in rest))


def _next_to(same: list[Figure], flows: Mapping[Period, Flow]) -> Iterator[Known]:
    """Of a period and the next: where no parcours ended, nobody left; where none began, nobody
    came. The difference is then a count of persons."""
    for before in same:
        for after in same:
            if (after.period.first - before.period.last).days != 1:
                continue
            flow, next_flow = flows.get(before.period), flows.get(after.period)
            if before.kind is not Kind.ACCOMPANIED or flow is None or next_flow is None:
                continue
            if not flow.exits:
                yield Known(((1, after), (-1, before)), secret=True)
            if not next_flow.entries:
                yield Known(((1, before), (-1, after)), secret=True)
