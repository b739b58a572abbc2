"""What is sealed stays, and nothing but what a merge needs passes."""

from __future__ import annotations

from tests.security.database.sealed import (
    moves_that_are_let,
    seals_that_give_way,
    triggers_that_are_missing,
)
from tests.security.database.world import World


def test_every_table_with_something_dated_asks_before_it_changes(world: World) -> None:
    assert list(triggers_that_are_missing(world)) == []


def test_a_seal_holds_what_is_dated_and_names_its_period(world: World) -> None:
    assert list(seals_that_give_way(world)) == []


def test_only_two_records_of_a_pair_become_one(world: World) -> None:
    assert list(moves_that_are_let(world)) == []
