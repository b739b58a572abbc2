"""Our figures beside the recount's: import the workbooks, make the report, compare every cell."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from ramsess.database import db
from ramsess.exchange.applying import import_workbooks
from ramsess.reports.consolidation import make_report
from ramsess.reports.period import Period
from tests.conftest import empty_records
from tests.counting.recount import recount
from tests.counting.recount.cells import Cells
from tests.counting.workbooks import Workbook, write

YEAR = Period.of_year(2009)
PERIODS = (
    YEAR,
    Period(dt.date(2009, 4, 1), dt.date(2009, 6, 30)),
    Period(dt.date(2008, 7, 1), dt.date(2009, 6, 30)),
    Period(dt.date(2008, 2, 29), dt.date(2008, 12, 31)),
)

#: Tables that no workbook says anything of: nothing to recount.
UNSAID = {"B12", "B14", "B15F", "B20"}

Tables = dict[str, Cells]


def import_files(session: Session, paths: list[Path]) -> None:
    """Import files as one; they must be without fault."""
    result = import_workbooks(session, paths)
    assert [str(problem) for problem in result.problems] == []
    session.commit()


def import_network(
    session: Session, folder: Path, workbooks: list[Workbook], order: int = 0
) -> None:
    """Into an empty database, the workbooks as one import.

    *order* seeds the order of the files and, when it is odd, that of the sheets, columns and rows
    inside, with dates typed as text.
    """
    empty_records()
    paths = []
    for workbook in workbooks:
        path = folder / f"{workbook.structure}.xlsx"
        odd = bool(order % 2)
        write(workbook, path, shuffle=order if odd else None, text_dates=odd)
        paths.append(path)
    random.Random(order).shuffle(paths)
    import_files(session, paths)


def figures(period: Period, **limits: str) -> Tables:
    """The figures other than 0 of the JSON report, by table."""
    return _figures(make_report(db.engines["report"], period, **limits).as_json()["tables"])


def figures_beside(period: Period, structure: str) -> Tables:
    """The network's figures in the report of one structure."""
    return _figures(
        make_report(db.engines["report"], period, structure=structure).as_json()["network"]
    )


def _figures(tables: dict[str, Any]) -> Tables:
    return {
        table_id: {
            (row["key"], column): value
            for row in table["rows"]
            for column, value in row["values"].items()
            if value
        }
        for table_id, table in tables.items()
        if table_id not in UNSAID
    }


def expected(workbooks: list[Workbook], period: Period, **limits: str) -> Tables:
    """The figures other than 0 of the recount, by table."""
    counted = recount(workbooks, period.first, period.last, **limits)
    return {
        table_id: {key: value for key, value in cells.items() if value}
        for table_id, cells in counted.items()
    }


def differences(ours: Tables, theirs: Tables) -> dict[str, dict[tuple[str, str], Any]]:
    """Table → cell → (ours, theirs), where they differ; a cell that is absent is 0."""
    assert set(ours) == set(theirs)
    found: dict[str, dict[tuple[str, str], Any]] = {}
    for table_id, cells in theirs.items():
        for key in {**cells, **ours[table_id]}:
            pair = (ours[table_id].get(key, 0), cells.get(key, 0))
            if abs(pair[0] - pair[1]) > 1e-6:
                found.setdefault(table_id, {})[key] = pair
    return found


def assert_same(workbooks: list[Workbook], period: Period, **limits: str) -> int:
    """Compare every cell of every table; return how many figures other than 0 there were."""
    theirs = expected(workbooks, period, **limits)
    assert differences(figures(period, **limits), theirs) == {}, (str(period), limits)
    return sum(map(len, theirs.values()))
