"""The child process that opens a workbook: bytes on its input, JSON rows on its output.

Run by its path, isolated, so that it loads nothing of the application. It takes its own limits
before it reads anything (a 1.4 kB file can ask openpyxl for 1.6 GB). Arguments: the normalised
names of the sheets wanted. Cells: null, text, number, boolean, or a pair: ``["d", ISO date]``,
``["t", ISO date and time]``, ``["f", formula]``, ``["e", what cannot be read]``.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import sys
import unicodedata
import warnings
from collections.abc import Iterator
from typing import Any

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
MAX_ROWS = 50_000
MAX_COLUMNS = 60
MAX_TEXT = 32_767
MAX_OUTPUT = 64 * 1024 * 1024


class RefusedError(Exception):
    """The workbook passes a limit; the text is for the person who handed it in."""


def take_limits() -> None:  # pragma: no cover - in the child only
    """Limit memory, processor time and written files; where the system has no such limits
    (Windows) the parent's clock is the only one."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def plain(text: str) -> str:
    """*text* without accents, case and punctuation, as ramsess.models.names compares names."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = (ch if ch.isalnum() else " " for ch in decomposed if not unicodedata.combining(ch))
    return " ".join("".join(letters).split())


def encoded(value: Any, kind: str) -> Any:
    """One cell as JSON; see the module's docstring."""
    if kind in ("f", "e"):
        return [kind, str(value)[:200]]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT else ["e", f"texte de {len(value)} caractères"]
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time(0)
        return ["d", value.date().isoformat()] if midnight else ["t", value.isoformat(" ")]
    if isinstance(value, (int, float)):
        return value if math.isfinite(value) else ["e", str(value)]
    return ["e", str(value)[:40]]


def rows_of(name: str, parsed: Iterator[tuple[int, list[dict[str, Any]]]]) -> list[Any]:
    """The rows of a sheet that hold something: [number, [cell…]]."""
    rows: list[Any] = []
    last = 0
    for number, cells in parsed:
        if number <= last:
            raise RefusedError(f"La feuille « {name} » a des lignes en désordre ou répétées.")
        last = number
        line: list[Any] = []
        for cell in cells:
            if cell["value"] is None or cell["value"] == "":
                continue
            column = cell["column"]
            if cell["row"] != number or column <= len(line):
                raise RefusedError(f"La feuille « {name} » a des cellules en désordre ou répétées.")
            if number > MAX_ROWS:
                raise RefusedError(
                    f"La feuille « {name} » dépasse {MAX_ROWS} lignes (ligne {number})."
                )
            if column > MAX_COLUMNS:
                raise RefusedError(f"La feuille « {name} » dépasse {MAX_COLUMNS} colonnes.")
            line.extend([None] * (column - 1 - len(line)))
            line.append(encoded(cell["value"], cell["data_type"]))
        if line:
            rows.append([number, line])
    return rows


def parse(content: bytes, wanted: set[str]) -> dict[str, Any]:
    """Read the *wanted* sheets, and only name the others."""
    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.worksheet._reader import WorkSheetParser  # noqa: PLC0415

    warnings.simplefilter("ignore")
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    sheets, others = [], []
    for sheet in book.worksheets:
        if plain(sheet.title) not in wanted:
            others.append(sheet.title)
            continue
        # Not sheet.iter_rows(): it believes the <dimension> that the file declares, drops rows
        # out of order without a word, and fills every hole up to a cell in XFD1048576.
        with book._archive.open(sheet._worksheet_path) as source:
            parser = WorkSheetParser(
                source,
                sheet._shared_strings,
                data_only=False,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            rows = rows_of(sheet.title, parser.parse())
        sheets.append({"name": sheet.title, "hidden": sheet.sheet_state != "visible", "rows": rows})
    return {"sheets": sheets, "others": others}


def main() -> None:  # pragma: no cover - in the child only
    """Answer {"sheets": …} or {"refused": sentence}; any other fault is an exit code."""
    take_limits()
    # openpyxl would load NumPy, for nothing here: 0.2 s and much address space.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        answer: dict[str, Any] = parse(sys.stdin.buffer.read(), set(sys.argv[1:]))
    except RefusedError as refusal:
        answer = {"refused": str(refusal)}
    text = json.dumps(answer)
    if len(text) > MAX_OUTPUT:
        text = json.dumps({"refused": "Le classeur contient trop de texte."})
    sys.stdout.write(text)


if __name__ == "__main__":  # pragma: no cover - in the child only
    main()
