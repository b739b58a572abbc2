"""B03 — persons accompanied by age band and sex."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ramsess.reports.facts import Facts
from ramsess.reports.lists import Item
from ramsess.reports.period import Period
from ramsess.reports.persons import ACCOMPANIED, Kind, Persons
from ramsess.reports.table import Chart, ChartKind, Table, Tally
from ramsess.reports.tables.axes import (
    NR,
    accompanied,
    columns_of,
    cross,
    or_nr,
    rows_of,
    with_nr,
)
from ramsess.reports.tables.shares import with_percentages

BANDS = (
    (Item("<18", "Moins de 18 ans"), 0),
    (Item("18-25", "18 à 25 ans"), 18),
    (Item("26-29", "26 à 29 ans"), 26),
    (Item("30-44", "30 à 44 ans"), 30),
    (Item("45-54", "45 à 54 ans"), 45),
    (Item("55-64", "55 à 64 ans"), 55),
    (Item(">=65", "65 ans et plus"), 65),
)


def age_bands(ages: pd.Series) -> pd.Categorical:
    """The band of each age in full years; ``NR`` for −1."""
    lowest = np.array([low for _, low in BANDS])
    codes = np.searchsorted(lowest, ages.to_numpy(), side="right") - 1
    keys = [item.code for item, _ in BANDS] + ["NR"]
    return pd.Categorical.from_codes(
        np.where(codes < 0, len(keys) - 1, codes), categories=pd.Index(keys, dtype=object)
    )


def build(facts: Facts) -> Table:
    """Age bands × sex, distinct persons on followed parcours (Rules 6, 8, 9)."""
    tally = Tally(
        rows_of([*(item for item, _ in BANDS), NR]),
        columns_of(with_nr(facts.lists.codes["sexes"])),
    )
    persons = accompanied(facts)
    cross(tally, "person", persons["person"], age_bands(persons["age"]), or_nr(persons["sex"]))
    return with_percentages(
        Table(
            id="B03",
            title="Personnes accompagnées par sexe et âge",
            rule=(
                "Personnes présentes sur au moins un parcours suivi dans la période, comptées une "
                "fois chacune ; âge et sexe à l’entrée du plus ancien de ces parcours."
            ),
            row_heading="Âge à l’entrée",
            columns=tally.columns,
            rows=tally.rows,
            values=tally.values(),
            chart=Chart(
                ChartKind.STACKED, "Personnes accompagnées par âge et sexe", ("F", "M", "NR")
            ),
            parts=tally.parts,
        )
    )


def persons(table: Table, period: Period) -> Persons:
    """All of it counts the persons accompanied."""
    declared = Persons(table, period)
    declared.cross(Kind.ACCOMPANIED, total=ACCOMPANIED)
    declared.percentages = {"PERCENT": "TOTAL"}
    return declared
