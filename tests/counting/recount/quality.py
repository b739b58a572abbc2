"""The quality of the data: B19."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from tests.counting.recount.cells import Cells
from tests.counting.recount.records import Act, Network, Parcours, Period
from tests.counting.recount.views import (
    View,
    accompanied,
    exit_stays,
    followed_stays,
    of_structure,
    whole,
)

CODES = Path(__file__).parents[3] / "ramsess" / "data" / "nomenclatures.csv"
with CODES.open(encoding="utf-8") as file:
    KINDS = {row["code"]: row["kind"] for row in csv.DictReader(file) if row["kind"]}

#: Rows that say in how many of a group's records a thing is unknown: (group, row).
HEADINGS = {
    "persons": {
        "sex": "sexe",
        "situation": "situation",
        "education": "niveau_formation",
        "birth_date": "date_naissance",
        "person_commune": "commune_insee",
        "rsa": "rsa",
        "qpv": "qpv",
    },
    "parcours": {
        "sector": "secteur",
        "legal_form": "forme_juridique",
        "project_commune": "commune_insee",
        "people": "bénéficiaires",
    },
    "exits": {"outcome": "motif_sortie"},
}
GROUPS = {
    **{group: list(rows) for group, rows in HEADINGS.items()},
    "individual": ["whom", "act_commune", "modality"],
    "sessions": ["attendance", "session_commune"],
    "orientations": ["answer"],
}


def b19_quality(network: Network, structure: str | None, period: Period) -> Cells:
    """Rule 1: a column a structure; a share has no sum."""
    codes = [structure] if structure else network.structures
    columns = {code: _column(network, of_structure(network, code, period), code, period)
               for code in codes}  # fmt: skip
    columns["TOTAL"] = _column(network, whole(network), None, period)
    cells: Cells = {(row, code): n for code, rows in columns.items() for row, n in rows.items()}
    shares = {row for rows in GROUPS.values() for row in rows}
    if structure is None:
        for row in {row for rows in columns.values() for row in rows} - shares:
            total = columns["TOTAL"].get(row, 0)
            cells[row, "SHARED"] = sum(columns[code].get(row, 0) for code in codes) - total
    return cells


def _column(network: Network, view: View, code: str | None, period: Period) -> dict[str, float]:
    rows: Counter[str] = Counter()
    for person in accompanied(view, period).values():
        _note(rows, "persons", [h for h in HEADINGS["persons"] if not _said(person.row, h)])
        born = person.row["date_naissance"]
        if born:
            age = person.on.year - born.year
            age -= (person.on.month, person.on.day) < (born.month, born.day)
            rows["age"] += not 14 <= age <= 90
    twins, quiet = _twins(network, period), _quiet(network, period)
    for stay in followed_stays(view, period):
        parcours = stay.parcours
        unsaid = [h for h in HEADINGS["parcours"] if not _said(parcours.project, h, "parcours")]
        _note(rows, "parcours", unsaid)
        rows["twins"] += parcours in twins
        rows["quiet"] += parcours in quiet
        reached = [day for day, _ in parcours.phases[1:] if day <= period.last]
        rows["late_phase"] += bool(parcours.exit and any(day > parcours.exit for day in reached))
    for stay in exit_stays(view, period):
        project = stay.parcours.project
        _note(rows, "exits", [] if project["motif_sortie"] else ["outcome"])
        jobs = (project["emplois_créés"] or 0) + (project["emplois_consolidés"] or 0)
        rows["jobs"] += project["motif_sortie"] in ("ABA", "PDV") and jobs > 0
    same, long_day = _same(network, period), _long_day(network, period)
    for act in network.acts:
        if act.date in period and (code is None or any(w.structure == code for w in act.work)):
            rows["work"] += 1
            rows["long_day"] += act in long_day
            _note_act(rows, act, same)
    for group, fields in GROUPS.items():
        for field in fields:
            if rows[group]:
                rows[field] = 100 * (rows[group] - rows[f"{field}_missing"]) // rows[group]
    return dict(rows)


def _said(row: dict[str, object], field: str, group: str = "persons") -> bool:
    return row[HEADINGS[group][field]] not in (None, "", "NR")


def _note(rows: Counter[str], group: str, unsaid: Iterable[str]) -> None:
    rows[group] += 1
    missing = set(unsaid)
    for field in missing:
        rows[f"{field}_missing"] += 1
    if group != "exits":
        rows[f"{group}_complete"] += not missing - {"modality"}


def _note_act(rows: Counter[str], act: Act, same: set[Act]) -> None:
    if KINDS[act.type] == "N":
        return
    place = act.commune or (act.parcours and act.parcours.project["commune_insee"])
    if act.is_session:
        unsaid = {"attendance": act.persons or act.anonymous, "session_commune": place}
        _note(rows, "sessions", [name for name, value in unsaid.items() if not value])
        return
    known = {
        "whom": act.parcours or act.persons or act.anonymous,
        "act_commune": place,
        "modality": act.modality,
    }
    _note(rows, "individual", [name for name, value in known.items() if not value])
    over = act.parcours and act.parcours.exit and act.date > act.parcours.exit
    rows["after_exit"] += bool(over) and act.family != "SUI"
    rows["same"] += act in same


def _open(parcours: Parcours, day: dt.date) -> bool:
    return parcours.entry <= day and (parcours.exit is None or parcours.exit > day)


def _twins(network: Network, period: Period) -> set[Parcours]:
    held = defaultdict(set)
    for parcours in network.parcours:
        if _open(parcours, period.last):
            for person in parcours.people:
                held[person, parcours.lead].add(parcours)
    return {one for several in held.values() if len(several) > 1 for one in several}


def _quiet(network: Network, period: Period) -> set[Parcours]:
    since = period.last - dt.timedelta(days=365)
    alive = {act.parcours for act in network.acts if since < act.date <= period.last}
    return {
        one
        for one in network.parcours
        if _open(one, period.last) and one.entry <= since and one not in alive
    }


def _same(network: Network, period: Period) -> set[Act]:
    done = defaultdict(set)
    for act in network.acts:
        if act.date in period and act.parcours:
            for work in act.work:
                done[work.mail, work.minutes, act.date, act.type, act.parcours].add(act)
    return {act for acts in done.values() if len(acts) > 1 for act in acts}


def _long_day(network: Network, period: Period) -> set[Act]:
    days: Counter[tuple[str, dt.date]] = Counter()
    for act in network.acts:
        for work in act.work:
            days[work.mail, act.date] += work.minutes
    return {
        act
        for act in network.acts
        if act.date in period and any(days[work.mail, act.date] > 840 for work in act.work)
    }
