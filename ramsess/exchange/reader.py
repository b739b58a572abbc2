"""Read a workbook's file: gate, then a limited child process; the application parses nothing."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ramsess.exchange import container, layout
from ramsess.exchange.container import NotAWorkbookError
from ramsess.exchange.problems import Findings
from ramsess.exchange.workbook import Cell, Formula, Row, Sheet, Sheets, Unreadable
from ramsess.models.names import normalise

CHILD = Path(__file__).with_name("parse.py")
SECONDS = 30
AT_ONCE = 2

UNREADABLE = (
    "Ce classeur n’a pas pu être lu. Ouvrez-le dans votre tableur, enregistrez-le de nouveau au "
    "format .xlsx, puis renvoyez-le."
)
TOO_MUCH = "Ce classeur demande trop de temps ou de mémoire pour être lu. Réduisez-le."


def read_workbook(path: Path, name: str | None = None) -> Sheets:
    """Return the sheets of the workbook at *path*, called *name* in messages.

    Raises NotAWorkbookError, with a French sentence, for whatever is no plain workbook within the
    limits (container.py, parse.py).
    """
    try:
        if path.stat().st_size > container.MAX_BYTES:
            raise NotAWorkbookError("Le fichier dépasse 5 Mio. Partagez-le ou retirez les images.")
        content = path.read_bytes()
    except OSError as fault:
        raise NotAWorkbookError("Ce fichier est introuvable ou ne peut pas être ouvert.") from fault
    container.check(io.BytesIO(content))
    return _decoded(name or path.name, _parsed(content))


def read_workbooks(
    files: Sequence[tuple[Path, str]],
    findings: Findings,
    progress: Callable[[int], None],
) -> list[Sheets]:
    """Read several workbooks, two at a time; what cannot be read becomes a problem.

    *progress* is told how many are done.
    """
    sheets: list[Sheets] = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        futures = [pool.submit(read_workbook, path, name) for path, name in files]
        for done, (future, (_, name)) in enumerate(zip(futures, files, strict=True), 1):
            try:
                sheets.append(future.result())
            except NotAWorkbookError as refusal:
                findings.problem(name, "", None, None, str(refusal))
            progress(done)
    return sheets


def _parsed(content: bytes) -> dict[str, Any]:
    wanted = [normalise(sheet.name) for sheet in layout.SHEETS]
    try:
        child = subprocess.run(  # noqa: S603  # our own interpreter and script
            [sys.executable, "-I", str(CHILD), *wanted],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as fault:
        raise NotAWorkbookError(TOO_MUCH) from fault
    if child.returncode:
        starved = child.returncode < 0 or b"MemoryError" in child.stderr
        raise NotAWorkbookError(TOO_MUCH if starved else UNREADABLE)
    answer: dict[str, Any] = json.loads(child.stdout)
    if "refused" in answer:
        raise NotAWorkbookError(answer["refused"])
    return answer


def _decoded(file: str, answer: dict[str, Any]) -> Sheets:
    return Sheets(
        file,
        [
            Sheet(
                sheet["name"],
                tuple(Row(number, tuple(map(_cell, cells))) for number, cells in sheet["rows"]),
                sheet["hidden"],
            )
            for sheet in answer["sheets"]
        ],
        answer["others"],
    )


def _cell(value: Any) -> Cell:
    if not isinstance(value, list):
        return value  # type: ignore[no-any-return]  # JSON gives None, text, number, boolean
    kind, text = value
    if kind == "d":
        return dt.date.fromisoformat(text)
    if kind == "t":
        return dt.datetime.fromisoformat(text)
    return Formula(text) if kind == "f" else Unreadable(text)
