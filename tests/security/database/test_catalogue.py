"""What the database's own catalogue says of its protections."""

from __future__ import annotations

from typing import Any

import psycopg

from ramsess.database import Base
from tests.security.database.test_rows import OPEN, WORKINGS
from tests.security.database.world import World, plain

ROLES = ("app", "door", "batch", "report", "funder")
# A key that speaks for the whole network, and why it tells nothing.
UNIQUE = {
    "accounts": "addresses and secrets: pages add no account and change no address",
    "advisers": "pages add and change none",
    "acts": "random identifiers",
    "beneficiaries": "random identifiers; an exact identity is told on purpose (Rule 1)",
    "group_sessions": "a reference is written by workbooks alone",
    "parcours": "a random key; references are given in order",
    "phase_changes": "the parcours is seen first",
    "security_keys": "the account is one's own; a key's identifier is random",
    "sign_ins": "the hash of a random secret",
    "erasure_requests": "begins with the structure",
    "grants": "pages add none",
}


def ask(world: World, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(plain(world.app.config["DATABASE_ADDRESS"])) as admin:
        return admin.execute(query).fetchall()  # type: ignore[arg-type]


def test_every_table_that_leads_to_somebody_is_forced(world: World) -> None:
    rows = ask(
        world,
        "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class "
        "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')",
    )
    bare = {name for name, forced in rows if not forced}
    assert bare == OPEN | set(WORKINGS) | {"alembic_version"}
    assert {name for name, _ in rows} == set(Base.metadata.tables) | {"alembic_version"}


def test_the_roles_that_sign_in_own_and_bypass_nothing(world: World) -> None:
    names = ", ".join(f"'ramsess_{name}'" for name in ROLES)
    assert ask(world, f"SELECT count(*) FROM pg_roles WHERE rolname IN ({names})") == [(5,)]
    for query in (
        "SELECT rolname FROM pg_roles r WHERE (rolsuper OR rolbypassrls OR rolcreatedb OR "
        "rolcreaterole OR rolreplication) AND rolname IN ({})",
        "SELECT relname FROM pg_class JOIN pg_roles r ON r.oid = relowner WHERE rolname IN ({})",
        "SELECT proname FROM pg_proc JOIN pg_roles r ON r.oid = proowner WHERE rolname IN ({})",
        "SELECT 1 FROM pg_auth_members JOIN pg_roles r ON r.oid = member WHERE rolname IN ({})",
        "SELECT nspname FROM pg_namespace, pg_roles r WHERE rolname IN ({}) "
        "AND has_schema_privilege(r.oid, pg_namespace.oid, 'CREATE')",
        "SELECT rolname FROM pg_roles r WHERE rolname IN ({}) AND ("
        "has_database_privilege(r.oid, current_database(), 'CREATE, TEMP'))",
    ):
        assert ask(world, query.format(names)) == [], query


def test_a_function_with_rights_has_its_path_and_an_owner_that_cannot_enter(world: World) -> None:
    rows = ask(
        world,
        "SELECT proname, coalesce(array_to_string(proconfig, ','), ''), rolcanlogin "
        "FROM pg_proc JOIN pg_roles r ON r.oid = proowner WHERE prosecdef "
        "AND pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)",
    )
    assert len(rows) >= 20
    for name, path, can_login in rows:
        assert path.startswith("search_path=pg_catalog"), name
        assert path.endswith("pg_temp"), name
        assert not can_login, name


def test_nothing_of_ours_is_executed_by_everybody(world: World) -> None:
    assert ask(
        world,
        "SELECT proname FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) a "
        "WHERE pronamespace IN ('sight'::regnamespace, 'public'::regnamespace) AND a.grantee = 0",
    ) == []  # fmt: skip


def test_views_are_the_guards_alone_and_hold_back_what_they_filter(world: World) -> None:
    views = ask(
        world,
        "SELECT relnamespace::regnamespace::text, relowner::regrole::text, reloptions, "
        "(SELECT array_agg(DISTINCT grantee::regrole::text || ' ' || privilege_type) "
        "FROM aclexplode(relacl) WHERE grantee <> relowner) FROM pg_class "
        "WHERE relkind IN ('v', 'm') AND relnamespace IN ('public'::regnamespace, "
        "'sight'::regnamespace)",
    )
    # Their owner reads the tables whoever asks; the rows are those that the account sees.
    expected = ("sight", "ramsess_guard", ["security_barrier=true"], ["ramsess_app SELECT"])
    assert [tuple(view) for view in views] == [expected] * 4


def test_no_policy_of_the_pages_says_yes_to_all(world: World) -> None:
    rows = ask(
        world,
        "SELECT tablename, policyname, roles::text[], qual, with_check FROM pg_policies "
        "WHERE roles && '{ramsess_app,ramsess_door,public}'",
    )
    assert rows
    for table, name, roles, *conditions in rows:
        assert "true" not in conditions, (table, name)
        assert "public" not in roles, (table, name)
    protected = set(Base.metadata.tables) - OPEN - set(WORKINGS)
    assert protected - {row[0] for row in rows} == {"identity_archives"}


def test_a_unique_key_beside_the_primary_one_has_a_reason(world: World) -> None:
    rows = ask(
        world,
        "SELECT DISTINCT relname FROM pg_index JOIN pg_class ON pg_class.oid = indrelid "
        "WHERE indisunique AND NOT indisprimary AND relrowsecurity",
    )
    assert {row[0] for row in rows} == set(UNIQUE)
