"""From what was typed to the record that it names, among those that the person may see."""

from __future__ import annotations

import datetime as dt
from typing import Any

import flask
from flask_login import current_user
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.actions.auditing import shown
from ramsess.actions.refusals import Checks
from ramsess.models import (
    Account,
    Adviser,
    Assignment,
    Beneficiary,
    Involvement,
    Parcours,
    ParcoursBeneficiary,
    Project,
    Structure,
)
from ramsess.models.calendar import today
from ramsess.models.names import normalise

SHOWN = 8
UNDATED = "sans date de naissance"
#: Namesakes in one order always: whatever order their rows lie in.
BY_NAME = (Beneficiary.search_key, Beneficiary.birth_date, Beneficiary.id)
LONGEST_SEARCH, MOST_WORDS = 200, 8


def structure_choices(account: Account) -> list[tuple[int, str]]:
    """The structures in whose name the account records; the one she works for now comes first."""
    structures = account.structures("adviser", "manager")
    structures.sort(key=lambda item: item.id != flask.session.get("structure"))
    return [(item.id, item.name) for item in structures]


def colleagues(session: Session) -> list[tuple[str, str]]:
    """Every adviser's post, past ones included: ``adviser:structure`` and who it is."""
    rows = session.execute(
        select(Assignment, Adviser, Structure)
        .join(Adviser, Adviser.id == Assignment.adviser_id)
        .join(Structure, Structure.id == Assignment.structure_id)
        .order_by(Structure.name, Adviser.last_name, Adviser.first_name)
    )
    return list(
        dict.fromkeys(
            (f"{adviser.id}:{structure.id}", f"{structure.name} — {adviser.name}")
            for _, adviser, structure in rows
        )
    )


def find_parcours(session: Session, text: str, limit: int = SHOWN) -> list[Parcours]:
    """Parcours that the person sees whose reference, people or project hold every word typed."""
    shown(session, "search_parcours", account_id=current_user.id)
    query = (
        select(Parcours)
        .where(Parcours.id.in_(policy.parcours_seen(current_user, today())))
        .where(*parcours_answering(text))
        .order_by(Parcours.exited_on.is_not(None), Parcours.entered_on.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def parcours_answering(text: str) -> list[ColumnElement[bool]]:
    """What parcours must satisfy: that reference, or every word in their people or project."""
    reference = text[:LONGEST_SEARCH].strip().split(" ")[0].upper()
    if reference.startswith("P-"):
        return [Parcours.reference.startswith(reference, autoescape=True)]
    kept: list[ColumnElement[bool]] = []
    for word in words_of(text):
        people = (
            select(ParcoursBeneficiary.parcours_id)
            .join(Beneficiary, Beneficiary.id == ParcoursBeneficiary.beneficiary_id)
            .where(Beneficiary.search_key.contains(word, autoescape=True))
        )
        projects = select(Project.id).where(Project.search_key.contains(word, autoescape=True))
        kept.append(Parcours.id.in_(people) | Parcours.project_id.in_(projects))
    return kept


def holding(key: Any, text: str) -> list[ColumnElement[bool]]:
    """What records must satisfy: their *key* holds every word."""
    return [key.contains(word, autoescape=True) for word in words_of(text)]


def words_of(text: str) -> list[str]:
    """The words of what was typed, as keys are written."""
    return normalise(text[:LONGEST_SEARCH]).split()[:MOST_WORDS]


def choose_parcours(session: Session, checks: Checks, field: str, text: str) -> Parcours | None:
    """The one parcours that *text* names; none for an empty text; refused otherwise."""
    if not text.strip():
        return None
    found = find_parcours(session, text)
    reference = text.strip().split(" ")[0].upper()
    named = [item for item in found if item.reference == reference] or found
    if len(named) == 1:
        return named[0]
    if found:
        names = " ; ".join(parcours_label(item) for item in found)
        checks.refuse(field, f"Plusieurs parcours répondent ; écrivez la référence : {names}.")
    else:
        checks.refuse(field, "Aucun de vos parcours ne répond à cette recherche.")
    return None


def parcours_label(parcours: Parcours) -> str:
    """``P-2009-0042 — Épicerie (Ana Fictive)``."""
    people = ", ".join(person.name for person in parcours.beneficiaries)
    return f"{parcours.reference} — {parcours.project.title} ({people})"


def find_people(session: Session, text: str, limit: int = SHOWN) -> list[Beneficiary]:
    """People whom the person may see and whose name holds every word typed."""
    shown(session, "search_people", account_id=current_user.id)
    query = select(Beneficiary).where(Beneficiary.id.in_(policy.people_seen(current_user, today())))
    query = query.where(*holding(Beneficiary.search_key, text))
    return list(session.scalars(query.order_by(*BY_NAME).limit(limit)))


def accompanied_people(session: Session, structure_id: int, day: dt.date) -> list[Beneficiary]:
    """People on a parcours in which a structure takes part on *day*, by name."""
    on_parcours = (
        select(ParcoursBeneficiary.beneficiary_id)
        .join(Parcours, Parcours.id == ParcoursBeneficiary.parcours_id)
        .join(Involvement, Involvement.parcours_id == Parcours.id)
        .where(
            Involvement.structure_id == structure_id,
            Involvement.joined_on <= day,
            or_(Involvement.left_on.is_(None), Involvement.left_on >= day),
            or_(Parcours.exited_on.is_(None), Parcours.exited_on >= day),
        )
    )
    return list(
        session.scalars(
            select(Beneficiary)
            .where(
                Beneficiary.id.in_(on_parcours),
                Beneficiary.id.in_(policy.people_seen(current_user, today())),
            )
            .order_by(*BY_NAME)
        )
    )


def person_label(person: Beneficiary) -> str:
    """``Ana Fictive (04/05/1980)``: tells two people of one name apart."""
    born = f"{person.birth_date:%d/%m/%Y}" if person.birth_date else UNDATED
    return f"{person.name} ({born})"


def _full_names(person: Beneficiary) -> set[str]:
    return {
        normalise(f"{person.first_name} {person.last_name}"),
        normalise(f"{person.last_name} {person.first_name}"),
    }


def _born(person: Beneficiary, said: str) -> bool:
    if not said:
        return True
    if person.birth_date is None:
        return said == UNDATED
    return said in (f"{person.birth_date:%d/%m/%Y}", str(person.birth_date.year))


def choose_people(session: Session, checks: Checks, field: str, text: str) -> list[Beneficiary]:
    """The people that *text* names in full, separated by « ; ».

    A birth date or year in brackets tells namesakes apart.
    """
    chosen = []
    for part in filter(None, (item.strip() for item in text.split(";"))):
        name, _, rest = part.partition("(")
        born = rest.strip(" )")
        found = find_people(session, name, 50) if normalise(name) else []
        exact = [p for p in found if normalise(name) in _full_names(p) and _born(p, born)]
        if len(exact) == 1:
            chosen.append(exact[0])
        elif exact or found:
            names = " ; ".join(person_label(person) for person in (exact or found)[:SHOWN])
            checks.refuse(field, f"« {part} » : précisez de qui il s’agit : {names}.")
        else:
            checks.refuse(field, f"« {part} » : personne de ce nom parmi celles que vous suivez.")
    return list({person.id: person for person in chosen}.values())
