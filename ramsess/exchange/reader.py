"""Read a file from outside: gate, then a limited child process; the application parses nothing."""

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
from ramsess.exchange.problems import Findings, Remark
from ramsess.exchange.workbook import Cell, Formula, Row, Sheet, Sheets, Unreadable
from ramsess.models.names import normalise

CHILD = Path(__file__).parent / "sandbox" / "child.py"
SECONDS = 30
AT_ONCE = 2
TEXTS = (".csv", ".tsv", ".txt")
SHEETS = [normalise(sheet.name) for sheet in layout.SHEETS]

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
    content = _content(path)
    container.check(io.BytesIO(content))
    return _decoded(name or path.name, _parsed("parse", content, *SHEETS))


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


def read_table(path: Path, name: str) -> Sheets:
    """Return the only sheet of a spreadsheet of any headings: a CSV, or an .xlsx's first sheet.

    *name* tells which of the two. Raises NotAWorkbookError, as read_workbook.
    """
    content = _content(path)
    if is_text(name):
        return _decoded(name, _parsed("delimited", content))
    container.check(io.BytesIO(content))
    return _decoded(name, _parsed("parse", content))


def is_text(name: str) -> bool:
    """True for a file that says that it is a text of delimited fields."""
    return name.lower().endswith(TEXTS)


def marked_copy(sheets: Sheets, problems: Sequence[Remark], folder: Path) -> bytes:
    """A copy of *sheets*, as .xlsx, where each of *problems* is filled and commented.

    It is put together in *folder*. Raises NotAWorkbookError when it cannot be within the limits.
    """
    columns = {
        (sheet.name, normalise(str(title))): number
        for sheet in sheets.sheets
        for row in sheet.rows[:1]
        for number, title in enumerate(row.cells, 1)
    }
    names = {normalise(sheet.name): sheet.name for sheet in sheets.sheets}
    asked = {
        "sheets": [
            {
                "name": sheet.name,
                "rows": [[row.number, list(map(_encoded, row.cells))] for row in sheet.rows],
            }
            for sheet in sheets.sheets
        ],
        "problems": [
            [
                name := names.get(normalise(item.sheet), item.sheet),
                item.row,
                # Structure has keys in its first column, values in its second.
                2 if item.sheet == layout.STRUCTURE
                else columns.get((name, normalise(item.column or ""))),
                item.column or "",
                item.message,
            ]
            for item in problems
        ],
    }  # fmt: skip
    return _child("mark", json.dumps(asked).encode(), folder=folder)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > container.MAX_BYTES:
            raise NotAWorkbookError("Le fichier dépasse 5 Mio. Partagez-le ou retirez les images.")
        return path.read_bytes()
    except OSError as fault:
        raise NotAWorkbookError("Ce fichier est introuvable ou ne peut pas être ouvert.") from fault


def _parsed(task: str, content: bytes, *told: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(_child(task, content, *told))
    if "refused" in answer:
        raise NotAWorkbookError(answer["refused"])
    return answer


def _child(task: str, content: bytes, *told: str, folder: Path | None = None) -> bytes:
    try:
        child = subprocess.run(  # noqa: S603  # our own interpreter and script
            [sys.executable, "-I", str(CHILD), task, *told],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            env={"TMPDIR": str(folder)} if folder else {},
            check=False,
        )
    except subprocess.TimeoutExpired as fault:
        raise NotAWorkbookError(TOO_MUCH) from fault
    if child.returncode:
        starved = child.returncode < 0 or b"MemoryError" in child.stderr
        raise NotAWorkbookError(TOO_MUCH if starved else UNREADABLE)
    return child.stdout


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


def _encoded(value: Cell) -> Any:
    """The reverse of _cell."""
    if isinstance(value, dt.datetime):
        return ["t", value.isoformat(" ")]
    if isinstance(value, dt.date):
        return ["d", value.isoformat()]
    if isinstance(value, Formula | Unreadable):
        return ["f" if isinstance(value, Formula) else "e", value.text]
    return value
