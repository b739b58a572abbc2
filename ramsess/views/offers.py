"""Orientations, for who is asked: answered without knowing whom, opened by accepting."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess.actions.offers import Offer, answer_orientation, offers
from ramsess.database import db
from ramsess.forms.orientation import AnswerForm
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.records import attempt

blueprint = Blueprint("offers", __name__, url_prefix="/orientations/recues")


@blueprint.get("/<uuid:public_id>")
@action("see_orientations")
def show(public_id: uuid.UUID) -> ResponseReturnValue:
    """What the structure is asked; once accepted, the orientation itself."""
    offer = _offer(public_id)
    if offer.answer == "accepted":
        return redirect(url_for("orientations.show", public_id=public_id))
    return _page(offer, AnswerForm())


@blueprint.post("/<uuid:public_id>/reponse")
@action("answer_orientations")
def answer(public_id: uuid.UUID) -> ResponseReturnValue:
    """Accept or refuse."""
    offer = _offer(public_id)
    form = AnswerForm()

    def work() -> bool:
        answer_orientation(db.session(), offer, form.answer.data or "", form.answer_note.data or "")
        return True

    if form.validate_on_submit() and attempt(form, work):
        if form.answer.data == "accepted":
            flash("Orientation acceptée : le dossier est ouvert à votre structure.", "success")
            return redirect(url_for("orientations.show", public_id=public_id))
        flash("Refus enregistré.", "success")
        return redirect(url_for("orientations.index"))
    return _page(_offer(public_id), form), 409 if form.conflict else 422


def _offer(public_id: uuid.UUID) -> Offer:
    found = offers(db.session(), current_user, public_id)
    if not found:
        abort(404)
    show_list("read_orientation", structure_id=found[0].to_structure_id, record=public_id)
    return found[0]


def _page(offer: Offer, form: AnswerForm) -> str:
    return render_template("orientations/offer.html", offer=offer, form=form)
