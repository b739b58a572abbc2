"""Read a text of delimited fields (CSV): ``;``, ``,`` or tabs, UTF-8 or Windows' own encoding.

The answer is a workbook of one sheet, in the form of parse.py; every cell is a text.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from ramsess.exchange.sandbox.parse import MAX_COLUMNS, MAX_ROWS, MAX_TEXT, RefusedError, told

SEPARATORS = ";\t,"
NAME = "Tableau"
# Lines looked at to tell the separator.
LOOKED_AT = 20


def answer(content: bytes, _told: list[str]) -> bytes:
    """What the text holds, as JSON."""
    rows = [[number, cells] for number, cells in enumerate(_rows(_decoded(content)), 1) if cells]
    return told({"sheets": [{"name": NAME, "hidden": False, "rows": rows}], "others": []})


def _decoded(content: bytes) -> str:
    """The text, in UTF-8 if it can be, else as Windows writes it."""
    if b"\0" in content:
        raise RefusedError("Ce fichier .csv n’est pas du texte : enregistrez-le de nouveau en CSV.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise RefusedError(
            "Le codage de ce fichier .csv est inconnu : enregistrez-le en CSV UTF-8."
        ) from None


def _rows(text: str) -> list[list[Any]]:
    csv.field_size_limit(2 * MAX_TEXT)
    rows: list[list[Any]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)):
            if len(rows) >= MAX_ROWS:
                raise RefusedError(f"Ce fichier dépasse {MAX_ROWS} lignes.")
            cells: list[Any] = [field or None for field in line]
            while cells and cells[-1] is None:
                cells.pop()
            if len(cells) > MAX_COLUMNS:
                raise RefusedError(f"Ce fichier dépasse {MAX_COLUMNS} colonnes.")
            rows.append(cells)
    except csv.Error:
        raise RefusedError(
            "Une cellule de ce fichier .csv ne se termine pas : vérifiez les guillemets."
        ) from None
    if not any(rows):
        raise RefusedError("Ce fichier ne contient aucune ligne.")
    return rows


def _separator(text: str) -> str:
    """The separator that parts the first lines in the same number of fields, the most of them."""

    def fields(separator: str) -> int:
        lines = text.splitlines(keepends=True)[:LOOKED_AT]
        widths = [len(line) for line in csv.reader(lines, delimiter=separator) if line]
        return min(widths, default=0)

    return max(SEPARATORS, key=fields)
