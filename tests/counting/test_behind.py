"""Rule 13 over every cell of every table: the figure is made of the records that are listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramsess.database import db
from ramsess.demo.loading import load_demo
from ramsess.models import Attendance
from ramsess.models.calendar import today
from ramsess.reports.behind import Part
from ramsess.reports.consolidation import make_report
from ramsess.reports.period import Period
from ramsess.reports.report import Report
from ramsess.reports.table import Table
from tests.conftest import empty_records
from tests.counting.comparing import PERIODS, YEAR, import_network
from tests.counting.networks import random_network
from tests.counting.remaking import wrong
from tests.whole import WHOLE, part_of

LAST_YEAR = Period.of_year(today().year - 1)


@pytest.fixture(scope="module")
def demo(app: Flask) -> Iterator[None]:
    """The demo's network; a part of it but in a whole run."""
    with app.app_context():
        empty_records()
        load_demo(db.session(), scale=1.0 if WHOLE else 0.04)
        db.session.commit()
        yield


def check(report: Report) -> Counter[str]:
    """Every cell of *report*, the network's beside too; how many of each kind."""
    days = (report.period.last - report.period.first).days + 1
    tried: Counter[str] = Counter()
    for table in (*report.tables, *report.beside.values()):
        faults, kinds = wrong(table, days)
        assert faults == []
        tried += kinds
    return tried


@pytest.mark.parametrize(
    "limits",
    [
        {},
        {"structure": "APEAS"},
        {"scheme": "DRA", "filters": {"territory": "13", "type": "CSL"}},
        {"compared": Period.of_year(LAST_YEAR.first.year - 2), "filters": {"sector": "CUL"}},
    ],
    ids=["network", "structure", "filtered", "compared"],
)
def test_every_cell_of_the_demo_is_made_of_its_records(demo: None, limits: dict[str, str]) -> None:
    tried = check(make_report(db.engines["report"], LAST_YEAR, **limits))
    print(f"{sum(tried.values()):,} cells {dict(tried)}")
    assert sum(tried.values()) > 1500
    assert set(tried) >= {"count", "sum", "quantile", "part", "change", "known"}


@pytest.mark.parametrize("seed", range(12) if WHOLE else range(2))
def test_every_cell_of_random_networks_is_made_of_its_records(
    session: Session, tmp_path: Path, seed: int
) -> None:
    import_network(session, tmp_path, random_network(seed, 2 + seed % 4))
    filters = [{}, {"territory": "13", "type": "CSL"}, {"sector": "CUL"}][seed % 3]
    for period in PERIODS if WHOLE else (PERIODS[seed % 4],):
        check(make_report(db.engines["report"], period, filters=filters))
    other = make_report(db.engines["report"], YEAR, compared=PERIODS[1], structure="APEAS")
    check(other)


def test_a_session_is_a_line_for_each_who_came(session: Session, tmp_path: Path) -> None:
    import_network(session, tmp_path, random_network(3, 6))
    report = make_report(db.engines["report"], YEAR)
    known = report.table("B11").behind("TOTAL", "known")
    counted = Counter(int(one) for one in known.ids)
    kept: dict[int, int] = dict(
        session.execute(
            select(Attendance.act_id, func.count(Attendance.beneficiary_id.distinct())).group_by(
                Attendance.act_id
            )
        ).all()
    )
    assert counted == {one: kept[one] for one in counted}
    assert max(counted.values()) > 2
    pairs = set(zip(known.ids.tolist(), known.whom.tolist(), strict=True))
    assert len(pairs) == len(known)


def dropped(table: Table, number: int) -> Table:
    """*table* without the first line of its part of that number."""
    part = table.parts[number]
    less = Part(
        part.kind, part.ids[1:], part.rows[1:], part.columns[1:],
        None if part.amounts is None else part.amounts[1:],
    )  # fmt: skip
    return replace(table, parts=(*table.parts[:number], less, *table.parts[number + 1 :]))


def test_a_line_that_is_lost_is_found(session: Session, tmp_path: Path) -> None:
    """In whatever part of whatever table it is lost."""
    import_network(session, tmp_path, random_network(5, 3))
    report = make_report(db.engines["report"], YEAR)
    lost = 0
    for table in report.tables:
        usable = [
            number
            for number, part in enumerate(table.parts)
            # What adds nothing makes no difference; nor may an end of many do to a quartile.
            if len(part.ids) and (part.amounts is None or part.amounts[0]) and table.id != "B16"
        ]
        for number in part_of(usable, usable[len(usable) // 2 :][:1]):
            faults, _ = wrong(dropped(table, number), 365)
            assert faults, (table.id, number)
            lost += 1
    assert lost >= 14


def test_lines_counted_twice_are_found(session: Session, tmp_path: Path) -> None:
    import_network(session, tmp_path, random_network(5, 3))
    table = make_report(db.engines["report"], YEAR).table("B08")
    faults, _ = wrong(replace(table, parts=(*table.parts, table.parts[0])), 365)
    assert faults
