"""Periods: who hands in for a structure; what is consolidated and sealed gives way to nobody."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from tests.security.database.world import Scene, World, secret_of

MANAGER_OF_A, ADVISER_OF_A, MANAGER_OF_B = 9, 1, 10
ADD = (
    "INSERT INTO hand_ins (period_id, structure_id, number, step, remark, account_id) "
    "VALUES ({}, {}, 9, '{}', 'mot', {})"
)
CONSOLIDATED = "UPDATE periods SET consolidated_on = '2020-05-01' WHERE id = 1"
SEALED = (
    "INSERT INTO seal_keys (name, public_key) VALUES ('essai', decode(repeat('00', 32), 'hex')); "
    "INSERT INTO seals (period_id, address, manifest, digest, signature, key_name, account_id, "
    "sealed_at) VALUES (2, 'ESSAI', '', encode(sha256(''), 'hex'), sha512(''), "
    "'essai', 6, now())"
)
# Who adds which step, after what: added or not.
STEPS = (
    ("SELECT 1", MANAGER_OF_A, ADD.format(1, 1, "handed_in", 9), True),
    ("SELECT 1", MANAGER_OF_A, ADD.format(1, 1, "taken_back", 9), True),
    ("SELECT 1", MANAGER_OF_A, ADD.format(1, 1, "sent_back", 9), False),
    ("SELECT 1", MANAGER_OF_A, ADD.format(1, 1, "handed_in", 10), False),
    ("SELECT 1", MANAGER_OF_A, ADD.format(1, 2, "handed_in", 9), False),
    ("SELECT 1", MANAGER_OF_A, ADD.format(2, 1, "handed_in", 9), False),
    ("SELECT 1", ADVISER_OF_A, ADD.format(1, 1, "handed_in", 1), False),
    (CONSOLIDATED, MANAGER_OF_A, ADD.format(1, 1, "taken_back", 9), False),
    ("UPDATE periods SET consolidated_on = NULL WHERE id = 2", MANAGER_OF_A,
     ADD.format(2, 1, "handed_in", 9), True),
    ("UPDATE grants SET until = current_date - 2 WHERE account_id = 9; "
     "INSERT INTO grants (id, account_id, role_name, structure_id) VALUES (99, 9, 'adviser', 1)",
     MANAGER_OF_A, ADD.format(1, 1, "handed_in", 9), False),
    ("UPDATE grants SET until = current_date WHERE account_id = 9",
     MANAGER_OF_A, ADD.format(1, 1, "handed_in", 9), True),
    ("UPDATE grants SET until = current_date + 2 WHERE account_id = 9",
     MANAGER_OF_A, ADD.format(1, 1, "handed_in", 9), True),
    ("UPDATE memberships SET left_on = current_date - 2 WHERE structure_id = 1",
     MANAGER_OF_A, ADD.format(1, 1, "handed_in", 9), False),
    # An adviser of A who manages B hands in for B alone.
    ("INSERT INTO grants (id, account_id, role_name, structure_id) VALUES (99, 1, 'manager', 2)",
     ADVISER_OF_A, ADD.format(1, 1, "handed_in", 1), False),
    ("INSERT INTO grants (id, account_id, role_name, structure_id) VALUES (99, 1, 'manager', 2)",
     ADVISER_OF_A, ADD.format(1, 2, "handed_in", 1), True),
)  # fmt: skip
# What is refused of a sealed period, and passes of the other one.
SETTLED = (
    "UPDATE periods SET due_on = '2020-02-02' WHERE id = {}",
    "UPDATE periods SET consolidated_on = NULL WHERE id = {}",
    "UPDATE periods SET consolidated_on = '2020-06-01' WHERE id = {}",
    "INSERT INTO table_comments VALUES ({}, 'B01', 'mot', 1)",
    "UPDATE table_comments SET text = 'autre' WHERE period_id = {}",
    "DELETE FROM table_comments WHERE period_id = {}",
)


def test_structures_hand_in_and_what_is_settled_stays(world: World) -> None:
    assert list(periods_that_give_way(world)) == []


def periods_that_give_way(world: World) -> Iterator[str]:
    """Steps that pass and should not, or the reverse; changes of what is sealed."""
    for change, account, statement, passes in STEPS:
        with world.scene() as scene:
            _run(scene, change)
            if _passes(scene, "app", statement, sign_in=secret_of(account)) != passes:
                yield f"{account}: {statement} after {change}"
    for statement in (*SETTLED, ADD.format("{}", 1, "sent_back", 6)):
        for period in (1, 2):
            with world.scene() as scene:
                _run(scene, SEALED)
                if _passes(scene, "batch", statement.format(period)) != (period == 1):
                    yield f"{statement.format(period)}, sealed"
    with world.scene() as scene:
        _run(scene, "DELETE FROM hand_ins WHERE period_id = 2; DELETE FROM table_comments")
        if not _passes(scene, "batch", "DELETE FROM periods WHERE id = 2"):
            yield "a period that is not sealed stays"
        _run(scene, SEALED)
        if _passes(scene, "batch", "DELETE FROM periods WHERE id = 2"):
            yield "a sealed period goes"
    with world.scene() as scene:
        if scene.rows("batch", "SELECT cardinality(sight.managed()) > 9") != [(True,)]:
            yield "a command hands in for nobody"


def _run(scene: Scene, statements: str) -> None:
    for statement in statements.split("; "):
        scene.admin.execute(statement.encode())


def _passes(scene: Scene, role: str, statement: str, **settings: str) -> bool:
    try:
        with scene.admin.transaction(force_rollback=True):
            return bool(scene.act(role, statement, **settings))
    except psycopg.errors.CheckViolation:
        return False
