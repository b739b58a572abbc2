"""Who can help: the structures to suggest for a phase and a need, best first, and why.

One place for the public page «Qui peut m’aider ?» and for whoever orients somebody.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum

from sqlalchemy import func, or_, select, true
from sqlalchemy.orm import Session, selectinload

from ramsess.models import (
    Degree,
    Phase,
    Positioning,
    Presentation,
    Speciality,
    Structure,
)
from ramsess.models.calendar import today
from ramsess.models.names import normalise
from ramsess.models.structure import members_between

# What whoever knows not where to go needs first.
RECEPTION = "ACC"


class Fit(IntEnum):
    """How a structure answers, worst first."""

    RECEPTION = 1
    OTHER_PHASE = 2
    EXACT = 3


@dataclass(frozen=True)
class Suggestion:
    """A structure to suggest: how it fits, how much it intervenes, whether it is near.

    *degree* is the label of the degree of intervention, at *phase* and in *speciality*: those asked
    for when the fit is exact. *near*: in the département asked for.
    """

    presentation: Presentation
    fit: Fit
    phase: Phase
    speciality: Speciality
    degree: str
    near: bool

    @property
    def structure(self) -> Structure:
        """The structure suggested."""
        return self.presentation.structure

    @property
    def why(self) -> list[str]:
        """The reasons, as French sentences, the strongest first."""
        what = {
            Fit.EXACT: f"Intervient sur « {self.speciality.label} » à la phase "
            f"« {self.phase.label} » (degré : {self.degree.lower()}).",
            Fit.OTHER_PHASE: f"Intervient sur « {self.speciality.label} », mais à une autre "
            f"phase : « {self.phase.label} » (degré : {self.degree.lower()}).",
            Fit.RECEPTION: f"Accueille et oriente à la phase « {self.phase.label} ».",
        }[self.fit]
        return [what, *(["Dans votre département."] if self.near else [])]


def structures_that_can_help(
    session: Session,
    *,
    phase_code: str,
    speciality_code: str,
    department_code: str | None = None,
    but: frozenset[int] = frozenset(),
    confirmed: bool = True,
    day: dt.date | None = None,
    limit: int = 5,
) -> list[Suggestion]:
    """The members of the network on *day* (today) who can help, best first, each once.

    First those that intervene in this speciality at this phase, then in this speciality at the
    nearest phases, then those that receive and orient at this phase. Among equals the degree of
    intervention counts, and being in the département as much as one degree. *but*: structures to
    leave out, as who asks. Without *confirmed* the lines that are only proposed count too, as far
    as who asks may see them.
    """
    day = day or today()
    ranks = {p.code: p.position for p in session.scalars(select(Phase))}
    rows = session.execute(
        select(Positioning, Presentation, Phase, Speciality)
        .join(Presentation, Presentation.structure_id == Positioning.structure_id)
        .join(Phase, Phase.code == Positioning.phase_code)
        .join(Speciality, Speciality.code == Positioning.speciality_code)
        .where(
            or_(
                Positioning.speciality_code == speciality_code,
                (Positioning.speciality_code == RECEPTION) & (Positioning.phase_code == phase_code),
            ),
            Positioning.structure_id.not_in(but),
            Positioning.structure_id.in_(members_between(day, day)),
            Presentation.confirmed_on.is_not(None) if confirmed else true(),
        )
        .options(
            selectinload(Positioning.degree),
            selectinload(Presentation.structure),
            selectinload(Presentation.commune),
        )
    )
    best: dict[int, tuple[tuple[int, ...], Suggestion]] = {}
    for line, presentation, phase, speciality in rows:
        distance = abs(ranks[phase.code] - ranks.get(phase_code, 0))
        near = bool(department_code) and _department(presentation) == department_code
        fit = Fit.EXACT
        if speciality.code != speciality_code:
            fit = Fit.RECEPTION
        elif distance:
            fit = Fit.OTHER_PHASE
        weight = (fit, -distance, line.degree.position + near)
        found = Suggestion(presentation, fit, phase, speciality, line.degree.label, near)
        if presentation.structure_id not in best or weight > best[presentation.structure_id][0]:
            best[presentation.structure_id] = (weight, found)
    ordered = sorted(
        best.values(),
        key=lambda item: ([-part for part in item[0]], normalise(item[1].structure.name)),
    )
    return [suggestion for _, suggestion in ordered[:limit]]


def members_for_phase(
    session: Session, phase_code: str | None, day: dt.date
) -> list[tuple[Structure, bool]]:
    """The members on *day*, and whether they intervene at that phase; who does so most comes first.

    As far as who asks may see: to the network, lines that are only proposed count too.
    """
    at_phase = (
        select(Positioning.structure_id, func.sum(Degree.position).label("weight"))
        .join(Degree, Degree.code == Positioning.degree_code)
        .where(Positioning.phase_code == phase_code)
        .group_by(Positioning.structure_id)
        .subquery()
    )
    rows = session.execute(
        select(Structure, at_phase.c.weight)
        .outerjoin(at_phase, at_phase.c.structure_id == Structure.id)
        .where(Structure.id.in_(members_between(day, day)))
        .order_by(func.coalesce(at_phase.c.weight, 0).desc(), Structure.name)
    )
    return [(structure, weight is not None) for structure, weight in rows]


def _department(presentation: Presentation) -> str | None:
    return presentation.commune.department_code if presentation.commune else None
