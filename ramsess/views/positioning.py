"""The line of a structure in the network's global schema, changed by its manager."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from ramsess import policy
from ramsess.actions.positioning import presentation_of, take_position
from ramsess.database import db
from ramsess.forms.positioning import PresentationForm, positioning_form
from ramsess.models import Structure
from ramsess.views.guard import action
from ramsess.views.records import attempt

blueprint = Blueprint("positioning", __name__, url_prefix="/reseau/structures")


@blueprint.get("/<code>/positionnement")
@action("take_position")
def edit(code: str) -> str:
    """The grid and how to reach the structure, filled in."""
    structure = _own(code)
    form = positioning_form(db.session())
    form.show(presentation_of(db.session(), structure))
    return _page(structure, form)


@blueprint.post("/<code>/positionnement")
@action("take_position")
def save(code: str) -> ResponseReturnValue:
    """Publish it, unless somebody else of the structure changed it meanwhile."""
    structure = _own(code)
    form = positioning_form(db.session())
    version = request.form.get("version", 0, type=int)
    if form.validate_on_submit() and attempt(
        form,
        lambda: take_position(db.session(), current_user, structure, form.draft(), version=version),
    ):
        flash("C’est publié : voici le schéma du réseau.", "success")
        return redirect(url_for("network.index"))
    return _page(structure, form), 409 if form.conflict else 422


def _own(code: str) -> Structure:
    structure = db.session.scalar(select(Structure).where(Structure.code == code))
    if structure is None or not policy.may_take_position(current_user, structure):
        abort(404)
    return structure


def _page(structure: Structure, form: PresentationForm) -> str:
    return render_template(
        "positioning/form.html",
        structure=structure,
        form=form,
        presentation=presentation_of(db.session(), structure),
    )
