"""The small network, entered inside one transaction that is undone: so may its guards be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from tests.security.database.world import World, plain

Connection = psycopg.Connection[tuple[Any, ...]]


class Undone(World):
    """Everybody comes in by the administrator's connection, in the role that is hers.

    Each transaction begins by taking *removed* away, for those who come in by it and for nobody
    else, and is undone: its return to what it was is the database's own work.
    """

    admin: Connection
    removed: str = ""

    @classmethod
    @contextmanager
    def of(cls, world: World) -> Iterator[Undone]:
        """The same network, on one connection."""
        undone = cls(world.app, world.rows)
        with psycopg.connect(plain(world.app.config["DATABASE_ADDRESS"])) as undone.admin:
            yield undone

    @contextmanager
    def administer(self) -> Iterator[Connection]:
        """The administrator; nothing of it stays."""
        with self.admin.transaction(force_rollback=True):
            self._remove()
            yield self.admin

    def _remove(self) -> None:
        try:
            if self.removed:
                self.admin.execute(self.removed.encode())
        except psycopg.Error as error:
            # What cannot be taken away is a fault of ours, which no check noticed.
            raise RuntimeError(self.removed) from error

    @contextmanager
    def enter(self, role: str = "app", sign_in: str = "", **settings: str) -> Iterator[Connection]:
        """The connection as *role* inside the context given; nothing of it stays."""
        told = {"sign_in": sign_in, "door": "", "presented": "", **settings}
        with self.administer() as admin:
            admin.execute(f"SET LOCAL SESSION AUTHORIZATION ramsess_{role}")
            admin.execute(
                "SELECT " + ", ".join(f"set_config('ramsess.{name}', %s, true)" for name in told),
                list(told.values()),
            )
            yield admin

    def definitions(self) -> list[tuple[Any, ...]]:
        """All that guards: policies, functions, views, triggers, rights, roles."""
        return [row for query in DEFINITIONS for row in self.ask(query)]


DEFINITIONS = (
    "SELECT to_jsonb(p)::text FROM pg_policies p ORDER BY 1",
    "SELECT oid, relname, relowner, relacl::text, relrowsecurity, relforcerowsecurity, "
    "reloptions::text, CASE WHEN relkind = 'v' THEN pg_get_viewdef(oid) END FROM pg_class "
    "WHERE relnamespace IN ('public'::regnamespace, 'sight'::regnamespace) ORDER BY oid",
    "SELECT attrelid, attname, attacl::text FROM pg_attribute WHERE attacl IS NOT NULL "
    "ORDER BY 1, 2",
    "SELECT oid, pg_get_functiondef(oid), proowner, proacl::text FROM pg_proc WHERE pronamespace "
    "IN ('public'::regnamespace, 'sight'::regnamespace) ORDER BY oid",
    "SELECT oid, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger ORDER BY oid",
    "SELECT oid, to_jsonb(r)::text FROM pg_roles r ORDER BY oid",
    "SELECT roleid, member, grantor, to_jsonb(m)::text FROM pg_auth_members m ORDER BY 1, 2, 3",
    "SELECT oid, nspacl::text FROM pg_namespace ORDER BY oid",
    "SELECT oid, datacl::text FROM pg_database ORDER BY oid",
)
