"""Rule 13 over every cell of every table: the figure is made of the records that are listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask

from ramsess.database import db
from ramsess.demo.loading import load_demo
from ramsess.models.calendar import today
from ramsess.reports.consolidation import make_report
from ramsess.reports.period import Period
from ramsess.reports.report import Report
from tests.conftest import empty_records
from tests.counting.remaking import wrong
from tests.whole import WHOLE

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
    [{}, {"structure": "APEAS"}, {"scheme": "DRA"}],
    ids=lambda limits: "-".join(limits.values()) or "network",
)
def test_every_cell_of_the_demo_is_made_of_its_records(demo: None, limits: dict[str, str]) -> None:
    tried = check(make_report(db.engines["report"], LAST_YEAR, **limits))
    print(f"{sum(tried.values()):,} cells {dict(tried)}")
    assert sum(tried.values()) > 2000
    assert set(tried) >= {"count", "sum", "quantile", "part", "change", "known"}
