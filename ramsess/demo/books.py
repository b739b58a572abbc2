"""The demo's rows, gathered into one workbook a structure."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ramsess.exchange import layout
from ramsess.exchange.workbook import Row, Sheet, Sheets


class Books:
    """Rows by structure and sheet, each with the next ``id_local``."""

    def __init__(self, codes: tuple[str, ...], year: int) -> None:
        self._year = year
        self._rows: dict[str, dict[str, list[dict[str, Any]]]] = {
            code: defaultdict(list) for code in codes
        }

    def add(self, code: str, sheet: str, row: dict[str, Any]) -> str:
        """Add a row to a structure's sheet; return its ``id_local``."""
        rows = self._rows[code][sheet]
        local_id = f"{sheet[0]}{len(rows) + 1:05}"
        rows.append({"id_local": local_id, **row})
        return local_id

    def sheets(self) -> list[Sheets]:
        """The workbooks, as if read from files."""
        return [self._book(code, rows) for code, rows in self._rows.items()]

    def _book(self, code: str, rows: dict[str, list[dict[str, Any]]]) -> Sheets:
        said = (("version", layout.VERSION), ("code_structure", code), ("exercice", self._year))
        sheets = [_sheet(layout.STRUCTURE, [("clé", "valeur"), *said])]
        for expected in layout.SHEETS[1:]:
            names = [column.name for column in expected.columns]
            lines = [tuple(row.get(name) for name in names) for row in rows[expected.name]]
            sheets.append(_sheet(expected.name, [tuple(names), *lines]))
        return Sheets(f"{code}.xlsx", sheets)


def _sheet(name: str, lines: list[tuple[Any, ...]]) -> Sheet:
    return Sheet(name, tuple(Row(number, cells) for number, cells in enumerate(lines, 1)))
