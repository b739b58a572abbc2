"""Speed of the report beside a peer measured in the same run: PostgreSQL counting by itself.

``make bench``; sizes are acts: M a busy year (130,000), L ten years (1,000,000; give ``--large``).
"""

from __future__ import annotations

import datetime as dt
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import current_app
from sqlalchemy import Connection, create_engine, text

from benchmarks import document, workbook
from benchmarks.network import FIRST_YEAR, YEARS, fill
from ramsess import create_app, prepare_database
from ramsess.actions.reference_data import load_reference_data
from ramsess.config import Settings
from ramsess.database import Acting, acting, close_connections, db
from ramsess.reports.consolidation import make_report
from ramsess.reports.facts import Facts, snapshot
from ramsess.reports.period import Period
from ramsess.reports.tables import network_tables

RUNS = 5
# Three of the tables, each by the one query that a PostgreSQL programmer would write.
PEER = (
    """
    SELECT t.family_code, a.type_code, s.structure_id, count(DISTINCT a.id), sum(s.minutes)
    FROM acts a JOIN act_types t ON t.code = a.type_code JOIN act_advisers s ON s.act_id = a.id
    WHERE a.done_on BETWEEN :first AND :last
    GROUP BY CUBE ((t.family_code, a.type_code), s.structure_id)
    """,
    """
    SELECT date_trunc('month', a.done_on), count(DISTINCT a.id), sum(s.minutes)
    FROM acts a JOIN act_advisers s ON s.act_id = a.id
    WHERE a.done_on BETWEEN :first AND :last GROUP BY ROLLUP (1)
    """,
    """
    SELECT sex_code, age, count(*) FROM (
      SELECT DISTINCT ON (m.beneficiary_id) m.sex_code, m.age
      FROM parcours_beneficiaries m JOIN parcours p ON p.id = m.parcours_id
      WHERE p.entered_on <= :last AND (p.exited_on IS NULL OR p.exited_on >= :first)
      ORDER BY m.beneficiary_id, p.entered_on) x
    GROUP BY CUBE (1, 2)
    """,
)


def report(connection: Connection, period: Period) -> None:
    facts = Facts.read(connection, period)
    network_tables(facts, Facts.read(connection, period.year_before()))


def peer(connection: Connection, period: Period) -> None:
    for query in PEER:
        connection.execute(text(query), {"first": period.first, "last": period.last}).all()


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(name: str, acts: int, years: int) -> None:
    owner = create_engine(current_app.config["DATABASE_ADDRESS"])
    with owner.begin() as connection:
        fill(connection, acts, years)
    period = Period(dt.date(FIRST_YEAR, 1, 1), dt.date(FIRST_YEAR + years - 1, 12, 31))
    ours, theirs = [], []
    for _ in range(RUNS):  # in turn, so that both meet the same machine
        with snapshot(db.engines["report"]) as connection:
            ours.append(seconds(lambda c=connection: report(c, period)))
            theirs.append(seconds(lambda c=connection: peer(c, period)))
    mine, other = statistics.median(ours), statistics.median(theirs)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{name}: {acts:,} acts over {years} year(s): 22 tables, reading included, {mine:.2f} s; "
        f"PostgreSQL, 3 tables, {other:.2f} s; ratio {mine / other:.2f}; peak memory {memory} MB"
    )
    document.measure(make_report(db.engines["report"], period, with_details=True))


def main() -> None:
    sizes = [("M", 130_000, 1)]
    if "--large" in sys.argv[1:]:
        sizes = [("L", 1_000_000, YEARS)]
    for name, acts, years in sizes:
        with tempfile.TemporaryDirectory() as folder:
            app = create_app(Settings(Path(folder), database_url=None, secure_cookies=False))
            acting.set(Acting(role="batch"))
            with app.app_context():
                prepare_database(app)
                load_reference_data(db.session())
                db.session.commit()
                measure(name, acts, years)
                close_connections()
    workbook.main()


if __name__ == "__main__":
    main()
