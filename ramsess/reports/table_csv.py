"""Tables as CSV, to count further: semicolons, UTF-8 with its signature, French decimals.

A heading is the French one with the stable key beside it, « Actes [acts] ». Minutes are whole
minutes, percentages per cent; « s » stands where a figure is not published (Rule 15).
"""

from __future__ import annotations

import csv
import io
import zipfile
from typing import BinaryIO

from ramsess.reports.archive import member
from ramsess.reports.cells import is_command
from ramsess.reports.identity import identity
from ramsess.reports.numbers import french_plain
from ramsess.reports.report import Report
from ramsess.reports.table import NOT_PUBLISHED, Column, Row, Table, Unit
from ramsess.reports.text import one_line

UNITS = {
    Unit.COUNT: "nombre",
    Unit.MINUTES: "minutes",
    Unit.FTE: "équivalents temps plein",
    Unit.DAYS: "jours",
    Unit.NUMBER: "nombre",
    Unit.PERCENT: "pour cent",
    Unit.EUROS: "euros",
}
README = "Lisez-moi.txt"


def csv_bytes(table: Table) -> bytes:
    """*table*: a line a row, after its key, its label and, where rows have their own, its unit."""
    units = any(row.unit for row in table.rows)
    head = ["Clé", table.row_heading, *(["Unité"] if units else [])]
    head += [_heading(column) for column in table.columns]
    lines = [[_text(cell) for cell in head]]
    for row in table.rows:
        unit = [UNITS[row.unit or Unit.COUNT]] if units else []
        cells = [_text(cell) for cell in (row.key, row.label, *unit)]
        lines.append([*cells, *(_figure(table, row, column) for column in table.columns)])
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode("utf-8-sig")


def write_csv_archive(report: Report, target: BinaryIO) -> None:
    """Write every table of *report* as CSV into one archive, with a word on how to read them."""
    day = report.made_on
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(member(README, day), _read_me(report).encode("utf-8-sig"))
        for table in report.tables:
            archive.writestr(member(f"{table.id}.csv", day), csv_bytes(table))
            beside = report.beside.get(table.id)
            if beside is not None:
                archive.writestr(member(f"{table.id}-reseau.csv", day), csv_bytes(beside))


def _heading(column: Column) -> str:
    unit = "" if column.unit in (Unit.COUNT, Unit.NUMBER) else f", en {UNITS[column.unit]}"
    return f"{column.label}{unit} [{column.key}]"


def _text(text: str) -> str:
    """*text* on one line; what a spreadsheet could take for a formula begins with an apostrophe."""
    shown = one_line(text)
    return f"'{shown}" if is_command(shown) else shown


def _figure(table: Table, row: Row, column: Column) -> str:
    if table.is_hidden(row.key, column.key):
        return NOT_PUBLISHED
    return "" if table.is_blank(row, column) else french_plain(table.value(row.key, column.key))


def _read_me(report: Report) -> str:
    lines = [report.title, report.subtitle]
    lines += [f"{name} : {value}" for name, value in identity(report)]
    if report.address:
        lines.append(f"À vérifier sur : {report.address}")
    lines += [
        "",
        "Un fichier par tableau : UTF-8, points-virgules, virgule décimale. Entre crochets, la clé "
        "de la colonne, qui ne change pas ; les lignes commencent par la leur.",
        "Les heures sont en minutes. Une cellule vide est une part qui n’a pas de sens.",
        f"« {NOT_PUBLISHED} » : chiffre non publié (secret statistique).",
        "",
    ]
    for table in report.tables:
        lines.append(f"{table.id} {table.title} : {table.rule}")
        if report.comments.get(table.id):
            lines.append(f"    Commentaire : {report.comments[table.id]}")
    return "\r\n".join(one_line(line) if line else "" for line in lines) + "\r\n"
