"""B21 — schemes: what each *dispositif* paid for."""

from __future__ import annotations

import pandas as pd

from ramsess.reports.facts import Facts
from ramsess.reports.period import Period
from ramsess.reports.persons import ACCOMPANIED, MARGIN, Kind, Persons
from ramsess.reports.table import Chart, ChartKind, Column, RowKind, Table, Tally, Unit
from ramsess.reports.tables.axes import rows_of

COLUMNS = (
    Column("acts", "Actes"),
    Column("minutes", "Heures", Unit.MINUTES),
    Column("sessions", "Séances"),
    Column("parcours", "Parcours"),
    Column("persons", "Personnes"),
)


def build(facts: Facts) -> Table:
    """Schemes × acts, minutes, sessions, and the parcours and persons concerned (Rule 14)."""
    acts, sessions = facts.acts, facts.sessions
    done = facts.work
    on_parcours = acts.loc[acts["parcours"] >= 0, ["parcours", "scheme"]].drop_duplicates()
    members = on_parcours.merge(facts.people[["parcours", "person"]], on="parcours")
    met = facts.of_acts(pd.concat([facts.named, facts.attendances]))
    concerned = pd.concat([members[["person", "scheme"]], met[["person", "scheme"]]])
    tally = Tally(rows_of(facts.lists.codes["schemes"]), COLUMNS)
    for total in (False, True):

        def row(frame: pd.DataFrame, total: bool = total) -> str | pd.Categorical:
            return "TOTAL" if total else pd.Categorical(frame["scheme"])

        tally.count("act", acts["id"], row(acts), "acts")
        tally.add("act", done["act"], done["minutes"], row(done), "minutes")
        tally.count("act", sessions["id"], row(sessions), "sessions")
        tally.count(
            "parcours", on_parcours["parcours"], row(on_parcours), "parcours", distinct=True
        )
        tally.count("person", concerned["person"], row(concerned), "persons", distinct=True)
    return Table(
        id="B21",
        title="Dispositifs",
        rule=(
            "Chaque acte ou séance est imputé à un seul dispositif. Parcours et personnes : ceux "
            "que ces actes et séances concernent, une fois chacun par dispositif ; le total les "
            "dédoublonne entre dispositifs."
        ),
        row_heading="Dispositif",
        columns=tally.columns,
        rows=tally.rows,
        values=tally.values(),
        chart=Chart(ChartKind.BARS, "Heures par dispositif", ("minutes",)),
        parts=tally.parts,
    )


def persons(table: Table, period: Period) -> Persons:
    """The persons whom acts and sessions concern: they include whoever was received or came."""
    declared = Persons(table, period)
    schemes = [row.key for row in table.rows if row.kind is RowKind.DETAIL]
    for row in (*schemes, "TOTAL"):
        weight = MARGIN if row == "TOTAL" else 1.0
        declared.count(row, "persons", Kind.MET, weight=weight)
    declared.unduplicated([(row, "persons") for row in schemes], ("TOTAL", "persons"))
    whole = declared.name("TOTAL", "persons")
    declared.at_most_named("B18/TOTAL/persons", whole)
    declared.at_most_named("B11/TOTAL/distinct", whole)
    declared.at_most_named(whole, ACCOMPANIED, "B18/TOTAL/persons")
    return declared
