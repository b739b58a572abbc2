"""A list as a workbook: what it is and who drew it, then its rows as the screen shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from openpyxl import Workbook

from ramsess.reports.cells import TEXT, WHOLE, put_date, safe_cell
from ramsess.reports.detail_rows import assemble, rows_xml
from ramsess.reports.report import Detail
from ramsess.reports.sheets import CONTENTS, HEADER_ROW, Sheets, append, sheet_name
from ramsess.reports.table import RowKind
from ramsess.reports.text import one_line

_WIDTHS = (26.0, 70.0)


@dataclass(frozen=True)
class ListWorkbook:
    """The *rows* of a list, who drew it (*by*, *on*) and what she had asked (*said*, in words).

    *cut*: there were more rows than a workbook takes.
    """

    rows: Detail
    by: str
    structures: str
    on: dt.date
    said: Sequence[tuple[str, str]]
    cut: bool = False


def write_list(listed: ListWorkbook, target: BinaryIO) -> None:
    """Write it as ``.xlsx``."""
    book = Workbook(write_only=True)
    title = one_line(listed.rows.title)
    book.properties.title, book.properties.creator = title, "RAMSESS"
    book.properties.language = "fr-FR"
    book.properties.created = dt.datetime.combine(listed.on, dt.time())
    sheets = Sheets(book, title)
    name = sheet_name(listed.rows.name, [CONTENTS])
    _identity(sheets, listed, name)
    look = sheets.add_detail(name, listed.rows, len(listed.rows.rows))
    file = BytesIO()
    book.save(file)
    rows = rows_xml(listed.rows.rows, HEADER_ROW + 1, look)
    assemble(file, target, listed.on, {"xl/worksheets/sheet2.xml": rows})


def _identity(sheets: Sheets, listed: ListWorkbook, name: str) -> None:
    styles = sheets.styles
    sheet = sheets.open(CONTENTS, _WIDTHS, repeat=False)

    def line(label: str, cell: Any) -> list[Any]:
        return [safe_cell(styles.label(sheet, RowKind.SUBTOTAL), label), cell]

    def text(value: str) -> Any:
        return safe_cell(styles.plain(sheet, TEXT, wrapped=True), one_line(value))

    total = styles.left(sheet, WHOLE)
    total.value = len(listed.rows.rows)
    rows = [
        [safe_cell(styles.title(sheet), one_line(listed.rows.title))],
        [],
        line("Établie par", text(listed.by)),
        line("Pour", text(listed.structures)),
        line("Le", put_date(styles.left(sheet), listed.on)),
        *(line(label, text(value)) for label, value in listed.said or [("Filtres", "aucun")]),
        line("Lignes", total),
        *([line("Attention", text(
            "Il y en avait davantage : la liste est coupée ici. Resserrez les filtres."
        ))] if listed.cut else []),
        line("Feuille", sheets.link(sheet, name, name)),
        [],
        line("À savoir", text(
            "Ce fichier montre ce que cette personne pouvait voir ce jour-là. S’il nomme des "
            "bénéficiaires, gardez-le comme leurs dossiers, et supprimez-le après usage."
        )),
    ]  # fmt: skip
    for number, row in enumerate(rows, 1):
        append(sheet, number, row, _WIDTHS)
