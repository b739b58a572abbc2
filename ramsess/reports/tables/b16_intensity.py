"""B16 — intensity: acts, hours and length of a parcours."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ramsess.reports.behind import Measure, Part, Quantile
from ramsess.reports.facts import Facts
from ramsess.reports.period import Period
from ramsess.reports.persons import Persons
from ramsess.reports.rounding import quantile
from ramsess.reports.table import Column, Number, Row, Table, Unit
from ramsess.reports.tables.axes import exits

ROWS = (
    Row("acts", "Actes par parcours actif", unit=Unit.NUMBER),
    Row("minutes", "Heures par parcours actif", unit=Unit.MINUTES),
    Row("days", "Durée d’un parcours sorti (jours)", unit=Unit.DAYS),
)
QUARTILES = (
    (Column("min", "Minimum"), 0.0),
    (Column("q1", "1er quartile"), 0.25),
    (Column("median", "Médiane"), 0.5),
    (Column("q3", "3e quartile"), 0.75),
    (Column("max", "Maximum"), 1.0),
)


def build(facts: Facts) -> Table:
    """Acts and minutes per active parcours, days per exit: minimum, quartiles, maximum.

    Quartiles by linear interpolation, as PostgreSQL's ``percentile_cont``.
    """
    acts = facts.acts[facts.acts["parcours"].isin(facts.parcours["id"])]
    active = acts.groupby("parcours").size()
    spent = (
        facts.work[facts.work["parcours"].isin(active.index)].groupby("parcours")["minutes"].sum()
    )
    ended = exits(facts)
    days = pd.Series((ended["closed"] - ended["opened"]).to_numpy(), index=ended["id"].to_numpy())
    values: dict[tuple[str, str], Number] = {}
    measures: dict[tuple[str, str], Measure] = {}
    parts = []
    for position, (row, series) in enumerate(zip(ROWS, (active, spent, days), strict=True)):
        ids = series.index.to_numpy().astype(np.int64)
        amounts = series.to_numpy()
        for column_position, (column, share) in enumerate(QUARTILES):
            if len(series):
                values[row.key, column.key] = quantile(amounts, share)
                measures[row.key, column.key] = Quantile(share)
            here = np.full(len(ids), position), np.full(len(ids), column_position)
            parts.append(Part("parcours", ids, *here, amounts=amounts))
    return Table(
        id="B16",
        title="Intensité de l’accompagnement",
        rule=(
            "Actes et heures de la période par parcours actif ; durée, de l’entrée à la sortie, "
            "des parcours sortis dans la période. Quartiles par interpolation linéaire."
        ),
        row_heading="Mesure",
        columns=tuple(column for column, _ in QUARTILES),
        rows=ROWS,
        values=values,
        parts=tuple(parts),
        measures=measures,
    )


def persons(table: Table, period: Period) -> Persons:
    """Neither the least nor the most, which are one parcours each."""
    declared = Persons(table, period)
    declared.left_out_columns = frozenset({"min", "max"})
    return declared
