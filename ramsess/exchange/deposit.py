"""Workbooks handed in and not yet confirmed: kept aside for a day, for who handed them in only."""

from __future__ import annotations

import json
import re
import shutil
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from ramsess.exchange.container import MAX_BYTES

KEPT_SECONDS = 24 * 3600
_TOKEN = re.compile(r"[0-9a-f]{32}")
_MANIFEST = "manifest.json"


def keep(folder: Path, owner: int, files: Iterable[tuple[BinaryIO, str]]) -> str:
    """Keep *files* (content, name) under *folder* for the account *owner*; return their token.

    Names are only shown, never used as paths. What is older than a day is swept away. A file is
    cut just over the size allowed: reading it then refuses it.
    """
    _sweep(folder)
    token = uuid.uuid4().hex
    place = folder / token
    place.mkdir(mode=0o700, parents=True)
    names = []
    for number, (content, name) in enumerate(files):
        path = place / f"{number}.xlsx"
        path.touch(mode=0o600)
        path.write_bytes(content.read(MAX_BYTES + 1))
        names.append(name)
    (place / _MANIFEST).write_text(json.dumps({"owner": owner, "names": names}))
    return token


def find(folder: Path, owner: int, token: str) -> list[tuple[Path, str]]:
    """The files of *token* (path, name); empty when it is unknown, or somebody else's."""
    manifest = folder / token / _MANIFEST
    if not _TOKEN.fullmatch(token) or not manifest.is_file():
        return []
    said = json.loads(manifest.read_text())
    if said["owner"] != owner:
        return []
    return [(folder / token / f"{number}.xlsx", name) for number, name in enumerate(said["names"])]


def discard(folder: Path, token: str) -> None:
    """Delete the files of *token*."""
    if _TOKEN.fullmatch(token):
        shutil.rmtree(folder / token, ignore_errors=True)


def _sweep(folder: Path) -> None:
    if not folder.is_dir():
        return
    for place in folder.iterdir():
        if place.is_dir() and time.time() - place.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(place, ignore_errors=True)
