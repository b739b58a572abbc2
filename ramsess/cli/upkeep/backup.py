"""A backup: the whole database in one file, whole or not at all.

PostgreSQL's own dump, followed by the SHA-256 of all that comes before: a dump holds plain text
too, where a changed letter would be restored without a word.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ramsess.cli.upkeep.tools import UpkeepError, address, plain, program, run

MAGIC = b"PGDMP"
# Without this table, and the one that tells the schema's version, a dump is not ours.
OUR_TABLES = ("beneficiaries", "alembic_version")


def back_up(url: str, target: Path, *, embedded: bool) -> None:
    """Write the database at *url* to *target*, readable by its owner only; read it back.

    The ledger of erasures is not in it: it must outlive every backup. Raises UpkeepError.
    """
    if not target.parent.is_dir():
        raise UpkeepError(f"Le dossier {target.parent} n’existe pas.")
    if target.exists() and not target.is_file():
        raise UpkeepError(f"{target} n’est pas un fichier.")
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        try:
            os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            raise UpkeepError(f"Impossible d’écrire dans {target.parent}.") from error
        where = address(url)
        done = run(
            [
                program("pg_dump", embedded=embedded),
                "--format=custom",
                f"--file={beside}",
                f"--dbname={plain(where)}",
            ],
            where,
        )
        if done.returncode:
            raise UpkeepError(f"La sauvegarde a échoué : {_last_line(done.stderr)}")
        with beside.open("ab") as file:
            file.write(_seal(beside, beside.stat().st_size))
        check_dump(beside, embedded=embedded)
        _sync(beside)
        beside.replace(target)
        _sync(target.parent)
    finally:
        beside.unlink(missing_ok=True)


def check_dump(path: Path, *, embedded: bool) -> None:
    """Read a dump to its end. Raises UpkeepError: no dump, of something else, cut short."""
    try:
        with path.open("rb") as file:
            start = file.read(len(MAGIC))
    except OSError as error:
        raise UpkeepError(f"Le fichier {path} ne peut pas être lu.") from error
    if start != MAGIC:
        raise UpkeepError(f"{path} n’est pas une sauvegarde de RAMSESS.")
    reader = program("pg_restore", embedded=embedded)
    listed = run([reader, "--list", path])
    if listed.returncode == 0:
        words = {line.split()[-2] for line in listed.stdout.splitlines() if " TABLE " in line}
        if not words.issuperset(OUR_TABLES):
            raise UpkeepError(f"{path} n’est pas une sauvegarde de RAMSESS.")
    length = path.stat().st_size - len(_seal(path, 0))
    with path.open("rb") as file:
        file.seek(max(length, 0))
        sealed = file.read() == _seal(path, length)
    if not sealed or listed.returncode or run([reader, f"--file={os.devnull}", path]).returncode:
        raise UpkeepError(f"La sauvegarde {path} est incomplète ou abîmée.")


def _seal(path: Path, length: int) -> bytes:
    """The last line of a backup: the digest of its first *length* bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while length > 0 and (block := file.read(min(length, 1 << 20))):
            digest.update(block)
            length -= len(block)
    return f"\nRAMSESS {digest.hexdigest()}\n".encode()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _last_line(text: str) -> str:
    return next(iter(reversed(text.strip().splitlines())), "pas d’explication")
