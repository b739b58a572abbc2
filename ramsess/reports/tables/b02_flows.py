"""B02 — parcours: stock and flows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ramsess.reports.facts import Facts
from ramsess.reports.table import Chart, ChartKind, Row, RowKind, Table, Tally, Unit
from ramsess.reports.tables.axes import structure_columns

ROWS = (
    Row("start", "En cours au début"),
    Row("entries", "Entrées"),
    Row("exits", "Sorties"),
    Row("end", "En cours à la fin"),
    Row("followed", "Suivis", RowKind.SUBTOTAL),
    Row("active", "Actifs", RowKind.SUBTOTAL),
)


def build(facts: Facts, structures: Sequence[str], *, shared: bool = True) -> Table:
    """Rows ``start entries exits end followed active`` × structures (Rules 1, 4, 5)."""
    tally = Tally(ROWS, structure_columns(facts, structures, Unit.COUNT, shared=shared))
    _count(
        tally,
        facts,
        facts.parcours["id"],
        facts.parcours["entered"],
        facts.parcours["exited"],
        facts.acts["parcours"],
        "TOTAL",
    )
    done = facts.work
    for code in structures:
        part = facts.involvements[facts.involvements["structure"] == code]
        own = done.loc[done["structure"] == code, "parcours"]
        _count(tally, facts, part["parcours"], part["joined"], part["left"], own, code)
    if shared:
        tally.set_shared(structures)
    return Table(
        id="B02",
        title="Parcours : stock et flux",
        rule=(
            "Suivis = en cours au début + entrées ; en cours à la fin = début + entrées − sorties "
            "; actifs = suivis avec au moins un acte dans la période. Une structure compte les "
            "parcours qu’elle mène ou auxquels elle prend part, de son arrivée à son départ. "
            "Un parcours partagé compte une fois dans le total du réseau."
        ),
        row_heading="Parcours",
        columns=tally.columns,
        rows=tally.rows,
        values=tally.values(),
        chart=Chart(
            ChartKind.BARS, "Parcours suivis par structure", tuple(structures), ("followed",)
        ),
        parts=tally.parts,
    )


def _count(
    tally: Tally,
    facts: Facts,
    ids: pd.Series,
    since: pd.Series,
    until: pd.Series,
    with_act: pd.Series,
    column: str,
) -> None:
    """Count stays; several stays of a structure in one parcours are one parcours."""
    followed = np.unique(ids)
    start = np.unique(ids[since < facts.first])
    end = np.unique(ids[until > facts.last])
    for row, counted in (
        ("start", start),
        ("entries", np.setdiff1d(followed, start)),
        ("exits", np.setdiff1d(followed, end)),
        ("end", end),
        ("followed", followed),
        ("active", np.intersect1d(followed, with_act)),
    ):
        tally.count("parcours", counted, row, column)
