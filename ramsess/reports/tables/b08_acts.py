"""B08 — acts by type and structure."""

from __future__ import annotations

from collections.abc import Sequence

from ramsess.reports.facts import Facts
from ramsess.reports.table import Chart, ChartKind, Table, Tally, Unit
from ramsess.reports.tables.axes import act_type_rows, families, structure_columns


def build(facts: Facts, structures: Sequence[str], *, shared: bool = True) -> Table:
    """Act types with family subtotals × structures: distinct acts (Rule 1)."""
    tally = Tally(
        act_type_rows(facts), structure_columns(facts, structures, Unit.COUNT, shared=shared)
    )
    acts = facts.acts
    done = facts.work.drop_duplicates(["act", "structure"])
    for frame, ids, column in ((acts, acts["id"], "TOTAL"), (done, done["act"], done["structure"])):
        keys = column if isinstance(column, str) else column.array
        for row in (frame["type"].array, families(facts, frame["type"]), "TOTAL"):
            tally.count("act", ids, row, keys)
    if shared:
        tally.set_shared(structures)
    return Table(
        id="B08",
        title="Actes par type et structure",
        rule=(
            "Actes de la période, séances collectives comprises. Une structure compte un acte "
            "quand un·e de ses chargé·es d’accompagnement y a pris part pour elle ; un acte mené à "
            "plusieurs compte une fois dans le total du réseau."
        ),
        row_heading="Type d’acte",
        columns=tally.columns,
        rows=tally.rows,
        values=tally.values(),
        chart=Chart(
            ChartKind.BARS,
            "Actes par famille",
            ("TOTAL",) if shared else tuple(structures),
            tuple(item.code for item in facts.lists.codes["act_families"]),
        ),
        parts=tally.parts,
    )
