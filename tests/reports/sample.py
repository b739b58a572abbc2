"""Reports made by hand from the sample tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from ramsess.reports.period import Period
from ramsess.reports.report import Detail, DetailColumn, Member, Report
from tests.reports.sample_tables import (
    STRUCTURES,
    acts,
    ages,
    communes,
    key_figures,
    long_texts,
    months,
    nothing,
    quartiles,
)

MEMBERS = tuple(Member(code, name) for code, name in STRUCTURES.items())


def detail(rows: list[tuple[str | int | dt.date | None, ...]] | None = None) -> Detail:
    """A detail sheet with every kind of column."""
    if rows is None:
        rows = [
            (f"AC{i:06d}", dt.date(2009, 1 + i % 12, 1 + i % 28), "CSL1", 15 * (i % 40), i % 5)
            for i in range(60)
        ]
        rows.append(("AC999999", None, "", None, 0))
    return Detail(
        name="Détail actes",
        title="Actes de la période",
        columns=(
            DetailColumn("Acte"),
            DetailColumn("Date", "date"),
            DetailColumn("Type", width=8),
            DetailColumn("Heures", "minutes"),
            DetailColumn("Personnes anonymes", "integer"),
        ),
        rows=rows,
    )


def network_report() -> Report:
    """The network's report for 2009."""
    return Report(
        period=Period.of_year(2009),
        edition="network",
        tables=(
            key_figures(),
            ages(),
            communes(),
            acts(),
            acts(minutes=True),
            months(),
            quartiles(),
            long_texts(),
            nothing(),
        ),
        members=MEMBERS,
        made_on=dt.date(2010, 2, 1),
        details=(detail(),),
    )


def structure_report() -> Report:
    """A structure's report, the network's tables beside."""
    return replace(
        network_report(),
        edition="structure",
        structure=MEMBERS[1],
        scheme=("DRA", "Dispositif régional d’accompagnement"),
        period=Period(dt.date(2009, 1, 1), dt.date(2009, 6, 30)),
        tables=(key_figures(), acts(structures={"INTERMADE": "Inter-Made"}), months(("acts",))),
        beside={"B08": acts(), "B10": months(("acts",))},
        details=(),
    )
