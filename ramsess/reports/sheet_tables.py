"""Rows of a sheet as a table of the spreadsheet: named, filtered, ready for a pivot table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from ramsess.reports.cells import safe_text


def table_name(sheet: str) -> str:
    """The name of the table of a sheet: ``DétailActes`` of « Détail actes »."""
    words = re.findall(r"\w+", sheet)
    return "".join(word[:1].upper() + word[1:] for word in words)


def add_real_table(sheet: Any, name: str, first: int, headings: Sequence[str], rows: int) -> None:
    """Declare a table whose *headings* stand in the row *first*; a table has one row at least."""
    last = f"{get_column_letter(len(headings))}{first + max(1, rows)}"
    table = Table(displayName=name, name=name, ref=f"A{first}:{last}")
    table.autoFilter = AutoFilter(ref=table.ref)
    for number, heading in enumerate(headings, 1):
        # Excel mends, with a warning, a table whose columns are not called as their cells.
        table.tableColumns.append(TableColumn(id=number, name=safe_text(heading)))
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.tables.add(table)  # add_table warns that it cannot read the headings: they are given
