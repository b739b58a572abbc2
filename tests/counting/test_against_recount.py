"""Every cell of the JSON report against an independent count in plain Python.

The network goes the whole way: exchange workbooks, import, database, facts, tables, JSON.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy.orm import Session

from ramsess.reports.tables import BY_STRUCTURE
from tests.counting.comparing import (
    PERIODS,
    YEAR,
    assert_same,
    differences,
    expected,
    figures_beside,
    import_network,
)
from tests.counting.networks import networks, random_network
from tests.counting.workbooks import Workbook


@pytest.mark.parametrize("seed", range(6))
def test_random_networks_of_twelve_structures(session: Session, tmp_path: Path, seed: int) -> None:
    workbooks = random_network(seed, 12)
    import_network(session, tmp_path, workbooks, seed)
    cells = sum(assert_same(workbooks, period) for period in PERIODS)
    code = workbooks[seed % len(workbooks)].structure
    scheme = ("DRA", "DLA", "FSE", "NF")[seed % 4]
    cells += assert_same(workbooks, YEAR, structure=code)
    cells += assert_same(workbooks, YEAR, scheme=scheme)
    cells += assert_same(workbooks, PERIODS[1 + seed % 3], structure=code, scheme=scheme)
    assert cells > 1000


def test_the_report_of_a_structure_shows_the_network_beside(
    session: Session, tmp_path: Path
) -> None:
    workbooks = random_network(12, 6)
    import_network(session, tmp_path, workbooks)
    beside, theirs = figures_beside(YEAR, workbooks[0].structure), expected(workbooks, YEAR)
    by_structure = set(BY_STRUCTURE)  # there the network's total is a column
    assert differences(beside, {key: theirs[key] for key in set(theirs) - by_structure}) == {}


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(workbooks=networks())
def test_any_small_network(
    session: Session, tmp_path_factory: pytest.TempPathFactory, workbooks: list[Workbook]
) -> None:
    import_network(session, tmp_path_factory.mktemp("network"), workbooks)
    for period in PERIODS[:3]:
        assert_same(workbooks, period)
    assert_same(workbooks, YEAR, structure=workbooks[0].structure)
    assert_same(workbooks, YEAR, scheme="DRA")
