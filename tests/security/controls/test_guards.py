"""Each guard, each word of the policy, each check taken away in turn: the matrix finds it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from tests.security.controls.mutations import (
    Mutation,
    cells,
    checks,
    details_as_due,
    gates,
    guards,
)
from tests.security.matrix.expected import WORDS
from tests.security.matrix.principals import PRINCIPALS
from tests.security.matrix.sending import Matrix
from tests.security.matrix.world import World, build
from tests.security.test_guide import test_the_guide_prints_the_table_of_the_policy
from tests.whole import one_in

Make = Callable[[World], Iterator[Mutation]]


@pytest.fixture(scope="module")
def world(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with build(app, tmp_path_factory.mktemp("ledger")) as made:
        yield made


@contextmanager
def planted(world: World, mutation: Mutation) -> Iterator[None]:
    """The fault, for that long; then nothing is left of it, nor of what it let be done."""
    before = world.digest_if_written()
    try:
        with pytest.MonkeyPatch.context() as patch:
            mutation.plant(patch)
            yield
    finally:
        world.restore(before)


def noticed(world: World, mutation: Mutation) -> bool:
    """True when one of those who would meet the fault meets it."""
    with planted(world, mutation):
        if mutation.probe:
            return not mutation.probe(world)
        for name in mutation.who:
            for endpoint in mutation.where:
                matrix = Matrix(world, PRINCIPALS[name])
                try:
                    matrix.run({endpoint}, first=True)
                except Exception:
                    # A view that breaks on who has no business there: a fault too.
                    return True
                if matrix.faults:
                    return True
    return False


def told(world: World, mutation: Mutation) -> bool:
    """True when the guide says otherwise: the table is written twice."""
    with planted(world, mutation):
        try:
            test_the_guide_prints_the_table_of_the_policy()
        except AssertionError:
            return True
    return False


def share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.1%})"


@pytest.mark.parametrize("make", [guards, checks, gates])
def test_each_guard_and_each_check_taken_away_is_noticed(world: World, make: Make) -> None:
    mutations = one_in(4, list(make(world)))
    missed = [mutation for mutation in mutations if not noticed(world, mutation)]
    print(
        f"{make.__name__}: {share(len(mutations) - len(missed), len(mutations))} noticed over HTTP"
    )
    for mutation in missed:
        print(f"  {mutation.name} : {mutation.held or 'vu de personne'}")
    assert [one.name for one in missed] == [one.name for one in mutations if one.held]


def test_each_word_of_the_policy_changed_is_noticed(world: World) -> None:
    mutations = one_in(8, list(cells(world)))
    missed = [mutation for mutation in mutations if not noticed(world, mutation)]
    unsaid = [mutation.name for mutation in mutations if not told(world, mutation)]
    print(f"cells: {share(len(mutations) - len(missed), len(mutations))} noticed over HTTP,")
    print(f"  {share(len(mutations) - len(unsaid), len(mutations))} by the guide")
    for reason, number in Counter(one.held or one.name for one in missed).items():
        print(f"  {number} : {reason}")
    assert [one.name for one in missed] == [one.name for one in mutations if one.held]
    assert unsaid == []


@pytest.mark.parametrize("role", WORDS["see_report"])
def test_lists_of_records_go_to_those_alone_whom_the_table_names(world: World, role: str) -> None:
    assert details_as_due(role)(world)
