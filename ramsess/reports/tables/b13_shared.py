"""B13 — parcours by number of structures; B13S — parcours that two structures share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ramsess.reports.facts import Facts
from ramsess.reports.table import Chart, ChartKind, Column, Row, RowKind, Table, Tally, Unit
from ramsess.reports.tables.axes import TOTAL_ROW, structure_codes, structure_columns

LEAST_ROWS = 3


def build(facts: Facts, structures: Sequence[str], *, shared: bool = True) -> Table:
    """Numbers of structures × structures: each column adds up to its *suivis* of B02 (Rule 5)."""
    parts = _parts(facts)
    numbers = parts.groupby("parcours")["structure"].size()
    followed = facts.parcours["id"]
    of_followed = numbers.reindex(followed, fill_value=0)
    counts = np.append(of_followed, numbers)
    least, most = (min(1, counts.min()), counts.max()) if len(counts) else (1, 0)
    shown = range(least, max(most, LEAST_ROWS) + 1)
    tally = Tally(
        [*(Row(str(number), _label(number)) for number in shown), TOTAL_ROW],
        structure_columns(facts, structures, Unit.COUNT, shared=shared),
    )
    for total in (False, True):
        rows = "TOTAL" if total else pd.Categorical(of_followed.astype(str))
        tally.count("parcours", followed, rows, "TOTAL")
        own = parts["parcours"]
        rows = "TOTAL" if total else pd.Categorical(numbers.reindex(own).astype(str))
        tally.count("parcours", own, rows, pd.Categorical(parts["structure"].astype(str)))
    if shared:
        tally.set_shared(structures)
    return Table(
        id="B13",
        title="Accompagnement croisé",
        rule=(
            "Parcours suivis, selon le nombre de structures qui y ont pris part à un moment de la "
            "période. Un parcours compte une fois dans la colonne de chacune de ses structures, et "
            "une fois dans le total du réseau."
        ),
        row_heading="Structures",
        columns=tally.columns,
        rows=tally.rows,
        values=tally.values(),
        chart=Chart(ChartKind.BARS, "Parcours selon le nombre de structures", ("TOTAL",)),
        parts=tally.parts,
    )


def build_pairs(facts: Facts, structures: Sequence[str], *, shared: bool = True) -> Table:
    """Structures × structures: the parcours in which both take part in the period (Rules 1, 5)."""
    parts = _parts(facts)
    parts = parts[parts.duplicated("parcours", keep=False)].assign(
        structure=lambda frame: frame["structure"].astype(str)
    )
    names = {item.code: item.label for item in facts.lists.structures}
    tally = Tally(
        [
            *(Row(code, names[code]) for code in structure_codes(facts)),
            Row("TOTAL", "Avec une autre structure", RowKind.TOTAL),
        ],
        [
            *structure_columns(facts, structures, Unit.COUNT, shared=shared)[:-1],
            Column("TOTAL", "Avec une autre structure (dédoublonné)"),
        ],
    )
    pairs = parts.merge(parts, on="parcours", suffixes=("", "_other"))
    pairs = pairs[pairs["structure"] != pairs["structure_other"]]
    row, column = (pd.Categorical(pairs[name]) for name in ("structure", "structure_other"))
    tally.count("parcours", pairs["parcours"], row, column)
    own = pd.Categorical(parts["structure"])
    tally.count("parcours", parts["parcours"], own, "TOTAL")
    tally.count("parcours", parts["parcours"], "TOTAL", own)
    together = np.intersect1d(facts.parcours["id"], parts["parcours"])
    tally.count("parcours", together, "TOTAL", "TOTAL")
    if shared:
        tally.set_shared(structures)
    return Table(
        id="B13S",
        title="Parcours partagés entre structures",
        rule=(
            "Parcours auxquels deux structures ont pris part à un moment de la période ; chacun "
            "compte une fois pour chaque paire. Une structure ne se croise pas elle-même : la "
            "diagonale reste à 0."
        ),
        row_heading="Structure",
        columns=tally.columns,
        rows=tally.rows,
        values=tally.values(),
        parts=tally.parts,
    )


def _parts(facts: Facts) -> pd.DataFrame:
    """Each structure once a parcours, however often it came and went."""
    return facts.involvements[["parcours", "structure"]].drop_duplicates()


def _label(number: int) -> str:
    return f"{number} structures" if number > 1 else ("1 structure" if number else "Aucune")
