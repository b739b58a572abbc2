"""B07 — phases: from the start of the period to its end."""

from __future__ import annotations

import pandas as pd

from ramsess.reports.facts import Facts
from ramsess.reports.table import Chart, ChartKind, Table, Tally
from ramsess.reports.tables.axes import columns_of, cross, rows_of


def build(facts: Facts) -> Table:
    """Phase at the start (or entry) × phase at the end of the followed parcours (Rule 10)."""
    phases = facts.lists.codes["phases"]
    tally = Tally(rows_of(phases), columns_of(phases))
    parcours = facts.parcours
    entered = parcours["entered"]
    # The eve of the first day; for an entry in the period, the entry phase itself, which no
    # change of the same day replaces; for a later arrival of a structure, the day it joined.
    eve = entered.where(entered > parcours["opened"], parcours["opened"] - 1)
    cutoff = eve.where(entered >= facts.first, facts.first - 1)
    cross(
        tally,
        "parcours",
        parcours["id"],
        _phase_on(facts, cutoff),
        _phase_on(facts, cutoff.clip(lower=facts.last)),
    )
    return Table(
        id="B07",
        title="Phases : du début à la fin de la période",
        rule=(
            "Parcours suivis dans la période. En ligne, la phase tenue la veille du premier jour "
            "ou, pour une entrée dans la période, la phase d’entrée ; en colonne, la dernière "
            "phase atteinte au dernier jour."
        ),
        row_heading="Phase au début",
        columns=tally.columns,
        rows=tally.rows,
        values=tally.values(),
        chart=Chart(
            ChartKind.STACKED,
            "Parcours par phase au début, selon la phase à la fin",
            tuple(item.code for item in phases),
            tuple(item.code for item in phases),
        ),
        parts=tally.parts,
    )


def _phase_on(facts: Facts, days: pd.Series) -> pd.Categorical:
    """The last phase reached by each parcours on its day; the entry phase before any change."""
    parcours = facts.parcours
    limit = pd.Series(days.to_numpy(), index=parcours["id"].to_numpy())
    changes = facts.phases
    reached = changes[changes["day"] <= limit.reindex(changes["parcours"]).to_numpy()]
    last = reached.drop_duplicates("parcours", keep="last").set_index("parcours")["phase"]
    found = last.astype(object).reindex(parcours["id"]).reset_index(drop=True)
    entry = parcours["phase"].astype(object).reset_index(drop=True)
    return pd.Categorical(found.where(found.notna(), entry))
