"""Accompaniment plans: the plan in force, its actions, revision, due dates, PDF."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess.actions import plans as verbs
from ramsess.actions.diagnostics import structures_there
from ramsess.database import db
from ramsess.forms.plan import DrawUpForm, PlanActionForm, ReviseForm, StateForm
from ramsess.models import Parcours, Plan, PlanAction
from ramsess.models.calendar import today
from ramsess.models.plan import STATES
from ramsess.reports.diagnostic_document import write_plan
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.records import attempt, visible_action, visible_parcours, visible_plan

blueprint = Blueprint("plans", __name__)

Months = list[tuple[dt.date, list[PlanAction]]]


@blueprint.get("/parcours/<reference>/plan")
@action("see_plans")
def current(reference: str) -> str:
    """The plan in force, or how to draw it up."""
    parcours = visible_parcours(reference)
    plan = verbs.current_plan(db.session(), parcours)
    return _page(plan) if plan else _drawing_up(parcours)


@blueprint.post("/parcours/<reference>/plan")
@action("record_plans")
def draw_up(reference: str) -> ResponseReturnValue:
    """Draw up the plan from the needs that are kept."""
    parcours = visible_parcours(reference)
    diagnostic = verbs.last_validated(db.session(), parcours)
    form = DrawUpForm(verbs.needs_of(diagnostic) if diagnostic else [])
    if form.validate_on_submit() and attempt(
        form,
        lambda: verbs.draw_up(
            db.session(), parcours, review_on=form.review_on.data, drafts=form.drafts()
        ),
    ):
        flash("Plan établi : précisez chaque action.", "success")
        return redirect(url_for("plans.current", reference=reference))
    return _drawing_up(parcours, form), 422


def _drawing_up(parcours: Parcours, form: DrawUpForm | None = None) -> str:
    diagnostic = verbs.last_validated(db.session(), parcours)
    needs = verbs.needs_of(diagnostic) if diagnostic else []
    return render_template(
        "plans/draw_up.html",
        parcours=parcours,
        diagnostic=diagnostic,
        needs=needs,
        form=form or DrawUpForm(needs),
    )


@blueprint.get("/plans/<uuid:public_id>")
@action("see_plans")
def show(public_id: uuid.UUID) -> str:
    """Any version of a plan."""
    return _page(visible_plan(public_id))


@blueprint.get("/plans/<uuid:public_id>/plan.pdf")
@action("see_plans")
def document(public_id: uuid.UUID) -> ResponseReturnValue:
    """The plan to sign."""
    plan = visible_plan(public_id)
    done = verbs.progress(db.session(), plan.parcours)
    content = write_plan(plan, done, made_on=today())
    name = f"plan-{plan.parcours.reference}-v{plan.number}.pdf"
    return send_file(io.BytesIO(content), "application/pdf", as_attachment=True, download_name=name)


@blueprint.get("/plans/<uuid:public_id>/reviser")
@action("record_plans")
def review(public_id: uuid.UUID) -> str:
    """What the review showed."""
    return render_template("plans/revise.html", plan=visible_plan(public_id), form=ReviseForm())


@blueprint.post("/plans/<uuid:public_id>/reviser")
@action("record_plans")
def revise(public_id: uuid.UUID) -> ResponseReturnValue:
    """Make the next version, its actions carried over."""
    plan = visible_plan(public_id)
    form = ReviseForm()
    version = request.form.get("version", 0, type=int)
    if form.validate_on_submit():
        new = attempt(
            form,
            lambda: verbs.revise(
                db.session(),
                plan,
                reason=form.reason.data or "",
                review_on=form.review_on.data,
                version=version,
            ),
        )
        if new:
            flash("Plan révisé : les actions sont reprises telles quelles.", "success")
            return redirect(url_for("plans.current", reference=plan.parcours.reference))
    return render_template("plans/revise.html", plan=plan, form=form), (
        409 if form.conflict else 422
    )


@blueprint.get("/plans/<uuid:public_id>/actions")
@action("record_plans")
def new_action(public_id: uuid.UUID) -> str:
    """An empty action."""
    plan = visible_plan(public_id)
    return _action_page(_action_form(plan), plan, None)


@blueprint.post("/plans/<uuid:public_id>/actions")
@action("record_plans")
def add_action(public_id: uuid.UUID) -> ResponseReturnValue:
    """Add it."""
    plan = visible_plan(public_id)
    form = _action_form(plan)
    if form.validate_on_submit() and attempt(
        form, lambda: verbs.add_action(db.session(), plan, form.draft(), request_key=form.key)
    ):
        flash("Action ajoutée.", "success")
        return redirect(url_for("plans.current", reference=plan.parcours.reference))
    return _action_page(form, plan, None), 422


@blueprint.get("/actions/<uuid:action_id>/corriger")
@action("record_plans")
def edit_action(action_id: uuid.UUID) -> str:
    """An action, filled in."""
    found = visible_action(action_id)
    form = _action_form(found.plan, found)
    form.show(found)
    return _action_page(form, found.plan, found)


@blueprint.post("/actions/<uuid:action_id>/corriger")
@action("record_plans")
def change_action(action_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what is said of it, unless somebody else changed it meanwhile."""
    found = visible_action(action_id)
    form = _action_form(found.plan, found)
    version = request.form.get("version", 0, type=int)
    if form.validate_on_submit() and attempt(
        form, lambda: verbs.change_action(db.session(), found, form.draft(), version=version)
    ):
        flash("Action enregistrée.", "success")
        return redirect(url_for("plans.current", reference=found.plan.parcours.reference))
    return _action_page(form, found.plan, found), 409 if form.conflict else 422


