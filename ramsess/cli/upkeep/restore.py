"""Put a backup back: into a fresh database, brought up to date, then swapped for the present one.

Until the swap the present database is untouched; the swap is one transaction of the server.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import URL

from ramsess import prepare_database
from ramsess.actions.auditing import note
from ramsess.actions.erasure import replay
from ramsess.actions.ledger import Ledger, LedgerDamagedError
from ramsess.cli.upkeep.backup import check_dump
from ramsess.cli.upkeep.purge import purge_traces
from ramsess.cli.upkeep.tools import UpkeepError, plain, program, run
from ramsess.config import Settings
from ramsess.database import close_connections, database_url, db
from ramsess.logs import security_event

MakeApp = Callable[[Settings], Flask]
# A database that no restore renames: from there the others are renamed.
ELSEWHERE = "template1"


@dataclass(frozen=True)
class Restored:
    """What a restore did: people erased again, people signed out."""

    erased_again: int
    signed_out: int


def restore(settings: Settings, source: Path, make_app: MakeApp) -> Restored:
    """Replace the database by the backup *source*; people erased since are erased again.

    Everybody is signed out. RAMSESS must not run meanwhile. Raises UpkeepError.
    """
    embedded = settings.database_url is None
    check_dump(source, embedded=embedded)
    present = database_url(settings)
    try:
        erased = Ledger(settings.instance).read()
    except LedgerDamagedError as error:
        raise UpkeepError(str(error)) from error
    with _administrator(present) as connection:
        _refuse_when_in_use(connection, present)
        fresh = present.set(database=f"{present.database}_restore_{secrets.token_hex(4)}")
        connection.execute(text(f"CREATE DATABASE {_quoted(fresh)} TEMPLATE template0"))
        try:
            _fill(source, fresh, embedded=embedded)
            restored = _bring_up_to_date(settings, fresh, erased, make_app)
            old = _swap(connection, present, fresh)
        except BaseException:
            connection.execute(text(f"DROP DATABASE IF EXISTS {_quoted(fresh)} WITH (FORCE)"))
            raise
        connection.execute(text(f"DROP DATABASE {_quoted(old)} WITH (FORCE)"))
    # Now: the dropped database's pages leave the write-ahead log too.
    purge_traces(
        present.render_as_string(hide_password=False),
        embedded=settings.instance if embedded else None,
    )
    security_event("database_restored", erased_again=restored.erased_again)
    return restored


@contextmanager
def _administrator(present: URL) -> Iterator[Connection]:
    engine = create_engine(
        present.set(database=ELSEWHERE), isolation_level="AUTOCOMMIT", hide_parameters=True
    )
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _refuse_when_in_use(connection: Connection, present: URL) -> None:
    others = connection.scalar(
        text("SELECT count(*) FROM pg_stat_activity WHERE datname = :name"),
        {"name": present.database},
    )
    if others:
        raise UpkeepError(
            "RAMSESS est en marche : arrêtez-le avant de restaurer "
            f"({others} connexion(s) à la base)."
        )


def _fill(source: Path, fresh: URL, *, embedded: bool) -> None:
    done = run(
        [
            program("pg_restore", embedded=embedded),
            "--exit-on-error",
            f"--dbname={plain(fresh)}",
            source,
        ],
        fresh,
    )
    if done.returncode:
        missing = "role" in done.stderr and "does not exist" in done.stderr
        raise UpkeepError(
            "La sauvegarde nomme un rôle que ce serveur n’a pas : lancez d’abord « ramsess init »."
            if missing
            else f"La sauvegarde {source} est abîmée : elle n’a pas pu être lue en entier."
        )


def _bring_up_to_date(
    settings: Settings, fresh: URL, erased: list[uuid.UUID], make_app: MakeApp
) -> Restored:
    url = fresh.render_as_string(hide_password=False)
    app = make_app(replace(settings, database_url=url))
    with app.app_context():
        try:
            _refuse_a_newer_schema(app)
            prepare_database(app)
            session = db.session()
            again = replay(session, erased)
            signed_out = _sign_everybody_out()
            note(session, "restore_database")
            session.commit()
        finally:
            db.session.remove()
            close_connections()
    return Restored(again, signed_out)


def _refuse_a_newer_schema(app: Flask) -> None:
    script = ScriptDirectory.from_config(app.extensions["migrate"].migrate.get_config())
    known = {revision.revision for revision in script.walk_revisions()}
    has = set(db.session.scalars(text("SELECT version_num FROM alembic_version")))
    db.session.rollback()
    if not has <= known:
        raise UpkeepError(
            "La sauvegarde vient d’une version plus récente de RAMSESS : mettez RAMSESS à jour."
        )


def _sign_everybody_out() -> int:
    connection = db.session.connection()
    if not inspect(connection).has_table("sign_ins"):
        return 0
    return connection.execute(text("DELETE FROM sign_ins")).rowcount


def _swap(connection: Connection, present: URL, fresh: URL) -> URL:
    """Give the fresh database the present one's name, in one transaction; return the old one's."""
    old = present.set(database=f"{present.database}_before_{secrets.token_hex(4)}")
    _refuse_when_in_use(connection, present)
    connection.execute(text("BEGIN"))
    try:
        connection.execute(text(f"ALTER DATABASE {_quoted(present)} RENAME TO {_quoted(old)}"))
        connection.execute(text(f"ALTER DATABASE {_quoted(fresh)} RENAME TO {_quoted(present)}"))
        connection.execute(text("COMMIT"))
    except BaseException:
        connection.execute(text("ROLLBACK"))
        raise
    return old


def _quoted(url: URL) -> str:
    name = (url.database or "").replace('"', '""')
    return f'"{name}"'
