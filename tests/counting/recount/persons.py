"""The tables of persons: B03, B04, B18."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from tests.counting.recount.cells import Cells, crossed
from tests.counting.recount.records import Period, Person
from tests.counting.recount.views import View, accompanied, acts_in


def age_band(born: dt.date | None, on: dt.date) -> str:
    """Age in completed years; born on 29 February, one ages on 1 March of a common year."""
    if born is None:
        return "NR"
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    for below, band in (
        (18, "<18"),
        (26, "18-25"),
        (30, "26-29"),
        (45, "30-44"),
        (55, "45-54"),
        (65, "55-64"),
    ):
        if age < below:
            return band
    return ">=65"


def b03_sex_and_age(view: View, period: Period) -> Cells:
    return crossed(
        (age_band(one.row["date_naissance"], one.on), one.value("sexe"))
        for one in accompanied(view, period).values()
    )


def b04_situation_and_education(view: View, period: Period) -> Cells:
    persons = accompanied(view, period).values()
    cells = Counter(crossed((p.value("situation"), p.value("niveau_formation")) for p in persons))
    for heading, row in (("rsa", "RSA"), ("qpv", "QPV")):
        for person in persons:
            if person.row[heading] == "oui":
                cells[row, person.value("niveau_formation")] += 1
                cells[row, "TOTAL"] += 1
    return dict(cells)


def b18_reception(view: View, period: Period) -> Cells:
    """Rule 6: named by an ACC act or at a session, and on no followed parcours; and anonymous."""
    on_parcours = set(accompanied(view, period))
    persons: dict[str, set[Person]] = {}
    cells: Counter[tuple[str, str]] = Counter()
    for act in acts_in(view, period):
        if act.is_reception:
            for row in (act.type, "TOTAL"):
                persons.setdefault(row, set()).update(act.persons - on_parcours)
                cells[row, "anonymous"] += act.anonymous
    for row, received in persons.items():
        cells[row, "persons"] = len(received)
    return dict(cells)
