"""The ledger of erasures: outside the database, so that a restored backup is erased again.

A line holds the random identifier that the person had, the moment, and the digest of the line
before: nothing about the person. A line is on the disk before the erasure is committed.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

LEDGER = "erasures.jsonl"


class LedgerDamagedError(RuntimeError):
    """A line was changed or taken away; the message is a French sentence."""


class Ledger:
    """The ledger of an instance folder."""

    def __init__(self, instance: Path) -> None:
        self.path = instance / LEDGER

    def append(self, public_ids: Iterable[uuid.UUID]) -> None:
        """Write a line for each identifier, and wait until the disk has them."""
        with self._locked() as descriptor:
            lines, whole = _split(_read(descriptor))
            # What a crash cut short was never followed by a commit.
            os.ftruncate(descriptor, whole)
            os.lseek(descriptor, 0, os.SEEK_END)
            previous = _digest(lines[-1]) if lines else ""
            for public_id in public_ids:
                line = json.dumps(
                    {
                        "public_id": str(public_id),
                        "erased_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
                        "previous": previous,
                    }
                ).encode()
                os.write(descriptor, line + b"\n")
                previous = _digest(line)
            os.fsync(descriptor)
        _sync_folder(self.path.parent)

    def read(self) -> list[uuid.UUID]:
        """The identifiers of those erased, in order. Raises LedgerDamagedError."""
        if not self.path.exists():
            return []
        lines, _ = _split(self.path.read_bytes())
        found = []
        previous = ""
        for number, line in enumerate(lines, 1):
            try:
                said = json.loads(line)
                found.append(uuid.UUID(said["public_id"]))
                follows = said["previous"] == previous
            except (ValueError, KeyError, TypeError, AttributeError):
                follows = False
            if not follows:
                raise LedgerDamagedError(
                    f"Le registre des effacements {self.path} est abîmé à la ligne {number} : "
                    "reprenez-en une copie avant de restaurer."
                )
            previous = _digest(line)
        return found

    @contextmanager
    def _locked(self) -> Iterator[int]:
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)


def _read(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    parts = []
    while part := os.read(descriptor, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _split(content: bytes) -> tuple[list[bytes], int]:
    """The whole lines, and their length in bytes."""
    whole = content.rfind(b"\n") + 1
    return content[:whole].splitlines(), whole


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
