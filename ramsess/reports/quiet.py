"""The parcours still open on which nothing was done for long."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
from psycopg import Connection as Driver

from ramsess.reports.columns import fetch


def read_quiet(driver: Driver[Any], day: dt.date, limit: int) -> pd.DataFrame:
    """The parcours open at the end of *day* for *limit* days or more, without an act meanwhile."""
    since = day - dt.timedelta(days=limit)
    return fetch(
        driver,
        {"parcours": ("p.id", "id")},
        "FROM parcours p WHERE p.entered_on <= %s AND (p.exited_on IS NULL OR p.exited_on > %s) "
        "AND p.id NOT IN (SELECT a.parcours_id FROM acts a WHERE a.parcours_id IS NOT NULL "
        "AND a.done_on > %s AND a.done_on <= %s)",
        (since, day, since, day),
        order=["parcours"],
    )
