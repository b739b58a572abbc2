"""Each table × verb × context, by SQL as each role: who sees and changes which row.

What is expected is said here, row by row, and asks no function of the database.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import errors, sql

from ramsess.database import Base
from ramsess.models import CODE_LISTS
from tests.security.database.world import ACCOUNTS, OF_CASE, A, World, key_of, secret_of

Row = dict[str, Any]
OPEN = {*CODE_LISTS, "roles", "structures", "structure_phases", "memberships", "communes",
        "departments", "epcis"}  # fmt: skip
# Nobody's data: written, never shown on a page.
WORKINGS = {"parcours_numbers": "SIU", "attempts": "SID"}
REFUSED, NONE = "refused", frozenset[Any]()


class Who:
    """Somebody signed in, as the trade describes her: her structures, what they share."""

    def __init__(self, account: int | None) -> None:
        self.account = account
        working = account in (1, 2, 3)
        self.structure = ACCOUNTS.get(account or 0) if working else None
        # A shares case 2; it left case 4.
        self.cases = {k for k, s in OF_CASE.items() if self.structure == s}
        self.shares = self.cases | ({2} if self.structure == A else set())

    def mine(self, row: Row) -> bool:
        return self.structure is not None and row["structure_id"] == self.structure

    def sees_act(self, act: int) -> bool:
        return act % 10 in self.shares

    def records(self, act: int) -> bool:
        return act % 10 in self.cases


def own_account(who: Who, row: Row) -> bool:
    return who.account is not None and row.get("account_id", row["id"]) == who.account


def by_case(column: str) -> Callable[[Who, Row], bool]:
    return lambda who, row: row[column] in who.shares


def mine(who: Who, row: Row) -> bool:
    return who.mine(row)


def never(_who: Who, _row: Row) -> bool:
    return False


def anybody(who: Who, _row: Row) -> bool:
    return who.structure is not None


def act_seen(who: Who, row: Row) -> bool:
    return who.sees_act(row["act_id"])


def act_recorded(who: Who, row: Row) -> bool:
    return who.records(row["act_id"])


def lasting(who: Who, row: Row) -> bool:
    return own_account(who, row) and row["revoked_at"] is None


# Table → SELECT, INSERT, UPDATE, DELETE: which rows, None where the verb itself is refused.
Rule = Callable[[Who, Row], bool] | None
RULES: dict[str, tuple[Rule, Rule, Rule, Rule]] = {
    "accounts": (own_account, None, own_account, None),
    "grants": (own_account, None, None, None),
    "sign_ins": (own_account, own_account, lasting, None),
    "security_keys": (own_account, own_account, own_account, own_account),
    "advisers": (lambda who, row: own_account(who, row) or anybody(who, row), None, None, None),
    "assignments": (
        lambda who, row: row["adviser_id"] == who.account or anybody(who, row),
        None, None, None,
    ),
    "beneficiaries": (by_case("id"), anybody, by_case("id"), None),
    "acquaintances": (mine, mine, mine, None),
    "exchange_keys": (mine, None, None, None),
    "erasure_requests": (
        mine, lambda who, row: who.mine(row) and row["account_id"] == who.account, None, None,
    ),
    "identity_archives": (never, None, None, None),
    "audit_events": (by_case("id"), None, None, None),
    "audit_details": (by_case("person_id"), None, None, None),
    "projects": (by_case("id"), anybody, by_case("id"), None),
    "parcours": (by_case("id"), never, by_case("id"), None),
    "parcours_beneficiaries": (
        by_case("parcours_id"), lambda who, row: row["parcours_id"] in who.cases, None, None,
    ),
    "involvements": (
        lambda who, row: who.mine(row) or row["parcours_id"] in who.shares,
        lambda who, row: who.mine(row) and row["parcours_id"] in who.cases,
        lambda who, row: who.mine(row) and row["parcours_id"] in who.shares,
        None,
    ),
    "phase_changes": (by_case("parcours_id"),) * 4,
    "fundings": (by_case("parcours_id"), by_case("parcours_id"), None, by_case("parcours_id")),
    "acts": (lambda who, row: who.sees_act(row["id"]), mine, mine, mine),
    "act_advisers": (act_seen, act_recorded, None, act_recorded),
    "act_beneficiaries": (act_seen, act_recorded, act_recorded, act_recorded),
    "group_sessions": (act_seen, act_recorded, act_recorded, act_recorded),
    "session_hosts": (act_seen, act_recorded, mine, act_recorded),
    "attendances": (mine, mine, None, mine),
}  # fmt: skip
# A column that its pages change.
CHANGED = {
    "accounts": "password", "sign_ins": "seen_at", "security_keys": "sign_count",
    "beneficiaries": "version", "acquaintances": "informed_on", "projects": "title",
    "parcours": "version", "involvements": "left_on", "phase_changes": "phase_code",
    "acts": "version", "act_beneficiaries": "age", "group_sessions": "title",
    "session_hosts": "version", "parcours_numbers": "last",
}  # fmt: skip


def contexts() -> dict[str, tuple[Who, dict[str, str]]]:
    """Who acts, and what the database is told; whatever is forged is nobody."""
    nobody = Who(None)
    found = {
        "no context": (nobody, {}),
        "own": (Who(1), {"sign_in": secret_of(1)}),
        "the other structure's": (Who(2), {"sign_in": secret_of(2)}),
        "a stranger structure's": (Who(3), {"sign_in": secret_of(3)}),
        "left the structure": (Who(4), {"sign_in": secret_of(4)}),
        "disabled": (nobody, {"sign_in": secret_of(5)}),
        "coordinator": (Who(6), {"sign_in": secret_of(6)}),
        "administrator": (Who(7), {"sign_in": secret_of(7)}),
        "expired": (nobody, {"sign_in": secret_of(1, "expired")}),
        "revoked": (nobody, {"sign_in": secret_of(1, "revoked")}),
    }
    for word in ("1", secret_of(99), "compte1@demo.example", "unique-1", "P-2020-0001", "batch"):
        settings = dict.fromkeys(
            ("sign_in", "door", "presented", "account", "structure", "structures"), word
        )
        found[f"forged {word[:12]}"] = (nobody, settings)
    return found


def test_every_table_verb_and_context_gives_the_rows_that_the_trade_says(world: World) -> None:
    cases, wrong = 0, []
    for context, (who, settings) in contexts().items():
        with world.enter("app", **settings) as connection:
            for table in Base.metadata.tables:
                for place, verb in enumerate(("SELECT", "INSERT", "UPDATE", "DELETE")):
                    cases += 1
                    expected = expect(world, table, place, who)
                    found = attempt(world, connection, table, verb)
                    if found != expected:
                        wrong.append(f"{context}: {verb} {table}: {found} ≠ {expected}")
    print(f"{cases} cases, {len(wrong)} deviations")
    assert wrong == []
    assert cases >= 500


def expect(world: World, table: str, place: int, who: Who) -> Any:
    rows = world.rows[table]
    if table in OPEN or table in WORKINGS:
        verbs = WORKINGS.get(table, "SI" if table == "communes" else "S")
        everything = frozenset(key_of(table, row) for row in rows)
        return everything if "SIUD"[place] in verbs else REFUSED
    rule = RULES[table][place]
    if rule is None:
        return REFUSED
    return frozenset(key_of(table, row) for row in rows if rule(who, row))


def attempt(
    world: World, connection: psycopg.Connection[Any], table: str, verb: str
) -> frozenset[Any] | str:
    """The keys of the rows that the verb reaches; nothing of it stays."""
    if verb == "INSERT":
        return insert(world, connection, table)
    keys = [column.name for column in Base.metadata.tables[table].primary_key]
    names = sql.SQL(", ").join(map(sql.Identifier, keys))
    column = sql.Identifier(CHANGED.get(table, keys[-1]))
    statement = {
        "SELECT": sql.SQL("SELECT {names} FROM {table}"),
        "UPDATE": sql.SQL("UPDATE {table} SET {column} = {column} RETURNING {names}"),
        "DELETE": sql.SQL("DELETE FROM {table} RETURNING {names}"),
    }[verb].format(names=names, table=sql.Identifier(table), column=column)
    try:
        with connection.transaction(force_rollback=True):
            return frozenset(tuple(map(jsonlike, row)) for row in connection.execute(statement))
    except errors.InsufficientPrivilege:
        return REFUSED


def jsonlike(value: Any) -> Any:
    return value if isinstance(value, int) else str(value)


def insert(world: World, connection: psycopg.Connection[Any], table: str) -> frozenset[Any] | str:
    """Write each row again: the row policy speaks before the primary key refuses the double."""
    passed, refused = set(), ""
    statement = sql.SQL(
        "INSERT INTO {table} OVERRIDING SYSTEM VALUE "
        "SELECT (jsonb_populate_record(NULL::{table}, %s)).*"
    ).format(table=sql.Identifier(table))
    for row in world.rows[table] or [{}]:
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
            assert reads == (table in OPEN), table
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
