"""The shared resource base: list, page, file, contribution, correction, withdrawal."""

from __future__ import annotations

import io
import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm.exc import StaleDataError

from ramsess import policy
from ramsess.actions import resources as verbs
from ramsess.database import db
from ramsess.forms.resource import ResourceForm
from ramsess.lists import RESOURCES
from ramsess.models import Resource
from ramsess.views.guard import action
from ramsess.views.listing import serve
from ramsess.views.records import attempt, still_there

blueprint = Blueprint("resources", __name__, url_prefix="/ressources")

serve(blueprint, RESOURCES)


@blueprint.get("/nouvelle")
@action("record_resources")
def new() -> str:
    """An empty form."""
    return _page(ResourceForm(db.session()), None)


@blueprint.post("/nouvelle")
@action("record_resources")
def create() -> ResponseReturnValue:
    """Add the resource."""
    form = ResourceForm(db.session())
    if form.validate_on_submit():
        made = attempt(
            form,
            lambda: verbs.record_resource(
                db.session(), current_user, form.draft(), request_key=form.key
            ),
        )
        if made:
            flash("Ressource ajoutée.", "success")
            return redirect(url_for("resources.show", public_id=made.public_id))
    return _page(form, None), 422


@blueprint.get("/<uuid:public_id>")
@action("see_resources")
def show(public_id: uuid.UUID) -> str:
    """What is said of a resource, and where it is."""
    resource = _resource(public_id)
    return render_template(
        "resources/show.html",
        resource=resource,
        correctable=policy.may_correct_resource(current_user, resource),
    )


@blueprint.get("/<uuid:public_id>/fichier")
@action("see_resources")
def download(public_id: uuid.UUID) -> ResponseReturnValue:
    """Its file, to be kept: never shown inside a page of ours."""
    file = _resource(public_id).file
    if file is None:
        abort(404)
    return send_file(
        io.BytesIO(file.content), file.media_type, as_attachment=True, download_name=file.name
    )


@blueprint.get("/<uuid:public_id>/corriger")
@action("correct_resources")
def edit(public_id: uuid.UUID) -> str:
    """The form, filled in."""
    resource = _own(public_id)
    form = ResourceForm(db.session(), resource)
    form.show(resource)
    return _page(form, resource)


@blueprint.post("/<uuid:public_id>/corriger")
@action("correct_resources")
def correct(public_id: uuid.UUID) -> ResponseReturnValue:
    """Record the correction, unless somebody else corrected or withdrew it meanwhile."""
    resource = _own(public_id)
    form = ResourceForm(db.session(), resource)
    version = request.form.get("version", 0, type=int)
    if form.validate_on_submit() and attempt(
        form,
        lambda: verbs.correct_resource(
            db.session(), current_user, resource, form.draft(), version=version
        ),
    ):
        flash("Ressource corrigée.", "success")
        return redirect(url_for("resources.show", public_id=public_id))
    there = resource if still_there(resource) else None
    return _page(form, there), 409 if form.conflict else 422


@blueprint.post("/<uuid:public_id>/retirer")
@action("correct_resources")
def withdraw(public_id: uuid.UUID) -> ResponseReturnValue:
    """Remove it, and its file."""
    resource = _own(public_id)
    try:
        verbs.withdraw_resource(db.session(), resource)
        db.session.commit()
    except (InvalidRequestError, StaleDataError):
        # Somebody else did it at the same instant.
        db.session.rollback()
    flash("La ressource est retirée.", "success")
    return redirect(url_for("resources.index"))


def _resource(public_id: uuid.UUID) -> Resource:
    found = db.session.scalar(select(Resource).where(Resource.public_id == public_id))
    return found or abort(404)


def _own(public_id: uuid.UUID) -> Resource:
    resource = _resource(public_id)
    if not policy.may_correct_resource(current_user, resource):
        abort(404)
    return resource


def _page(form: ResourceForm, resource: Resource | None) -> str:
    return render_template("resources/form.html", form=form, resource=resource)
