"""The journal under the administrator's hands, and what the guard of the rows may do itself."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from tests.security.database.world import World, secret_of
from tests.security.test_audit_tampering import ALTERATIONS

DENIED = psycopg.errors.InsufficientPrivilege
ZEROS = "0" * 64


def test_the_journal_takes_no_alteration(world: World) -> None:
    assert list(alterations_that_pass(world)) == []


def alterations_that_pass(world: World) -> Iterator[str]:
    """What the administrator changes in the journal, its triggers notwithstanding."""
    with world.administer() as admin:
        for statement in ALTERATIONS:
            try:
                with admin.transaction(force_rollback=True):
                    admin.execute(statement.encode())
            except DENIED:
                continue
            yield statement


def test_an_event_is_given_its_place_and_a_deed_its_author(world: World) -> None:
    assert list(events_out_of_place(world)) == []


def events_out_of_place(world: World) -> Iterator[str]:
    """Events that choose their place, or that somebody cannot note of what she did."""
    with world.administer() as admin:
        admin.execute(
            "INSERT INTO audit_events (id, at, action, commitment, previous, digest) "
            "VALUES (77, '2001-01-01', 'read_person', %(zeros)s, %(zeros)s, %(zeros)s)",
            {"zeros": ZEROS},
        )
        if admin.execute("SELECT 1 FROM audit_events WHERE id = 77 OR digest = previous").rowcount:
            yield "an event chose its place"
    with world.scene() as scene:
        for role, names in (("app", "1, 1, 1"), ("app", "1, NULL, 1"), ("batch", "NULL, NULL, 3")):
            account, structure, person = names.split(", ")
            noted = scene.act(
                role,
                f"SELECT audit_note_many('{{read_person}}', '{{{account}}}', '{{{structure}}}', "
                f"'{{{person}}}', '{{x}}')",
                sign_in=secret_of(1),
            )
            if noted != 1:
                yield f"{role}: {names}"
        nobody = "SELECT audit_note_many('{read_person}', '{NULL}', '{NULL}', '{1}', '{x}')"
        if scene.act("app", nobody) is not None:
            yield "nobody notes a deed"
        if len(scene.rows("batch", "SELECT 1 FROM audit_details WHERE record = 'x'")) != 3:
            yield "an event is missing"


def test_the_guard_holds_rows_and_changes_none(world: World) -> None:
    assert list(rows_that_the_guard_changes(world)) == []


def rows_that_the_guard_changes(world: World) -> Iterator[str]:
    """It may hold a row that the journal names; not change it."""
    with world.administer() as admin:
        admin.execute("SET LOCAL ROLE ramsess_guard")
        for table in ("accounts", "beneficiaries"):
            held = admin.execute(f"SELECT 1 FROM {table} WHERE id = 1 FOR KEY SHARE".encode())
            if held.rowcount != 1:
                yield f"{table} is not held"
            try:
                with admin.transaction(force_rollback=True):
                    admin.execute(f"UPDATE {table} SET id = 99 WHERE id = 1".encode())
            except DENIED:
                continue
            yield f"{table} is changed"


def test_an_owner_sees_no_row(world: World) -> None:
    assert list(rows_of_the_owner(world)) == []


def rows_of_the_owner(world: World, *tables: str) -> Iterator[str]:
    """Rows that the tables' owner sees: migrations change tables, not what they hold."""
    with world.administer() as admin:
        protected = admin.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity "
            "AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        admin.execute("SET LOCAL ROLE ramsess_owner")
        for (table,) in protected:
            if (
                table in (tables or (table,))
                and admin.execute(f"SELECT 1 FROM {table}".encode()).rowcount
            ):
                yield table
