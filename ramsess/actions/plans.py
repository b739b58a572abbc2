"""Draw up a plan after a validated diagnostic, change its actions, revise it, see it through."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, column, func, or_, select
from sqlalchemy.orm import Session, selectinload

from ramsess import policy
from ramsess.actions.auditing import note_parcours
from ramsess.actions.diagnostics import structures_there, versions
from ramsess.actions.refusals import Checks, ConflictError
from ramsess.actions.sealed import check_open
from ramsess.models import Account, ActType, Axis, Diagnostic, Parcours, Plan, PlanAction
from ramsess.models.calendar import FIRST_DAY, today
from ramsess.models.plan import OPEN_STATES, STATES

LONGEST_OBJECTIVE = 500
MOST_ACTS, MOST_MINUTES = 1000, 600_000


@dataclass(frozen=True)
class ActionDraft:
    """What is said of an action; *planned_minutes* by all advisers together."""

    objective: str
    structure_id: int
    due_on: dt.date | None
    axis_code: str | None = None
    type_code: str | None = None
    planned_acts: int = 1
    planned_minutes: int = 0
    state: str = "todo"
    closed_on: dt.date | None = None


@dataclass(frozen=True)
class Need:
    """A need that a structure typed in a diagnostic: where an action may start from."""

    structure_id: int
    structure: str
    axis_code: str
    axis: str
    text: str

    @property
    def key(self) -> str:
        """What a form calls it."""
        return f"{self.structure_id}:{self.axis_code}"


def current_plan(session: Session, parcours: Parcours) -> Plan | None:
    """The plan in force."""
    return session.scalar(
        select(Plan).where(Plan.parcours_id == parcours.id, Plan.superseded_on.is_(None))
    )


def plan_versions(session: Session, parcours: Parcours) -> Sequence[Plan]:
    """Every plan of *parcours*, latest first."""
    return session.scalars(
        select(Plan).where(Plan.parcours_id == parcours.id).order_by(Plan.number.desc())
    ).all()


def last_validated(session: Session, parcours: Parcours) -> Diagnostic | None:
    """The diagnostic that a plan follows."""
    return next((one for one in versions(session, parcours) if one.validated_on), None)


def needs_of(diagnostic: Diagnostic) -> list[Need]:
    """The needs typed, axis by axis."""
    return [
        Need(part.structure_id, part.structure.name, said.axis_code, said.axis.label, said.needs)
        for said, part in sorted(
            ((said, part) for part in diagnostic.contributions for said in part.appraisals),
            key=lambda pair: (pair[0].axis.position, pair[1].structure.name),
        )
        if said.needs.strip()
    ]


def draw_up(
    session: Session,
    parcours: Parcours,
    *,
    review_on: dt.date | None,
    drafts: Iterable[ActionDraft] = (),
) -> Plan:
    """Draw up the plan of *parcours*; the one that is there already is returned as it is.

    Raises RefusedError without a validated diagnostic.
    """
    session.refresh(parcours, with_for_update=True)
    there = current_plan(session, parcours)
    if there:
        return there
    diagnostic = last_validated(session, parcours)
    checks = Checks()
    if diagnostic is None:
        checks.refuse("", "Un plan suit un diagnostic validé.")
    _check_review(checks, review_on)
    drafts = list(drafts)
    for draft in drafts:
        _check_action(session, checks, parcours, draft)
    checks.conclude()
    assert diagnostic
    plan = _new_plan(session, parcours, diagnostic, review_on, 1, "")
    for draft in drafts:
        _add(session, plan, draft)
    session.flush()
    note_parcours(session, "draw_up_plan", parcours)
    return plan


def revise(
    session: Session, plan: Plan, *, reason: str, review_on: dt.date | None, version: int
) -> Plan:
    """Make the next version of a plan: its actions are carried over as they are.

    Raises RefusedError, and ConflictError when it was revised meanwhile.
    """
    parcours = plan.parcours
    session.refresh(parcours, with_for_update=True)
    session.refresh(plan)
    if plan.version != version or plan.superseded_on:
        raise ConflictError
    checks = Checks()
    _check_review(checks, review_on)
    checks.conclude()
    diagnostic = last_validated(session, parcours)
    assert diagnostic
    carried = list(plan.actions)
    plan.superseded_on = today()
    session.flush()
    new = _new_plan(session, parcours, diagnostic, review_on, plan.number + 1, reason.strip())
    for action in carried:
        kept = {
            name: getattr(action, name)
            for name in ("parcours_id", "structure_id", "axis_code", "type_code", "objective",
                         "planned_acts", "planned_minutes", "due_on", "state", "closed_on")
        }  # fmt: skip
        session.add(PlanAction(plan_id=new.id, first_id=action.root_id, **kept))
    session.flush()
    note_parcours(session, "revise_plan", parcours)
    return new


def _new_plan(
    session: Session,
    parcours: Parcours,
    diagnostic: Diagnostic,
    review_on: dt.date | None,
    number: int,
    reason: str,
) -> Plan:
    plan = Plan(
        parcours_id=parcours.id,
        diagnostic_id=diagnostic.id,
        number=number,
        opened_on=today(),
        review_on=review_on,
        reason=reason,
    )
    session.add(plan)
    session.flush()
    return plan


def add_action(
    session: Session, plan: Plan, draft: ActionDraft, *, request_key: uuid.UUID | None = None
) -> PlanAction:
    """Add an action to the plan in force; the same *request_key* adds once. Raises RefusedError."""
    if request_key:
        there = session.scalar(select(PlanAction).where(PlanAction.request_key == request_key))
        if there is not None:
            return there
    checks = Checks()
    _refuse_superseded(checks, plan)
    _check_action(session, checks, plan.parcours, draft)
    checks.conclude()
    action = _add(session, plan, draft, request_key)
    session.flush()
    note_parcours(session, "add_plan_action", plan.parcours)
    return action


def change_action(
    session: Session, action: PlanAction, draft: ActionDraft, *, version: int
) -> PlanAction:
    """Replace what is said of an action. Raises RefusedError, ConflictError."""
    session.refresh(action)
    if action.version != version:
        raise ConflictError
    checks = Checks()
    _refuse_superseded(checks, action.plan)
    _check_action(session, checks, action.plan.parcours, draft, action)
    checks.conclude()
    _fill(action, draft)
    session.flush()
    note_parcours(session, "change_plan_action", action.plan.parcours)
    return action


def start_action(session: Session, parcours_id: int | None, root_id: int | None) -> None:
    """The first act done for an action of the plan in force starts it."""
    action = find_current(session, parcours_id, root_id)
    if action and action.state == "todo":
        action.state = "doing"
        session.flush()


def find_current(
    session: Session, parcours_id: int | None, root_id: int | None
) -> PlanAction | None:
    """The action as the plan in force has it, by the id of its first version."""
    if parcours_id is None or root_id is None:
        return None
    return session.scalar(
        _in_force().where(PlanAction.parcours_id == parcours_id, _root() == root_id)
    )


def open_actions(session: Session, parcours: Parcours) -> Sequence[PlanAction]:
    """The actions of the plan in force that are neither done nor dropped, by due date."""
    return session.scalars(
        _in_force()
        .where(PlanAction.parcours_id == parcours.id, PlanAction.state.in_(OPEN_STATES))
        .order_by(PlanAction.due_on, PlanAction.id)
    ).all()


def late_actions(
    session: Session, account: Account, day: dt.date, limit: int | None = None
) -> Sequence[PlanAction]:
    """Actions that the account's structures answer for, due before *day* and still open."""
    return session.scalars(_due(account).where(PlanAction.due_on < day).limit(limit)).all()


