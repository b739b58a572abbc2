"""The figures of a report read back from its files, by libraries that did not write them.

All readers give the same shape: table id → row key → column key → figure, None where a
cell is blank. The network's tables beside a structure's go by ``réseau B08``.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
import subprocess
from pathlib import Path
from typing import Any

import pypdf
from python_calamine import CalamineWorkbook

from ramsess.reports.numbers import figure
from ramsess.reports.report import Report
from ramsess.reports.table import Column, Row, Table, Unit

Figures = dict[str, dict[str, dict[str, float | None]]]

HEADER = 5  # the row of the column headings
BESIDE = "réseau"


def json_figures(report: dict[str, Any]) -> Figures:
    beside = {f"{BESIDE} {key}": table for key, table in report.get("network", {}).items()}
    return {
        table_id: {row["key"]: row["values"] for row in table["rows"]}
        for table_id, table in (report["tables"] | beside).items()
    }


def workbook_figures(path: Path, report: Report) -> Figures:
    """The figures of the workbook's sheets, which follow the contents in the order of tables.

    AssertionError when the headings or labels of a sheet are not those of its table.
    """
    book = CalamineWorkbook.from_path(str(path))
    sheets = book.sheet_names[1 : 1 + len(report.tables)]
    found: Figures = {}
    for name, table in zip(sheets, report.tables, strict=True):
        rows = book.get_sheet_by_name(name).to_python()[HEADER - 1 :]
        end = len(table.rows) + 1
        found[table.id] = _sheet_figures(rows[:end], table)
        beside = report.beside.get(table.id)
        if beside is not None:
            found[f"{BESIDE} {table.id}"] = _sheet_figures(rows[end + 2 :], beside)
        else:
            assert rows[end:] == []
    return found


def _sheet_figures(rows: list[list[Any]], table: Table) -> dict[str, dict[str, float | None]]:
    width = len(table.columns) + 1
    assert rows[0][:width] == [table.row_heading, *(column.label for column in table.columns)]
    found: dict[str, dict[str, float | None]] = {}
    for cells, row in zip(rows[1:], table.rows, strict=True):
        assert cells[0] == row.label
        found[row.key] = {
            column.key: None if cell == "" else _number(cell, table.unit(row, column))
            for cell, column in zip(cells[1:width], table.columns, strict=True)
            if not column.derived
        }
    return found


def _number(cell: Any, unit: Unit) -> float:
    """The figure of a cell: a time is a number of minutes, a percentage a hundredth."""
    if isinstance(cell, dt.datetime):
        cell -= dt.datetime(1899, 12, 30)
    if isinstance(cell, dt.time):
        cell = dt.timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    if isinstance(cell, dt.timedelta):
        assert unit is Unit.MINUTES
        return round(cell.total_seconds() / 60, 2)
    assert isinstance(cell, float | int), cell
    factor = {Unit.MINUTES: 1440, Unit.PERCENT: 100}.get(unit, 1)
    return round(cell * factor, 2)


def differences(one: Figures, other: Figures) -> list[str]:
    """Where two reports disagree: a figure that differs, or that only one of them has."""
    cells = [
        {
            (table_id, row, column): value
            for table_id, rows in figures.items()
            for row, columns in rows.items()
            for column, value in columns.items()
        }
        for figures in (one, other)
    ]
    return [
        f"{' '.join(key)} : {cells[0].get(key)} ≠ {cells[1].get(key)}"
        for key in cells[0].keys() | cells[1].keys()
        if cells[0].get(key) != cells[1].get(key)
    ]


def with_one_change(figures: Figures, table_id: str) -> Figures:
    """*figures* with its last figure of *table_id* increased by one."""
    changed = copy.deepcopy(figures)
    row = list(changed[table_id].values())[-1]
    row[list(row)[-1]] = (row[list(row)[-1]] or 0) + 1
    return changed


def pdf_text(path: Path) -> str:
    """The text of the PDF from its contents on, without spaces and footers."""
    return _plain("".join(_body(page) for page in pypdf.PdfReader(path).pages[1:]))


def missing_in_pdf(text: str, report: Report, figures: Figures) -> list[str]:
    """The rows of *figures* that *text* does not hold, in order, under their table's heading.

    A row is its label and then every figure as French people write it, derived ones included:
    nothing may stand between them.
    """
    missing = []
    for table in report.tables:
        start = text.index(_plain(table.id + table.title + table.rule))
        missing += _missing_rows(text, start, table, table.id, figures)
        beside = report.beside.get(table.id)
        if beside is not None:
            start = text.index("Réseau(dédoublonné)", start)
            missing += _missing_rows(text, start, beside, f"{BESIDE} {table.id}", figures)
    return missing


def _missing_rows(text: str, start: int, table: Table, name: str, figures: Figures) -> list[str]:
    missing = []
    for row in table.rows:
        printed = _plain(row.label + "".join(_cells(table, row, figures[name][row.key])))
        found = text.find(printed, start)
        if found < 0:
            missing.append(f"{name} {row.key}")
        else:
            start = found + len(printed)
    return missing


def _cells(table: Table, row: Row, values: dict[str, float | None]) -> list[str]:
    def shown(column: Column) -> str:
        known = table.values.get((row.key, column.key)) if column.derived else values[column.key]
        return "" if known is None else figure(known, table.unit(row, column))

    return [shown(column) for column in table.columns]


def _body(page: pypdf.PageObject) -> str:
    """The text of *page* without its footer, which is drawn first."""
    return re.sub(r"^.*\npage \d+ / \d+\n", "", page.extract_text())


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def saved_by_libreoffice(path: Path, folder: Path, kind: str) -> Path:
    """*path* opened by LibreOffice and saved as *kind* (``xlsx``, ``pdf``) in *folder*."""
    profile = folder / "profile"
    done = subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            str(path),
        ],
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    assert "Error" not in done.stderr, done.stderr
    return folder / f"{path.stem}.{kind}"
