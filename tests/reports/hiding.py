"""A report as the Région receives it: cells of few people not published, comments, a seal."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from ramsess.reports.report import Report
from ramsess.reports.table import Table

SAID = (
    "Deux chargé·es d’accompagnement sont arrivé·es en mars. « L’été » a été calme : Œuvres & Cie "
    "a fermé en août.\n\nLes séances ont repris à l’automne."
)
ADDRESS = "https://ramsess.example/verifier/7KQ2-M9XD"
DIGEST = "0123456789abcdef" * 4


def hidden_cells(table: Table) -> frozenset[tuple[str, str]]:
    """Its cells from 1 to 4, and what is computed from them."""
    small = {key for key, value in table.values.items() if 0 < abs(value) < 5}
    rows = {row for row, _ in small}
    derived = [column.key for column in table.columns if column.derived]
    return frozenset(small | {(row, column) for row in rows for column in derived})


def hiding(table: Table, cells: frozenset[tuple[str, str]] | None = None) -> Table:
    """*table* without the figures of *cells*: it holds nothing of them."""
    hidden = hidden_cells(table) if cells is None else cells
    kept = {key: value for key, value in table.values.items() if key not in hidden}
    return replace(table, hidden=hidden, values=kept, parts=(), quotes={})


def for_the_region(report: Report) -> Report:
    """*report* sealed for the Région, with a comment on the whole and on each table."""
    return replace(
        report,
        edition="region",
        tables=tuple(hiding(table) for table in report.tables),
        details=(),
        state="scellé",
        sealed_on=dt.date(2010, 2, 12),
        digest=DIGEST,
        address=ADDRESS,
        comments={"BILAN": SAID, **{table.id: f"{SAID}\n{table.id}" for table in report.tables}},
    )
