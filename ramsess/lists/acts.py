"""Acts that one's structures recorded or performed, sessions included (they are acts)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, any_, func, select

from ramsess import policy
from ramsess.forms.choices import parcours_answering
from ramsess.lists.filters import advisers, between, code_filter, code_list, structure_filter
from ramsess.lists.listing import IDS, Column, Filter, Listing, Target, joined
from ramsess.lists.parcours import ever_in, phase_on
from ramsess.models import (
    Act,
    ActAdviser,
    ActType,
    Adviser,
    GroupSession,
    Modality,
    Parcours,
    Project,
    Structure,
)

#: What those who took part in the acts of ``IDS`` make together.
SHARES = (
    select(
        ActAdviser.act_id,
        joined(func.trim(Adviser.first_name + " " + Adviser.last_name), ActAdviser.position).label(
            "people"
        ),
        func.string_agg(Structure.name.distinct(), ", ").label("structures"),
        func.sum(ActAdviser.minutes).label("minutes"),
    )
    .join(Adviser, Adviser.id == ActAdviser.adviser_id)
    .join(Structure, Structure.id == ActAdviser.structure_id)
    .where(ActAdviser.act_id == any_(IDS))
    .group_by(ActAdviser.act_id)
    .subquery()
)


def _joins(query: Select[Any]) -> Select[Any]:
    return (
        query.join(ActType, ActType.code == Act.type_code)
        .outerjoin(Modality, Modality.code == Act.modality_code)
        .outerjoin(GroupSession, GroupSession.act_id == Act.id)
        .outerjoin(Parcours, Parcours.id == Act.parcours_id)
        .outerjoin(Project, Project.id == Parcours.project_id)
    )


def _gathers(query: Select[Any]) -> Select[Any]:
    return query.outerjoin(SHARES, SHARES.c.act_id == Act.id)


def _in_phase(code: str) -> ColumnElement[bool]:
    that_day = (
        select(1)
        .select_from(Parcours)
        .where(Parcours.id == Act.parcours_id, phase_on(Act.done_on) == code)
        .correlate(Act)
        .exists()
    )
    return Act.parcours_id.in_(ever_in(code)) & that_day


def _answers(text: str) -> list[ColumnElement[bool]]:
    return [Act.parcours_id.in_(select(Parcours.id).where(*parcours_answering(text)))]


def performed_for(number: int) -> ColumnElement[bool]:
    """Somebody took part in the act for that structure."""
    return Act.id.in_(select(ActAdviser.act_id).where(ActAdviser.structure_id == number))


def _done_by(public_id: str) -> ColumnElement[bool]:
    return Act.id.in_(
        select(ActAdviser.act_id)
        .join(Adviser, Adviser.id == ActAdviser.adviser_id)
        .where(Adviser.public_id == public_id)
    )


def _page(row: Any) -> Target:
    endpoint = "sessions.show" if row.session_id else "acts.show"
    return endpoint, {"public_id": row.public_id}


def _parcours(row: Any) -> Target | None:
    return ("parcours.show", {"reference": row.parcours}) if row.parcours else None


ACTS = Listing(
    name="actes",
    title="Actes",
    noun=("acte", "actes"),
    endpoint="acts.index",
    action="see_acts",
    key=Act.id,
    seen=lambda account: [Act.id.in_(policy.acts_seen(account))],
    joins=_joins,
    gathers=_gathers,
    columns=(
        Column("date", "Date", Act.done_on, "date", 12),
        Column("type", "Type", ActType.label, width=30, link=_page),
        Column("parcours", "Parcours", Parcours.reference, width=15, link=_parcours),
        Column(
            "objet", "Projet ou séance", func.coalesce(GroupSession.title, Project.title), width=34
        ),
        Column("conseil", "Par", SHARES.c.people, width=26, sorts=False),
        Column("structures", "Pour", SHARES.c.structures, width=22, sorts=False),
        Column("duree", "Durée", SHARES.c.minutes, "minutes", 10, sorts=False),
        Column("modalite", "Modalité", Modality.label, width=14),
        Column("dispositif", "Dispositif", Act.scheme_code, width=11),
    ),
    order=(Act.done_on.desc(), Act.id.desc()),
    keys=(Act.public_id, GroupSession.act_id.label("session_id")),
    filters=(
        *between(Act.done_on),
        code_filter("type", "Type", "act_types", Act.type_code, first="Tous"),
        structure_filter("structure", "Structure", performed_for),
        Filter("conseil", "Par", _done_by, advisers, "Tout le monde"),
        Filter("phase", "Phase du parcours, ce jour-là", _in_phase, code_list("phases")),
        code_filter("dispositif", "Dispositif", "schemes", Act.scheme_code, first="Tous"),
    ),
    searched="Référence, personne ou projet",
    answers=_answers,
    noted="read_acts",
)  # fmt: skip
