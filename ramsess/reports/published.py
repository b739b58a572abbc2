"""What of the network's figures is public: those of the last year that was sealed and published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from ramsess.reports.canonical import report_from
from ramsess.reports.numbers import cell_text
from ramsess.reports.sealed import SealedError, sealed_file, sealed_periods
from ramsess.reports.trends import KEY_FIGURES, OWN

NOT_PUBLISHED = "non publié (secret statistique)"


@dataclass(frozen=True)
class PublishedYear:
    """A year and its aggregate figures, each with its label, as they are printed.

    *code* is that of the address at which anybody verifies the report that they are taken from.
    """

    year: int
    figures: Sequence[tuple[str, str]]
    sealed_at: dt.datetime
    code: str


def last_published_year(engine: Engine) -> PublishedYear | None:
    """The last year whose report the Région received, by the engine that reads no other; none
    as long as no year is sealed. A provisional figure is never public."""
    with Session(engine) as session:
        for found in sealed_periods(session):
            if found.kind != "year":
                continue
            try:
                figures = _key_figures(sealed_file(session, found.period, "region", "json"))
            except SealedError:
                continue
            return PublishedYear(found.period.first.year, figures, found.sealed_at, found.code)
    return None


@lru_cache(maxsize=4)
def _key_figures(content: bytes) -> tuple[tuple[str, str], ...]:
    """The figures of a sealed report, which never changes: it is read once."""
    table = report_from(content).table(KEY_FIGURES)
    column = next(one for one in table.columns if one.key == OWN)
    return tuple(
        (
            row.label,
            NOT_PUBLISHED if table.is_hidden(row.key, OWN) else cell_text(table, row, column),
        )
        for row in table.rows
    )
