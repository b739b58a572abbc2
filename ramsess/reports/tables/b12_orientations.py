"""B12 — orientations: from each structure, to whom, and what became of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ramsess.reports.behind import Part, Quantile
from ramsess.reports.columns import NEVER
from ramsess.reports.facts import Facts
from ramsess.reports.period import Period
from ramsess.reports.persons import Persons
from ramsess.reports.rounding import quantile
from ramsess.reports.table import Chart, ChartKind, Column, Number, Row, RowKind, Table, Tally, Unit
from ramsess.reports.tables.axes import TOTAL_ROW

COLUMNS = (
    Column("proposed", "Proposées"),
    Column("accepted", "Acceptées"),
    Column("refused", "Refusées"),
    Column("closed", "Sans suite"),
    Column("pending", "En attente"),
    Column("taken_up", "Reprises"),
    Column("median_days", "Délai médian de réponse (jours)", Unit.DAYS),
)
#: Between the sender and a partner, whose code may be a structure's too.
PARTNER = ":partenaire:"


def build(facts: Facts) -> Table:
    """Each sender, its destinations under it × proposed, what became of them, days to answer.

    By the day of the proposal; as known on the last day. The median is over what was accepted or
    refused, by linear interpolation as PostgreSQL's ``percentile_cont``.
    """
    found = facts.orientations
    rows, senders, pairs = _rows(facts, found)
    tally = Tally(rows, COLUMNS)
    waits = found["answered"] == NEVER
    decided = (found["accepted"] == 1) | (found["refused"] == 1)
    states = {
        "proposed": np.ones(len(found), dtype=bool),
        "accepted": found["accepted"] == 1,
        "refused": found["refused"] == 1,
        "closed": ~waits & ~decided,
        "pending": waits,
        "taken_up": found["taken"] == 1,
    }
    for column, where in states.items():
        held = np.asarray(where, dtype=bool)
        for keys in ("TOTAL", senders[held], pairs[held]):
            tally.count("orientation", found.loc[held, "id"], keys, column)
    medians, parts = _medians(tally.rows, found, decided, senders, pairs)
    return Table(
        id="B12",
        title="Orientations",
        rule=(
            "Orientations proposées dans la période, de chaque structure vers chaque structure ou "
            "partenaire ; leur état est celui du dernier jour. Reprises : la structure qui a "
            "accepté a fait un acte depuis. Délai : de la proposition à l’acceptation ou au refus, "
            "médiane par interpolation linéaire."
        ),
        row_heading="De, vers",
        columns=tally.columns,
        rows=tally.rows,
        values=tally.values() | medians,
        chart=Chart(
            ChartKind.STACKED,
            "Réponses aux orientations, par structure qui les propose",
            ("accepted", "refused", "closed", "pending"),
            tuple(row.key for row in rows if row.kind is RowKind.SUBTOTAL),
        ),
        parts=(*tally.parts, *parts),
        measures={cell: Quantile(0.5) for cell in medians},
    )


def _rows(facts: Facts, found: pd.DataFrame) -> tuple[list[Row], Any, Any]:
    """The rows, and of each orientation the row of its sender and that of its destination."""
    names = {item.code: item.label for item in facts.lists.structures}
    partners = facts.lists.labels("partners")
    sender = found["sender"].astype(object)
    partner = sender + PARTNER + found["partner"].astype(object)
    pair = (sender + ":" + found["receiver"].astype(object)).where(
        found["receiver"].notna(), partner
    )
    used = set(pair)
    rows = []
    for code in (item for item in names if item in set(sender)):
        rows.append(Row(code, names[code], RowKind.SUBTOTAL))
        destinations = {f"{code}:{other}": name for other, name in names.items()}
        destinations |= {f"{code}{PARTNER}{other}": name for other, name in partners.items()}
        rows += [Row(key, name, level=1) for key, name in destinations.items() if key in used]
    return [*rows, TOTAL_ROW], pd.Categorical(sender), pd.Categorical(pair)


def _medians(
    rows: tuple[Row, ...],
    found: pd.DataFrame,
    decided: pd.Series,
    senders: Any,
    pairs: Any,
) -> tuple[dict[tuple[str, str], Number], list[Part]]:
    """The median of the days to answer of each row, and the orientations that it is made of."""
    days = (found["answered"] - found["proposed"]).to_numpy()
    column = len(COLUMNS) - 1
    values: dict[tuple[str, str], Number] = {}
    parts = []
    for position, row in enumerate(rows):
        here = decided.to_numpy() & (
            (row.key == TOTAL_ROW.key) | (senders == row.key) | (pairs == row.key)
        )
        if here.any():
            values[row.key, "median_days"] = quantile(days[here], 0.5)
            ids = found["id"].to_numpy()[here]
            places = np.full(len(ids), position), np.full(len(ids), column)
            parts.append(Part("orientation", ids, *places, amounts=days[here]))
    return values, parts


def persons(table: Table, period: Period) -> Persons:
    """An orientation is of one parcours or one person: the Région sees those of each sender, not
    to whom; and no median of few answers."""
    declared = Persons(table, period)
    declared.left_out_rows = frozenset(row.key for row in table.rows if row.level)
    for row in table.rows:
        if not row.level:
            answers = table.value(row.key, "accepted") + table.value(row.key, "refused")
            declared.few[row.key, "median_days"] = answers
    return declared
