"""The corrections of the facts: those dated in the period, each with what it changes in its own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
from psycopg import Connection as Driver

from ramsess.models.correction import KINDS
from ramsess.reports.columns import Columns, fetch

CORRECTIONS: Columns = {
    "id": ("c.id", "id"),
    "day": ("c.made_on", "day"),
    "since": ("q.first_on", "day"),
    "until": ("q.last_on", "day"),
    "kind": ("array_position(%s::text[], c.kind::text) - 1", "int"),
    "structure": ("c.structure_id", "id"),
    "scheme": ("c.scheme_code", "schemes"),
    "parcours": ("c.parcours_id", "id"),
    "acts": ("c.acts", "int"),
    "minutes": ("c.minutes", "int"),
    "sessions": ("c.sessions", "int"),
    "attendances": ("c.attendances", "int"),
    "followed": ("c.parcours", "int"),
}


def read_corrections(driver: Driver[Any], first: dt.date, last: dt.date) -> pd.DataFrame:
    """The corrections made from *first* to *last*, a row each, in their order.

    *since* and *until* are the first and last day of the sealed period that they are about; from
    ``acts`` on, what they add to it or take away (minutes are integers), ``followed`` counts
    parcours. *parcours* is the one corrected, −1 for none.
    """
    found = fetch(
        driver,
        CORRECTIONS,
        "FROM corrections c JOIN periods q ON q.id = c.period_id WHERE c.made_on BETWEEN %s AND %s",
        (list(KINDS), first, last),
        order=["id"],
    )
    kinds = pd.Categorical.from_codes(found["kind"], categories=pd.Index(list(KINDS), dtype=object))
    return found.assign(kind=kinds)


def of_scheme(corrections: pd.DataFrame, scheme: str, parcours: pd.Series) -> pd.DataFrame:
    """Those of what *scheme* pays, and of the *parcours* (ids) that its acts concern (Rule 14)."""
    concerned = corrections["parcours"].isin(parcours[parcours >= 0])
    return corrections[(corrections["scheme"] == scheme) | concerned]
