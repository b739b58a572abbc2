"""The editions that the Région has received: those of the sealed periods."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ramsess.reports.disclosure.release import Release
from ramsess.reports.period import Period


def earlier_releases(session: Session, period: Period) -> list[Release]:
    """What was sealed of other periods than *period*; none as long as no period can be sealed."""
    return []
