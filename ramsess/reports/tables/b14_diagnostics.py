"""B14 — shared diagnostics and plans: states, actions, what was planned beside what was done."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ramsess.reports.facts import Facts
from ramsess.reports.table import Chart, ChartKind, Row, RowKind, Table, Tally, Unit
from ramsess.reports.tables.axes import structure_columns

ROWS = (
    Row("diagnostics", "Parcours avec un diagnostic", RowKind.SUBTOTAL),
    Row("draft", "en brouillon", level=1),
    Row("contributed", "contributions remises", level=1),
    Row("validated", "validé", level=1),
    Row("validations", "Diagnostics validés dans la période"),
    Row("plans", "Plans en vigueur"),
    Row("actions_planned", "Actions à échéance dans la période"),
    Row("actions_done", "Actions faites dans la période"),
    Row("actions_late", "Actions en retard au dernier jour"),
    Row("acts_planned", "Actes prévus"),
    Row("acts_done", "Actes faits"),
    Row("minutes_planned", "Heures prévues", unit=Unit.MINUTES),
    Row("minutes_done", "Heures faites", unit=Unit.MINUTES),
)


def build(facts: Facts, structures: Sequence[str], *, shared: bool = True) -> Table:
    """Rows from ``diagnostics`` to ``minutes_done`` × structures (Rules 1, 2, 4)."""
    tally = Tally(ROWS, structure_columns(facts, structures, Unit.COUNT, shared=shared))
    followed = facts.parcours["id"]
    known = facts.diagnostics[facts.diagnostics["parcours"].isin(followed)]
    parts = facts.contributions[facts.contributions["parcours"].isin(followed)]
    theirs = parts.merge(known, on=["diagnostic", "parcours"])
    _count_diagnostics(tally, facts, known, "TOTAL")
    _count_diagnostics(tally, facts, theirs, theirs["structure"].array)
    actions = facts.actions[facts.actions["parcours"].isin(followed)]
    _count_actions(tally, facts, actions, "TOTAL")
    _count_actions(tally, facts, actions, actions["structure"].array)
    plans = facts.plans[facts.plans["parcours"].isin(followed)]
    tally.count("plan", plans["id"], "plans", "TOTAL")
    tally.count("plan", actions["plan"], "plans", actions["structure"].array, distinct=True)
    acts = facts.acts[facts.acts["action"] >= 0]
    work = facts.work[facts.work["act"].isin(acts["id"])]
    done = work.drop_duplicates(["act", "structure"])
    tally.count("act", acts["id"], "acts_done", "TOTAL")
    tally.count("act", done["act"], "acts_done", done["structure"].array)
    tally.add("act", work["act"], work["minutes"], "minutes_done", "TOTAL")
    tally.add("act", work["act"], work["minutes"], "minutes_done", work["structure"].array)
    if shared:
        tally.set_shared(structures)
    return Table(
        id="B14",
        title="Diagnostics et plans partagés",
        rule=(
            "Parcours suivis dans la période, selon l’état de leur diagnostic au dernier jour ; "
            "pendant une révision, la version validée et celle qui se prépare comptent chacune. "
            "Actions du plan en vigueur au dernier jour : celles dont l’échéance tombe dans la "
            "période, faites dans la période, échues et toujours ouvertes au dernier jour. Prévu : "
            "pour les actions à échéance dans la période ; fait : actes de la période notés pour "
            "une action. Une structure compte les diagnostics où elle contribue, les plans où elle "
            "répond d’une action, ces actions, et ses propres actes et heures."
        ),
        row_heading="Diagnostics et plans",
        columns=tally.columns,
        rows=tally.rows,
        values=tally.values(),
        chart=Chart(
            ChartKind.BARS,
            "Heures prévues et faites pour les plans",
            ("TOTAL",) if shared else tuple(structures),
            ("minutes_planned", "minutes_done"),
        ),
        parts=tally.parts,
    )


def _count_diagnostics(
    tally: Tally, facts: Facts, frame: pd.DataFrame, column: str | pd.Categorical
) -> None:
    """Count parcours by the state that held on the last day; each once in a state."""
    opened = frame["opened"] <= facts.last
    validated = frame["validated"] <= facts.last
    contributed = (frame["contributed"] <= facts.last) & ~validated
    draft = opened & ~contributed & ~validated
    for row, held in (
        ("diagnostics", opened),
        ("draft", draft),
        ("contributed", opened & contributed),
        ("validated", validated),
    ):
        keys = column if isinstance(column, str) else column[held.to_numpy()]
        tally.count("parcours", frame.loc[held, "parcours"], row, keys, distinct=True)
    within = validated & (frame["validated"] >= facts.first)
    keys = column if isinstance(column, str) else column[within.to_numpy()]
    tally.count("diagnostic", frame.loc[within, "diagnostic"], "validations", keys)


def _count_actions(
    tally: Tally, facts: Facts, frame: pd.DataFrame, column: str | pd.Categorical
) -> None:
    """Count the actions by their dates; what was planned is that of the actions due."""
    due = (frame["due"] >= facts.first) & (frame["due"] <= facts.last)
    over = frame["closed"] <= facts.last
    done = over & (frame["done"] == 1) & (frame["closed"] >= facts.first)
    late = (frame["due"] < facts.last) & ~over
    for row, held in (("actions_planned", due), ("actions_done", done), ("actions_late", late)):
        keys = column if isinstance(column, str) else column[held.to_numpy()]
        tally.count("action", frame.loc[held, "id"], row, keys)
    keys = column if isinstance(column, str) else column[due.to_numpy()]
    for row, amount in (("acts_planned", "acts"), ("minutes_planned", "minutes")):
        tally.add("action", frame.loc[due, "id"], frame.loc[due, amount], row, keys)
