"""The years and quarters that are sealed, as addresses and as people name them."""

from __future__ import annotations

import datetime as dt
import re

from ramsess.reports.period import Period

_CODE = re.compile(r"(?P<year>\d{4})(-T(?P<quarter>[1-4]))?", re.ASCII)


def code_of(period: Period) -> str:
    """``2009``, ``2009-T2``."""
    return (
        f"{period.first.year}" if period.is_year() else f"{period.first.year}-T{_quarter(period)}"
    )


def name_of(period: Period) -> str:
    """``Année 2009``, ``2e trimestre 2009``."""
    if period.is_year():
        return f"Année {period.first.year}"
    number = _quarter(period)
    return f"{number}{'er' if number == 1 else 'e'} trimestre {period.first.year}"


def period_of(code: str) -> Period | None:
    """The period that an address names; None for what names none."""
    said = _CODE.fullmatch(code)
    if said is None or not 1990 <= int(said["year"]) <= 2100:
        return None
    if said["quarter"] is None:
        return Period.of_year(int(said["year"]))
    first = dt.date(int(said["year"]), 3 * int(said["quarter"]) - 2, 1)
    after = (first + dt.timedelta(days=100)).replace(day=1)
    return Period(first, after - dt.timedelta(days=1))


def _quarter(period: Period) -> int:
    return (period.first.month + 2) // 3
