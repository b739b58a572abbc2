"""Leave no byte of an erased person on the disk: tables, statistics, write-ahead log, server log.

PostgreSQL keeps the old versions of rows until they are written over. Here they are: tables are
written anew, statistics too (they hold samples of names), and the log of writes is changed for a
new one.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect, text

from ramsess.cli.upkeep.tools import UpkeepError

# Every table in which an erasure changes something, or may be told something.
TOUCHED = (
    "beneficiaries", "acquaintances", "exchange_keys", "acts", "projects", "parcours", "fundings",
    "erasure_requests", "identity_archives", "audit_details", "orientations", "diagnostics",
    "appraisals", "plans", "plan_actions", "messages", "enrolments", "signed_sheets", "meetings",
    "decisions", "corrections", "changes", "drafts", "duplicate_pairs",
)  # fmt: skip
PATIENCE = "30s"
MOST_SEGMENTS = 64


def purge_traces(url: str, *, embedded: Path | None = None) -> None:
    """Write the touched tables anew; the administrator's connection is needed.

    *embedded* is the instance folder whose server it is: its write-ahead log, its own log and the
    workbooks waiting for a confirmation are cleared too. Of another server, the log of writes
    goes when its own settings let it go. Raises UpkeepError.
    """
    engine = create_engine(url, isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        with engine.connect() as connection:
            _rewrite_tables(connection)
            if embedded:
                _settle(connection)
                _renew_log_of_writes(connection)
    finally:
        engine.dispose()
    if embedded:
        log = embedded / "postgresql" / "log"
        if log.exists():
            with log.open("r+b") as file:
                file.truncate(0)
        shutil.rmtree(embedded / "deposits", ignore_errors=True)


def _rewrite_tables(connection: Connection) -> None:
    connection.execute(text(f"SET lock_timeout = '{PATIENCE}'"))
    there = set(inspect(connection).get_table_names())
    for table in TOUCHED:
        if table in there:
            connection.execute(text(f"VACUUM (FULL, ANALYZE) {table}"))
    connection.execute(text("VACUUM (FULL) pg_catalog.pg_statistic"))


def _settle(connection: Connection) -> None:
    """Segments are never used twice, and the server's log never quotes a row."""
    for name, value in (
        ("wal_recycle", "off"),
        ("log_error_verbosity", "terse"),
        ("log_min_error_statement", "panic"),
    ):
        connection.execute(text(f"ALTER SYSTEM SET {name} = '{value}'"))
    connection.execute(text("SELECT pg_reload_conf()"))


def _renew_log_of_writes(connection: Connection) -> None:
    """Use up the segments prepared from old ones, then let go of all but the current."""
    for _ in range(MOST_SEGMENTS):
        connection.execute(text("SELECT pg_logical_emit_message(false, 'ramsess', '')"))
        connection.execute(text("SELECT pg_switch_wal()"))
        connection.execute(text("CHECKPOINT"))
        connection.execute(text("CHECKPOINT"))
        prepared = connection.scalar(
            text(
                "SELECT count(*) FROM pg_ls_waldir() "
                "WHERE name ~ '^[0-9A-F]{24}$' AND name > pg_walfile_name(pg_current_wal_lsn())"
            )
        )
        if not prepared:
            return
    raise UpkeepError("Le journal des écritures de PostgreSQL n’a pas pu être renouvelé.")
