"""The first sheet of the workbook: what it is, how to read it, where everything stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from openpyxl.worksheet.cell_range import CellRange

from ramsess.reports.brief import FOREWORD
from ramsess.reports.cells import TEXT, put_date, safe_cell
from ramsess.reports.identity import identity
from ramsess.reports.method import hides, method
from ramsess.reports.report import Report
from ramsess.reports.sheet_prose import pieces
from ramsess.reports.sheets import Sheets, append
from ramsess.reports.table import RowKind
from ramsess.reports.text import one_line

READ_ME = "Lisez-moi"

_WIDTHS = (30.0, 44.0, 66.0)
_PROSE = sum(_WIDTHS[1:])
_WHAT = (
    "Le bilan d’activité consolidé du réseau, compté dans les fiches des structures membres. Le "
    "PDF du même bilan donne les mêmes chiffres."
)
_UNITS = (
    "Les heures sont de vraies durées : elles s’additionnent et se comparent, et [h] les montre "
    "au-delà de 24. Les dates sont de vraies dates, les pourcentages de vrais pourcentages. Rien "
    "n’est arrondi au-dessous de ce qui est montré, et aucune cellule n’est une formule."
)
_NAMES = (
    "Chaque tableau porte un nom (B08_chiffres pour B08) : intitulés et chiffres, pour vos "
    "propres calculs. Les graphiques sont dessinés dans les cellules de leur feuille."
)
_PIVOT = (
    "Les feuilles de détail sont des tableaux nommés ({names}) : Insertion, Tableau croisé "
    "dynamique les accepte tels quels. Elles comptent les mêmes fiches que les chiffres."
)


def add_read_me(sheets: Sheets, report: Report, listed: Sequence[tuple[str, str, str]]) -> None:
    """Add the sheet; *listed*: the other sheets, each with its title and what it counts."""
    sheet = _Lines(sheets)
    sheet.title(report.title, report.subtitle)
    sheet.row("Ce que c’est", _WHAT)
    sheet.row("Du", report.period.first)
    sheet.row("Au (compris)", report.period.last)
    for name, value in identity(report):
        sheet.row(name, value)
    if report.address:
        sheet.row("À vérifier sur", report.address)
    sheet.prose(FOREWORD, report.foreword)
    sheet.header("Feuille", "Intitulé", "Ce qui est compté")
    for target, title, rule in listed:
        sheet.entry(target, title, rule)
    sheet.header("Pour lire et réutiliser", "", "")
    sheet.row("Unités et formats", _UNITS)
    sheet.row("Noms", _NAMES)
    if report.details:
        names = ", ".join(rule.rpartition(" ")[2] for *_, rule in listed[-len(report.details) :])
        sheet.row("Listes de détail", _PIVOT.format(names=names))
    if not hides(report) and report.edition != "region":
        sheet.row("Cellule vide", "Une part qui n’a pas de sens (la part de rien), et non un zéro.")
    sheet.header("Règles", "", "")
    for name, text in method(report):
        sheet.row(name, text)
    sheet.header("Membre du réseau", "Nom", "")
    for member in report.members:
        sheet.member(member.code, member.told)
    if not report.members:
        sheet.member("", "Aucune structure n’est membre du réseau à ces dates.")


class _Lines:
    """The lines of the sheet: a name, and what is to be said over the two other columns."""

    def __init__(self, sheets: Sheets) -> None:
        self._sheets, self._styles = sheets, sheets.styles
        self._sheet = sheets.open(READ_ME, _WIDTHS, repeat=False)
        self._number = 0

    def title(self, title: str, subtitle: str) -> None:
        """The title of the report, and whom it counts."""
        self._sheet.row_dimensions[1].height = 24
        self._append([safe_cell(self._styles.title(self._sheet), one_line(title))], wrapped=False)
        under = safe_cell(self._styles.subtitle(self._sheet), one_line(subtitle))
        self._append([under], wrapped=False)
        self._append([])

    def row(self, name: str, value: str | dt.date) -> None:
        """A name and its value; a text over both columns."""
        label = safe_cell(self._styles.label(self._sheet, RowKind.SUBTOTAL), name)
        if isinstance(value, dt.date):
            self._append([label, put_date(self._styles.left(self._sheet), value)])
        else:
            self._wide(label, one_line(value))

    def prose(self, name: str, text: str) -> None:
        """A name and a long text, over as many rows as it takes."""
        for number, piece in enumerate(pieces(text, _PROSE)):
            label = self._styles.label(self._sheet, RowKind.SUBTOTAL)
            self._wide(safe_cell(label, "" if number else name), piece)

    def header(self, *labels: str) -> None:
        """The heading of a part, after an empty line."""
        self._append([])
        style = self._styles
        self._append(
            [safe_cell(style.header(self._sheet, figures=False), label) for label in labels]
        )

    def entry(self, target: str, title: str, rule: str) -> None:
        """A sheet, with the link that leads there."""
        link = self._sheets.link(self._sheet, target, target)
        self._append([link, self._text(title), self._text(rule)])

    def member(self, code: str, name: str) -> None:
        """A member of the network."""
        self._append([self._text(code), self._text(name)])

    def _wide(self, label: Any, text: str) -> None:
        place = self._number + 1
        self._sheet.merged_cells.ranges.add(CellRange(f"B{place}:C{place}"))
        cell = safe_cell(self._styles.plain(self._sheet, TEXT, wrapped=True), text)
        self._append([label, cell], widths=(_WIDTHS[0], _PROSE))

    def _text(self, value: str) -> Any:
        return safe_cell(self._styles.plain(self._sheet, TEXT, wrapped=True), one_line(value))

    def _append(
        self,
        cells: Sequence[Any],
        *,
        wrapped: bool = True,
        widths: Sequence[float] = _WIDTHS,
    ) -> None:
        self._number += 1
        if wrapped:
            append(self._sheet, self._number, cells, widths)
        else:
            self._sheet.append(cells)
