"""Each guard of the database is taken away in turn: some check of ours must notice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

import psycopg
import pytest
from flask import Flask

from tests.conftest import SignIn
from tests.security.controls.database_mutations import Mutation, mutations
from tests.security.controls.database_world import Undone
from tests.security.database.rules import DOOR_RULES, RULES
from tests.security.database.sealed import (
    moves_that_are_let,
    seals_that_give_way,
    triggers_that_are_missing,
)
from tests.security.database.test_agreements import (
    diagnostics_that_settle_wrongly,
    links_that_open_more_or_less,
    revisions_that_start_elsewhere,
)
from tests.security.database.test_attacks import attempts_that_pass, statements_that_reach
from tests.security.database.test_catalogue import (
    functions_led_astray,
    functions_of_everybody,
    powers,
    tables_left_bare,
    views_that_differ,
)
from tests.security.database.test_functions import answers_that_differ
from tests.security.database.test_history import changes_that_differ, tables_without_history
from tests.security.database.test_journal import (
    alterations_that_pass,
    events_out_of_place,
    rows_of_the_owner,
    rows_that_the_guard_changes,
)
from tests.security.database.test_pairs import pairs_that_tell_more_or_less
from tests.security.database.test_periods import periods_that_give_way
from tests.security.database.test_privileges import (
    calls_that_differ,
    rights_that_differ,
    sequences_that_differ,
)
from tests.security.database.test_rows import (
    rows_that_are_missing,
    rows_that_differ,
    rows_that_differ_at_the_door,
)
from tests.security.database.test_scenes import (
    codes_that_open_more_or_less,
    codes_that_serve_again,
    deeds_that_differ,
    notes_of_others_that_go,
    orientations_that_open_more_or_less,
    second_lines_that_give_way,
)
from tests.security.database.test_sealed_files import files_that_give_way
from tests.security.database.test_tokens import tokens_that_open_more_or_less
from tests.security.database.world import make_world
from tests.whole import WHOLE, one_in

Check = Callable[[Undone], Iterator[str]]
# What somebody meets who comes in; the catalogue is not asked.
BEHAVIOUR: tuple[Check, ...] = (
    answers_that_differ,
    attempts_that_pass,
    statements_that_reach,
    notes_of_others_that_go,
    codes_that_serve_again,
    codes_that_open_more_or_less,
    deeds_that_differ,
    orientations_that_open_more_or_less,
    second_lines_that_give_way,
    diagnostics_that_settle_wrongly,
    links_that_open_more_or_less,
    revisions_that_start_elsewhere,
    pairs_that_tell_more_or_less,
    periods_that_give_way,
    triggers_that_are_missing,
    seals_that_give_way,
    files_that_give_way,
    tokens_that_open_more_or_less,
    moves_that_are_let,
    alterations_that_pass,
    events_out_of_place,
    rows_that_the_guard_changes,
    changes_that_differ,
    tables_without_history,
    rows_that_are_missing,
    partial(rows_that_differ_at_the_door, tables=DOOR_RULES),
    partial(rows_that_differ, tables=RULES),
)
CATALOGUE: dict[str, Check] = {
    "row security unforced": rows_of_the_owner,
    "view without barrier": views_that_differ,
    "view of the reader": views_that_differ,
    "view of another owner": views_that_differ,
    "view read": views_that_differ,
    "sequence set": sequences_that_differ,
    "power of a role": powers,
    "membership": powers,
    "schema opened": powers,
    "database opened": powers,
    "function called by all": functions_of_everybody,
    "function called": calls_that_differ,
    "function of another owner": functions_led_astray,
    "function without path": functions_led_astray,
    "function of the caller": functions_led_astray,
}
# What no check notices, and why it may stay.
REASONS = {
    "condition of a policy: app_reads ON act_advisers USING: "
    "(structure_id = ANY (( SELECT sight.structures() AS structures)::integer[]))":
        "the shorter way to what sight.my_acts says",
    "condition of a policy: app_reads ON assignments USING: "
    "(advisers.account_id = ( SELECT sight.account() AS account))":
        "second line: advisers shows who records for nobody her own row alone",
    "row security disabled: table_comments":
        "second line: pages have no right on it",
    **{f"policy dropped: batch_adds ON {table}":
        "nothing is sealed any more: held by tests/sealing, which seal for good"
       for table in ("seal_keys", "seals", "sealed_files")},
    "condition of a function: noted_by_others: h.act_id = wanted":
        "second line: who noted somebody is a host, by a foreign key",
    "condition of a function: answer_match: q.verdict IS NULL":
        "second line: only open pairs are told; what ended meanwhile is read once the row is held",
    "condition of a function: structures: g.role_name IN ('adviser', 'manager')":
        "second line: a constraint gives a structure to these roles alone",
    "condition of a view: my_parcours: "
    "((p.reference)::text = split_part(sight.setting('presented'::text), ' '::text, 1))":
        "finds by index the one parcours that sight.invited then judges",
}  # fmt: skip


@pytest.fixture
def world(app: Flask, sign_in: SignIn) -> Iterator[Undone]:
    """The small network, in a transaction that is undone."""
    with Undone.of(make_world(app)) as undone:
        yield undone


def test_each_guard_taken_away_is_noticed(world: Undone) -> None:
    for check in (*BEHAVIOUR, *CATALOGUE.values(), tables_left_bare, rights_that_differ):
        assert list(check(world)) == [], check
    before = world.definitions()
    made: Counter[str] = Counter()
    missed: list[Mutation] = []
    for mutation in one_in(23, list(mutations(world))):
        made[mutation.kind] += 1
        if not noticed(world, mutation):
            missed.append(mutation)
    caught = made.total() - len(missed)
    print(f"{made.total()} mutations, {caught} caught ({caught / made.total():.1%})")
    for kind, count in made.items():
        print(f"  {kind}: {count}, {sum(one.kind == kind for one in missed)} missed")
    found = {f"{one.kind}: {one.name}" for one in missed}
    assert found <= set(REASONS)
    assert found == set(REASONS) or not WHOLE
    assert world.definitions() == before


def noticed(world: Undone, mutation: Mutation) -> bool:
    """True when one of the checks meets something else than before."""
    world.removed = mutation.statement
    try:
        for check in checks(mutation):
            try:
                with closing(check(world)) as deviations:
                    if next(deviations, None) is not None:
                        return True
            except (AssertionError, psycopg.Error):
                return True
        return False
    finally:
        world.removed = ""


def checks(mutation: Mutation) -> Iterator[Check]:
    """The nearest check first, then whatever may notice."""
    table, verbs = [mutation.table], mutation.verbs
    if mutation.kind in CATALOGUE:
        yield CATALOGUE[mutation.kind]
    elif mutation.kind.startswith("right"):
        yield partial(rights_that_differ_on, mutation.table)
    else:
        if mutation.role == "app":
            yield partial(rows_that_differ, tables=table, verbs=verbs)
        elif mutation.role == "door":
            yield partial(rows_that_differ_at_the_door, tables=table, verbs=verbs)
        elif mutation.role in ("batch", "report"):
            yield partial(rows_that_are_missing, tables=table)
        yield from BEHAVIOUR


def rights_that_differ_on(table: str, world: Undone) -> Iterator[str]:
    """The rights of one table."""
    return rights_that_differ(world, table)
