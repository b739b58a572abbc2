"""B11 — collective sessions."""

from __future__ import annotations

from ramsess.reports.facts import Facts
from ramsess.reports.table import Chart, ChartKind, Column, Table, Tally, Unit
from ramsess.reports.tables.axes import collective_type_rows

COLUMNS = (
    Column("sessions", "Séances"),
    Column("known", "Présences connues"),
    Column("anonymous", "Présences anonymes"),
    Column("distinct", "Personnes distinctes"),
    Column("minutes", "Heures d’animation", Unit.MINUTES),
)


def build(facts: Facts) -> Table:
    """Types × sessions, known and anonymous attendances, distinct persons, minutes (Rule 7)."""
    sessions = facts.sessions
    present = facts.of_acts(facts.attendances)
    led = facts.work[facts.work["act"].isin(sessions["id"])]
    tally = Tally(collective_type_rows(facts, sessions["type"].unique(), ["COL"]), COLUMNS)
    for total in (False, True):
        row = "TOTAL" if total else sessions["type"].array
        tally.count("act", sessions["id"], row, "sessions")
        tally.add("act", sessions["id"], sessions["anonymous"], row, "anonymous")
        row = "TOTAL" if total else present["type"].array
        tally.count("act", present["act"], row, "known", whom=present["person"])
        tally.count("person", present["person"], row, "distinct", distinct=True)
        row = "TOTAL" if total else led["type"].array
        tally.add("act", led["act"], led["minutes"], row, "minutes")
    return Table(
        id="B11",
        title="Séances collectives",
        rule=(
            "Une séance co-animée est une séance. Présences connues : une par personne et par "
            "séance ; anonymes : personnes comptées sans être nommées ; personnes distinctes : "
            "personnes connues, une fois chacune (le total les dédoublonne entre types)."
        ),
        row_heading="Type de séance",
        columns=tally.columns,
        rows=tally.rows,
        values=tally.values(),
        chart=Chart(ChartKind.STACKED, "Présences aux séances", ("known", "anonymous")),
        parts=tally.parts,
    )