def coming_actions(session: Session, account: Account) -> Sequence[PlanAction]:
    """The open actions that the account's structures answer for, by due date."""
    return session.scalars(_due(account)).all()


def progress(session: Session, parcours: Parcours) -> dict[int, tuple[int, int]]:
    """Id of the first version of each action → acts done for it and their minutes, by all."""
    names = [column(name, Integer) for name in ("action", "acts", "minutes")]
    rows = session.execute(
        select(*names).select_from(func.sight.done_for_plan(parcours.id).table_valued(name="done"))
    )
    return {row.action: (row.acts, row.minutes) for row in rows}


def _root() -> ColumnElement[int]:
    return func.coalesce(PlanAction.first_id, PlanAction.id)


def _in_force() -> Select[PlanAction]:
    return (
        select(PlanAction)
        .join(Plan, Plan.id == PlanAction.plan_id)
        .where(Plan.superseded_on.is_(None))
    )


def _due(account: Account) -> Select[PlanAction]:
    # A parcours that ended asks for nothing more.
    going_on = select(Parcours.id).where(
        Parcours.id == PlanAction.parcours_id,
        or_(Parcours.exited_on.is_(None), Parcours.exited_on > today()),
        Parcours.id.in_(policy.parcours_seen(account, today())),
    )
    return (
        _in_force()
        .where(
            PlanAction.structure_id.in_(policy.structure_ids(account)),
            PlanAction.state.in_(OPEN_STATES),
            going_on.exists(),
        )
        .options(
            selectinload(PlanAction.plan)
            .selectinload(Plan.parcours)
            .selectinload(Parcours.project),
            selectinload(PlanAction.structure),
        )
        .order_by(PlanAction.due_on, PlanAction.id)
    )


