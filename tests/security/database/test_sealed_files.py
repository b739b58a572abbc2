"""What is sealed stays as it is, whoever asks; the Région's own role reads its edition alone."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from tests.security.database.seals import TABLES
from tests.security.database.world import Scene, World

_FIRST = {"seal_keys": "name = name", "seals": "address = address", "sealed_files": "id = id"}
_LATER = (
    "INSERT INTO sealed_files (id, seal_id, edition, suffix, digest, content) VALUES "
    "(99, {seal}, 'detail', 'pdf', encode(sha256('tard'), 'hex'), 'tard')"
)


def files_that_give_way(world: World) -> Iterator[str]:
    """Sealed rows that change, files that come later, or that the Région's own role reads."""
    with world.scene() as scene:
        if scene.rows("funder", "SELECT edition FROM sealed_files") != [("region",)]:
            yield "the Région's role reads another edition, or none"
        for table in TABLES:
            for statement in (f"UPDATE {table} SET {_FIRST[table]}", f"DELETE FROM {table}",
                              f"TRUNCATE {table} CASCADE"):  # fmt: skip
                if _passes(scene, statement):
                    yield statement
        scene.admin.execute(
            "INSERT INTO periods (id, kind, first_on, last_on, version) "
            "VALUES (990, 'year', '1986-01-01', '1986-12-31', 1); "
            "INSERT INTO seals (id, period_id, address, manifest, digest, signature, key_name, "
            "account_id, sealed_at) SELECT 9990, 990, 'QKQ2-M9XD', 'autre', "
            "encode(sha256('autre'), 'hex'), sha512('autre'), repeat('0', 16), 6, now()"
        )
        if _passes(scene, _LATER.format(seal=9000)):
            yield "a file comes later"


def _passes(scene: Scene, statement: str) -> bool:
    """True when even the administrator's *statement* is let through; it is taken back."""
    try:
        with scene.admin.transaction(force_rollback=True):
            scene.admin.execute(statement.encode())
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def test_what_is_sealed_gives_way_to_nobody(world: World) -> None:
    assert list(files_that_give_way(world)) == []
