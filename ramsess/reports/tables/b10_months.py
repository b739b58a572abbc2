"""B10 — activity by month."""

from __future__ import annotations

import datetime as dt

from ramsess.reports.facts import Facts
from ramsess.reports.period import MONTHS_FR, Period
from ramsess.reports.persons import ATTENDANCES, TOTAL, Kind, Persons
from ramsess.reports.table import Chart, ChartKind, Column, Row, RowKind, Table, Tally, Unit
from ramsess.reports.tables.axes import TOTAL_ROW, months

COLUMNS = (
    Column("acts", "Actes"),
    Column("minutes", "Heures", Unit.MINUTES),
    Column("entries", "Entrées"),
    Column("sessions", "Séances"),
    Column("attendances", "Présences"),
)


def build(facts: Facts) -> Table:
    """Months × acts, minutes, parcours entries, sessions, attendances (Rules 3, 7)."""
    tally = Tally([*(Row(key, _label(key)) for key in facts.period.months()), TOTAL_ROW], COLUMNS)
    acts, sessions = facts.acts, facts.sessions
    done, present = facts.work, facts.of_acts(facts.attendances)
    entered = facts.parcours[facts.parcours["entered"] >= facts.first]
    tally_months = ((acts, "day"), (done, "day"), (entered, "entered"), (sessions, "day"))
    by_act, by_share, by_entry, by_session = (
        months(facts, frame[day]) for frame, day in tally_months
    )
    for total in (False, True):
        tally.count("act", acts["id"], "TOTAL" if total else by_act, "acts")
        tally.add("act", done["act"], done["minutes"], "TOTAL" if total else by_share, "minutes")
        tally.count("parcours", entered["id"], "TOTAL" if total else by_entry, "entries")
        month = "TOTAL" if total else by_session
        tally.count("act", sessions["id"], month, "sessions")
        tally.add("act", sessions["id"], sessions["anonymous"], month, "attendances")
        row = "TOTAL" if total else months(facts, present["day"])
        tally.count("act", present["act"], row, "attendances")
    return Table(
        id="B10",
        title="Activité mensuelle",
        rule=(
            "Actes, heures, séances et présences (connues et anonymes) au mois de l’acte ; entrées "
            "au mois d’entrée dans le parcours."
        ),
        row_heading="Mois",
        columns=tally.columns,
        rows=tally.rows,
        values=tally.values(),
        chart=Chart(ChartKind.LINES, "Actes par mois", ("acts",)),
        parts=tally.parts,
    )


def _label(key: str) -> str:
    month = dt.date.fromisoformat(f"{key}-01")
    return f"{MONTHS_FR[month.month - 1]} {month.year}"


def persons(table: Table, period: Period) -> Persons:
    """The attendances: each month's are the same figure in every report that has the month."""
    declared = Persons(table, period)
    for row in table.rows:
        when, weight = period, TOTAL
        if row.kind is not RowKind.TOTAL:
            when, weight = period.in_month(row.key), 1.0
        declared.count(
            row.key, "attendances", Kind.HEADS, same_as=ATTENDANCES, period=when, weight=weight
        )
    months = [row.key for row in table.rows if row.kind is not RowKind.TOTAL]
    declared.sums([(month, "attendances") for month in months], ("TOTAL", "attendances"))
    return declared
