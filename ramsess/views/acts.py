"""Acts: the whole form, correction, duplication, undo."""

from __future__ import annotations

import datetime as dt
import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess import policy
from ramsess.actions.acts import correct_act, record_act
from ramsess.actions.corrections import corrections_about, sealed_act
from ramsess.database import db
from ramsess.forms.act import ActForm
from ramsess.lists import ACTS
from ramsess.models import Act
from ramsess.models.calendar import today
from ramsess.views.guard import action
from ramsess.views.listing import serve
from ramsess.views.records import attempt, correctable_act, still_there, undone, visible_act

blueprint = Blueprint("acts", __name__, url_prefix="/actes")

serve(blueprint, ACTS)


@blueprint.get("/nouveau")
@action("record_acts")
def new() -> str:
    """An empty form; for a parcours, and on a day, when the address names them."""
    form = ActForm(db.session())
    form.done_on.data = request.args.get("jour", type=dt.date.fromisoformat) or today()
    form.parcours.data = request.args.get("parcours", "")
    form.scheme.data = "DRA"
    form.offer_actions(form.named_parcours())
    form.plan_action.data = request.args.get("action", "")
    return _page(form, None)


@blueprint.post("/nouveau")
@action("record_acts")
def create() -> ResponseReturnValue:
    """Record the act."""
    form = ActForm(db.session())
    if form.validate_on_submit():
        act = attempt(
            form,
            lambda: record_act(db.session(), current_user, form.draft(), request_key=form.key),
        )
        if act:
            flash("Acte enregistré.", "success")
            return redirect(_after(act))
    return _page(form, None), 422


@blueprint.get("/<uuid:public_id>")
@action("see_acts")
def show(public_id: uuid.UUID) -> str:
    """What is recorded of an act."""
    act = visible_act(public_id)
    return render_template(
        "acts/show.html",
        act=act,
        correctable=policy.may_correct_act(current_user, act),
        sealed=sealed_act(db.session(), act),
        corrections=corrections_about(db.session(), act=act),
    )


@blueprint.get("/<uuid:public_id>/corriger")
@action("correct_acts")
def edit(public_id: uuid.UUID) -> str:
    """The form, filled in."""
    act = correctable_act(public_id)
    form = ActForm(db.session(), act)
    form.show(act)
    return _page(form, act)


@blueprint.post("/<uuid:public_id>/corriger")
@action("correct_acts")
def correct(public_id: uuid.UUID) -> ResponseReturnValue:
    """Record the correction, unless somebody else corrected it meanwhile."""
    act = correctable_act(public_id)
    form = ActForm(db.session(), act)
    version = request.form.get("version", 0, type=int)
    if form.validate_on_submit() and attempt(
        form, lambda: correct_act(db.session(), current_user, act, form.draft(), version=version)
    ):
        flash("Acte corrigé.", "success")
        return redirect(_after(act))
    return _page(form, act if still_there(act) else None), 409 if form.conflict else 422


@blueprint.get("/<uuid:public_id>/dupliquer")
@action("correct_acts")
def duplicate(public_id: uuid.UUID) -> str:
    """The form of a new act, filled in with this one, dated today."""
    form = ActForm(db.session())
    form.show(correctable_act(public_id))
    form.done_on.data = today()
    return _page(form, None)


@blueprint.post("/<uuid:public_id>/annuler")
@action("correct_acts")
def undo(public_id: uuid.UUID) -> ResponseReturnValue:
    """Undo the recording of an act."""
    act = correctable_act(public_id)
    target = _after(act)
    undone(act)
    flash("L’enregistrement de l’acte est annulé.", "success")
    return redirect(target)


def _after(act: Act) -> str:
    if act.parcours and request.args.get("retour") == "parcours":
        return url_for("parcours.show", reference=act.parcours.reference)
    return url_for("home.index")


def _page(form: ActForm, act: Act | None) -> str:
    return render_template("acts/form.html", form=form, act=act)
