"""B19 — quality of the data: what is known, what came late, what cannot be right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ramsess.reports.behind import Known, Measure, Part, Quantile
from ramsess.reports.facts import Facts
from ramsess.reports.period import Period
from ramsess.reports.persons import Persons
from ramsess.reports.rounding import quantile
from ramsess.reports.table import Chart, ChartKind, Keys, Number, Row, RowKind, Table, Tally, Unit
from ramsess.reports.tables.axes import structure_columns
from ramsess.reports.tables.looks import Look, look
from ramsess.reports.tables.quality_points import GROUPS

Values = dict[tuple[str, str], Number]


def build(facts: Facts, structures: Sequence[str], *, shared: bool = True) -> Table:
    """Records, fields and oddities × structures (Rules 1, 5, 8, 9).

    A group's row counts its records, ``<field>_missing`` those in which the field is unknown,
    ``<field>`` the share in which it is known: rounded down, so that 100 says all of them; of no
    record there is no share. ``<group>_complete`` counts the records in which all is known that a
    table reads.
    """
    tally = Tally(list(_rows()), structure_columns(facts, structures, Unit.COUNT, shared=shared))
    looks = look(facts)
    for item in looks:
        _count(tally, item)
    if shared:
        tally.set_shared(structures)
    counts = tally.values()
    columns = [*structures, "TOTAL"]
    shares, measures = _shares(counts, columns)
    delays, parts = _delays(tally, looks, columns)
    return Table(
        id="B19",
        title="Qualité des données",
        rule=_rule(facts.lists.limits),
        row_heading="Fiches, champs",
        columns=tally.columns,
        rows=tally.rows,
        values=counts | shares | delays,
        chart=Chart(
            ChartKind.BARS,
            "Part renseignée de chaque champ",
            ("TOTAL",) if shared else tuple(structures),
            tuple(field.key for group in GROUPS for field in group.fields),
        ),
        parts=(*tally.parts, *parts),
        measures=measures | {cell: Quantile(0.5) for cell in delays},
    )


def _rule(limits: dict[str, int]) -> str:
    return (
        "Fiches que lisent les tableaux de la période, et ce qui y manque. Personnes : telles "
        "qu’elles étaient à l’entrée de leur premier parcours suivi ; parcours : tels qu’ils "
        "étaient à leur entrée. Part renseignée : sur les fiches de la ligne du groupe, arrondie "
        "vers le bas ; 100 % veut dire toutes. Fiche complète : tout ce qu’un tableau lit y est. "
        "Travail de réseau à part. Réponse : celle d’une orientation proposée depuis plus de "
        f"{limits['ANSWER']} jours. Saisi tardivement : plus de {limits['LATE']} jours après "
        "l’acte ; ce qui vient d’un classeur n’est pas une saisie. À vérifier, sans être "
        f"forcément faux : âge à l’entrée de moins de {limits['YOUNGEST']} ans ou de plus de "
        f"{limits['OLDEST']} ans, parcours ouvert sans acte depuis {limits['QUIET']} jours, deux "
        "parcours ouverts de la même personne et de la même référente, acte de même conseiller, "
        "jour, type, durée et parcours qu’un autre, journée d’une même personne de plus de "
        f"{_hours(limits['DAY'])}. Une fiche partagée compte une fois dans le total du réseau."
    )


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d}" if rest else f"{hours} heures"


def _rows() -> Iterator[Row]:
    for group in GROUPS:
        yield Row(group.key, group.label, RowKind.SUBTOTAL)
        if len(group.fields) > 1:
            yield Row(f"{group.key}_complete", "Fiches complètes", level=1)
        for field in group.fields:
            yield Row(
                field.key, f"{field.label}, part renseignée", level=1, unit=Unit.PERCENT,
                optional=True,
            )  # fmt: skip
            yield Row(f"{field.key}_missing", f"{field.label}, à compléter", level=1)
        for oddity in group.oddities:
            yield Row(oddity.key, oddity.label, level=1)
        if group.key == "typed":
            yield Row("delay", "Délai médian de saisie (jours)", level=1, unit=Unit.DAYS,
                      optional=True)  # fmt: skip


def _count(tally: Tally, look: Look) -> None:
    group = look.group
    read = [field.key for field in group.fields if field.tables]
    for frame, whole in ((look.network, True), (look.own, False)):
        ids = frame["id"].to_numpy()
        column: Keys = "TOTAL" if whole else frame["structure"].array
        marks = {key: frame[key].to_numpy() for key in look.keys}
        tally.count(group.kind, ids, group.key, column)
        counted = {f"{field.key}_missing": marks[field.key] for field in group.fields}
        counted |= {oddity.key: marks[oddity.key] for oddity in group.oddities}
        if len(group.fields) > 1:
            counted[f"{group.key}_complete"] = ~np.any([marks[key] for key in read], axis=0)
        for row, held in counted.items():
            tally.count(group.kind, ids[held], row, column if whole else column[held])


def _shares(
    counts: Values, columns: Sequence[str]
) -> tuple[Values, dict[tuple[str, str], Measure]]:
    """Whole per cent of the group's records in which each field is known."""
    found: Values = {}
    measures: dict[tuple[str, str], Measure] = {}
    for group in GROUPS:
        for column in columns:
            concerned = counts.get((group.key, column), 0)
            for field in group.fields if concerned else ():
                missing = counts.get((f"{field.key}_missing", column), 0)
                found[field.key, column] = 100 * (concerned - missing) // concerned
                measures[field.key, column] = Known(group.key, f"{field.key}_missing")
    return found, measures


def _delays(
    tally: Tally, looks: Sequence[Look], columns: Sequence[str]
) -> tuple[Values, list[Part]]:
    """Days from the act to its entry: the median, by linear interpolation, and what it is of."""
    (typed,) = (look for look in looks if look.group.key == "typed")
    row = next(i for i, item in enumerate(tally.rows) if item.key == "delay")
    found: Values = {}
    parts = []
    for place, column in enumerate(item.key for item in tally.columns):
        own = typed.own
        frame = typed.network if column == "TOTAL" else own[own["structure"] == column]
        if len(frame) and column in columns:
            delays = frame["delay"].to_numpy()
            found["delay", column] = quantile(delays, 0.5)
            here = (np.full(len(frame), row), np.full(len(frame), place))
            parts.append(Part("act", frame["id"].to_numpy(), *here, amounts=delays))
    return found, parts


def persons(table: Table, period: Period) -> Persons:
    """What is missing of persons is for the structures to mend: the Région reads what is unknown
    in the rows and columns « Non renseigné » of B03, B04 and B05."""
    declared = Persons(table, period)
    of_persons: set[str] = set()
    for row in table.rows:
        if row.kind is RowKind.SUBTOTAL:
            current = row.key
        if current == "persons":
            of_persons.add(row.key)
    declared.left_out_rows = frozenset(of_persons)
    return declared