def _check_review(checks: Checks, review_on: dt.date | None) -> None:
    if review_on and review_on < FIRST_DAY:
        checks.refuse("review_on", "Cette date est antérieure à 1990.")


def _check_action(
    session: Session,
    checks: Checks,
    parcours: Parcours,
    draft: ActionDraft,
    action: PlanAction | None = None,
) -> None:
    if not draft.objective.strip():
        checks.refuse("objective", "Indiquez l’objectif de l’action.")
    elif len(draft.objective.strip()) > LONGEST_OBJECTIVE:
        checks.refuse("objective", f"L’objectif dépasse {LONGEST_OBJECTIVE} signes.")
    there = {one.id for one in structures_there(parcours, today())}
    if draft.structure_id not in there | ({action.structure_id} if action else set()):
        checks.refuse("structure", "Cette structure ne prend pas part au parcours aujourd’hui.")
    if draft.due_on is None:
        checks.refuse("due_on", "Indiquez une échéance.")
    elif not FIRST_DAY <= draft.due_on <= dt.date(2100, 12, 31):
        checks.refuse("due_on", "Indiquez une échéance entre 1990 et 2100.")
    _check_sealed(session, checks, draft, action)
    if draft.axis_code and session.get(Axis, draft.axis_code) is None:
        checks.refuse("axis", "Axe inconnu.")
    if draft.type_code and session.get(ActType, draft.type_code) is None:
        checks.refuse("type", "Type d’acte inconnu.")
    if not 0 <= draft.planned_acts <= MOST_ACTS:
        checks.refuse("planned_acts", "Entre 0 et 1 000 actes.")
    if not 0 <= draft.planned_minutes <= MOST_MINUTES:
        checks.refuse("planned_minutes", "Entre 0 et 10 000 heures.")
    if draft.state not in STATES:
        checks.refuse("state", "État inconnu.")
    elif draft.state not in OPEN_STATES and draft.closed_on:
        checks.day("closed_on", draft.closed_on)


def _check_sealed(
    session: Session, checks: Checks, draft: ActionDraft, action: PlanAction | None
) -> None:
    """What was due, or over, in a sealed period stays as it was counted."""
    there = _counted(action) if action else (None, None)
    wanted = _counted(draft)
    for field, before, after in zip(("due_on", "closed_on"), there, wanted, strict=True):
        if before != after:
            days = [said[0] for said in (before, after) if said]
            check_open(session, checks, field, *days)


def _counted(said: ActionDraft | PlanAction) -> tuple[tuple[Any, ...] | None, ...]:
    """What is dated by when it is due, and by when it was over (None: it is not, or today)."""
    planned = (said.due_on, said.structure_id, said.planned_acts, said.planned_minutes)
    over = said.closed_on and said.state not in OPEN_STATES
    return planned, (said.closed_on, said.structure_id, said.state) if over else None


def _refuse_superseded(checks: Checks, plan: Plan) -> None:
    if plan.superseded_on:
        checks.refuse("", "Cette version du plan est remplacée : elle ne change plus.")


def _add(
    session: Session, plan: Plan, draft: ActionDraft, request_key: uuid.UUID | None = None
) -> PlanAction:
    action = PlanAction(plan_id=plan.id, parcours_id=plan.parcours_id, request_key=request_key)
    _fill(action, draft)
    session.add(action)
    return action


def _fill(action: PlanAction, draft: ActionDraft) -> None:
    assert draft.due_on
    action.objective = draft.objective.strip()
    action.structure_id = draft.structure_id
    action.axis_code, action.type_code = draft.axis_code, draft.type_code
    action.planned_acts, action.planned_minutes = draft.planned_acts, draft.planned_minutes
    action.due_on = draft.due_on
    action.state = draft.state
    over = draft.state not in OPEN_STATES
    action.closed_on = (draft.closed_on or action.closed_on or today()) if over else None
