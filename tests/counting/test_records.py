"""Rule 13 on a whole random network: every figure is what its list of records adds up to."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.database import db
from ramsess.models import Act, ActAdviser, GroupSession, SessionHost
from ramsess.reports.consolidation import make_report
from ramsess.reports.report import Report
from ramsess.reports.table import Table, Unit
from tests.counting.comparing import YEAR, import_network
from tests.counting.networks import random_network

#: Columns and rows that add amounts up, or whose records are those of several columns.
SUMS = {"minutes", "anonymous", "attendances", "known", "anonymous_received"}


@pytest.fixture
def report(session: Session, tmp_path: Path) -> Report:
    import_network(session, tmp_path, random_network(40, 4))
    return make_report(db.engines["report"], YEAR)


def counted(table: Table) -> list[tuple[str, str]]:
    """The cells of a table that count records, and hold something."""
    return [
        (row.key, column.key)
        for row in table.rows
        for column in table.columns
        if table.unit(row, column) is Unit.COUNT
        and not {row.key, column.key} & {*SUMS, "SHARED", "change"}
        and table.value(row.key, column.key)
    ]


def test_a_count_is_the_length_of_its_list(report: Report) -> None:
    checked = 0
    for table in report.tables:
        for row, column in counted(table):
            records = table.records(row, column)
            assert len(records) == 1, (table.id, row, column)
            (ids,) = records.values()
            assert len(set(ids)) == len(ids) == table.value(row, column), (table.id, row, column)
            checked += 1
    assert checked > 250


def test_minutes_are_those_of_the_acts_listed(report: Report, session: Session) -> None:
    minutes: dict[int, int] = {}
    for act_id, worked in session.execute(select(ActAdviser.act_id, ActAdviser.minutes)):
        minutes[act_id] = minutes.get(act_id, 0) + worked
    cells = [
        *((report.table("B09"), row.key, "TOTAL") for row in report.table("B09").rows),
        *((report.table("B10"), row.key, "minutes") for row in report.table("B10").rows),
        *((report.table("B05"), row.key, "minutes") for row in report.table("B05").rows),
        *((report.table("B21"), row.key, "minutes") for row in report.table("B21").rows),
    ]
    shown = [cell for cell in cells if cell[0].value(cell[1], cell[2])]
    assert len(shown) > 30
    for table, row, column in shown:
        listed = table.records(row, column)["act"]
        assert sum(minutes[int(one)] for one in listed) == table.value(row, column)


def test_anonymous_heads_are_those_of_the_acts_listed(report: Report, session: Session) -> None:
    heads = dict(session.execute(select(Act.id, Act.anonymous_count)).all())
    for act_id, count in session.execute(select(SessionHost.act_id, SessionHost.anonymous_count)):
        heads[act_id] += count
    table = report.table("B18")
    listed = table.records("TOTAL", "anonymous")["act"]
    assert table.value("TOTAL", "anonymous") == sum(heads[int(one)] for one in listed) > 0


def test_the_list_of_sessions_holds_sessions(report: Report, session: Session) -> None:
    sessions = set(session.scalars(select(GroupSession.act_id)))
    listed = report.table("B11").records("TOTAL", "sessions")["act"]
    assert {int(one) for one in listed} <= sessions
    assert len(listed) > 5


def test_stocks_and_flows_agree_in_every_column(report: Report) -> None:
    table = report.table("B02")
    for column in table.columns:
        start, entries, exits, end, followed = (
            table.value(row, column.key) for row in ("start", "entries", "exits", "end", "followed")
        )
        assert (end, followed) == (start + entries - exits, start + entries)


def test_hours_of_the_structures_add_up_exactly(report: Report) -> None:
    table = report.table("B09")
    structures = [column.key for column in table.columns if column.key not in ("SHARED", "TOTAL")]
    for row in table.rows:
        own = sum(table.value(row.key, code) for code in structures)
        assert own == table.value(row.key, "TOTAL")
        assert table.value(row.key, "SHARED") == 0
