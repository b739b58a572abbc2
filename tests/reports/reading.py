"""The figures of a report read back from its files, by libraries that did not write them.

All readers give the same shape: table id → row key → column key → figure, None where a
cell is blank, « s » where it is not published. The network's tables beside a structure's go by
``réseau B08``.
"""

from __future__ import annotations

import copy
import csv
import datetime as dt
import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
from python_calamine import CalamineWorkbook

from ramsess.reports.excel import table_names
from ramsess.reports.numbers import figure
from ramsess.reports.report import Report
from ramsess.reports.sheets import MORE_COMMENT
from ramsess.reports.table import NOT_PUBLISHED, Column, Row, Table, Unit

Figure = float | str | None
Figures = dict[str, dict[str, dict[str, Figure]]]

# Semicolons, UTF-8, texts quoted, cells as they are and not as they look, every sheet.
SHEETS_AS_CSV = "Text - txt - csv (StarCalc):59,34,76,1,,0,false,false,false,false,false,-1"
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
            end += 3 + len(beside.rows)
        assert rows[end:] == [] or rows[end + 1][0] == MORE_COMMENT
    return found


def csv_figures(read: Callable[[str], bytes], report: Report) -> Figures:
    """The figures of the CSV files that *read* gives by name."""
    found: Figures = {}
    for table in report.tables:
        found[table.id] = _csv_figures(read(f"{table.id}.csv"), table)
        beside = report.beside.get(table.id)
        if beside is not None:
            found[f"{BESIDE} {table.id}"] = _csv_figures(read(f"{table.id}-reseau.csv"), beside)
    return found


def _csv_figures(content: bytes, table: Table) -> dict[str, dict[str, Figure]]:
    """By the keys that the file itself gives, in the headings and in the first cells."""
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    keys = [re.search(r"\[([^\[]*)\]$", heading) for heading in lines[0]]
    kept = {column.key for column in table.columns if not column.derived}
    return {
        line[0]: {
            key[1]: cell
            if cell == NOT_PUBLISHED
            else float(cell.replace(",", "."))
            if cell
            else None
            for key, cell in zip(keys, line, strict=True)
            if key and key[1] in kept
        }
        for line in lines[1:]
    }


def _sheet_figures(rows: list[list[Any]], table: Table) -> dict[str, dict[str, Figure]]:
    width = len(table.columns) + 1
    assert rows[0][:width] == [table.row_heading, *(column.label for column in table.columns)]
    found: dict[str, dict[str, Figure]] = {}
    for cells, row in zip(rows[1:], table.rows, strict=True):
        assert cells[0] == row.label
        found[row.key] = {
            column.key: None if cell == "" else _number(cell, table.unit(row, column))
            for cell, column in zip(cells[1:width], table.columns, strict=True)
            if not column.derived
        }
    return found


def _number(cell: Any, unit: Unit) -> Figure:
    """The figure of a cell: a time is a number of minutes, a percentage a hundredth."""
    if cell == NOT_PUBLISHED:
        return NOT_PUBLISHED
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
    row, column = [
        (row, column)
        for row in changed[table_id].values()
        for column, value in row.items()
        if value != NOT_PUBLISHED
    ][-1]
    row[column] = float(row[column] or 0) + 1
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


def _cells(table: Table, row: Row, values: dict[str, Figure]) -> list[str]:
    def shown(column: Column) -> str:
        if column.derived and table.is_hidden(row.key, column.key):
            return NOT_PUBLISHED
        known = table.values.get((row.key, column.key)) if column.derived else values[column.key]
        if known == NOT_PUBLISHED:
            return NOT_PUBLISHED
        if known is None:
            return ""
        plus = "+" if column.signed and float(known) > 0 else ""
        return plus + figure(float(known), table.unit(row, column))

    return [shown(column) for column in table.columns]


def _body(page: pypdf.PageObject) -> str:
    """The text of *page* without its footer, which is drawn first."""
    return re.sub(r"^.*\npage \d+ / \d+\n(À vérifier sur .*\n)?", "", page.extract_text())


def _plain(text: str) -> str:
    """*text* without spaces, with the apostrophe of print, which a PDF has in every place."""
    return re.sub(r"\s", "", text).replace("'", "’")


def calculated_by_libreoffice(path: Path, folder: Path, report: Report) -> Figures:
    """The figures of the sheets as LibreOffice has calculated them: each sheet saved as CSV."""
    saved_by_libreoffice(path, folder, "csv", SHEETS_AS_CSV)
    found: Figures = {}
    for table in report.tables:
        name = f"{path.stem}-{table_names(report)[table.id]}.csv"
        with (folder / name).open(encoding="utf-8") as file:
            lines = [[_typed(cell) for cell in line] for line in csv.reader(file, delimiter=";")]
        rows, end = lines[HEADER - 1 :], len(table.rows) + 1
        found[table.id] = _sheet_figures(rows[:end], table)
        beside = report.beside.get(table.id)
        if beside is not None:
            part = rows[end + 2 : end + 3 + len(beside.rows)]
            found[f"{BESIDE} {table.id}"] = _sheet_figures(part, beside)
    return found


def _typed(cell: str) -> Any:
    """A cell of LibreOffice's CSV as what it was: a duration, a percentage, a number, a text."""
    time = re.fullmatch(r"(\d+):(\d\d):(\d\d)( [AP]M)?", cell)
    if time:  # less than a day may be told as an hour of the day
        hours, minutes, seconds = map(int, time.groups()[:3])
        half = {None: hours, " AM": hours % 12, " PM": hours % 12 + 12}[time[4]]
        return dt.timedelta(hours=half, minutes=minutes, seconds=seconds)
    if re.fullmatch(r"-?\d+(\.\d+)?%", cell):
        return float(cell[:-1]) / 100
    return float(cell) if re.fullmatch(r"-?\d+(\.\d+)?", cell) else cell


def saved_by_libreoffice(path: Path, folder: Path, kind: str, options: str = "") -> Path:
    """*path* opened by LibreOffice and saved as *kind* (``xlsx``, ``pdf``) in *folder*."""
    profile = folder / "profile"
    done = subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--convert-to",
            f"{kind}:{options}" if options else kind,
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
