"""Every route × method × principal × object, over HTTP: what the policy says, and nothing else."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import text

from tests.security.matrix.cases import cases
from tests.security.matrix.principals import PRINCIPALS
from tests.security.matrix.sending import Matrix
from tests.security.matrix.world import World
from tests.whole import part_of

# Nobody's share of the matrix shrinks without being told.
FEWEST = 15_000
SHOWN = 40
FEW = ("anonymous", "adviser")


@pytest.mark.parametrize("name", part_of(list(PRINCIPALS), FEW))
def test_every_address_answers_as_the_policy_says(world: World, name: str) -> None:
    matrix = Matrix(world, PRINCIPALS[name])
    matrix.run()
    print(f"{name}: {matrix.met.total()} requests {dict(matrix.met)}")
    assert matrix.faults == [], "\n".join(matrix.faults[:SHOWN])


def test_the_matrix_leaves_no_route_no_method_and_nothing_out(world: World) -> None:
    sent: Counter[str] = Counter()
    for principal in PRINCIPALS.values():
        tried = [case for group in cases(world, principal) for case in group]
        sent[principal.name] = len(tried)
        assert {case.rule.endpoint for case in tried} == set(world.app.view_functions)
        kinds = {(case.thing.kind, case.thing.name) for case in tried if case.thing}
        assert {(thing.kind, thing.name) for thing in world.things if not thing.owner} <= kinds
    print(f"{sent.total()} cases: {dict(sent)}")
    assert sent.total() >= FEWEST


def test_the_matrix_finds_a_route_whose_guard_is_missing(world: World) -> None:
    guarded = world.app.view_functions["protection.index"]
    matrix = Matrix(world, PRINCIPALS["adviser"])
    world.app.view_functions["protection.index"] = guarded.__wrapped__  # type: ignore[attr-defined]
    try:
        matrix.run({"protection.index"})
    finally:
        world.app.view_functions["protection.index"] = guarded
    assert matrix.faults == [
        "GET /protection : introuvable ; 200",
        "HEAD /protection : introuvable ; 200",
        # The page of people is noted in the journal.
        "/protection : un refus a changé la base",
    ]


def test_the_matrix_notices_the_smallest_change_and_puts_it_back(world: World) -> None:
    before = world.digest()
    assert world.digest_if_written() is before
    with world.admin.begin() as connection:
        connection.execute(text("UPDATE beneficiaries SET version = version + 1 WHERE id = 1"))
    assert world.digest_if_written() != before
    assert world.restore(before) == before == world.digest()
