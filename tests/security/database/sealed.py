"""What a seal holds still, whoever writes, and what it lets pass; seen from the cases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg

from tests.security.database.periods import UNDER_WAY
from tests.security.database.world import Scene, World

TABLES = (
    "acts", "act_advisers", "act_beneficiaries", "group_sessions", "session_hosts",
    "session_slots", "attendances", "slot_attendances", "exchange_keys", "parcours",
    "parcours_beneficiaries", "phase_changes", "fundings", "involvements", "assignments",
    "orientations", "diagnostics", "plans", "plan_actions", "memberships", "corrections",
)  # fmt: skip
TRIGGERS = {(table, f"sealed_{what}") for table in TABLES
            for what in ("added", "changed", "removed")} | {("seals", "hold_still")}  # fmt: skip
# Statement → the period whose seal refuses it; None where it passes.
DEEDS = (
    ("UPDATE acts SET type_code = 'CSL2' WHERE id = 1", UNDER_WAY),
    ("UPDATE acts SET done_on = '2019-05-01' WHERE id = 1", UNDER_WAY),
    ("UPDATE acts SET note = '' WHERE id = 1", None),
    ("UPDATE acts SET type_code = 'CSL2', done_on = '2021-01-01' WHERE id = 99", None),
    ("DELETE FROM acts WHERE id = 11", UNDER_WAY),
    ("UPDATE parcours SET entered_on = '2020-01-02' WHERE id = 1", UNDER_WAY),
)
# Kept, gone → whether the rows of the one may move to the other.
MOVES = (
    ((1, 3), True), ((2, 4), True), ((1, 2), False), ((3, 1), False), ((4, 2), False),
    ((1, 4), False), ((2, 3), False),
)  # fmt: skip


def triggers_that_are_missing(world: World) -> Iterator[str]:
    """A table whose rows may change without anybody asking."""
    found = set(world.ask(
        "SELECT relname, tgname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE "
        "tgenabled = 'O' AND (tgname ~ '^sealed_(added|changed|removed)$' OR tgname = 'hold_still')"
    ))  # fmt: skip
    for missing in sorted(found ^ TRIGGERS):
        yield " ".join(missing)


def seals_that_give_way(world: World) -> Iterator[str]:
    """Deeds that pass and should not, or the reverse; a refusal that names another period."""
    with world.scene() as scene:
        _seal(scene)
        for statement, expected in DEEDS:
            found = _met(scene, statement)
            if found != expected:
                yield f"{statement}: {found}"


def moves_that_are_let(world: World) -> Iterator[str]:
    """Records that are let become one, and should not, or the reverse."""
    with world.scene() as scene:
        for (kept, gone), let in MOVES:
            if (found := _let(scene, kept, gone)) != ({kept, gone} if let else set()):
                yield f"{kept}, {gone}: {found}"
        scene.admin.execute(
            "UPDATE beneficiaries SET merged_into_id = 1, nameless_since = now() WHERE id = 4"
        )
        for (kept, gone), let in (((1, 4), True), ((4, 1), False), ((1, 2), False)):
            if (found := _let(scene, kept, gone)) != ({kept, gone} if let else set()):
                yield f"merged {kept}, {gone}: {found}"
        scene.admin.execute("INSERT INTO sight.identity_moves VALUES ('1', 1)")
        scene.rows("batch", "SELECT sight.let_identity_move(1, 3)")
        scene.rows("batch", "SELECT sight.let_identity_move(2, 4)")
        if len(scene.admin.execute("SELECT FROM sight.identity_moves").fetchall()) < 4:
            yield "of two merges together one is forgotten"
        left = scene.admin.execute(
            "SELECT count(*) FROM sight.identity_moves WHERE transaction = '1'"
        ).fetchone()
        if left != (0,):
            yield "what was let before is let for ever"


def _let(scene: Scene, kept: int, gone: int) -> set[int]:
    scene.admin.execute("DELETE FROM sight.identity_moves")
    scene.rows("batch", f"SELECT sight.let_identity_move({kept}, {gone})")
    found = scene.admin.execute("SELECT person_id FROM sight.identity_moves").fetchall()
    return {person for (person,) in found}


def _seal(scene: Scene) -> None:
    """The year 2018, in which nothing happened, then the first quarter of 2020."""
    admin: Any = scene.admin
    admin.execute("INSERT INTO seal_keys (name, public_key) VALUES ('cas', %s)", [bytes([1] * 32)])
    admin.execute(
        "INSERT INTO periods (id, kind, first_on, last_on, version) "
        "VALUES (911, 'year', '2018-01-01', '2018-12-31', 1)"
    )
    for number in (911, UNDER_WAY):
        admin.execute(
            "INSERT INTO seals (period_id, address, manifest, digest, signature, key_name, "
            "account_id, sealed_at) SELECT %s, m, m::bytea, encode(sha256(m::bytea), 'hex'), %s, "
            "'cas', 6, now() FROM CAST(%s AS text) AS m",
            [number, bytes(64), f"CAS-{number}"],
        )


def _met(scene: Scene, statement: str) -> int | None:
    try:
        with scene.admin.transaction(force_rollback=True):
            scene.admin.execute(statement.encode())
    except psycopg.Error as fault:
        if fault.sqlstate != "RS011":
            raise
        return int(json.loads(fault.diag.message_detail or "{}")["id"])
    return None
