"""Every cell of the JSON report against an independent count in plain Python.

The network goes the whole way: exchange workbooks, import, database, facts, tables, JSON.
"""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy.orm import Session

from ramsess.database import db
from ramsess.exchange.applying import import_workbooks
from ramsess.reports.consolidation import make_report
from ramsess.reports.period import Period
from tests.conftest import empty_records
from tests.counting.networks import networks, random_network
from tests.counting.recount import recount
from tests.counting.workbooks import Workbook, write

PERIODS = (
    Period.of_year(2009),
    Period(dt.date(2009, 4, 1), dt.date(2009, 6, 30)),
    Period(dt.date(2008, 7, 1), dt.date(2009, 6, 30)),
)


def import_network(
    session: Session, folder: Path, workbooks: list[Workbook], seed: int = 0
) -> None:
    """Write the workbooks, and import them together, in an order drawn by *seed*."""
    empty_records()
    paths = []
    for workbook in workbooks:
        path = folder / f"{workbook.structure}.xlsx"
        write(workbook, path)
        paths.append(path)
    random.Random(seed).shuffle(paths)
    result = import_workbooks(session, paths)
    assert result.problems == []
    session.commit()


def figures(period: Period, **limits: str) -> dict[str, dict[tuple[str, str], float]]:
    """The figures other than 0 of the JSON report, by table."""
    tables: dict[str, Any] = make_report(db.engine, period, **limits).as_json()["tables"]
    return {
        table_id: {
            (row["key"], column): value
            for row in table["rows"]
            for column, value in row["values"].items()
            if value
        }
        for table_id, table in tables.items()
        if table_id != "B15F"
    }


def expected(workbooks: list[Workbook], period: Period, **limits: str) -> Any:
    counted = recount(workbooks, period.first, period.last, **limits)
    return {
        table_id: {key: value for key, value in cells.items() if value}
        for table_id, cells in counted.items()
    }


def assert_same(workbooks: list[Workbook], period: Period, **limits: str) -> int:
    ours, theirs = figures(period, **limits), expected(workbooks, period, **limits)
    assert set(ours) == set(theirs)
    for table_id, cells in theirs.items():
        differing = {
            key: (ours[table_id].get(key, 0), cells.get(key, 0))
            for key in set(cells) | set(ours[table_id])
            if abs(ours[table_id].get(key, 0) - cells.get(key, 0)) > 1e-6
        }
        assert not differing, (table_id, limits, str(period), differing)
    return sum(map(len, theirs.values()))


@pytest.mark.parametrize("seed", range(12))
def test_random_networks_of_twelve_structures(session: Session, tmp_path: Path, seed: int) -> None:
    workbooks = random_network(seed, 12)
    import_network(session, tmp_path, workbooks, seed)
    cells = sum(assert_same(workbooks, period) for period in PERIODS)
    code = workbooks[seed % len(workbooks)].structure
    cells += assert_same(workbooks, PERIODS[0], structure=code)
    cells += assert_same(workbooks, PERIODS[0], scheme=("DRA", "DLA", "FSE")[seed % 3])
    assert cells > 500


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(workbooks=networks())
def test_any_small_network(
    session: Session, tmp_path_factory: pytest.TempPathFactory, workbooks: list[Workbook]
) -> None:
    import_network(session, tmp_path_factory.mktemp("network"), workbooks)
    for period in PERIODS:
        assert_same(workbooks, period)
    assert_same(workbooks, PERIODS[0], structure=workbooks[0].structure)
    assert_same(workbooks, PERIODS[0], scheme="DRA")
