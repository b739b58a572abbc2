"""What each role may do with each table, column, sequence and function, as the catalogue has it."""

from __future__ import annotations

from collections.abc import Iterator

from ramsess.database import Base
from tests.security.database.privileges import ROLES, expected, may_call
from tests.security.database.world import World

HELD = """
SELECT substr(r.rolname, 9), c.relname, p.verb || coalesce(' ' || a.attname, '')
FROM pg_roles r
CROSS JOIN pg_class c
CROSS JOIN unnest('{{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}}'::text[]) p (verb)
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  AND p.verb IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
  AND NOT has_table_privilege(r.oid, c.oid, p.verb)
WHERE r.rolname = ANY ('{{{roles}}}') AND c.relkind IN ('r', 'p')
  AND c.relnamespace = 'public'::regnamespace AND c.relname = ANY ('{{{tables}}}')
  AND CASE WHEN a.attname IS NULL THEN has_table_privilege(r.oid, c.oid, p.verb)
    ELSE has_column_privilege(r.oid, c.oid, a.attnum, p.verb) END
"""
TABLES = (*Base.metadata.tables, "alembic_version")


def test_each_role_has_the_rights_that_it_needs_and_no_other(world: World) -> None:
    assert list(rights_that_differ(world)) == []


def test_each_function_is_called_by_those_who_need_it(world: World) -> None:
    assert list(calls_that_differ(world)) == []


def test_sequences_give_numbers_and_are_not_set(world: World) -> None:
    assert list(sequences_that_differ(world)) == []


def rights_that_differ(world: World, *tables: str) -> Iterator[str]:
    """Rights held on tables and columns that are not said, or said and not held."""
    tables = tables or TABLES
    names = ",".join(f"ramsess_{role}" for role in ROLES)
    held = set(world.ask(HELD.format(roles=names, tables=",".join(tables))))
    said = {
        (role, table, right)
        for role in ROLES
        for table in tables
        for right in expected(role, table)
    }
    for role, table, right in sorted(held ^ said):
        yield f"{role}: {right} {table}"


def calls_that_differ(world: World) -> Iterator[str]:
    """Functions of ours that a role may call and should not, or the reverse."""
    for role, schema, function, callable_ in world.ask(
        "SELECT substr(rolname, 9), pronamespace::regnamespace::text, proname, "
        "has_function_privilege(r.oid, p.oid, 'EXECUTE') FROM pg_proc p, pg_roles r "
        "WHERE pronamespace IN ('sight'::regnamespace, 'public'::regnamespace) "
        f"AND rolname = ANY ('{{{','.join(f'ramsess_{role}' for role in ROLES)}}}')"
    ):
        if callable_ != may_call(role, schema, function):
            yield f"{role}: {schema}.{function}"


def sequences_that_differ(world: World) -> Iterator[str]:
    """Sequences that somebody reads or sets."""
    for role, name, right in world.ask(
        "SELECT substr(rolname, 9), relname, verb FROM pg_roles, pg_class, "
        "unnest('{USAGE,SELECT,UPDATE}'::text[]) verb WHERE relkind = 'S' "
        f"AND rolname = ANY ('{{{','.join(f'ramsess_{role}' for role in ROLES)}}}') "
        "AND has_sequence_privilege(pg_roles.oid, pg_class.oid, verb)"
    ):
        if right != "USAGE" or role not in ("app", "door", "batch"):
            yield f"{role}: {right} {name}"
