"""What happened on a parcours, latest first: acts, arrivals, phases, exit.

Of what other structures did, the day, the type, who and how long; their notes stay with them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Result, column, func, select
from sqlalchemy.orm import selectinload

from ramsess.database import db
from ramsess.models import Act, ActAdviser, ActType, Diagnostic, Parcours, Plan
from ramsess.views.typography import duration


@dataclass(frozen=True)
class Moment:
    """A line of the timeline: an act, or an event in words; *who* did it, for others' acts."""

    day: dt.date
    act: Act | None = None
    event: str = ""
    who: str = ""


def timeline(
    parcours: Parcours, diagnostics: Iterable[Diagnostic] = (), plans: Iterable[Plan] = ()
) -> list[Moment]:
    """The moments of *parcours*, latest first, those of its *diagnostics* and *plans* included."""
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
    for one in diagnostics:
        said = f"Diagnostic partagé, version {one.number}"
        moments.append(Moment(one.opened_on, event=f"{said} : ouvert"))
        if one.validated_on:
            moments.append(Moment(one.validated_on, event=f"{said} : validé par tous"))
    for plan in plans:
        moments.append(
            Moment(plan.opened_on, event=f"Plan d’accompagnement, version {plan.number}")
        )
    moments += [Moment(act.done_on, act=act) for act in acts]
    moments += _work_of_others(parcours)
    if parcours.exited_on:
        reason = parcours.outcome.label.lower() if parcours.outcome else "motif non renseigné"
        moments.append(Moment(parcours.exited_on, event=f"Sortie : {reason}"))
    return sorted(moments, key=lambda moment: moment.day)[::-1]


def _work_of_others(parcours: Parcours) -> list[Moment]:
    """The acts of structures with which the reader shares the parcours, not the act."""
    rows: Result[Any] = db.session.execute(
        select(
            *(column(name) for name in ("act_id", "done_on", "adviser", "structure", "minutes")),
            ActType.label,
        )
        .select_from(func.sight.work_of_others(parcours.id).table_valued(name="other"))
        .join(ActType, ActType.code == column("type_code"))
        .order_by(column("done_on"), column("act_id"))
    )
    moments = []
    for _, shares in groupby(rows, key=lambda row: row.act_id):
        work = list(shares)
        who = ", ".join(
            f"{share.adviser} ({share.structure}, {duration(share.minutes)})" for share in work
        )
        moments.append(Moment(work[0].done_on, event=work[0].label, who=who))
    return moments
