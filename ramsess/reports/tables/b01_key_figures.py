"""B01 — key figures, quoted from the other tables, with the same dates one year before."""

from __future__ import annotations

from collections.abc import Mapping

from ramsess.reports.behind import Change
from ramsess.reports.period import Period, capital
from ramsess.reports.persons import ATTENDANCES, TOTAL, Kind, Persons
from ramsess.reports.table import Chart, ChartKind, Column, Number, Quote, Row, Table, Unit

#: Row → the table, row and column that it quotes.
SOURCES: dict[str, tuple[str, str, str]] = {
    "parcours_followed": ("B02", "followed", "TOTAL"),
    "parcours_entries": ("B02", "entries", "TOTAL"),
    "parcours_exits": ("B02", "exits", "TOTAL"),
    "persons_accompanied": ("B03", "TOTAL", "TOTAL"),
    "persons_received": ("B18", "TOTAL", "persons"),
    "anonymous_received": ("B18", "TOTAL", "anonymous"),
    "acts": ("B10", "TOTAL", "acts"),
    "minutes": ("B10", "TOTAL", "minutes"),
    "sessions": ("B10", "TOTAL", "sessions"),
    "attendances": ("B10", "TOTAL", "attendances"),
    "jobs_created": ("B15", "TOTAL", "jobs_created"),
    "jobs_consolidated": ("B15", "TOTAL", "jobs_consolidated"),
}
ROWS = (
    Row("parcours_followed", "Parcours suivis"),
    Row("parcours_entries", "Parcours entrés"),
    Row("parcours_exits", "Parcours sortis"),
    Row("persons_accompanied", "Personnes accompagnées"),
    Row("persons_received", "Personnes accueillies"),
    Row("anonymous_received", "Personnes anonymes accueillies"),
    Row("acts", "Actes"),
    Row("minutes", "Heures", unit=Unit.MINUTES),
    Row("sessions", "Séances collectives"),
    Row("attendances", "Présences aux séances"),
    Row("jobs_created", "Emplois créés (ETP)", unit=Unit.FTE),
    Row("jobs_consolidated", "Emplois consolidés (ETP)", unit=Unit.FTE),
)


def figures(tables: Mapping[str, Table]) -> dict[str, Number]:
    """The key figures of the tables given by id, by row."""
    return {key: tables[table].value(row, column) for key, (table, row, column) in SOURCES.items()}


def build(
    current: Mapping[str, Table], previous: Mapping[str, Table], compared: Period | None = None
) -> Table:
    """Key figures × period, period compared, change; each is a figure of the tables given by id.

    *compared* is None for the same dates one year before.
    """
    columns = (
        Column("current", "Période"),
        Column("previous", capital(str(compared)) if compared else "Un an avant"),
        Column("change", "Évolution", derived=True, signed=True),
    )
    beside = f"de la période comparée ({compared})" if compared else "aux mêmes dates un an avant"
    values: dict[tuple[str, str], Number] = {}
    quotes: dict[tuple[str, str], Quote] = {}
    for row in ROWS:
        for column, tables in zip(columns, (current, previous), strict=False):
            table_id, source_row, source_column = SOURCES[row.key]
            quote = Quote(tables[table_id], source_row, source_column)
            quotes[row.key, column.key] = quote
            values[row.key, column.key] = quote.table.value(source_row, source_column)
        change = values[row.key, "current"] - values[row.key, "previous"]
        values[row.key, "change"] = round(change, 2)
    return Table(
        id="B01",
        title="Chiffres clés",
        rule=(
            f"Chiffres dédoublonnés de la période, {beside}, et évolution. "
            "Chacun est le total du tableau qui le détaille."
        ),
        row_heading="Chiffre",
        columns=columns,
        rows=ROWS,
        values=values,
        chart=Chart(
            ChartKind.BARS,
            "Personnes et parcours, dans la période et dans celle à laquelle elle est comparée",
            ("current", "previous"),
            ("persons_accompanied", "parcours_followed", "parcours_entries", "parcours_exits"),
        ),
        quotes=quotes,
        measures={(row.key, "change"): Change() for row in ROWS},
    )


#: The rows that count persons, and how.
PERSONS = {
    "persons_accompanied": Kind.ACCOMPANIED,
    "persons_received": Kind.MET,
    "anonymous_received": Kind.HEADS,
    "attendances": Kind.HEADS,
}


def persons(table: Table, period: Period) -> Persons:
    """Each is the figure of the table that it quotes, in the period and one year before."""
    declared = Persons(table, period)
    for row, kind in PERSONS.items():
        name = quoted(row)
        for column, when in (("current", period), ("previous", period.year_before())):
            declared.count(row, column, kind, same_as=name, period=when, weight=TOTAL)
    return declared


def quoted(row: str) -> str:
    """The name of the figure that *row* quotes."""
    return ATTENDANCES if row == "attendances" else "/".join(SOURCES[row])
