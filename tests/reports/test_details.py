"""The detail sheets, counted again by plain Python from the file, give the tables' figures."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from ramsess.database import db
from ramsess.demo.loading import load_demo
from ramsess.reports.consolidation import make_report
from ramsess.reports.excel import write_workbook
from ramsess.reports.period import Period
from ramsess.reports.report import Report
from ramsess.reports.sheets import HEADER_ROW
from ramsess.reports.table import Table
from tests.conftest import empty_records

Record = dict[str, Any]


@pytest.fixture(scope="module")
def report(app: Flask) -> Iterator[Report]:
    with app.app_context():
        empty_records()
        load_demo(db.session(), scale=0.1, today=dt.date(2010, 5, 4))
        db.session.commit()
        yield make_report(db.engines["report"], Period.of_year(2009), with_details=True)
        empty_records()
        db.session.remove()


@pytest.fixture(scope="module")
def sheets(report: Report) -> dict[str, list[Record]]:
    """The records of each detail sheet, by the headings."""
    file = BytesIO()
    write_workbook(report, file)
    file.seek(0)
    book = CalamineWorkbook.from_filelike(file)
    found = {}
    for name in ("Détail actes", "Détail parcours", "Détail séances"):
        head, *rows = book.get_sheet_by_name(name).to_python()[HEADER_ROW - 1 :]
        found[name] = [dict(zip(head, row, strict=True)) for row in rows]
    return found


def minutes(record: Record) -> int:
    """The minutes of its duration."""
    value = record["Heures"]
    if isinstance(value, dt.time):
        return value.hour * 60 + value.minute
    assert isinstance(value, dt.timedelta)
    return round(value.total_seconds() / 60)


def codes(record: Record) -> list[str]:
    return str(record["Structures"]).split("; ") if record["Structures"] else []


def agree(counted: Counter[tuple[str, str]], table: Table, columns: Sequence[str]) -> int:
    """Every cell of *columns* is what was *counted*, 0 included; how many there are."""
    rows = [row.key for row in table.rows]
    for row in rows:
        for column in columns:
            assert table.value(row, column) == counted[row, column], (table.id, row, column)
    assert {key for key in counted if counted[key]} <= {(r, c) for r in rows for c in columns}
    return len(rows) * len(columns)


def test_acts_by_type_and_structure(report: Report, sheets: dict[str, list[Record]]) -> None:
    acts, table = sheets["Détail actes"], report.table("B08")
    counted: Counter[tuple[str, str]] = Counter()
    for act in acts:
        code = act["Type"][:4]
        for row in (code, code[:3], "TOTAL"):
            for column in (*codes(act), "TOTAL"):
                counted[row, column] += 1
    columns = [column.key for column in table.columns if column.key != "SHARED"]
    assert agree(counted, table, columns) > 400
    assert len(acts) > 500


def test_hours_by_type(report: Report, sheets: dict[str, list[Record]]) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    for act in sheets["Détail actes"]:
        code = act["Type"][:4]
        for row in (code, code[:3], "TOTAL"):
            counted[row, "TOTAL"] += minutes(act)
    agree(counted, report.table("B09"), ["TOTAL"])


def test_months(report: Report, sheets: dict[str, list[Record]]) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    for act in sheets["Détail actes"]:
        for row in (f"{act['Date']:%Y-%m}", "TOTAL"):
            counted[row, "acts"] += 1
            counted[row, "minutes"] += minutes(act)
    for session in sheets["Détail séances"]:
        for row in (f"{session['Date']:%Y-%m}", "TOTAL"):
            counted[row, "sessions"] += 1
            counted[row, "attendances"] += int(
                session["Présences connues"] + session["Présences anonymes"]
            )
    for parcours in sheets["Détail parcours"]:
        if parcours["Entrée"] >= report.period.first:
            for row in (f"{parcours['Entrée']:%Y-%m}", "TOTAL"):
                counted[row, "entries"] += 1
    agree(counted, report.table("B10"), ["acts", "minutes", "entries", "sessions", "attendances"])


def test_territory(report: Report, sheets: dict[str, list[Record]]) -> None:
    table = report.table("B05")
    counted: Counter[tuple[str, str]] = Counter()
    for act in sheets["Détail actes"]:
        for row in (act["Département"], "TOTAL"):
            counted[row, "acts"] += 1
            counted[row, "minutes"] += minutes(act)
    for parcours in sheets["Détail parcours"]:
        for row in (parcours["Département"], "TOTAL"):
            counted[row, "parcours"] += 1
    for (row, column), number in counted.items():
        assert table.value(row, column) == number
    assert len(counted) > 9


def test_sessions_by_type(report: Report, sheets: dict[str, list[Record]]) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    for session in sheets["Détail séances"]:
        for row in (session["Type"][:4], "TOTAL"):
            counted[row, "sessions"] += 1
            counted[row, "known"] += int(session["Présences connues"])
            counted[row, "anonymous"] += int(session["Présences anonymes"])
            counted[row, "minutes"] += minutes(session)
    agree(counted, report.table("B11"), ["sessions", "known", "anonymous", "minutes"])


def test_flows_and_exits(report: Report, sheets: dict[str, list[Record]]) -> None:
    first, last = report.period.first, report.period.last
    flows: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    for parcours in sheets["Détail parcours"]:
        left = parcours["Sortie"] or None
        ended = left is not None and left <= last
        flows["followed"] += 1
        flows["start"] += parcours["Entrée"] < first
        flows["entries"] += parcours["Entrée"] >= first
        flows["exits"] += ended
        flows["end"] += not ended
        flows["active"] += parcours["Actes"] > 0
        if ended:
            outcomes[parcours["Motif de sortie"] or "Non renseigné"] += 1
    table = report.table("B02")
    assert {row.key: table.value(row.key, "TOTAL") for row in table.rows} == dict(flows)
    exits = report.table("B15")
    for row in exits.rows:
        if row.key != "TOTAL":
            assert exits.value(row.key, "parcours") == outcomes[row.label]


def test_one_record_less_would_be_found(report: Report, sheets: dict[str, list[Record]]) -> None:
    fewer = {**sheets, "Détail actes": sheets["Détail actes"][1:]}
    for test in (test_acts_by_type_and_structure, test_hours_by_type, test_months, test_territory):
        with pytest.raises(AssertionError):
            test(report, fewer)
