"""What happened on a parcours, latest first: acts, arrivals, phases, exit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ramsess.database import db
from ramsess.models import Act, ActAdviser, Parcours


@dataclass(frozen=True)
class Moment:
    """A line of the timeline: an act, or an event in words."""

    day: dt.date
    act: Act | None = None
    event: str = ""


def timeline(parcours: Parcours) -> list[Moment]:
    """The moments of *parcours*, latest first."""
    acts = db.session.scalars(
        select(Act)
        .where(Act.parcours_id == parcours.id)
        .options(
            selectinload(Act.type),
            selectinload(Act.shares).selectinload(ActAdviser.adviser),
            selectinload(Act.shares).selectinload(ActAdviser.structure),
        )
        .order_by(Act.done_on, Act.id)
    )
    moments = [
        Moment(parcours.entered_on, event=f"Entrée, phase {parcours.entry_phase.label.lower()}")
    ]
    for stay in parcours.involvements:
        if stay.structure_id != parcours.lead_structure_id:
            moments.append(Moment(stay.joined_on, event=f"{stay.structure.name} prend part"))
            if stay.left_on:
                moments.append(Moment(stay.left_on, event=f"{stay.structure.name} se retire"))
    for change in parcours.phase_changes:
        moments.append(Moment(change.reached_on, event=f"Phase {change.phase.label.lower()}"))
    moments += [Moment(act.done_on, act=act) for act in acts]
    if parcours.exited_on:
        reason = parcours.outcome.label.lower() if parcours.outcome else "motif non renseigné"
        moments.append(Moment(parcours.exited_on, event=f"Sortie : {reason}"))
    return sorted(moments, key=lambda moment: moment.day)[::-1]
