"""Figures, the Région and commands: what each of these roles meets when it tries."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import errors

from ramsess.database import Base
from tests.security.database.privileges import REGION
from tests.security.database.rules import OPEN
from tests.security.database.seals import TABLES as SEALED
from tests.security.database.world import World, secret_of


def test_figures_read_their_columns_and_write_nothing(world: World) -> None:
    named = {"last_name", "first_name", "birth_date", "phone", "email", "note", "title", "origin",
             "public_id", "reference", "join_code", "password", "identity", "record", "label",
             "search_key", "name_key", "local_id", "token_hash"}  # fmt: skip
    cases = 0
    with world.enter("report", sign_in=secret_of(1)) as connection:
        for table in set(Base.metadata.tables) - OPEN:
            for column in Base.metadata.tables[table].columns:
                cases += 1
                read = allowed(connection, f'SELECT "{column.name}" FROM {table}')
                assert not (read and column.name in named), (table, column.name)
            cases += writes_refused(connection, table)
    assert cases > 200


def test_the_region_reads_no_persons_table(world: World) -> None:
    with world.enter("funder", sign_in=secret_of(1)) as connection:
        for table in Base.metadata.tables:
            reads = allowed(connection, f"SELECT 1 FROM {table}")
            assert reads == (table in OPEN | REGION or table in SEALED), table
            writes_refused(connection, table)


def test_a_command_sees_all_and_changes_neither_schema_nor_journal(world: World) -> None:
    with world.enter("batch") as connection:
        for table, rows in world.rows.items():
            count = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert count == (len(rows),), table
        for statement in (
            "CREATE TABLE t (a int)", "CREATE TEMP TABLE t (a int)", "DROP TABLE acts",
            "ALTER TABLE acts DISABLE ROW LEVEL SECURITY", "DROP POLICY app_reads ON acts",
            "UPDATE audit_events SET action = 'x'", "DELETE FROM audit_events",
            "DELETE FROM audit_details", "TRUNCATE audit_details",
            "INSERT INTO audit_events VALUES (9, now(), 'x', '', '', '')",
            "CREATE OR REPLACE FUNCTION sight.account() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        ):  # fmt: skip
            assert not allowed(connection, statement), statement


def allowed(connection: psycopg.Connection[Any], statement: str) -> bool:
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(statement)
    except errors.InsufficientPrivilege:
        return False
    return True


def writes_refused(connection: psycopg.Connection[Any], table: str) -> int:
    key = next(iter(Base.metadata.tables[table].primary_key)).name
    for statement in (
        f"INSERT INTO {table} DEFAULT VALUES",
        f'UPDATE {table} SET "{key}" = "{key}"',
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
    ):
        assert not allowed(connection, statement), statement
    return 4
