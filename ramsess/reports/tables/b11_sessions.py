"""B11 — collective sessions."""

from __future__ import annotations

from ramsess.reports.facts import Facts
from ramsess.reports.period import Period
from ramsess.reports.persons import ACCOMPANIED, ATTENDANCES, MARGIN, Kind, Persons, Relation
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


def persons(table: Table, period: Period) -> Persons:
    """Attendances, known and anonymous, and distinct persons, which are at most as many."""
    declared = Persons(table, period)
    rows = [row.key for row in table.rows]
    for row in rows:
        weight = MARGIN if row == "TOTAL" else 1.0
        for column, kind in (("known", Kind.HEADS), ("anonymous", Kind.HEADS),
                             ("distinct", Kind.MET)):  # fmt: skip
            declared.count(row, column, kind, weight=weight)
        declared.at_most((row, "distinct"), (row, "known"))
        sessions = int(table.value(row, "sessions"))
        declared.at_most((row, "known"), (row, "distinct"), times=sessions)
    types = rows[:-1]
    for column in ("known", "anonymous"):
        declared.sums([(row, column) for row in types], ("TOTAL", column))
    declared.unduplicated([(row, "distinct") for row in types], ("TOTAL", "distinct"))
    terms = [(1, declared.name("TOTAL", column)) for column in ("known", "anonymous")]
    declared.relations.append(Relation((*terms, (-1, ATTENDANCES))))
    # Whoever came to a session is accompanied in the period, or received; a session receives
    # nobody who did not come.
    for row in rows:
        came, received = declared.name(row, "distinct"), f"B18/{row}/persons"
        heads, counted = declared.name(row, "anonymous"), f"B18/{row}/anonymous"
        declared.at_most_named(came, received, ACCOMPANIED)
        declared.at_most_named(heads, counted)
        if row != "TOTAL":
            declared.at_most_named(received, came)
            declared.at_most_named(counted, heads)
    return declared
