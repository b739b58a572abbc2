"""B04 — persons accompanied by situation and education level, RSA and QPV."""

from __future__ import annotations

from ramsess.reports.facts import Facts
from ramsess.reports.period import Period
from ramsess.reports.persons import ACCOMPANIED, MARGIN, Kind, Persons
from ramsess.reports.table import Chart, ChartKind, Row, RowKind, Table, Tally
from ramsess.reports.tables.axes import accompanied, columns_of, cross, or_nr, rows_of, with_nr
from ramsess.reports.tables.shares import with_percentages


def build(facts: Facts) -> Table:
    """Situation × education level, then RSA and QPV by education level (Rules 6, 8, 9)."""
    tally = Tally(
        [
            *rows_of(with_nr(facts.lists.codes["situations"])),
            Row("RSA", "dont allocataires du RSA", RowKind.SUBTOTAL),
            Row("QPV", "dont résidant en QPV", RowKind.SUBTOTAL),
        ],
        columns_of(with_nr(facts.lists.codes["educations"])),
    )
    persons = accompanied(facts)
    education = or_nr(persons["education"])
    cross(tally, "person", persons["person"], or_nr(persons["situation"]), education)
    for row, column in (("RSA", "rsa"), ("QPV", "qpv")):
        concerned = persons[persons[column] == 1]
        tally.count("person", concerned["person"], row, or_nr(concerned["education"]))
        tally.count("person", concerned["person"], row, "TOTAL")
    return with_percentages(
        Table(
            id="B04",
            title="Personnes accompagnées par situation et formation",
            rule=(
                "Personnes présentes sur au moins un parcours suivi dans la période, comptées une "
                "fois chacune ; situation et niveau de formation à l’entrée du plus ancien de ces "
                "parcours. Les lignes RSA et QPV comptent celles pour qui la réponse est oui."
            ),
            row_heading="Situation à l’entrée",
            columns=tally.columns,
            rows=tally.rows,
            values=tally.values(),
            chart=Chart(ChartKind.BARS, "Personnes accompagnées par situation", ("TOTAL",)),
            parts=tally.parts,
        )
    )


def persons(table: Table, period: Period) -> Persons:
    """All of it counts the persons accompanied; who is not (or not known to be) counted in a row
    *dont* is a count of persons too."""
    declared = Persons(table, period)
    declared.cross(Kind.ACCOMPANIED, total=ACCOMPANIED)
    declared.percentages = {"PERCENT": "TOTAL"}
    columns = [column.key for column in table.columns if not column.derived]
    for row in ("RSA", "QPV"):
        for column in columns:
            weight = MARGIN if column == "TOTAL" else 1.0
            declared.count(row, column, Kind.ACCOMPANIED, weight=weight)
            declared.part((row, column), ("TOTAL", column))
        declared.sums([(row, column) for column in columns[:-1]], (row, "TOTAL"))
    return declared
