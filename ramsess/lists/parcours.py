"""Parcours that one's structures lead or take part in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from ramsess import policy
from ramsess.forms.choices import parcours_answering
from ramsess.lists.filters import between, code_list, structure_filter
from ramsess.lists.listing import Column, Filter, Listing, names
from ramsess.models import (
    Beneficiary,
    Outcome,
    Parcours,
    ParcoursBeneficiary,
    Phase,
    PhaseChange,
    Project,
    Structure,
)
from ramsess.models.calendar import today


def phase_on(day: Any) -> ColumnElement[str]:
    """The code of the phase that a parcours holds on *day* (Rule 10)."""
    reached = (
        select(PhaseChange.phase_code)
        .where(PhaseChange.parcours_id == Parcours.id, PhaseChange.reached_on <= day)
        .order_by(PhaseChange.reached_on.desc())
        .limit(1)
        .correlate_except(PhaseChange)
        .scalar_subquery()
    )
    return func.coalesce(reached, Parcours.entry_phase_code)


def ever_in(phase: str) -> Select[int]:
    """The parcours that were once in a phase: few are asked for the day when they were."""
    entered = select(Parcours.id).where(Parcours.entry_phase_code == phase)
    reached = select(PhaseChange.parcours_id).where(PhaseChange.phase_code == phase)
    return select(entered.union(reached).subquery().c[0])


def people_of_parcours() -> ColumnElement[str]:
    """The names of a parcours' people."""
    return names(
        select()
        .select_from(ParcoursBeneficiary)
        .join(Beneficiary, Beneficiary.id == ParcoursBeneficiary.beneficiary_id)
        .where(ParcoursBeneficiary.parcours_id == Parcours.id)
        .correlate(Parcours),
        Beneficiary.first_name + " " + Beneficiary.last_name,
    )


def _joins(query: Select[Any]) -> Select[Any]:
    return (
        query.join(Project, Project.id == Parcours.project_id)
        .join(Structure, Structure.id == Parcours.lead_structure_id)
        .outerjoin(Outcome, Outcome.code == Parcours.outcome_code)
    )


def _in_sector(code: str) -> ColumnElement[bool]:
    return Parcours.project_id.in_(select(Project.id).where(Project.sector_code == code))


_PHASE = select(Phase.label).where(Phase.code == phase_on(func.sight.today())).scalar_subquery()

PARCOURS = Listing(
    name="parcours",
    title="Parcours",
    noun=("parcours", "parcours"),
    endpoint="parcours.index",
    action="see_parcours",
    key=Parcours.id,
    seen=lambda account: [Parcours.id.in_(policy.parcours_seen(account, today()))],
    joins=_joins,
    columns=(
        Column(
            "reference", "Référence", Parcours.reference, width=15,
            link=lambda row: ("parcours.show", {"reference": row.reference}),
        ),
        Column("projet", "Projet", Project.title, width=36),
        Column("personnes", "Personnes", people_of_parcours(), width=30, sorts=False),
        Column("referente", "Référente", Structure.name, width=22),
        Column("phase", "Phase", _PHASE, sorts=False),
        Column("entree", "Entrée", Parcours.entered_on, "date", 12),
        Column("sortie", "Sortie", Parcours.exited_on, "date", 12),
        Column("motif", "Motif de sortie", Outcome.label),
    ),
    order=(Parcours.exited_on.is_not(None), Parcours.entered_on.desc(), Parcours.id.desc()),
    filters=(
        Filter(
            "etat", "État",
            lambda said: Parcours.exited_on.is_(None) == (said == "encours"),
            lambda _: [("encours", "En cours"), ("sortis", "Sortis")], "Tous",
        ),
        Filter(
            "phase", "Phase", lambda code: phase_on(func.sight.today()) == code, code_list("phases")
        ),
        Filter("secteur", "Secteur", _in_sector, code_list("sectors"), "Tous"),
        structure_filter(
            "referente", "Référente", lambda number: Parcours.lead_structure_id == number
        ),
        *between(Parcours.entered_on, "Entrée du"),
    ),
    searched="Référence, personne ou projet",
    answers=parcours_answering,
    noted="search_parcours",
)  # fmt: skip
