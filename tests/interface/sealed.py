"""Periods that are sealed, with an edition of the Région's whose small figures are hidden."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.seal_keys import register_key
from ramsess.actions.sealing import keep
from ramsess.database import db
from ramsess.models import Account, ReportingPeriod, Seal
from ramsess.reports.consolidation import make_report
from ramsess.reports.period import Period
from ramsess.reports.report import Report
from ramsess.reports.seal import Files, Occasion, render, sealed_data
from ramsess.reports.table import Table, Unit
from tests.conftest import open_account
from tests.counting.builder import Network
from tests.sealing.made import KEY, address_of

COMMENT = "L’année a été bonne, malgré l’hiver."
#: What stands for files that nobody opens in the test.
PLAIN_FILES = {"pdf": b"%PDF-1.7 essai", "xlsx": b"PK\x03\x04 essai"}


def hidden_small(table: Table) -> Table:
    """The table without its figures from 1 to 4: what the Région's edition looks like."""
    small = frozenset(
        cell
        for cell, value in table.values.items()
        if 0 < value < 5 and _unit(table, *cell) is Unit.COUNT
    )
    left = {cell: value for cell, value in table.values.items() if cell not in small}
    return replace(table, values=left, hidden=small, parts=(), quotes={})


def _unit(table: Table, row: str, column: str) -> Unit:
    found = next(one for one in table.rows if one.key == row)
    return table.unit(found, next(one for one in table.columns if one.key == column))


def region_of(report: Report) -> Report:
    """The Région's edition of the network's report."""
    tables = tuple(hidden_small(table) for table in report.tables)
    return replace(report, edition="region", tables=tables, details=())


def seal(
    session: Session,
    kind: str,
    period: Period,
    *,
    region: bool = True,
    files: Mapping[str, bytes] | None = None,
    figure: int = 0,
) -> Seal:
    """Seal *period* as it is counted now; *files* stand for those that are rendered.

    *figure* stands in the network's edition for a figure that the Région's hides.
    """
    account = session.scalars(select(Account).order_by(Account.id)).first()
    account = account or open_account(session, "coordinator")
    register_key(session, KEY)
    row = session.scalars(
        select(ReportingPeriod).where(
            ReportingPeriod.first_on == period.first, ReportingPeriod.last_on == period.last
        )
    ).first() or ReportingPeriod(kind=kind, first_on=period.first, last_on=period.last)
    row.consolidated_on = period.last + dt.timedelta(days=20)
    session.add(row)
    session.commit()
    network = make_report(db.engines["report"], period)
    network = replace(network, comments={"BILAN": COMMENT, "B01": COMMENT})
    for_region = region_of(network)
    if figure:
        tables = tuple(
            replace(table, values=table.values | dict.fromkeys(hiding.hidden, figure))
            for table, hiding in zip(network.tables, for_region.tables, strict=True)
        )
        network = replace(network, tables=tables)
    editions = {"network": network, "detail": network} | ({"region": for_region} if region else {})
    occasion = Occasion(
        at=dt.datetime.combine(period.last, dt.time(9), dt.UTC) + dt.timedelta(days=30),
        code=address_of(period),
        salts=dict.fromkeys(editions, "0" * 32),
        key=KEY.name,
        program="essai",
        site="https://ramsess.exemple.fr",
    )
    data = sealed_data(editions, occasion)
    made: Files = (
        {edition: {"json": content, **_of(edition, files)} for edition, content in data.items()}
        if files is not None
        else render(data)
    )
    found = keep(session, account.id, row, made, occasion, KEY)
    session.commit()
    return found


def _of(edition: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Lists have no PDF."""
    return {suffix: files[suffix] for suffix in files if (edition, suffix) != ("detail", "pdf")}


def some_years(session: Session) -> None:
    """Three years of a small network, some of whose figures are small."""
    network = Network(session)
    for year, count in ((2008, 6), (2009, 8), (2010, 3)):
        for number in range(count):
            parcours = network.parcours(network.person(), entered=f"{year}-0{number + 1}-01")
            network.act(f"{year}-0{number + 1}-10", parcours=parcours)
    session.commit()
