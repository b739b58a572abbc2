"""The records to mend, as lines of a page: what each is, and where it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from flask import url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ramsess import policy
from ramsess.database import db
from ramsess.models import Act, Beneficiary, Orientation, Parcours, Structure
from ramsess.models.calendar import today
from ramsess.reports.missing import Line
from ramsess.views.typography import day

#: Where a field is: the page that mends it, and its place there.
ENTRY = {
    "birth_date": "birth_date",
    "age": "birth_date",
    "sex": "sex_code",
    "situation": "situation_code",
    "education": "education_code",
    "person_commune": "commune_code",
    "rsa": "rsa",
    "qpv": "qpv",
    "sector": "entry_sector_code",
    "legal_form": "entry_legal_form_code",
    "project_commune": "entry_commune_code",
}
EXIT = {"outcome": "outcome", "jobs": "jobs_created"}
ACT = {
    "whom": "parcours",
    "act_commune": "commune",
    "session_commune": "commune",
    "modality": "modality",
    "after_exit": "done_on",
    "same": "type",
    "long_day": "minutes",
    "late": "done_on",
}
LEFT = "Parcours que votre structure a quitté : sa référente peut le compléter."
NAMELESS = "Personne dont l’identité a été retirée : rien n’est à compléter."
NOT_OURS = "Fiche d’une autre structure, qui peut la compléter."


@dataclass(frozen=True)
class Row:
    """A record: *text* says what it is, *detail* more; *address* where it is mended, if one may."""

    text: str
    detail: str = ""
    address: str = ""


def rows(line: Line, records: pd.DataFrame, *, named: bool) -> list[Row]:
    """The lines of *records* (of *line*), in their order.

    *named*: for who sees people; else references alone, which lead nowhere.
    """
    ids = [int(one) for one in records["id"]]
    parcours = [int(one) for one in records["parcours"]]
    if line.group.kind == "act":
        return _acts(line.point.key, ids, named)
    if line.group.kind == "orientation":
        return _orientations(ids, named)
    people = ids if line.group.kind == "person" else []
    return _on_parcours(line.point.key, parcours, people, named)


def _on_parcours(key: str, ids: list[int], people: list[int], named: bool) -> list[Row]:
    query = select(Parcours).where(Parcours.id.in_(ids)).options(joinedload(Parcours.project))
    if named:
        query = query.where(Parcours.id.in_(policy.parcours_seen(current_user, today())))
    found = {one.id: one for one in db.session.scalars(query)}
    persons: dict[int, Beneficiary] = {}
    if named and people:
        seen = policy.people_seen(current_user, today())
        asked = select(Beneficiary).where(Beneficiary.id.in_(people), Beneficiary.id.in_(seen))
        persons = {one.id: one for one in db.session.scalars(asked)}
    lines = []
    for place, parcours_id in enumerate(ids):
        parcours = found.get(parcours_id)
        person = persons.get(people[place]) if people else None
        if parcours is None:
            lines.append(Row(LEFT))
        elif not named:
            lines.append(Row(parcours.reference, f"référente : {parcours.lead.name}"))
        else:
            told = f"{parcours.reference} {parcours.project.title}"
            nobody = people and person is None
            name = NAMELESS if nobody else person.name if person else told
            address = "" if nobody else _mending(key, parcours, person)
            lines.append(Row(name, told if people else "", address))
    return lines


def _mending(key: str, parcours: Parcours, person: Beneficiary | None) -> str:
    """The page where the field is, at the field."""
    if key in ENTRY:
        anchor = f"{person.public_id}-{ENTRY[key]}" if person else ENTRY[key]
        return url_for("completion.edit", reference=parcours.reference, _anchor=anchor)
    if key in EXIT:
        return url_for("parcours.exit_form", reference=parcours.reference, _anchor=EXIT[key])
    return url_for("parcours.show", reference=parcours.reference)


def _acts(key: str, ids: list[int], named: bool) -> list[Row]:
    query = (
        select(Act)
        .where(Act.id.in_(ids))
        .options(
            joinedload(Act.type),
            joinedload(Act.structure),
            joinedload(Act.group_session),
            joinedload(Act.parcours).joinedload(Parcours.project),
        )
    )
    if named:
        query = query.where(Act.id.in_(policy.acts_seen(current_user)))
    found = {one.id: one for one in db.session.scalars(query)}
    return [_act(key, found.get(one), named) for one in ids]


def _act(key: str, act: Act | None, named: bool) -> Row:
    if act is None:
        return Row(NOT_OURS)
    held, parcours = act.group_session, act.parcours
    text = f"{day(act.done_on)}, {act.type.label}"
    if not named:
        return Row(text, f"{act.structure.name}{f', {parcours.reference}' if parcours else ''}")
    detail = (
        held.title if held else f"{parcours.reference} {parcours.project.title}" if parcours else ""
    )
    return Row(text, detail, _act_page(key, act))


def _act_page(key: str, act: Act) -> str:
    """The form of who may correct the act, at the field; its page for the others."""
    views = "sessions" if act.group_session else "acts"
    if key == "attendance" or not policy.may_correct_act(current_user, act):
        return url_for(f"{views}.show", public_id=act.public_id)
    return url_for(f"{views}.edit", public_id=act.public_id, _anchor=ACT[key])


def _orientations(ids: list[int], named: bool) -> list[Row]:
    """An offer is answered without being told whom it is about."""
    own = policy.structure_ids(current_user) if named else set()
    query: Any = select(
        Orientation.id,
        Orientation.public_id,
        Orientation.proposed_on,
        Orientation.from_structure_id,
        Orientation.to_structure_id,
    ).where(Orientation.id.in_(ids))
    found = {row.id: row for row in db.session.execute(query)}
    names: dict[int, str] = dict(db.session.execute(select(Structure.id, Structure.name)).all())
    lines = []
    for one in ids:
        row = found.get(one)
        if row is None:
            lines.append(Row("Orientation reçue", "", url_for("orientations.index")))
            continue
        to = names.get(row.to_structure_id, "un partenaire")
        text = f"{names[row.from_structure_id]} vers {to}, proposée le {day(row.proposed_on)}"
        mine = row.from_structure_id in own
        address = url_for("orientations.show", public_id=row.public_id) if mine else ""
        lines.append(Row(text, "", address))
    return lines


__all__ = ["Row", "rows"]
