"""Diagnostics and plans built record by record, beside the builder's network."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ramsess.models import Appraisal, Contribution, Diagnostic, Parcours, Plan, PlanAction
from tests.counting.builder import Network, day


def _day(text: str | None) -> dt.date | None:
    return day(text) if text else None


def diagnose(
    network: Network,
    parcours: Parcours,
    *structures: str,
    opened: str = "2009-03-01",
    contributed: str | None = None,
    validated: str | None = None,
    number: int = 1,
    synthesis: str = "Synthèse fictive",
    **said: str,
) -> Diagnostic:
    """A diagnostic by *structures*; *said*: axis → need, said by the first one at level 2."""
    session, ids = network.session, network._structures
    diagnostic = Diagnostic(
        parcours_id=parcours.id,
        number=number,
        opened_on=day(opened),
        contributed_on=_day(contributed or validated),
        validated_on=_day(validated),
        beneficiary_agreed_on=_day(validated),
        beneficiary_manner_code="ENT" if validated else None,
        synthesis=synthesis,
    )
    session.add(diagnostic)
    session.flush()
    for code in structures:
        session.add(
            Contribution(
                diagnostic_id=diagnostic.id,
                structure_id=ids[code],
                parcours_id=parcours.id,
                invited_on=day(opened),
            )
        )
    session.flush()
    for axis, need in said.items():
        session.add(
            Appraisal(
                diagnostic_id=diagnostic.id,
                structure_id=ids[structures[0]],
                axis_code=axis,
                parcours_id=parcours.id,
                level=2,
                needs=need,
            )
        )
    session.flush()
    return diagnostic


def plan(
    network: Network,
    diagnostic: Diagnostic,
    opened: str = "2009-04-01",
    superseded: str | None = None,
    number: int = 1,
) -> Plan:
    """A plan that follows *diagnostic*."""
    made = Plan(
        parcours_id=diagnostic.parcours_id,
        diagnostic_id=diagnostic.id,
        number=number,
        opened_on=day(opened),
        superseded_on=_day(superseded),
    )
    network.session.add(made)
    network.session.flush()
    return made


def action(
    network: Network,
    of: Plan,
    structure: str,
    due: str,
    *,
    acts: int = 1,
    minutes: int = 60,
    closed: str | None = None,
    **more: Any,
) -> PlanAction:
    """An action; *closed*: the day on which it was done, unless ``state`` says dropped."""
    state = more.pop("state", "done" if closed else "todo")
    made = PlanAction(
        plan_id=of.id,
        parcours_id=of.parcours_id,
        structure_id=network._structures[structure],
        objective=more.pop("objective", "Objectif fictif"),
        due_on=day(due),
        planned_acts=acts,
        planned_minutes=minutes,
        state=state,
        closed_on=_day(closed),
        **more,
    )
    network.session.add(made)
    network.session.flush()
    return made
