"""Read a workbook: the normalised names of the sheets wanted in, JSON rows out.

Cells: null, text, number, boolean, or a pair: ``["d", ISO date]``, ``["t", ISO date and time]``,
``["f", formula]``, ``["e", what cannot be read]``. With no name, the first sheet that shows.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import sys
import unicodedata
import warnings
from collections.abc import Iterator
from typing import Any

MAX_ROWS = 50_000
MAX_COLUMNS = 60
MAX_TEXT = 32_767
MAX_OUTPUT = 32 * 1024 * 1024
# A text that no cell holds by accident.
GIANT_TEXT = 1_000_000
MAX_DIGITS = 100_000
LARGEST = 10**15
# How workbooks write a character that XML cannot hold.
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class RefusedError(Exception):
    """The workbook passes a limit; the text is for the person who handed it in."""


def plain(text: str) -> str:
    """*text* without accents, case and punctuation, as ramsess.models.names compares names."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = (ch if ch.isalnum() else " " for ch in decomposed if not unicodedata.combining(ch))
    return " ".join("".join(letters).split())


def encoded(value: Any, kind: str) -> Any:
    """One cell as JSON; see the module's docstring."""
    if kind in ("f", "e"):
        return [kind, str(value)[:200]]
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time(0)
        return ["d", value.date().isoformat()] if midnight else ["t", value.isoformat(" ")]
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)) and abs(value) <= LARGEST:
        return value
    return ["e", "nombre démesuré" if isinstance(value, int) else str(value)[:40]]


def _text(value: str) -> Any:
    if len(value) > GIANT_TEXT:
        raise RefusedError(f"Une cellule contient un texte de {len(value)} caractères.")
    if len(value) > MAX_TEXT:
        return ["e", f"texte de {len(value)} caractères"]
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)


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
    from openpyxl import load_workbook  # noqa: PLC0415  # in the child only
    from openpyxl.worksheet._reader import WorkSheetParser  # noqa: PLC0415  # in the child only

    warnings.simplefilter("ignore")
    sys.set_int_max_str_digits(MAX_DIGITS)
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    sheets, others = [], []
    shown = next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), None)
    for sheet in book.worksheets:
        if sheet is not shown if not wanted else plain(sheet.title) not in wanted:
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


def answer(content: bytes, wanted: list[str]) -> bytes:
    """What the workbook holds, as JSON."""
    return told(parse(content, set(wanted)))


def told(found: dict[str, Any]) -> bytes:
    """*found* as JSON, unless it would be too much for who reads it."""
    text = json.dumps(found).encode()
    if len(text) > MAX_OUTPUT:
        raise RefusedError("Le classeur contient trop de texte.")
    return text
