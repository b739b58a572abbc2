"""Acts that one's structures recorded or performed, sessions included (they are acts)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from ramsess import policy
from ramsess.forms.choices import parcours_answering
from ramsess.lists.filters import advisers, between, code_filter, code_list, structure_filter
from ramsess.lists.listing import Column, Filter, Listing, Target, names
from ramsess.lists.parcours import phase_on
from ramsess.models import (
    Account,
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


def _source(account: Account) -> Select[Act]:
    return (
        select()
        .select_from(Act)
        .join(ActType, ActType.code == Act.type_code)
        .outerjoin(Modality, Modality.code == Act.modality_code)
        .outerjoin(GroupSession, GroupSession.act_id == Act.id)
        .outerjoin(Parcours, Parcours.id == Act.parcours_id)
        .outerjoin(Project, Project.id == Parcours.project_id)
        .where(Act.id.in_(policy.acts_seen(account)))
    )


def _shares() -> Select[ActAdviser]:
    return select().select_from(ActAdviser).where(ActAdviser.act_id == Act.id).correlate(Act)


def structures_of_act() -> ColumnElement[str]:
    """The structures for which somebody took part, once each."""
    whose = (
        _shares()
        .join(Structure, Structure.id == ActAdviser.structure_id)
        .with_only_columns(func.string_agg(Structure.name.distinct(), ", "))
    )
    return whose.scalar_subquery()


def minutes_of_act() -> ColumnElement[int]:
    """The minutes of all its advisers together."""
    return _shares().with_only_columns(func.sum(ActAdviser.minutes)).scalar_subquery()


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
    source=_source,
    columns=(
        Column("date", "Date", Act.done_on, "date", 12),
        Column("type", "Type", ActType.label, width=30, link=_page),
        Column("parcours", "Parcours", Parcours.reference, width=15, link=_parcours),
        Column(
            "objet", "Projet ou séance", func.coalesce(GroupSession.title, Project.title), width=34
        ),
        Column(
            "conseil", "Par",
            names(
                _shares().join(Adviser, Adviser.id == ActAdviser.adviser_id),
                func.trim(Adviser.first_name + " " + Adviser.last_name),
            ),
            width=26, sorts=False,
        ),
        Column("structures", "Pour", structures_of_act(), width=22, sorts=False),
        Column("duree", "Durée", minutes_of_act(), "minutes", 10, sorts=False),
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
        Filter(
            "phase", "Phase du parcours, ce jour-là",
            lambda code: phase_on(Act.done_on) == code, code_list("phases"),
        ),
        code_filter("dispositif", "Dispositif", "schemes", Act.scheme_code, first="Tous"),
    ),
    searched="Référence, personne ou projet",
    answers=parcours_answering,
    noted="read_acts",
)  # fmt: skip
