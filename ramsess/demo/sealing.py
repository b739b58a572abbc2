"""The first year of the demo network, consolidated and sealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ramsess.actions.seal_keys import SigningKey, register_key
from ramsess.actions.sealing import Means, seal
from ramsess.demo.accounts import DemoAccount
from ramsess.demo.periods import settle_year
from ramsess.models import Account, Grant, ReportingPeriod
from ramsess.models.calendar import PARIS
from ramsess.reports.period import Period
from ramsess.reports.sealed import sealed_period


def seal_first_year(
    session: Session,
    engine: Engine,
    key: SigningKey,
    year: int,
    accounts: Sequence[DemoAccount],
    *,
    program: str,
    site: str = "",
) -> bool:
    """Seal *year* as its coordinator did in the following February; False when it was sealed.

    *engine*: the reports'. What is counted must be committed; so is the seal.
    """
    if sealed_period(session, period=Period.of_year(year)):
        return False
    coordinator = session.scalars(
        select(Account).join(Account.grants).where(Grant.role_name == "coordinator")
    ).first()
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    period = session.scalar(
        select(ReportingPeriod).where(
            ReportingPeriod.first_on == first, ReportingPeriod.last_on == last
        )
    )
    if period is None:
        period = settle_year(session, accounts, year)
    period.consolidated_on = period.consolidated_on or dt.date(year + 1, 2, 1)
    register_key(session, key)
    session.commit()  # comments and hand-ins are read by another connection
    assert coordinator
    at = dt.datetime(year + 1, 2, 3, 10, 15, tzinfo=PARIS)
    seal(session, engine, coordinator, period, Means(key, program, site), at=at)
    session.commit()
    return True
