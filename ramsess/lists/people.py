"""People whom one's structures accompany or received."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select

from ramsess import policy
from ramsess.forms.choices import holding
from ramsess.lists.filters import code_filter, departments
from ramsess.lists.listing import Column, Filter, Listing
from ramsess.models import Beneficiary, Commune, Parcours, ParcoursBeneficiary, Situation
from ramsess.models.calendar import today

_FOLLOWED = exists().where(
    ParcoursBeneficiary.beneficiary_id == Beneficiary.id,
    Parcours.id == ParcoursBeneficiary.parcours_id,
    Parcours.exited_on.is_(None),
)


def _joins(query: Select[Any]) -> Select[Any]:
    return query.outerjoin(Commune, Commune.code == Beneficiary.commune_code).outerjoin(
        Situation, Situation.code == Beneficiary.situation_code
    )


def _lives_in(department: str) -> ColumnElement[bool]:
    communes = select(Commune.code).where(Commune.department_code == department)
    return Beneficiary.commune_code.in_(communes)


PEOPLE = Listing(
    name="personnes",
    title="Personnes",
    noun=("personne", "personnes"),
    endpoint="beneficiaries.index",
    action="see_people",
    key=Beneficiary.id,
    seen=lambda account: [Beneficiary.id.in_(policy.people_seen(account, today()))],
    joins=_joins,
    columns=(
        Column(
            "nom", "Nom", Beneficiary.last_name, width=24,
            link=lambda row: ("beneficiaries.show", {"public_id": row.public_id}),
        ),
        Column("prenom", "Prénom", Beneficiary.first_name),
        Column("naissance", "Naissance", Beneficiary.birth_date, "date", 12),
        Column("commune", "Commune", Commune.name, width=24),
        Column("situation", "Situation", Situation.label, width=28),
    ),
    order=(Beneficiary.search_key, Beneficiary.id),
    keys=(Beneficiary.public_id,),
    filters=(
        Filter(
            "suivi", "Parcours", lambda said: _FOLLOWED if said == "oui" else ~_FOLLOWED,
            lambda _: [("oui", "En cours"), ("non", "Aucun en cours")], "Peu importe",
        ),
        code_filter("situation", "Situation", "situations", Beneficiary.situation_code),
        Filter(
            "departement", "Département", _lives_in, departments, "Tous",
        ),
    ),
    searched="Nom ou prénom",
    answers=lambda text: holding(Beneficiary.search_key, text),
    noted="search_people",
)  # fmt: skip
