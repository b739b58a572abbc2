"""Every way of taking a guard of the database away, derived from its catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.security.controls.database_conditions import without_each
from tests.security.controls.database_world import Undone
from tests.security.database.privileges import ROLES, expected, may_call
from tests.security.database.test_privileges import TABLES

OURS = "IN ('public'::regnamespace, 'sight'::regnamespace)"
HOLDERS = (*ROLES, "owner", "guard")


@dataclass(frozen=True)
class Mutation:
    """A guard taken away: what is said to the database, and where it should be noticed first."""

    kind: str
    name: str
    statement: str
    table: str = ""
    role: str = ""
    verbs: tuple[str, ...] = ("SELECT", "INSERT", "UPDATE", "DELETE")


def mutations(world: Undone) -> Iterator[Mutation]:
    """All of them."""
    yield from _policies(world)
    yield from _tables(world)
    yield from _functions(world)
    yield from _views(world)
    yield from _triggers(world)
    yield from _rights(world)
    yield from _roles()
    yield from _calls(world)


def _policies(world: Undone) -> Iterator[Mutation]:
    for table, name, role, verb, *halves in world.ask(
        "SELECT tablename, policyname, substr(roles[1], 9), cmd, qual, with_check FROM pg_policies "
        "ORDER BY 1, 2"
    ):
        where = {
            "table": table,
            "role": role,
            "verbs": Mutation.verbs if verb == "ALL" else (verb,),
        }
        place = f"{name} ON {table}"
        yield Mutation("policy dropped", place, f"DROP POLICY {place}", **where)
        for clause, half in zip(("USING", "WITH CHECK"), halves, strict=True):
            change = f"ALTER POLICY {place} {clause} ({{}})"
            if half is None:
                continue
            if half != "true":
                yield Mutation("policy opened", f"{place} {clause}", change.format("true"), **where)
            for condition, rest in without_each(half or ""):
                yield Mutation(
                    "condition of a policy", f"{place} {clause}: {condition}",
                    change.format(rest), **where,
                )  # fmt: skip


def _tables(world: Undone) -> Iterator[Mutation]:
    for (table,) in world.ask(
        f"SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace {OURS} ORDER BY 1"
    ):
        for kind, change in (
            ("row security disabled", "DISABLE"),
            ("row security unforced", "NO FORCE"),
        ):
            yield Mutation(
                kind, table, f"ALTER TABLE {table} {change} ROW LEVEL SECURITY", table, "app"
            )


def _functions(world: Undone) -> Iterator[Mutation]:
    for name, answer, body, definition in world.ask(
        "SELECT proname, prorettype::regtype::text, prosrc, pg_get_functiondef(oid) FROM pg_proc "
        "WHERE pronamespace = 'sight'::regnamespace AND prosqlbody IS NULL ORDER BY 1"
    ):
        if answer == "boolean":
            yield Mutation("function says yes", name, definition.replace(body, "SELECT true"))
        for condition, rest in without_each(body):
            yield Mutation(
                "condition of a function", f"{name}: {condition}", definition.replace(body, rest)
            )


def _views(world: Undone) -> Iterator[Mutation]:
    for name, body in world.ask(
        "SELECT relname, rtrim(pg_get_viewdef(oid), ';') FROM pg_class "
        f"WHERE relkind = 'v' AND relnamespace {OURS} ORDER BY 1"
    ):
        view = f"sight.{name}"
        change = f"CREATE OR REPLACE VIEW {view} WITH (security_barrier) AS "
        for condition, rest in without_each(body):
            yield Mutation("condition of a view", f"{name}: {condition}", change + rest)
        yield Mutation("view without barrier", name, f"ALTER VIEW {view} RESET (security_barrier)")
        yield Mutation("view of the reader", name, f"ALTER VIEW {view} SET (security_invoker)")
        yield Mutation("view of another owner", name, f"ALTER VIEW {view} OWNER TO CURRENT_USER")
        for role in ROLES:
            if role != "app":
                yield Mutation(
                    "view read", f"{name} {role}", f"GRANT SELECT ON {view} TO ramsess_{role}"
                )


def _triggers(world: Undone) -> Iterator[Mutation]:
    for table, name in world.ask(
        "SELECT relname, tgname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid "
        f"WHERE NOT tgisinternal AND relnamespace {OURS} ORDER BY 1, 2"
    ):
        yield Mutation(
            "trigger disabled", f"{name} ON {table}", f"ALTER TABLE {table} DISABLE TRIGGER {name}"
        )


def _rights(world: Undone) -> Iterator[Mutation]:
    """Each right on a table, and on a column where columns count, that a role does not hold."""
    columns: dict[str, list[str]] = {}
    for table, column in world.ask(
        "SELECT relname, attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE "
        "relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum > 0 "
        "AND NOT attisdropped ORDER BY 1, attnum"
    ):
        columns.setdefault(table, []).append(column)
    for role in ROLES:
        for table in TABLES:
            held = set(expected(role, table))
            for verb in (
                "SELECT",
                "INSERT",
                "UPDATE",
                "DELETE",
                "TRUNCATE",
                "REFERENCES",
                "TRIGGER",
            ):
                if verb in held:
                    continue
                yield _right("right given", role, verb, table)
                if (role, verb) in (("app", "UPDATE"), ("door", "UPDATE"), ("report", "SELECT")):
                    for column in columns[table]:
                        if f"{verb} {column}" not in held:
                            yield _right(
                                "right given on a column", role, f'{verb} ("{column}")', table
                            )
    for (name,) in world.ask("SELECT relname FROM pg_class WHERE relkind = 'S' ORDER BY 1"):
        for role in ROLES:
            yield Mutation(
                "sequence set", f"{name} {role}", f"GRANT UPDATE ON {name} TO ramsess_{role}"
            )


def _right(kind: str, role: str, verb: str, table: str) -> Mutation:
    return Mutation(
        kind, f"{role}: {verb} {table}", f"GRANT {verb} ON {table} TO ramsess_{role}", table, role
    )


def _roles() -> Iterator[Mutation]:
    for role in HOLDERS:
        for power in ("SUPERUSER", "BYPASSRLS", "CREATEDB", "CREATEROLE", "REPLICATION", "LOGIN"):
            if power != "LOGIN" or role not in ROLES:
                yield Mutation(
                    "power of a role", f"{role} {power}", f"ALTER ROLE ramsess_{role} {power}"
                )
    for member in ROLES:
        for role in HOLDERS:
            if role != member:
                yield Mutation(
                    "membership", f"{member} in {role}", f"GRANT ramsess_{role} TO ramsess_{member}"
                )
        for schema in ("public", "sight"):
            yield Mutation(
                "schema opened", f"{schema} {member}",
                f"GRANT CREATE ON SCHEMA {schema} TO ramsess_{member}",
            )  # fmt: skip
    for right in ("CREATE", "TEMP"):
        yield Mutation(
            "database opened", right,
            "DO $$ BEGIN EXECUTE format('GRANT " + right + " ON DATABASE %I TO PUBLIC', "
            "current_database()); END $$",
        )  # fmt: skip


def _calls(world: Undone) -> Iterator[Mutation]:
    """Who may call a function, with whose rights, and what it takes for the tables it names."""
    for schema, name, arguments, definer, path in world.ask(
        "SELECT pronamespace::regnamespace::text, proname, "
        "pg_get_function_identity_arguments(oid), "
        f"prosecdef, proconfig IS NOT NULL FROM pg_proc WHERE pronamespace {OURS} ORDER BY 1, 2"
    ):
        function = f"{schema}.{name}({arguments})"
        yield Mutation(
            "function called by all", name, f"GRANT EXECUTE ON FUNCTION {function} TO PUBLIC"
        )
        for role in ROLES:
            if not may_call(role, schema, name):
                yield Mutation(
                    "function called", f"{name} {role}",
                    f"GRANT EXECUTE ON FUNCTION {function} TO ramsess_{role}",
                )  # fmt: skip
        yield Mutation(
            "function of another owner", name, f"ALTER FUNCTION {function} OWNER TO CURRENT_USER"
        )
        if path:
            yield Mutation(
                "function without path", name, f"ALTER FUNCTION {function} RESET search_path"
            )
        if definer:
            yield Mutation(
                "function of the caller", name, f"ALTER FUNCTION {function} SECURITY INVOKER"
            )
