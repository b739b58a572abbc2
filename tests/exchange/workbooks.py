"""Workbooks made for tests: sheets in memory, and .xlsx files written by openpyxl."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from sqlalchemy import text
from sqlalchemy.orm import Session

from ramsess.database import db
from ramsess.exchange import layout
from ramsess.exchange.workbook import Row, Sheet, Sheets

HEADINGS = {sheet.name: [column.name for column in sheet.columns] for sheet in layout.SHEETS}


class Book:
    """A structure's workbook being typed: rows by heading, sheet by sheet."""

    def __init__(self, code: str, **structure: Any) -> None:
        self.code = code
        self.structure = {"version": 1, "code_structure": code, "exercice": 2009, **structure}
        self.rows: dict[str, list[dict[str, Any]]] = {
            name: [] for name in HEADINGS if name != layout.STRUCTURE
        }
        self.headings = {name: list(HEADINGS[name]) for name in self.rows}
        self.without: set[str] = set()

    def adviser(self, email: str, **more: Any) -> Book:
        name = email.split("@", maxsplit=1)[0].capitalize()
        return self._add("Conseillers", {"courriel": email, "nom": name, "prénom": "Démo", **more})

    def person(self, local_id: Any, name: str = "", first: str = "Zoé", **more: Any) -> Book:
        row = {"id_local": local_id, "nom": name or f"Nom{local_id}", "prénom": first, **more}
        return self._add("Bénéficiaires", row)

    def parcours(self, local_id: Any, people: Any, entered: Any, **more: Any) -> Book:
        row = {
            "id_local": local_id, "bénéficiaires": people, "intitulé": f"Projet {local_id}",
            "date_entrée": entered, "phase_entrée": "EME", **more,
        }  # fmt: skip
        return self._add("Parcours", row)

    def act(self, local_id: Any, day: Any, adviser: str, **more: Any) -> Book:
        row = {
            "id_local": local_id, "date": day, "type": "CSL1", "conseiller": adviser,
            "durée_minutes": 60, **more,
        }  # fmt: skip
        return self._add("Actes", row)

    def group(self, local_id: Any, day: Any, animators: str, **more: Any) -> Book:
        row = {
            "id_local": local_id, "date": day, "type": "COL1", "intitulé": "Atelier",
            "animateurs": animators, "durée_minutes": 120, **more,
        }  # fmt: skip
        return self._add("Séances", row)

    def _add(self, sheet: str, row: dict[str, Any]) -> Book:
        self.rows[sheet].append(row)
        return self

    def tables(self) -> dict[str, list[list[Any]]]:
        """Each sheet's rows as typed, headings first."""
        tables: dict[str, list[list[Any]]] = {
            "Structure": [["clé", "valeur"], *map(list, self.structure.items())]
        }
        for name, rows in self.rows.items():
            headings = self.headings[name]
            tables[name] = [headings, *([row.get(item) for item in headings] for row in rows)]
        return {name: rows for name, rows in tables.items() if name not in self.without}

    def sheets(self) -> Sheets:
        """The workbook in memory."""
        return Sheets(
            f"{self.code}.xlsx",
            [
                Sheet(name, tuple(Row(i, tuple(cells)) for i, cells in enumerate(rows, 1)))
                for name, rows in self.tables().items()
            ],
        )

    def save(self, folder: Path, name: str = "") -> Path:
        """The workbook as a file."""
        book = Workbook()
        book.remove(book.active)
        for title, rows in self.tables().items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        path = folder / (name or f"{self.code}.xlsx")
        book.save(path)
        return path


def day(text_: str) -> dt.date:
    """A date from ``2009-03-12``."""
    return dt.date.fromisoformat(text_)


def everything(session: Session, *, but: frozenset[str] = frozenset()) -> dict[str, list[Any]]:
    """Every row of every table but the journal, without what chance or the clock give."""
    random = {"public_id", "recorded_at", "join_code", *but}
    dump = {}
    for table in db.metadata.sorted_tables:
        if table.name.startswith("audit_") or table.name == "changes":
            continue  # each import is an event, and an operation, of its own
        columns = [column.name for column in table.c if column.name not in random]
        listed = ", ".join(f'"{name}"' for name in columns)
        rows = session.execute(text(f'SELECT {listed} FROM "{table.name}"'))
        dump[table.name] = sorted(map(repr, rows))
    return dump
