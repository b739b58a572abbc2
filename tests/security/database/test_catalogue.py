"""What the database's own catalogue says of its protections."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ramsess.actions.sign_ins import IDLE, LONGEST
from ramsess.database import Base
from tests.security.database.privileges import ROLES
from tests.security.database.rules import OPEN, WORKINGS
from tests.security.database.world import World

# A key that speaks for the whole network, and why it tells nothing.
UNIQUE = {
    "accounts": "addresses and secrets: pages add no account and change no address",
    "advisers": "pages add and change none; random identifiers",
    "acts": "random identifiers",
    "beneficiaries": "random identifiers; an exact identity is told on purpose (Rule 1)",
    "group_sessions": "a reference is written by workbooks alone",
    "diagnostics": "random identifiers, the hash of a random secret; the parcours is led first",
    "corrections": "random identifiers and keys",
    "plans": "random identifiers; the parcours is seen first",
    "plan_actions": "random identifiers and keys",
    "messages": "random identifiers",
    "signed_sheets": "random identifiers",
    "imports": "random identifiers; pages add none",
    "mappings": "random identifiers; the name begins with the structure",
    "parcours": "a random key; references are given in order",
    "phase_changes": "the parcours is seen first",
    "security_keys": "the account is one's own; a key's identifier is random",
    "sign_ins": "the hash of a random secret",
    "api_tokens": "the hash of a random secret, a random key",
    "orientations": "random identifiers, a random key",
    "erasure_requests": "begins with the structure",
    "grants": "pages add none",
    "resources": "random identifiers",
    "saved_lists": "random identifiers; names begin with the account",
    "seal_keys": "public keys, their fingerprints",
    "seals": "a period is sealed once; addresses and digests are public",
    "sealed_files": "pages add none",
    "periods": "random identifiers; days that the whole network knows",
    "hand_ins": "begins with the period and the structure",
    "duplicate_pairs": "random identifiers; two records that who adds their pair sees",
}
# Inlined by the planner, which a search path would forbid; they name no table.
INLINED = {"audit_field", "audit_commitment", "setting", "today", "key_of", "about"}
# The others act with the rights of their owner: this is how they see what decides.
OF_THE_CALLER = {"setting", "today", "sign_the_journal", "key_of", "about", "told_reasons",
                 "refuse_to_unseal"}  # fmt: skip
OURS = "IN ('sight'::regnamespace, 'public'::regnamespace)"


def test_every_table_that_leads_to_somebody_is_forced(world: World) -> None:
    assert list(tables_left_bare(world)) == []
    names = {name for (name,) in world.ask(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "AND relkind IN ('r', 'p')"
    )}  # fmt: skip
    assert names == set(Base.metadata.tables) | {"alembic_version"}


def tables_left_bare(world: World) -> Iterator[str]:
    """Tables without row security, or whose owner escapes it."""
    for name, forced in world.ask(
        "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class "
        "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    ):
        if forced == (name in {*OPEN, *WORKINGS, "alembic_version"}):
            yield name


def test_the_roles_own_and_bypass_nothing(world: World) -> None:
    assert list(powers(world)) == []


def powers(world: World) -> Iterator[str]:
    """What makes a role more than what its rights say."""
    names = ", ".join(f"'ramsess_{name}'" for name in ROLES)
    holders = f"{names}, 'ramsess_owner', 'ramsess_guard'"
    if world.ask(f"SELECT count(*) FROM pg_roles WHERE rolname IN ({holders})") != [(7,)]:
        yield "a role is missing"
    for query in (
        "SELECT rolname FROM pg_roles r WHERE (rolsuper OR rolbypassrls OR rolcreatedb OR "
        f"rolcreaterole OR rolreplication) AND rolname IN ({holders})",
        "SELECT rolname FROM pg_roles r WHERE rolcanlogin "
        "AND rolname IN ('ramsess_owner', 'ramsess_guard')",
        "SELECT relname FROM pg_class JOIN pg_roles r ON r.oid = relowner WHERE rolname IN ({})",
        "SELECT proname FROM pg_proc JOIN pg_roles r ON r.oid = proowner WHERE rolname IN ({})",
        "SELECT rolname FROM pg_auth_members JOIN pg_roles r ON r.oid = member "
        "WHERE rolname IN ({})",
        "SELECT nspname FROM pg_namespace, pg_roles r WHERE rolname IN ({}) "
        "AND has_schema_privilege(r.oid, pg_namespace.oid, 'CREATE')",
        "SELECT rolname FROM pg_roles r WHERE rolname IN ({}) AND ("
        "has_database_privilege(r.oid, current_database(), 'CREATE, TEMP'))",
        "SELECT pg_get_userbyid(r.roleid) FROM pg_auth_members r "
        f"WHERE pg_get_userbyid(r.roleid) IN ({names})",
    ):
        for (found,) in world.ask(query.format(names)):
            yield f"{found}: {query}"


def test_a_function_with_rights_has_its_path_and_an_owner_that_cannot_enter(world: World) -> None:
    assert list(functions_led_astray(world)) == []


def functions_led_astray(world: World) -> Iterator[str]:
    """Functions that somebody could make call something else, or that act for one who enters."""
    rows = world.ask(
        "SELECT proname, coalesce(array_to_string(proconfig, ','), ''), proowner::regrole::text, "
        "prosecdef, pronamespace = 'sight'::regnamespace OR proname = 'audit_note_many' "
        f"FROM pg_proc WHERE pronamespace {OURS}"
    )
    if len(rows) < 30:
        yield "functions are missing"
    for name, path, owner, definer, decides in rows:
        if definer != (decides and name not in OF_THE_CALLER):
            yield f"{name}: with whose rights?"
        led = path.startswith("search_path=pg_catalog") and path.endswith("pg_temp")
        if not led and (name not in INLINED or definer):
            yield f"{name}: {path}"
        if owner != "ramsess_guard" and (definer or owner != "ramsess_owner"):
            yield f"{name}: {owner}"


def test_nothing_of_ours_is_executed_by_everybody(world: World) -> None:
    assert list(functions_of_everybody(world)) == []


def functions_of_everybody(world: World) -> Iterator[str]:
    """Functions that any role calls, tomorrow's included."""
    for (name,) in world.ask(
        "SELECT proname FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) a "
        f"WHERE pronamespace {OURS} AND a.grantee = 0"
    ):
        yield name


