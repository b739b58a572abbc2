"""B15 — exits: outcomes and jobs; funding obtained by source."""

from __future__ import annotations

from collections.abc import Callable

from ramsess.reports.facts import Facts
from ramsess.reports.period import Period
from ramsess.reports.persons import Persons
from ramsess.reports.table import Chart, ChartKind, Column, Number, Table, Tally, Unit
from ramsess.reports.tables.axes import exits, or_nr, rows_of, with_nr
from ramsess.reports.tables.shares import with_percentages

COLUMNS = (
    Column("parcours", "Parcours"),
    Column("jobs_created", "Emplois créés (ETP)", Unit.FTE),
    Column("jobs_consolidated", "Emplois consolidés (ETP)", Unit.FTE),
)
FUNDING_COLUMNS = (Column("parcours", "Parcours"), Column("amount", "Montant (€)", Unit.EUROS))


def build(facts: Facts) -> Table:
    """Outcomes × parcours and jobs, over the exits of the period (Rules 4, 9)."""
    tally = Tally(rows_of(with_nr(facts.lists.codes["outcomes"])), COLUMNS)
    ended = exits(facts)
    for row in (or_nr(ended["outcome"]), "TOTAL"):
        tally.count("parcours", ended["id"], row, "parcours")
        for jobs in ("jobs_created", "jobs_consolidated"):
            tally.add("parcours", ended["id"], ended[jobs], row, jobs)
    return with_percentages(
        Table(
            id="B15",
            title="Sorties",
            rule=(
                "Parcours sortis dans la période, selon le motif de sortie ; emplois créés et "
                "consolidés par ces parcours, en équivalents temps plein."
            ),
            row_heading="Motif de sortie",
            columns=tally.columns,
            rows=tally.rows,
            values=tally.values(_hundredths("jobs_created", "jobs_consolidated")),
            chart=Chart(ChartKind.BARS, "Sorties par motif", ("parcours",)),
            parts=tally.parts,
            scale=_hundredths("jobs_created", "jobs_consolidated"),
        ),
        of="parcours",
    )


def build_funding(facts: Facts) -> Table:
    """Sources × parcours and euros: funding obtained by the parcours that ended in the period."""
    tally = Tally(rows_of(facts.lists.codes["funding_sources"]), FUNDING_COLUMNS)
    ended = exits(facts)
    fundings = facts.fundings[facts.fundings["parcours"].isin(ended["id"])]
    for row in (fundings["source"].array, "TOTAL"):
        tally.count("parcours", fundings["parcours"], row, "parcours", distinct=True)
        tally.add("funding", fundings["id"], fundings["cents"], row, "amount")
    return Table(
        id="B15F",
        title="Financements obtenus par source",
        rule="Financements obtenus par les parcours sortis dans la période, par source.",
        row_heading="Source",
        columns=tally.columns,
        rows=tally.rows,
        values=tally.values(_hundredths("amount")),
        chart=Chart(ChartKind.BARS, "Financements obtenus par source", ("amount",)),
        parts=tally.parts,
        scale=_hundredths("amount"),
    )


def _hundredths(*columns: str) -> Callable[[str, str, int], Number]:
    """Turn the sums of *columns*, counted in hundredths, into units with two decimals."""
    return lambda _row, column, value: value / 100 if column in columns else value


def funding_persons(table: Table, period: Period) -> Persons:
    """No person, but the money of few projects: the Région sees the whole amount, of many parcours
    and of a whole year, which no other report overlaps."""
    declared = Persons(table, period)
    declared.withheld = frozenset((row.key, "amount") for row in table.rows if row.key != "TOTAL")
    if period.is_year():
        declared.few["TOTAL", "amount"] = table.value("TOTAL", "parcours")
    else:
        declared.withheld |= {("TOTAL", "amount")}
    return declared
