"""B20 — corrections: what was corrected since, of periods that are sealed (Rule 11)."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from ramsess.reports.facts import EPOCH, Facts
from ramsess.reports.period import Period, period_name
from ramsess.reports.persons import Persons
from ramsess.reports.table import Column, Row, RowKind, Table, Tally, Unit
from ramsess.reports.tables.axes import TOTAL_ROW

COLUMNS = (
    Column("corrections", "Corrections"),
    Column("acts", "Actes (±)", signed=True),
    Column("minutes", "Heures (±)", Unit.MINUTES, signed=True),
    Column("sessions", "Séances (±)", signed=True),
    Column("attendances", "Présences et personnes anonymes (±)", signed=True),
    Column("parcours", "Parcours (±)", signed=True),
)
# Of the facts, what each column adds up.
AMOUNTS = {"acts": "acts", "minutes": "minutes", "sessions": "sessions",
           "attendances": "attendances", "parcours": "followed"}  # fmt: skip


def build(facts: Facts) -> Table:
    """Sealed periods, and the kinds of correction under each × what they add or take away.

    A period has a row as soon as it was corrected, a kind when there is one of it. The key of a
    period's row is its quarter or year (``2009-T1``, ``2009``), a kind's ends with the kind.
    """
    frame = facts.corrections
    sealed = [_key(*days) for days in _periods(frame)]
    lines = [f"{key}.{kind}" for key, kind in zip(sealed, frame["kind"], strict=True)]
    tally = Tally(_rows(facts, frame, set(lines)), COLUMNS)
    for row in (pd.Categorical(sealed), pd.Categorical(lines), "TOTAL"):
        tally.count("correction", frame["id"], row, "corrections")
        for column, name in AMOUNTS.items():
            counted = frame[name] != 0
            keys = row if isinstance(row, str) else row[counted.to_numpy()]
            tally.add(
                "correction", frame.loc[counted, "id"], frame.loc[counted, name], keys, column
            )
    return Table(
        id="B20",
        title="Corrections",
        rule=(
            "Corrections faites dans la période, de ce qui est daté d’une période scellée : "
            "combien, et ce qu’elles ajoutent (+) ou ôtent (−) à ce que son bilan avait compté. "
            "Elles ne changent aucun autre chiffre : le bilan scellé reste ce qu’il est, et les "
            "autres tableaux comptent les fiches telles qu’elles sont enregistrées."
        ),
        row_heading="Période scellée, nature",
        columns=tally.columns,
        rows=tally.rows,
        values=tally.values(),
        parts=tally.parts,
    )


def persons(table: Table, period: Period) -> Persons:
    """Attendances added or taken away are persons of a report that the Région has already read."""
    declared = Persons(table, period)
    declared.left_out_columns = frozenset({"attendances"})
    return declared


def _periods(frame: pd.DataFrame) -> list[tuple[dt.date, dt.date]]:
    return [
        (EPOCH + dt.timedelta(days=int(since)), EPOCH + dt.timedelta(days=int(until)))
        for since, until in zip(frame["since"], frame["until"], strict=True)
    ]


def _is_year(first: dt.date, last: dt.date) -> bool:
    return (last - first).days > 100


def _key(first: dt.date, last: dt.date) -> str:
    return f"{first.year}" if _is_year(first, last) else f"{first.year}-T{(first.month + 2) // 3}"


def _rows(facts: Facts, frame: pd.DataFrame, there: set[str]) -> list[Row]:
    """The oldest period first; its kinds in the order of the screens."""
    labels = facts.lists.labels("correction_kinds")
    rows = []
    for first, last in sorted(set(_periods(frame)), key=lambda days: (days[1], days[0])):
        key = _key(first, last)
        name = period_name("year" if _is_year(first, last) else "quarter", first)
        rows.append(Row(key, name[0].upper() + name[1:], RowKind.SUBTOTAL))
        rows += [
            Row(f"{key}.{kind}", label, level=1)
            for kind, label in labels.items()
            if f"{key}.{kind}" in there
        ]
    return [*rows, TOTAL_ROW]
