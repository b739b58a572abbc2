"""Civil dates, Europe/Paris (Rule 3)."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
FIRST_DAY = dt.date(1990, 1, 1)
LONGEST_DAY = 24 * 60


def today() -> dt.date:
    """Today's civil date in Paris."""
    return dt.datetime.now(PARIS).date()


def day_starts(day: dt.date) -> dt.datetime:
    """The moment at which a civil day begins in Paris."""
    return dt.datetime.combine(day, dt.time(), PARIS)