def test_views_are_the_guards_alone_and_hold_back_what_they_filter(world: World) -> None:
    assert list(views_that_differ(world)) == []


def views_that_differ(world: World) -> Iterator[str]:
    """Views whose owner, whose readers or whose barrier is another."""
    # Their owner reads the tables whoever asks; the rows are those that the account sees.
    expected = ("sight", "ramsess_guard", ["security_barrier=true"], ["ramsess_app SELECT"])
    views = world.ask(
        "SELECT relname, relnamespace::regnamespace::text, relowner::regrole::text, reloptions, "
        "(SELECT array_agg(DISTINCT grantee::regrole::text || ' ' || privilege_type) "
        "FROM aclexplode(relacl) WHERE grantee <> relowner) FROM pg_class "
        f"WHERE relkind IN ('v', 'm') AND relnamespace {OURS}"
    )
    if len(views) != 4:
        yield f"{len(views)} views"
    for name, *found in views:
        if tuple(found) != expected:
            yield f"{name}: {found}"


def test_no_policy_of_the_pages_says_yes_to_all(world: World) -> None:
    rows = world.ask(
        "SELECT tablename, policyname, roles::text[], qual, with_check FROM pg_policies "
        "WHERE roles && '{ramsess_app,ramsess_door,public}'"
    )
    assert rows
    for table, name, roles, *conditions in rows:
        assert "true" not in conditions, (table, name)
        assert "public" not in roles, (table, name)
    protected = set(Base.metadata.tables) - OPEN - set(WORKINGS)
    assert protected - {row[0] for row in rows} == {
        "identity_archives", "table_comments",
    }  # fmt: skip


def test_a_unique_key_beside_the_primary_one_has_a_reason(world: World) -> None:
    rows = world.ask(
        "SELECT DISTINCT relname FROM pg_index JOIN pg_class ON pg_class.oid = indrelid "
        "WHERE indisunique AND NOT indisprimary AND relrowsecurity"
    )
    assert {row[0] for row in rows} == set(UNIQUE)


def test_a_sign_in_lasts_in_the_database_what_the_application_says(world: World) -> None:
    conditions = world.ask(
        "SELECT policyname, with_check FROM pg_policies "
        "WHERE tablename = 'sign_ins' AND with_check IS NOT NULL"
    )
    lengths = {
        (policy, column): world.ask(f"SELECT interval '{length}'")[0][0]
        for policy, condition in conditions
        for column, length in re.findall(r"(\w+) <= \(now\(\) \+ '([^']+)'::interval\)", condition)
    }
    adding, changing = ("app_adds", "door_adds"), ("app_changes", "door_changes")
    assert lengths == {
        **{(policy, "expires_at"): LONGEST for policy in adding},
        **{(policy, "idle_until"): IDLE for policy in (*adding, *changing)},
    }
