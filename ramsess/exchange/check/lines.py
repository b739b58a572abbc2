"""From a sheet as typed to lines of values by heading; headings in any order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ramsess.exchange import layout
from ramsess.exchange.check.catalogue import Catalogue
from ramsess.exchange.check.cells import CellError, is_blank, shown, value_of
from ramsess.exchange.layout import Column, SheetLayout
from ramsess.exchange.problems import Findings
from ramsess.exchange.workbook import Cell, Sheet, Sheets
from ramsess.models.names import normalise

FIRST_COLUMN_LETTER = ord("A")


@dataclass
class Line:
    """A row of a sheet: values by heading (None where blank or wrong).

    ``wrong`` holds the headings whose content could not stand: other checks leave them alone, so
    that one mistake makes one message.
    """

    file: str
    sheet: str
    number: int
    values: dict[str, Any]
    findings: Findings
    wrong: set[str] = field(default_factory=set)

    def __getitem__(self, heading: str) -> Any:
        return self.values.get(heading)

    def problem(self, column: str, message: str) -> None:
        """Report an error in a cell of this line."""
        self.wrong.add(column)
        self.findings.problem(self.file, self.sheet, self.number, column, message)

    def notice(self, column: str | None, message: str) -> None:
        """Report a remark on this line."""
        self.findings.notice(self.file, self.sheet, self.number, column, message)

    def sound(self, *headings: str) -> bool:
        """True when none of *headings* is wrong."""
        return self.wrong.isdisjoint(headings)


def sheets_by_name(book: Sheets, findings: Findings) -> dict[str, Sheet]:
    """The workbook's sheets by their official name; reports the missing, double and unknown."""
    found: dict[str, Sheet] = {}
    for sheet in book.sheets:
        name = layout.BY_PLAIN_NAME[normalise(sheet.name)].name
        if name in found:
            findings.problem(book.file, name, None, None, "Le classeur a deux fois cette feuille.")
        elif sheet.hidden:
            findings.problem(
                book.file, name, None, None, "Cette feuille est masquée : affichez-la."
            )
        found[name] = sheet
    for expected in layout.SHEETS:
        if expected.name not in found:
            findings.problem(
                book.file,
                expected.name,
                None,
                None,
                f"La feuille « {expected.name} » manque : ajoutez-la avec ses titres, même sans "
                "ligne.",
            )
    for other in book.others:
        if other not in (layout.GUIDE, layout.LISTS, layout.TO_CORRECT):
            findings.notice(
                book.file, other, None, None, "Cette feuille est inconnue : elle n’est pas lue."
            )
    return found


def lines_of(
    file: str, sheet: Sheet, expected: SheetLayout, catalogue: Catalogue, findings: Findings
) -> Iterator[Line]:
    """The lines of *sheet* below its headings, blank ones skipped, every cell checked."""
    if not sheet.rows or sheet.rows[0].number != 1:
        findings.problem(
            file, expected.name, 1, None, "La première ligne doit contenir les titres des colonnes."
        )
        return
    columns = _columns(file, sheet.rows[0].cells, expected, findings)
    present = set(columns.values())
    missing = {item.name for item in expected.columns if item.required and item not in present}
    untitled: set[int] = set()
    for row in sheet.rows[1:]:
        if all(map(is_blank, row.cells)):
            continue
        line = Line(file, expected.name, row.number, {}, findings, set(missing))
        for index, cell in enumerate(row.cells):
            if is_blank(cell):
                continue
            column = columns.get(index)
            if column is None:
                if index >= len(sheet.rows[0].cells) or is_blank(sheet.rows[0].cells[index]):
                    untitled.add(index)
                continue
            try:
                line.values[column.name] = value_of(column, cell, catalogue)
            except CellError as wrong:
                line.problem(column.name, str(wrong))
        for column in columns.values():
            if column.required and line[column.name] in (None, ()) and line.sound(column.name):
                line.problem(column.name, "Cette cellule est obligatoire : remplissez-la.")
        yield line
    for index in sorted(untitled):
        findings.notice(
            file,
            expected.name,
            1,
            _letters(index),
            "Cette colonne n’a pas de titre : son contenu n’est pas lu.",
        )


def _columns(
    file: str, titles: tuple[Cell, ...], expected: SheetLayout, findings: Findings
) -> dict[int, Column]:
    """The column that each position holds; reports headings missing, double and unknown."""
    known = {normalise(column.name): column for column in expected.columns}
    found: dict[int, Column] = {}
    for index, title in enumerate(titles):
        if is_blank(title):
            continue
        column = known.get(normalise(title) if isinstance(title, str) else "")
        if column is None:
            findings.notice(
                file,
                expected.name,
                1,
                shown(title)[2:-2],
                "Ce titre est inconnu : la colonne n’est pas lue.",
            )
        elif column in found.values():
            findings.problem(
                file,
                expected.name,
                1,
                column.name,
                "Deux colonnes portent ce titre : gardez-en une.",
            )
        else:
            found[index] = column
    for column in expected.columns:
        if column.required and column not in found.values():
            findings.problem(
                file,
                expected.name,
                1,
                column.name,
                f"La colonne « {column.name} » manque : ajoutez ce titre en première ligne.",
            )
    return found


def _letters(index: int) -> str:
    """The spreadsheet's name of a column: 0 is A, 26 is AA."""
    letters = ""
    while index >= 0:
        letters = chr(FIRST_COLUMN_LETTER + index % 26) + letters
        index = index // 26 - 1
    return letters
