"""B18 — reception: persons received who are on no parcours."""

from __future__ import annotations

import pandas as pd

from ramsess.reports.facts import Facts
from ramsess.reports.period import Period
from ramsess.reports.persons import TOTAL, Kind, Persons
from ramsess.reports.table import Chart, ChartKind, Column, RowKind, Table, Tally
from ramsess.reports.tables.axes import collective_type_rows, families

COLUMNS = (Column("persons", "Personnes accueillies"), Column("anonymous", "Personnes anonymes"))


def build(facts: Facts) -> Table:
    """Act types × persons received (distinct) and anonymous head counts (Rule 6)."""
    acts = facts.acts
    reception = (families(facts, acts["type"]) == "ACC") & (acts["session"] == 0)
    named = facts.named[facts.named["act"].isin(acts.loc[reception, "id"])]
    met = facts.of_acts(pd.concat([named, facts.attendances]))
    met = met[~met["person"].isin(facts.members["person"])]
    counted = acts[(reception | (acts["session"] == 1)) & (acts["anonymous"] > 0)]
    used = set(met["type"].unique()) | set(counted["type"].unique())
    tally = Tally(collective_type_rows(facts, used, ["ACC"]), COLUMNS)
    for total in (False, True):
        row = "TOTAL" if total else met["type"].array
        tally.count("person", met["person"], row, "persons", distinct=True)
        row = "TOTAL" if total else counted["type"].array
        tally.add("act", counted["id"], counted["anonymous"], row, "anonymous")
    return Table(
        id="B18",
        title="Accueil",
        rule=(
            "Personnes nommées par un acte d’accueil ou présentes à une séance dans la période, "
            "sans parcours suivi dans la période ; une personne compte dans chaque type qu’elle a "
            "connu, une seule fois dans le total. Les personnes anonymes, qui ne peuvent être "
            "dédoublonnées, sont comptées à part."
        ),
        row_heading="Type d’acte",
        columns=tally.columns,
        rows=tally.rows,
        values=tally.values(),
        chart=Chart(ChartKind.BARS, "Personnes accueillies par type", ("persons",)),
        parts=tally.parts,
    )


def persons(table: Table, period: Period) -> Persons:
    """Persons received, once each in the total, and anonymous heads, which add up."""
    declared = Persons(table, period)
    types = [row.key for row in table.rows if row.kind is RowKind.DETAIL]
    for row in (*types, "TOTAL"):
        weight = TOTAL if row == "TOTAL" else 1.0
        declared.count(row, "persons", Kind.MET, weight=weight)
        declared.count(row, "anonymous", Kind.HEADS, weight=weight)
    declared.unduplicated([(row, "persons") for row in types], ("TOTAL", "persons"))
    declared.sums([(row, "anonymous") for row in types], ("TOTAL", "anonymous"))
    return declared
