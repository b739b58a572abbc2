"""Sixty kinds of bad workbooks, made by code; each with what must come of it."""

from __future__ import annotations

from tests.exchange.corpus import active, bombs, container, structure, values
from tests.exchange.corpus.making import KINDS, Kind

FAMILIES = {
    module.__name__.rpartition(".")[2]: module
    for module in (container, bombs, structure, active, values)
}


def of_family(name: str) -> list[Kind]:
    """The kinds of a family, by number."""
    module = FAMILIES[name].__name__
    return sorted(
        (kind for kind in KINDS if kind.make.__module__ == module), key=lambda kind: kind.number
    )
