"""Parcours: list, page with timeline, opening, joining, phases, exit."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess import policy
from ramsess.actions import parcours as verbs
from ramsess.actions.completion import incomplete
from ramsess.actions.corrections import corrections_about, sealed_parcours
from ramsess.actions.diagnostics import versions
from ramsess.actions.messages import About
from ramsess.actions.plans import plan_versions
from ramsess.actions.resources import resources_for_phase
from ramsess.actions.rights import sharing_refused
from ramsess.actions.throttle import JOIN
from ramsess.database import db
from ramsess.forms.base import Form
from ramsess.forms.choices import person_label
from ramsess.forms.parcours import ExitForm, JoinForm, LeaveForm, ParcoursForm, PhaseForm
from ramsess.forms.sign_in import count_attempt, excuse
from ramsess.lists import PARCOURS
from ramsess.models import Parcours
from ramsess.models.calendar import today
from ramsess.views.guard import action
from ramsess.views.listing import serve
from ramsess.views.orientations import orientations_of
from ramsess.views.records import attempt, visible_parcours, visible_person
from ramsess.views.threads import count_about
from ramsess.views.timeline import timeline

blueprint = Blueprint("parcours", __name__, url_prefix="/parcours")

serve(blueprint, PARCOURS)


@blueprint.get("/nouveau")
@action("record_parcours")
def new() -> str:
    """An empty form."""
    form = ParcoursForm(db.session())
    known = request.args.get("personne", type=uuid.UUID)
    form.people.data = person_label(visible_person(known)) if known else ""
    return render_template("parcours/form.html", form=form)


@blueprint.post("/nouveau")
@action("record_parcours")
def create() -> ResponseReturnValue:
    """Open a parcours."""
    form = ParcoursForm(db.session())
    if form.validate_on_submit():
        opened = attempt(
            form,
            lambda: verbs.open_parcours(
                db.session(), current_user, form.draft(), request_key=form.key
            ),
        )
        if opened:
            flash(f"Parcours {opened.reference} ouvert.", "success")
            return redirect(url_for("parcours.show", reference=opened.reference))
    return render_template("parcours/form.html", form=form), 422


@blueprint.get("/rejoindre")
@action("record_parcours")
def join() -> str:
    """Ask for the reference of another structure's parcours."""
    return render_template("parcours/join.html", form=JoinForm())


@blueprint.post("/rejoindre")
@action("record_parcours")
def take_part() -> ResponseReturnValue:
    """Take part in it."""
    form = JoinForm()
    if form.validate_on_submit():
        tried = count_attempt("join", str(current_user.id), JOIN)
        joined = attempt(
            form,
            lambda: verbs.join_parcours(
                db.session(),
                current_user,
                reference=form.reference.data,
                code=form.code.data,
                structure_id=form.structure.data,
                joined_on=form.joined_on.data,
            ),
        )
        if joined:
            excuse(tried)
            flash("Votre structure prend part à ce parcours.", "success")
            return redirect(url_for("parcours.show", reference=joined.reference))
    return render_template("parcours/join.html", form=form), 422


@blueprint.get("/<reference>")
@action("see_parcours")
def show(reference: str) -> str:
    """The whole parcours, other structures' contributions included."""
    return _page(visible_parcours(reference))


@blueprint.post("/<reference>/phase")
@action("record_parcours")
def phase(reference: str) -> ResponseReturnValue:
    """Note a phase reached."""
    parcours = visible_parcours(reference)
    form = PhaseForm(db.session())
    return _change(
        parcours,
        "phase",
        form,
        lambda: verbs.change_phase(
            db.session(),
            parcours,
            phase_code=form.phase.data,
            reached_on=form.reached_on.data,
        ),
        "Phase notée.",
    )


@blueprint.post("/<reference>/depart")
@action("record_parcours")
def leave(reference: str) -> ResponseReturnValue:
    """Stop taking part."""
    parcours = visible_parcours(reference)
    form = LeaveForm(parcours)
    return _change(
        parcours,
        "leave",
        form,
        lambda: verbs.leave_parcours(
            db.session(),
            current_user,
            parcours,
            structure_id=form.structure.data,
            left_on=form.left_on.data,
        ),
        "Le départ de votre structure est noté.",
    )


@blueprint.get("/<reference>/sortie")
@action("record_parcours")
def exit_form(reference: str) -> str:
    """How the parcours ended, filled in when it has."""
    parcours = visible_parcours(reference)
    form = ExitForm(db.session())
    form.show(parcours)
    return render_template("parcours/exit.html", parcours=parcours, form=form)


@blueprint.post("/<reference>/sortie")
@action("record_parcours")
def close(reference: str) -> ResponseReturnValue:
    """Note or correct the exit."""
    parcours = visible_parcours(reference)
    form = ExitForm(db.session())
    version = request.form.get("version", 0, type=int)

    def work() -> bool:
        verbs.close_parcours(db.session(), parcours, form.draft(), version=version)
        return True

    if form.validate_on_submit() and attempt(form, work):
        flash("La sortie est notée.", "success")
        return redirect(url_for("parcours.show", reference=parcours.reference))
    status = 409 if form.conflict else 422
    return render_template("parcours/exit.html", parcours=parcours, form=form), status


@blueprint.post("/<reference>/reouvrir")
@action("record_parcours")
def reopen(reference: str) -> ResponseReturnValue:
    """Undo an exit noted by mistake."""
    parcours = visible_parcours(reference)
    form = Form()
    version = request.form.get("version", 0, type=int)
    return _change(
        parcours,
        "reopen",
        form,
        lambda: verbs.reopen_parcours(db.session(), parcours, version=version),
        "Le parcours est rouvert.",
    )


def _change(
    parcours: Parcours, name: str, form: Form, work: Callable[[], None], done: str
) -> ResponseReturnValue:
    def work_and_tell() -> bool:
        work()
        return True

    reference = parcours.reference
    if form.validate_on_submit() and attempt(form, work_and_tell):
        flash(done, "success")
        # Who leaves no longer sees it.
        if verbs.find_by_reference(db.session(), reference):
            return redirect(url_for("parcours.show", reference=reference))
        return redirect(url_for("parcours.index"))
    return _page(parcours, **{name: form}), 409 if form.conflict else 422


def _page(parcours: Parcours, **forms: Any) -> str:
    leave = forms.get("leave") or LeaveForm(parcours)
    current = parcours.phase_code_on(today())
    diagnostics = versions(db.session(), parcours)
    plans = plan_versions(db.session(), parcours)
    if "phase" not in forms:
        forms["phase"] = PhaseForm(db.session())
        forms["phase"].phase.data = current
    return render_template(
        "parcours/show.html",
        parcours=parcours,
        moments=timeline(parcours, diagnostics, plans),
        phase=forms["phase"],
        leave=leave,
        reopen=forms.get("reopen") or Form(),
        incomplete=incomplete(db.session(), parcours),
        takes_part=bool(leave.structure.choices),
        current=current,
        diagnostic=next(iter(diagnostics), None),
        plan=next(iter(plans), None),
        today=today(),
        may_correct=lambda act: policy.may_correct_act(current_user, act),
        leads=parcours.lead_structure_id in policy.structure_ids(current_user),
        refused=sharing_refused(db.session(), parcours),
        resources=resources_for_phase(db.session(), current),
        orientations=orientations_of(parcours=parcours),
        said=count_about(About(parcours)),
        sealed=sealed_parcours(db.session(), parcours),
        corrections=corrections_about(db.session(), parcours=parcours),
    )
