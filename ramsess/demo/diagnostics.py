"""What the demo's structures did together on shared parcours: diagnostics and plans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.exchange.bulk import insert_rows, new_ids, update_rows
from ramsess.models import (
    Act,
    Appraisal,
    Axis,
    Contribution,
    Diagnostic,
    Involvement,
    Parcours,
    Plan,
    PlanAction,
)
from ramsess.models.plan import OPEN_STATES

# Strength, weakness, need, on each axis.
WORDS = {
    "EQU": ("Équipe soudée et complémentaire", "Peu de temps disponible chaque semaine",
            "Répartir les rôles par écrit"),
    "PRO": ("Utilité sociale claire, reconnue par les habitants", "Publics encore trop nombreux",
            "Formuler le projet en une page"),
    "BES": ("Enquête auprès de quarante habitants", "Concurrence mal connue",
            "Mener une étude de besoins sur le canton"),
    "ECO": ("Recettes diversifiées", "Prix de vente au-dessous du coût de revient",
            "Construire un prévisionnel à trois ans"),
    "FIN": ("Apport des fondateurs réuni", "Trésorerie tendue au printemps",
            "Monter le plan de financement"),
    "JUR": ("Statuts relus par un pair", "Conseil d’administration peu présent",
            "Choisir entre association et coopérative"),
    "ORG": ("Un premier emploi en vue", "Bénévoles sans planning", "Préparer la première embauche"),
    "PAR": ("Mairie et centre social engagés", "Peu de liens avec les entreprises",
            "Rencontrer la communauté de communes"),
    "COM": ("Nom et affiche appréciés", "Site jamais mis à jour",
            "Écrire un plan de communication"),
}  # fmt: skip
SYNTHESIS = (
    "Le projet répond à un besoin que le territoire reconnaît et l’équipe a fait ses preuves.\n"
    "Le modèle économique reste à consolider avant de chercher des financements ; la gouvernance "
    "gagnera à être écrite. Les structures proposent d’y travailler ensemble au cours des "
    "prochains mois. (Texte de démonstration.)"
)
TYPES = ("CSL2", "CSL3", "CSL4", "CSL5", "CSL6", "CSL7", "CSL8", None)
Rows = list[dict[str, Any]]


@dataclass
class _Rows:
    """What is written, table by table."""

    diagnostics: Rows = field(default_factory=list)
    contributions: Rows = field(default_factory=list)
    appraisals: Rows = field(default_factory=list)
    plans: Rows = field(default_factory=list)
    actions: Rows = field(default_factory=list)
    acts: Rows = field(default_factory=list)


def share_diagnostics(session: Session, random: Random, today: dt.date) -> None:
    """Give most shared parcours a diagnostic, and a plan to those that were validated."""
    shared = list(_shared(session))
    acts: dict[int, list[tuple[int, dt.date]]] = {}
    for act_id, parcours_id, day in session.execute(
        select(Act.id, Act.parcours_id, Act.done_on)
        .where(Act.parcours_id.in_([parcours.id for parcours, _ in shared]))
        .order_by(Act.done_on, Act.id)
    ):
        acts.setdefault(parcours_id or 0, []).append((act_id, day))
    axes = list(session.scalars(select(Axis.code).order_by(Axis.position)))
    ids = {
        model: iter(new_ids(session, model, count))
        for model, count in (
            (Diagnostic, len(shared)), (Plan, len(shared)), (PlanAction, 5 * len(shared)),
        )
    }  # fmt: skip
    rows = _Rows()
    for parcours, stays in shared:
        opened = max(stay.joined_on for stay in stays) + dt.timedelta(days=random.randint(5, 40))
        fate = random.choices(("validated", "contributed", "draft", ""), (60, 12, 13, 15))[0]
        end = min(parcours.exited_on or today, today)
        if not fate or opened + dt.timedelta(days=35) > end:
            continue
        number = next(ids[Diagnostic])
        _diagnose(rows, random, number, parcours, stays, opened, fate, axes)
        if fate == "validated":
            _plan(
                rows, random, ids, number, parcours, stays, opened, acts.get(parcours.id, []), today
            )
    for model, written in (
        (Diagnostic, rows.diagnostics),
        (Contribution, rows.contributions),
        (Appraisal, rows.appraisals),
        (Plan, rows.plans),
        (PlanAction, rows.actions),
    ):
        insert_rows(session, model, written)
    update_rows(session, Act, rows.acts)


def _shared(session: Session) -> Iterator[tuple[Parcours, list[Involvement]]]:
    stays: dict[int, list[Involvement]] = {}
    for stay in session.scalars(select(Involvement).order_by(Involvement.id)):
        stays.setdefault(stay.parcours_id, []).append(stay)
    several = [key for key, found in stays.items() if len(found) > 1]
    for parcours in session.scalars(
        select(Parcours).where(Parcours.id.in_(several)).order_by(Parcours.reference)
    ):
        yield parcours, stays[parcours.id]


def _diagnose(
    rows: _Rows,
    random: Random,
    number: int,
    parcours: Parcours,
    stays: list[Involvement],
    opened: dt.date,
    fate: str,
    axes: list[str],
) -> None:
    handed_in = None if fate == "draft" else opened + dt.timedelta(days=14)
    validated = opened + dt.timedelta(days=28) if fate == "validated" else None
    rows.diagnostics.append(
        {
            "id": number, "parcours_id": parcours.id, "number": 1, "opened_on": opened,
            "contributed_on": handed_in, "validated_on": validated,
            "synthesis": SYNTHESIS if handed_in else "", "wording": 2 if handed_in else 1,
            "beneficiary_agreed_on": validated,
            "beneficiary_manner_code": "ENT" if validated else None, "version": 1,
        }
    )  # fmt: skip
    for structure_id in dict.fromkeys(stay.structure_id for stay in stays):
        place = {
            "diagnostic_id": number,
            "structure_id": structure_id,
            "parcours_id": parcours.id,
        }
        # In a draft the référente is ahead of the others.
        ahead = handed_in or structure_id == parcours.lead_structure_id
        rows.contributions.append(
            {
                **place, "invited_on": opened,
                "handed_in_on": handed_in or (opened if ahead else None),
                "agreed_on": validated, "agreed_wording": 2 if validated else None,
            }
        )  # fmt: skip
        for axis in axes if ahead else axes[:3]:
            said = [text if random.random() < 0.6 else "" for text in WORDS.get(axis, ("",) * 3)]
            rows.appraisals.append(
                {
                    **place, "axis_code": axis,
                    "level": random.choices((1, 2, 3, 4), (2, 4, 3, 1))[0],
                    "strengths": said[0], "weaknesses": said[1], "needs": said[2], "version": 1,
                }
            )  # fmt: skip


def _plan(
    rows: _Rows,
    random: Random,
    ids: dict[Any, Iterator[int]],
    diagnostic_id: int,
    parcours: Parcours,
    stays: list[Involvement],
    opened: dt.date,
    acts: list[tuple[int, dt.date]],
    today: dt.date,
) -> None:
    drawn = opened + dt.timedelta(days=30)
    plan_id = next(ids[Plan])
    rows.plans.append(
        {
            "id": plan_id, "parcours_id": parcours.id, "diagnostic_id": diagnostic_id, "number": 1,
            "opened_on": drawn, "review_on": drawn + dt.timedelta(days=120), "reason": "",
            "version": 1,
        }
    )  # fmt: skip
    later = [act_id for act_id, day in acts if day >= drawn]
    structures = list(dict.fromkeys(stay.structure_id for stay in stays))
    for axis in random.sample(sorted(WORDS), random.randint(2, 4)):
        done_for = [later.pop(0) for _ in range(min(len(later), random.choice((0, 1, 1, 2, 3))))]
        due = drawn + dt.timedelta(days=random.choice((30, 60, 90, 180, 360)))
        state = "doing" if done_for else "todo"
        if due < today and random.random() < 0.8:
            state = random.choices(("done", "dropped"), (85, 15))[0]
        number = next(ids[PlanAction])
        rows.actions.append(
            {
                "id": number, "plan_id": plan_id, "parcours_id": parcours.id,
                "structure_id": random.choice(structures), "axis_code": axis,
                "type_code": random.choice(TYPES), "objective": WORDS[axis][2],
                "planned_acts": random.randint(1, 4), "planned_minutes": 60 * random.randint(1, 8),
                "due_on": due, "state": state,
                "closed_on": None if state in OPEN_STATES else due, "version": 1,
            }
        )  # fmt: skip
        rows.acts += [{"id": act_id, "plan_action_id": number} for act_id in done_for]
