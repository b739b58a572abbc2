"""The roles by which the database is entered, each with the least that it needs.

========== ========= ===========================================================================
name       engine    what it may do
========== ========= ===========================================================================
owner                owns the tables; migrations alone act as it
guard                owns the functions of the schema ``sight``, which say who sees what
app        None      the pages: rows seen through the signed-in account; owns and bypasses nothing
door       door      who is not signed in: the one account that is asked for, no record of anybody
batch      batch     commands and workbooks of the whole network: every row, no change of schema
report     report    figures: codes, dates, minutes of every row, read only; no name, no note
funder     funder    the Région: reference data and, later, sealed reports; no person's table
========== ========= ===========================================================================

Nobody is a member of the roles that sign in: whoever enters as one stays that one.
"""

from __future__ import annotations

from psycopg import sql
from sqlalchemy import URL, Connection, create_engine, text

from ramsess.config import Settings

SIGNING_IN = ("app", "door", "batch", "report", "funder")
OWNER, GUARD = "ramsess_owner", "ramsess_guard"
# One who prepares at a time, on the same server.
LOCK = 0x52414D52


def role_url(settings: Settings, url: URL, name: str) -> URL:
    """The address for one of the roles that sign in; the embedded server asks for no password."""
    password = settings.secret(f"database-{name}") if settings.database_url else None
    return url.set(username=f"ramsess_{name}", password=password)


def create_roles(settings: Settings, url: URL) -> None:
    """Make the roles that are missing, and give the owner what an earlier version owned otherwise.

    *url* is the administrator's: a superuser, or the owner of the database who may create roles.
    """
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        known = set(connection.scalars(text("SELECT rolname FROM pg_roles")))
        for name in (OWNER, GUARD):
            if name not in known:
                _run(connection, "CREATE ROLE {} NOLOGIN NOINHERIT", sql.Identifier(name))
        for name in SIGNING_IN:
            role = sql.Identifier(f"ramsess_{name}")
            if f"ramsess_{name}" not in known:
                _run(connection, "CREATE ROLE {} LOGIN NOINHERIT", role)
            if settings.database_url:
                secret = sql.Literal(settings.secret(f"database-{name}"))
                _run(connection, "ALTER ROLE {} PASSWORD {}", role, secret)
        owner, guard = sql.Identifier(OWNER), sql.Identifier(GUARD)
        _run(connection, "GRANT {} TO {}", guard, owner)
        _run(connection, "GRANT {} TO CURRENT_USER", owner)
        _run(connection, "ALTER SCHEMA public OWNER TO {}", owner)
        # A temporary table would stand before ours on a connection that others use next.
        database = sql.Identifier(str(url.database))
        _run(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", database)
        signing_in = sql.SQL(", ").join(sql.Identifier(f"ramsess_{name}") for name in SIGNING_IN)
        _run(connection, "GRANT CONNECT ON DATABASE {} TO {}", database, signing_in)
        _run(connection, "CREATE SCHEMA IF NOT EXISTS sight AUTHORIZATION {}", guard)
        for table in connection.scalars(text(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind = 'r' AND relowner <> CAST(:owner AS regrole)"
        ), {"owner": OWNER}).all():  # fmt: skip
            _run(connection, "ALTER TABLE {} OWNER TO {}", sql.Identifier(table), owner)
    engine.dispose()


def _run(connection: Connection, statement: str, *names: sql.Composable) -> None:
    driver = connection.connection.driver_connection
    assert driver
    driver.execute(sql.SQL(statement).format(*names))