@blueprint.post("/actions/<uuid:action_id>/etat")
@action("record_plans")
def change_state(action_id: uuid.UUID) -> ResponseReturnValue:
    """Another state, in one click; the rest stays as it is."""
    found = visible_action(action_id)
    form = StateForm()
    as_it_is = _action_form(found.plan, found)
    as_it_is.show(found)
    draft = replace(as_it_is.draft(), state=form.state.data, closed_on=None)
    version = request.form.get("version", 0, type=int)
    reference = found.plan.parcours.reference
    if form.validate_on_submit() and attempt(
        form, lambda: verbs.change_action(db.session(), found, draft, version=version)
    ):
        flash("État noté.", "success")
        return redirect(url_for("plans.current", reference=reference))
    for reason in form.form_errors:
        flash(reason, "error")
    return _page(found.plan), 409 if form.conflict else 422


@blueprint.get("/echeances")
@action("see_plans")
def calendar() -> str:
    """What is due, month by month, in the plans of one's structures."""
    show_list("search_parcours")
    actions = verbs.coming_actions(db.session(), current_user)
    return render_template(
        "plans/calendar.html", months=by_month(actions), states=STATES, today=today()
    )


def by_month(actions: Iterable[PlanAction]) -> Months:
    """The actions by the month of their due date."""
    found = sorted(actions, key=lambda one: (one.due_on, one.id))
    return [
        (month, list(due))
        for month, due in groupby(found, key=lambda one: one.due_on.replace(day=1))
    ]


def _action_form(plan: Plan, found: PlanAction | None = None) -> PlanActionForm:
    return PlanActionForm(db.session(), structures_there(plan.parcours, today()), found)


def _action_page(form: PlanActionForm, plan: Plan, found: PlanAction | None) -> str:
    if found and form.conflict:
        db.session.refresh(found)
    return render_template("plans/action.html", form=form, plan=plan, action=found, states=STATES)


def _page(plan: Plan) -> str:
    db.session.refresh(plan)
    return render_template(
        "plans/show.html",
        plan=plan,
        parcours=plan.parcours,
        months=by_month(plan.actions),
        versions=verbs.plan_versions(db.session(), plan.parcours),
        done=verbs.progress(db.session(), plan.parcours),
        states=STATES,
        today=today(),
    )
