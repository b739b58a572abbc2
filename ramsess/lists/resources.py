"""The resources that the structures share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Date, Select, cast, func, select

from ramsess.forms.choices import holding
from ramsess.lists.filters import code_filter, code_list
from ramsess.lists.listing import Column, Filter, Listing, names
from ramsess.models import (
    Phase,
    Resource,
    ResourceKind,
    ResourcePhase,
    Speciality,
    Structure,
)

_STAGES = (
    select()
    .select_from(ResourcePhase)
    .where(ResourcePhase.resource_id == Resource.id)
    .correlate(Resource)
)


def _joins(query: Select[Any]) -> Select[Any]:
    return (
        query.join(ResourceKind, ResourceKind.code == Resource.kind_code)
        .join(Speciality, Speciality.code == Resource.theme_code)
        .join(Structure, Structure.id == Resource.structure_id)
    )


def _serves(code: str) -> ColumnElement[bool]:
    """Made for that phase; one without phase serves at any."""
    stages = _STAGES.with_only_columns(ResourcePhase.phase_code)
    return stages.where(ResourcePhase.phase_code == code).exists() | ~stages.exists()


RESOURCES = Listing(
    name="ressources",
    title="Ressources du réseau",
    noun=("ressource", "ressources"),
    endpoint="resources.index",
    action="see_resources",
    key=Resource.id,
    seen=lambda _account: [],
    joins=_joins,
    columns=(
        Column("genre", "Genre", ResourceKind.label, width=16),
        Column(
            "titre", "Titre", Resource.title, width=40,
            link=lambda row: ("resources.show", {"public_id": row.public_id}),
        ),
        Column("theme", "Thème", Speciality.label, width=28),
        Column(
            "phases", "Phases",
            names(
                _STAGES.join(Phase, Phase.code == ResourcePhase.phase_code),
                Phase.label, Phase.position,
            ),
            width=30, sorts=False,
        ),
        Column("structure", "Apportée par", Structure.name, width=22),
        Column(
            "ajout", "Ajoutée le",
            cast(func.timezone("Europe/Paris", Resource.recorded_at), Date), "date", 12,
        ),
    ),
    order=(Resource.recorded_at.desc(), Resource.id.desc()),
    keys=(Resource.public_id,),
    filters=(
        Filter("phase", "Phase", _serves, code_list("phases")),
        code_filter("theme", "Thème", "specialities", Resource.theme_code, first="Tous"),
        code_filter("genre", "Genre", "resource_kinds", Resource.kind_code, first="Tous"),
    ),
    searched="Mots du titre ou de la description",
    answers=lambda text: holding(Resource.search_key, text),
)  # fmt: skip
