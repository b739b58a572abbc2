"""B09 — hours by type and structure."""

from __future__ import annotations

from collections.abc import Sequence

from ramsess.reports.facts import Facts
from ramsess.reports.table import Chart, ChartKind, Table, Tally, Unit
from ramsess.reports.tables.axes import act_type_rows, families, structure_columns


def build(facts: Facts, structures: Sequence[str], *, shared: bool = True) -> Table:
    """Act types with family subtotals × structures: adviser minutes, never doubled (Rule 2)."""
    tally = Tally(
        act_type_rows(facts), structure_columns(facts, structures, Unit.MINUTES, shared=shared)
    )
    done = facts.work
    for row in (done["type"].array, families(facts, done["type"]), "TOTAL"):
        for column in (done["structure"].array, "TOTAL"):
            tally.add("act", done["act"], done["minutes"], row, column)
    if shared:
        tally.set_shared(structures)
    return Table(
        id="B09",
        title="Heures par type et structure",
        rule=(
            "Temps passé par chaque chargé·e d’accompagnement, compté pour la seule structure pour "
            "laquelle il a été travaillé : la somme des structures est toujours le total du réseau."
        ),
        row_heading="Type d’acte",
        columns=tally.columns,
        rows=tally.rows,
        values=tally.values(),
        chart=Chart(
            ChartKind.BARS,
            "Heures par famille",
            ("TOTAL",) if shared else tuple(structures),
            tuple(item.code for item in facts.lists.codes["act_families"]),
        ),
        parts=tally.parts,
    )
