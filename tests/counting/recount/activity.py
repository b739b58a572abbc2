"""The tables of acts and sessions: B05, B08 to B11, B21."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from tests.counting.recount.cells import Cells
from tests.counting.recount.records import Parcours, Period, Person
from tests.counting.recount.views import View, accompanied, acts_in, followed_stays, sessions_in

COMMUNES = Path(__file__).parents[3] / "ramsess" / "data" / "communes_paca.csv"
with COMMUNES.open(encoding="utf-8") as file:
    REGION = {
        row["code_insee"]: (row["departement"], row["code_epci"]) for row in csv.DictReader(file)
    }


def places(commune: str | None) -> list[str]:
    """The rows of B05 that a commune counts in."""
    if commune is None:
        return ["NR", "TOTAL"]
    if commune not in REGION:
        return ["HR", "TOTAL"]
    department, epci = REGION[commune]
    return [department, epci, "TOTAL"]


def b05_territory(view: View, period: Period) -> Cells:
    """Persons by their commune at entry, followed parcours by the project's, acts and minutes by
    the act's, else its parcours' project's."""
    cells: Counter[tuple[str, str]] = Counter()
    for person in accompanied(view, period).values():
        for place in places(person.row["commune_insee"]):
            cells[place, "persons"] += 1
    for stay in followed_stays(view, period):
        for place in places(stay.parcours.project["commune_insee"]):
            cells[place, "parcours"] += 1
    for act in acts_in(view, period):
        projects = act.parcours.project["commune_insee"] if act.parcours else None
        for place in places(act.commune or projects):
            cells[place, "acts"] += 1
            cells[place, "minutes"] += act.minutes
    return dict(cells)


def b08_acts(view: View, period: Period) -> dict[str, float]:
    """Acts by type, sessions included, with the families' subtotals."""
    rows: Counter[str] = Counter()
    for act in acts_in(view, period):
        for row in (act.type, act.family, "TOTAL"):
            rows[row] += 1
    return dict(rows)


def b09_minutes(view: View, period: Period) -> dict[str, float]:
    """Rule 2: the same rows as B08, in minutes of the advisers."""
    rows: Counter[str] = Counter()
    for act in acts_in(view, period):
        for row in (act.type, act.family, "TOTAL"):
            rows[row] += act.minutes
    return dict(rows)


def b10_months(view: View, period: Period) -> Cells:
    """By month of the act, of the entry, of the session."""
    cells: Counter[tuple[str, str]] = Counter()
    for act in acts_in(view, period):
        for row in (f"{act.date:%Y-%m}", "TOTAL"):
            cells[row, "acts"] += 1
            cells[row, "minutes"] += act.minutes
            if act.is_session:
                cells[row, "sessions"] += 1
                cells[row, "attendances"] += len(act.persons) + act.anonymous
    for stay in view.stays:
        if stay.entered in period:
            for row in (f"{stay.entered:%Y-%m}", "TOTAL"):
                cells[row, "entries"] += 1
    return dict(cells)


def b11_sessions(view: View, period: Period) -> Cells:
    """Rule 7: sessions, attendances and distinct persons, never mixed."""
    cells: Counter[tuple[str, str]] = Counter()
    persons: dict[str, set[Person]] = {}
    for session in sessions_in(view, period):
        for row in (session.type, "TOTAL"):
            cells[row, "sessions"] += 1
            cells[row, "known"] += len(session.persons)
            cells[row, "anonymous"] += session.anonymous
            cells[row, "minutes"] += session.minutes
            persons.setdefault(row, set()).update(session.persons)
    for row, distinct in persons.items():
        cells[row, "distinct"] = len(distinct)
    return dict(cells)


def b21_schemes(view: View, period: Period) -> Cells:
    """By scheme: acts (sessions included), and the parcours and persons that they concern."""
    cells: Counter[tuple[str, str]] = Counter()
    parcours: dict[str, set[Parcours]] = {}
    persons: dict[str, set[Person]] = {}
    for act in acts_in(view, period):
        for row in (act.scheme, "TOTAL"):
            cells[row, "acts"] += 1
            cells[row, "minutes"] += act.minutes
            cells[row, "sessions"] += act.is_session
            persons.setdefault(row, set()).update(act.persons)
            if act.parcours:
                parcours.setdefault(row, set()).add(act.parcours)
                persons[row].update(act.parcours.people)
    for row, distinct in persons.items():
        cells[row, "persons"] = len(distinct)
        cells[row, "parcours"] = len(parcours.get(row, ()))
    return dict(cells)
