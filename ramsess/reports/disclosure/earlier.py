"""The editions that the Région has received: those of the sealed periods."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ramsess.reports.disclosure.release import Release
from ramsess.reports.period import Period
from ramsess.reports.sealed import sealed_periods, sealed_report


def earlier_releases(session: Session, period: Period) -> list[Release]:
    """What was sealed of other periods than *period*, for who may read both editions."""
    return [
        Release.of(*(sealed_report(session, one.period, name) for name in ("network", "region")))
        for one in sealed_periods(session)
        if one.period != period
    ]
