"""B05 — territory: départements and EPCI."""

from __future__ import annotations

from ramsess.reports.facts import Facts
from ramsess.reports.period import Period
from ramsess.reports.persons import ACCOMPANIED, MARGIN, TOTAL, Kind, Persons, Relation
from ramsess.reports.table import Chart, ChartKind, Column, Row, RowKind, Table, Tally, Unit
from ramsess.reports.tables.axes import TOTAL_ROW, accompanied, departments, epcis

COLUMNS = (
    Column("persons", "Personnes"),
    Column("parcours", "Parcours"),
    Column("acts", "Actes"),
    Column("minutes", "Heures", Unit.MINUTES),
)


def build(facts: Facts) -> Table:
    """Départements, their EPCI below, outside the region, unknown × persons parcours acts minutes.

    Persons by their commune at entry, parcours by the project's, acts by their own commune or
    else their project's.
    """
    persons = accompanied(facts)
    acts = facts.acts
    minutes = facts.shares.groupby("act")["minutes"].sum().reindex(acts["id"], fill_value=0)
    measures = (
        ("person", "persons", persons["person"], persons["commune"], None),
        ("parcours", "parcours", facts.parcours["id"], facts.parcours["commune"], None),
        ("act", "acts", acts["id"], acts["commune"], None),
        ("act", "minutes", acts["id"], acts["commune"], minutes),
    )
    used = {code for item in measures for code in epcis(facts, item[3]).unique()}
    tally = Tally(_rows(facts, used), COLUMNS)
    for kind, column, ids, communes, amounts in measures:
        for row in (departments(facts, communes), epcis(facts, communes), "TOTAL"):
            if amounts is None:
                tally.count(kind, ids, row, column)
            else:
                tally.add(kind, ids, amounts, row, column)
    return Table(
        id="B05",
        title="Territoire",
        rule=(
            "Personnes accompagnées selon leur commune à l’entrée, parcours suivis selon la "
            "commune du projet, actes et heures selon la commune de l’acte, à défaut du projet. "
            "Une intercommunalité à cheval sur deux départements n’a qu’une ligne, sous celui où "
            "elle est la plus peuplée. Seules les intercommunalités concernées sont listées."
        ),
        row_heading="Département, intercommunalité",
        columns=tally.columns,
        rows=tally.rows,
        values=tally.values(),
        chart=Chart(
            ChartKind.MULTIPLES,
            "Le territoire : chaque mesure par département",
            tuple(column.key for column in COLUMNS),
            (*(item.code for item in facts.lists.departments), "HR", "NR"),
        ),
        parts=tally.parts,
    )


def _rows(facts: Facts, used: set[str]) -> list[Row]:
    rows: list[Row] = []
    for department in facts.lists.departments:
        rows.append(Row(department.code, f"{department.code} {department.label}", RowKind.SUBTOTAL))
        rows += [
            Row(item.code, item.label, level=1)
            for item in facts.lists.epcis
            if item.parent == department.code and item.code in used
        ]
    outside = Row("HR", "Hors région", RowKind.SUBTOTAL)
    return [*rows, outside, Row("NR", "Non renseigné", RowKind.SUBTOTAL), TOTAL_ROW]


def persons(table: Table, period: Period) -> Persons:
    """The column of persons. An intercommunality may reach over two départements: what it has
    under the one and not in it is a count of persons too, that no cell shows."""
    declared = Persons(table, period)
    places: dict[str, list[str]] = {}
    for row in table.rows:
        if row.kind is RowKind.TOTAL:
            declared.count(row.key, "persons", Kind.ACCOMPANIED, same_as=ACCOMPANIED, weight=TOTAL)
            continue
        weight = MARGIN if row.kind is RowKind.SUBTOTAL else 1.0
        declared.count(row.key, "persons", Kind.ACCOMPANIED, weight=weight)
        if row.kind is RowKind.SUBTOTAL:
            places[row.key] = []
        else:
            places[list(places)[-1]].append(row.key)
    declared.sums([(key, "persons") for key in places], ("TOTAL", "persons"))
    inside = [key for key in places if key not in ("HR", "NR")]
    below = [(code, "persons") for key in inside for code in places[key]]
    over = [(-1, declared.name(key, "persons")) for key in inside]
    declared.relations.append(Relation((*((1, declared.name(*cell)) for cell in below), *over)))
    for key in inside:
        declared.sums([(code, "persons") for code in places[key]], (key, "persons"))
    return declared
