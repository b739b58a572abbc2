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
