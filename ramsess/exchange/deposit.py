"""Workbooks handed in and not yet confirmed, with what was found in them: kept aside for a day.

One folder an import, named by its random identifier; nothing of it is served as a file but by the
pages that know whose it is.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from ramsess.exchange.container import MAX_BYTES

KEPT_SECONDS = 24 * 3600
_NAMES = "names"


class Deposit:
    """What is kept of one import under *folder*."""

    def __init__(self, folder: Path, number: uuid.UUID) -> None:
        self.place = folder / number.hex

    def keep(self, files: Iterable[tuple[BinaryIO, str]]) -> str:
        """Keep *files* (content, name); return the SHA-256 of their contents, in their order.

        Names are only shown, never used as paths. A file is cut just over the size allowed:
        reading it then refuses it.
        """
        self.place.mkdir(mode=0o700, parents=True)
        digest = hashlib.sha256()
        names = []
        for number, (content, name) in enumerate(files):
            said = content.read(MAX_BYTES + 1)
            digest.update(hashlib.sha256(said).digest())
            self.write(f"{number}.xlsx", said)
            names.append(name)
        self.put(_NAMES, names)
        return digest.hexdigest()

    def files(self) -> list[tuple[Path, str]]:
        """The files (path, name); empty when they are no longer there."""
        return [
            (self.place / f"{number}.xlsx", name)
            for number, name in enumerate(self.get(_NAMES) or [])
        ]

    def write(self, name: str, content: bytes) -> None:
        """Keep *content*, for who runs the application alone; who reads meets it whole."""
        path = self.place / f"{name}.new"
        path.touch(mode=0o600)
        path.write_bytes(content)
        path.replace(self.place / name)

    def put(self, name: str, said: Any) -> None:
        """Keep *said*, as JSON."""
        self.write(f"{name}.json", json.dumps(said).encode())

    def get(self, name: str) -> Any:
        """What was kept under *name*; None when nothing was, or no longer."""
        path = self.place / f"{name}.json"
        return json.loads(path.read_bytes()) if path.is_file() else None

    def marked(self, number: int) -> Path | None:
        """The marked copy of the file of that number; None when there is none."""
        path = self.place / f"marked-{number}.xlsx"
        return path if path.is_file() else None

    def discard(self) -> None:
        """Delete it all."""
        shutil.rmtree(self.place, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Delete what is older than a day."""
    for place in folder.iterdir() if folder.is_dir() else ():
        if place.is_dir() and time.time() - place.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(place, ignore_errors=True)
