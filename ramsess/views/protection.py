"""The data protection officer's pages: requests to erase, and what she does with a reference."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ramsess.actions.erasure import erase_person, find_by_reference
from ramsess.actions.ledger import Ledger
from ramsess.actions.retention import give_back_identity
from ramsess.actions.rights import refuse_erasure
from ramsess.database import db
from ramsess.forms.base import Form
from ramsess.forms.rights import ConfirmErasureForm, ReferenceForm
from ramsess.models import Beneficiary, ErasureRequest, IdentityArchive
from ramsess.models.rights import ANSWERS, REASONS
from ramsess.views.guard import action
from ramsess.views.noting import show_list, show_person
from ramsess.views.records import attempt

blueprint = Blueprint("protection", __name__, url_prefix="/protection")

LISTED = 200


@blueprint.get("")
@action("protect_data")
def index() -> str:
    """Requests that wait, those answered, identities put away; a reference to open."""
    return _index(ReferenceForm())


@blueprint.post("")
@action("protect_data")
def find() -> ResponseReturnValue:
    """Open the person of a reference."""
    form = ReferenceForm()
    if form.validate_on_submit() and form.value:
        if find_by_reference(db.session(), form.value):
            return redirect(url_for("protection.show", public_id=form.value))
        form.tell({"reference": "Personne n’a cette référence, ou son dossier est déjà effacé."})
    return _index(form), 422


@blueprint.get("/<uuid:public_id>")
@action("protect_data")
def show(public_id: uuid.UUID) -> str:
    """What can be done for the person of that reference; her name is not shown."""
    return _page(_person(public_id), ConfirmErasureForm())


@blueprint.post("/<uuid:public_id>/effacer")
@action("protect_data")
def erase(public_id: uuid.UUID) -> ResponseReturnValue:
    """Erase the person, once the end of the reference is typed."""
    person = _person(public_id)
    form = ConfirmErasureForm()
    ledger = Ledger(current_app.config["SETTINGS"].instance)
    if form.validate_on_submit() and form.confirms(person.public_id):
        erase_person(db.session(), person, ledger=ledger)
        db.session.commit()
        flash("Personne effacée. Les chiffres passés ne changent pas.", "success")
        return redirect(url_for("protection.index"))
    return _page(person, form), 422


@blueprint.post("/<uuid:public_id>/retablir")
@action("protect_data")
def give_back(public_id: uuid.UUID) -> ResponseReturnValue:
    """Give a person who comes back the identity that was put away."""
    person = _person(public_id)
    form = Form()
    if attempt(form, lambda: give_back_identity(db.session(), person)):
        flash("Identité rétablie : les structures la retrouvent.", "success")
    else:
        flash(" ".join(form.form_errors), "error")
    return redirect(url_for("protection.index"))


@blueprint.post("/demandes/<int(max=2147483647):identifier>/refuser")
@action("protect_data")
def refuse(identifier: int) -> ResponseReturnValue:
    """Answer no to a request."""
    request = db.session.get(ErasureRequest, identifier) or abort(404)
    refuse_erasure(db.session(), request)
    db.session.commit()
    flash("Demande refusée : la structure le lit sur la page de la personne.", "success")
    return redirect(url_for("protection.index"))


def _person(public_id: uuid.UUID) -> Beneficiary:
    return find_by_reference(db.session(), public_id) or abort(404)


def _index(form: ReferenceForm) -> str:
    show_list("read_requests")
    requests = db.session.scalars(
        select(ErasureRequest)
        .options(joinedload(ErasureRequest.person), joinedload(ErasureRequest.structure))
        .order_by(ErasureRequest.answer.is_not(None), ErasureRequest.asked_at.desc())
        .limit(LISTED)
    ).all()
    archives = db.session.scalars(
        select(IdentityArchive)
        .options(joinedload(IdentityArchive.beneficiary))
        .order_by(IdentityArchive.identity["search_key"].astext)
        .limit(LISTED)
    ).all()
    return render_template(
        "protection/index.html",
        form=form,
        waiting=[item for item in requests if item.answer is None],
        answered=[item for item in requests if item.answer is not None],
        archives=archives,
        reasons=REASONS,
        answers=ANSWERS,
    )


def _page(person: Beneficiary, form: ConfirmErasureForm) -> str:
    show_person(person, "read_dossier")
    return render_template(
        "protection/show.html",
        person=person,
        form=form,
        archive=db.session.get(IdentityArchive, person.id),
    )
