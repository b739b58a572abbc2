"""Orientations, for who proposes them and for who is told of them."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from ramsess import policy
from ramsess.actions import orientations as verbs
from ramsess.actions.auditing import shown
from ramsess.actions.offers import offers
from ramsess.database import db
from ramsess.forms.orientation import OrientationForm, OutcomeForm
from ramsess.lists import ORIENTATIONS
from ramsess.models import Beneficiary, Orientation, Parcours
from ramsess.models.calendar import today
from ramsess.views.guard import action
from ramsess.views.listing import serve
from ramsess.views.records import attempt, visible_parcours, visible_person

blueprint = Blueprint("orientations", __name__)

WAITING = 50


def _received() -> dict[str, Any]:
    """What one's structures are asked, before what they see."""
    received = offers(db.session(), current_user)
    return {"received": received[:WAITING], "more": len(received) > WAITING}


serve(blueprint, ORIENTATIONS, _received, at="/orientations")


def _seen() -> Select[Orientation]:
    """The orientations that the person may see, what waits first."""
    return (
        select(Orientation)
        .where(Orientation.id.in_(policy.orientations_seen(current_user, today())))
        .options(
            selectinload(Orientation.from_structure),
            selectinload(Orientation.to_structure),
            selectinload(Orientation.partner),
            selectinload(Orientation.adviser),
        )
        .order_by(
            *verbs.waiting_first(Orientation.answer, Orientation.proposed_on),
            Orientation.id.desc(),
        )
    )


def orientations_of(
    parcours: Parcours | None = None, person: Beneficiary | None = None
) -> list[Orientation]:
    """The orientations of a parcours, or of a person without parcours, for her page."""
    about = (
        Orientation.parcours_id == parcours.id
        if parcours
        else Orientation.beneficiary_id == (person.id if person else None)
    )
    return list(db.session.scalars(_seen().where(about)))


@blueprint.get("/parcours/<reference>/orienter")
@action("propose_orientations")
def of_parcours(reference: str) -> str:
    """Propose to orient the people of a parcours."""
    return _form(OrientationForm(db.session(), visible_parcours(reference), None))


@blueprint.post("/parcours/<reference>/orienter")
@action("propose_orientations")
def propose_parcours(reference: str) -> ResponseReturnValue:
    """Record it."""
    return _propose(OrientationForm(db.session(), visible_parcours(reference), None))


@blueprint.get("/personnes/<uuid:person_id>/orienter")
@action("propose_orientations")
def of_person(person_id: uuid.UUID) -> str:
    """Propose to orient a person without parcours."""
    return _form(OrientationForm(db.session(), None, visible_person(person_id)))


@blueprint.post("/personnes/<uuid:person_id>/orienter")
@action("propose_orientations")
def propose_person(person_id: uuid.UUID) -> ResponseReturnValue:
    """Record it."""
    return _propose(OrientationForm(db.session(), None, visible_person(person_id)))


def _form(form: OrientationForm) -> str:
    return render_template(
        "orientations/form.html", form=form, parcours=form.parcours, person=form.person
    )


def _propose(form: OrientationForm) -> ResponseReturnValue:
    if form.validate_on_submit():
        made = attempt(
            form,
            lambda: verbs.propose_orientation(
                db.session(), current_user, form.draft(), request_key=form.key
            ),
        )
        if made:
            flash(f"Orientation vers {made.destination} enregistrée.", "success")
            return redirect(url_for("orientations.show", public_id=made.public_id))
    return _form(form), 422


@blueprint.get("/orientations/<uuid:public_id>")
@action("see_orientations")
def show(public_id: uuid.UUID) -> str:
    """What was proposed, about whom, and what became of it."""
    orientation = _visible(public_id)
    form = OutcomeForm()
    form.show(orientation)
    return _page(orientation, form)


@blueprint.post("/orientations/<uuid:public_id>/suite")
@action("close_orientations")
def close(public_id: uuid.UUID) -> ResponseReturnValue:
    """Note a partner's answer, or give up what a structure has not answered."""
    orientation = _visible(public_id)
    if not policy.may_close_orientation(current_user, orientation):
        abort(404)
    form = OutcomeForm()
    version = request.form.get("version", 0, type=int)

    def work() -> bool:
        verbs.close_orientation(
            db.session(),
            orientation,
            answer=form.answer.data,
            answered_on=form.answered_on.data,
            why=form.answer_note.data or "",
            version=version,
        )
        return True

    if form.validate_on_submit() and attempt(form, work):
        flash("C’est noté.", "success")
        return redirect(url_for("orientations.show", public_id=public_id))
    return _page(orientation, form), 409 if form.conflict else 422


def _visible(public_id: uuid.UUID) -> Orientation:
    orientation = db.session.scalar(_seen().where(Orientation.public_id == public_id))
    if orientation is None:
        abort(404)
    people: list[int | None] = [person.id for person in verbs.people_of(orientation)]
    for person_id in people or [None]:
        shown(
            db.session(),
            "read_orientation",
            person_id=person_id,
            record=orientation.public_id,
            account_id=current_user.id,
        )
    return orientation


def _page(orientation: Orientation, form: OutcomeForm) -> str:
    return render_template(
        "orientations/show.html",
        orientation=orientation,
        people=verbs.people_of(orientation),
        taken_up=verbs.taken_up_on(db.session(), orientation),
        mine=policy.may_close_orientation(current_user, orientation),
        form=form,
        is_late=verbs.is_late,
    )
