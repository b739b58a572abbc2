"""Each table × verb × context, by SQL as each role: who sees and changes which row."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

import psycopg
from psycopg import errors, sql

from ramsess.database import Base
from tests.security.database.privileges import FIGURES
from tests.security.database.rules import (
    CHANGED,
    OPEN,
    REFUSED,
    VERBS,
    at_the_door,
    contexts,
    expect,
    tried,
)
from tests.security.database.world import World, key_of

STATEMENTS = {
    "SELECT": "SELECT {names} FROM {table}",
    "UPDATE": "UPDATE {table} SET {column} = {column} RETURNING {names}",
    "DELETE": "DELETE FROM {table} RETURNING {names}",
}
# What reads no column is not held back by what may be read.
BLINDLY = {"UPDATE": "UPDATE {table} SET {column} = %s", "DELETE": "DELETE FROM {table}"}
TABLES = tuple(Base.metadata.tables)


def test_every_table_verb_and_context_gives_the_rows_that_the_trade_says(world: World) -> None:
    deviations = list(rows_that_differ(world))
    cases = len(TABLES) * len(VERBS) * len(contexts())
    print(f"{cases} cases, {len(deviations)} deviations")
    assert deviations == []
    assert cases >= 2900


def test_at_the_door_the_account_that_is_named_and_nothing_else(world: World) -> None:
    assert list(rows_that_differ_at_the_door(world)) == []


def test_commands_and_figures_have_every_row(world: World) -> None:
    assert list(rows_that_are_missing(world)) == []


def rows_that_differ(
    world: World, tables: Collection[str] = TABLES, verbs: Collection[str] = VERBS
) -> Iterator[str]:
    """What a page does not reach and should, or reaches and should not."""
    yield from _differ(world, "app", contexts(), tables, verbs)


def rows_that_differ_at_the_door(
    world: World, tables: Collection[str] = TABLES, verbs: Collection[str] = VERBS
) -> Iterator[str]:
    """The same of somebody who asks to be let in."""
    yield from _differ(world, "door", at_the_door(), tables, verbs)


def _differ(
    world: World,
    role: str,
    around: dict[str, Any],
    tables: Collection[str],
    verbs: Collection[str],
) -> Iterator[str]:
    for context, (who, settings) in around.items():
        with world.enter(role, **settings) as connection:
            for table in tables:
                for verb in verbs:
                    expected = expect(world, table, verb, who)
                    found = attempt(world, connection, table, verb)
                    if found != expected:
                        yield f"{context}: {verb} {table}: {found} ≠ {expected}"


def attempt(
    world: World, connection: psycopg.Connection[Any], table: str, verb: str
) -> frozenset[Any] | str:
    """The keys of the rows that the verb reaches; nothing of it stays."""
    if verb == "INSERT":
        return insert(world, connection, table)
    keys = [column.name for column in Base.metadata.tables[table].primary_key]
    column = CHANGED.get(table, keys[-1])
    names = {
        "names": sql.SQL(", ").join(map(sql.Identifier, keys)),
        "table": sql.Identifier(table),
        "column": sql.Identifier(column),
    }
    try:
        with connection.transaction(force_rollback=True):
            statement = sql.SQL(STATEMENTS[verb]).format(**names)
            found = frozenset(tuple(map(jsonlike, row)) for row in connection.execute(statement))
        if verb in BLINDLY:
            with connection.transaction(force_rollback=True):
                values = [world.rows[table][0][column]] if verb == "UPDATE" else []
                statement = sql.SQL(BLINDLY[verb]).format(**names)
                count = connection.execute(statement, values).rowcount
                if count != len(found):
                    return f"{count} rows reached without reading them"
    except errors.InsufficientPrivilege:
        return REFUSED
    return found


def jsonlike(value: Any) -> Any:
    return value if isinstance(value, int) else str(value)


def insert(world: World, connection: psycopg.Connection[Any], table: str) -> frozenset[Any] | str:
    """Write each row again: the row policy speaks before the primary key refuses the double."""
    passed, refused = set(), ""
    statement = sql.SQL(
        "INSERT INTO {table} OVERRIDING SYSTEM VALUE "
        "SELECT (jsonb_populate_record(NULL::{table}, %s)).*"
    ).format(table=sql.Identifier(table))
    for row in tried(world, table, "INSERT") or [{}]:
        try:
            with connection.transaction(force_rollback=True):
                connection.execute(statement, [json.dumps(row)])
        except errors.InsufficientPrivilege as error:
            refused = str(error)
            if "permission denied" in refused:
                return REFUSED
        except (errors.UniqueViolation, errors.ExclusionViolation):
            passed.add(key_of(table, row))
        else:
            raise AssertionError(f"{table}: {row}")
    return frozenset(passed)


def rows_that_are_missing(world: World, tables: Collection[str] = TABLES) -> Iterator[str]:
    """Rows that commands do not see, or that figures would not count."""
    for role in ("batch", "report"):
        with world.enter(role) as connection:
            for table in tables:
                if role == "batch" or table in FIGURES or table in OPEN:
                    counted = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
                    if counted != (len(world.rows[table]),):
                        yield f"{role}: {table}: {counted}"
