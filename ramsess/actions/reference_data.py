"""Load what every network starts with: code lists, territory, roles, founding structures."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ramsess.database import Base
from ramsess.models import (
    CODE_LISTS,
    Commune,
    Department,
    DlaTerm,
    Epci,
    Membership,
    Positioning,
    Presentation,
    Role,
    Structure,
)
from ramsess.models.names import normalise

ROLES = {
    "adviser": "Chargé·e d’accompagnement",
    "manager": "Responsable de structure",
    "coordinator": "Coordination du réseau",
    "funder": "Région",
    "admin": "Administration technique",
    "dpo": "Délégué·e à la protection des données",
}
FOUNDED_ON = dt.date(2009, 1, 1)


def load_reference_data(session: Session) -> None:
    """Add what is missing; what is there, perhaps changed by an administrator, stays."""
    _load_code_lists(session)
    _add(session, DlaTerm, list(_rows("correspondence_dla.csv")))
    _load_territory(session)
    _add(session, Role, [{"name": name, "label": label} for name, label in ROLES.items()])
    _load_structures(session)
    _load_positioning(session)


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("ramsess") / "data" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _add(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(model).on_conflict_do_nothing(), rows)


def _load_code_lists(session: Session) -> None:
    by_list: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows("nomenclatures.csv"):
        item: dict[str, Any] = {
            "code": row["code"],
            "label": row["label"],
            "position": int(row["position"]),
        }
        if row["list"] == "act_types":
            item |= {
                "family_code": row["family"],
                "kind": row["kind"],
                "usual_minutes": int(row["usual_minutes"]),
            }
        if row["amount"]:
            item["amount"] = int(row["amount"])
        by_list[row["list"]].append(item)
    for name, model in CODE_LISTS.items():
        _add(session, model, by_list[name])  # type: ignore[arg-type]  # every list is a Base


def _load_territory(session: Session) -> None:
    communes = list(_rows("communes_paca.csv"))
    people: dict[str, Counter[str]] = defaultdict(Counter)
    names: dict[str, str] = {}
    for row in communes:
        people[row["code_epci"]][row["departement"]] += int(row["population"] or 0)
        names[row["code_epci"]] = row["nom_epci"].replace('"', "").strip()
    _add(session, Department, list(_rows("departments.csv")))
    _add(
        session,
        Epci,
        [
            {"code": code, "name": names[code], "department_code": count.most_common(1)[0][0]}
            for code, count in people.items()
        ],
    )
    _add(
        session,
        Commune,
        [
            {
                "code": row["code_insee"],
                "name": row["nom"],
                "search_key": normalise(row["nom"]),
                "postcodes": row["codes_postaux"],
                "department_code": row["departement"],
                "epci_code": row["code_epci"],
            }
            for row in communes
        ],
    )


def founding_structures() -> dict[str, bool]:
    """The structures of 2009 by code, and whether each was a member then."""
    return {row["code"]: row["membre_2009"] == "oui" for row in _rows("structures_2009.csv")}


def _load_structures(session: Session) -> None:
    rows = list(_rows("structures_2009.csv"))
    _add(
        session,
        Structure,
        [{"code": r["code"], "name": r["nom"], "note": r["note"]} for r in rows],
    )
    founders = [code for code, member in founding_structures().items() if member]
    known = select(Membership.structure_id)
    without = session.scalars(
        select(Structure.id).where(Structure.code.in_(founders), Structure.id.not_in(known))
    )
    _add(
        session,
        Membership,
        [{"structure_id": identifier, "joined_on": FOUNDED_ON} for identifier in without],
    )


def _load_positioning(session: Session) -> None:
    """A starting point for structures that have no line: theirs to change, public once they say so.

    It is ours, and checked with nobody.
    """
    known = dict(session.execute(select(Structure.code, Structure.id)).all())
    there = set(session.scalars(select(Presentation.structure_id)))
    rows = [r for r in _rows("positioning_2009.csv") if known[r["structure"]] not in there]
    _add(session, Presentation, [{"structure_id": known[r["structure"]]} for r in rows])
    _add(
        session,
        Positioning,
        [
            {
                "structure_id": known[row["structure"]],
                "phase_code": phase,
                "speciality_code": speciality,
                "degree_code": row["degree"],
            }
            for row in rows
            for phase in row["phases"].split()
            for speciality in row["specialities"].split()
        ],
    )
