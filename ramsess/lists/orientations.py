"""Orientations that one's structures proposed; those they are asked name nobody and stand apart."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Date, Select, String, case, cast, func
from sqlalchemy.orm import aliased

from ramsess import policy
from ramsess.actions.orientations import ANSWER_WITHIN, waiting_first
from ramsess.lists.filters import between, code_list, structure_filter
from ramsess.lists.listing import Column, Filter, Listing, Target
from ramsess.lists.parcours import people_of_parcours
from ramsess.models import Account, Beneficiary, Orientation, Parcours, Partner, Structure
from ramsess.models.calendar import today
from ramsess.models.orientation import ANSWERS

_Sender, _Receiver = aliased(Structure), aliased(Structure)


def _sent_by(account: Account) -> list[ColumnElement[bool]]:
    return [
        Orientation.id.in_(policy.orientations_seen(account, today())),
        Orientation.from_structure_id.in_(policy.structure_ids(account)),
    ]


def _joins(query: Select[Any]) -> Select[Any]:
    return (
        query.join(_Sender, _Sender.id == Orientation.from_structure_id)
        .outerjoin(_Receiver, _Receiver.id == Orientation.to_structure_id)
        .outerjoin(Partner, Partner.code == Orientation.partner_code)
        .outerjoin(Parcours, Parcours.id == Orientation.parcours_id)
        .outerjoin(Beneficiary, Beneficiary.id == Orientation.beneficiary_id)
    )


_WAITED = cast(func.sight.today(), Date) - Orientation.proposed_on
_LATE = Orientation.answer.is_(None) & (_WAITED > ANSWER_WITHIN)


def _state(said: str) -> ColumnElement[bool]:
    if said == "retard":
        return _LATE
    if said == "attente":
        return Orientation.answer.is_(None)
    return Orientation.answer == said


_STATES = [("attente", "En attente"), ("retard", "En attente, en retard"), *ANSWERS.items()]


def _parcours(row: object) -> Target | None:
    reference = getattr(row, "parcours", None)
    return ("parcours.show", {"reference": reference}) if reference else None


ORIENTATIONS = Listing(
    name="orientations",
    title="Orientations envoyées",
    noun=("orientation", "orientations"),
    endpoint="orientations.index",
    action="see_orientations",
    key=Orientation.id,
    seen=_sent_by,
    joins=_joins,
    columns=(
        Column("date", "Proposée le", Orientation.proposed_on, "date", 12),
        Column("de", "De", _Sender.name, width=20),
        Column(
            "vers", "Vers", func.coalesce(_Receiver.name, Partner.label), width=24,
            link=lambda row: ("orientations.show", {"public_id": row.public_id}),
        ),
        Column("parcours", "Parcours", Parcours.reference, width=15, link=_parcours),
        Column(
            "personnes", "À propos de",
            func.coalesce(
                Beneficiary.first_name + " " + Beneficiary.last_name,
                people_of_parcours(),
                "un parcours que votre structure a quitté",
            ),
            width=30, sorts=False,
        ),
        Column(
            "reponse", "Réponse",
            case(
                *((Orientation.answer == code, label) for code, label in ANSWERS.items()),
                (_LATE, "sans réponse depuis " + cast(_WAITED, String) + "\u00a0jours"),
                else_="En attente",
            ),
            width=26, sorts=False,
        ),
        Column("repondu", "Répondu le", Orientation.answered_on, "date", 12),
    ),
    order=(*waiting_first(Orientation.answer, Orientation.proposed_on), Orientation.id.desc()),
    keys=(Orientation.public_id,),
    filters=(
        Filter("etat", "Réponse", _state, lambda _: _STATES),
        structure_filter("vers", "Vers", lambda number: Orientation.to_structure_id == number),
        Filter(
            "partenaire", "Vers un partenaire", lambda code: Orientation.partner_code == code,
            code_list("partners"), "Tous",
        ),
        *between(Orientation.proposed_on, "Proposée du"),
    ),
    noted="read_orientations",
)  # fmt: skip
