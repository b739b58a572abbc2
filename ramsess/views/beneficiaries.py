"""People: search, enter with a warning of near people, correct."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from ramsess import policy
from ramsess.actions.beneficiaries import (
    Near,
    check_person,
    correct_beneficiary,
    near_people,
    record_beneficiary,
    recorded,
)
from ramsess.actions.duplicates import pairs_of
from ramsess.actions.refusals import RefusedError
from ramsess.actions.rights import requests_about, told
from ramsess.database import db
from ramsess.forms.person import PersonForm
from ramsess.forms.rights import ErasureRequestForm, InformationForm, agreed
from ramsess.lists import PEOPLE
from ramsess.models import Act, ActBeneficiary, Beneficiary, Parcours, ParcoursBeneficiary
from ramsess.models.calendar import today
from ramsess.models.rights import ANSWERS, REASONS
from ramsess.views.guard import action
from ramsess.views.listing import serve
from ramsess.views.noting import show_list
from ramsess.views.orientations import orientations_of
from ramsess.views.records import attempt, visible_person
from ramsess.views.search import remembered

blueprint = Blueprint("beneficiaries", __name__, url_prefix="/personnes")

serve(blueprint, PEOPLE)


@blueprint.get("/nouvelle")
@action("record_people")
def new() -> str:
    """An empty form."""
    form = PersonForm(db.session())
    form.last_name.data = remembered(PEOPLE.name)
    return _page(form)


@blueprint.post("/nouvelle")
@action("record_people")
def create() -> ResponseReturnValue:
    """Record a person; a near one is shown before anything is written."""
    form = PersonForm(db.session())
    near = None
    if form.validate_on_submit():
        near = _near(form)
        if not near or form.confirmed.data:
            person = attempt(form, lambda: _record(form, near))
            if person:
                known = person.request_key != form.key
                flash(
                    "Personne déjà connue, rattachée à votre structure."
                    if known
                    else "Personne enregistrée.",
                    "success",
                )
                return redirect(url_for("beneficiaries.show", public_id=person.public_id))
    return _page(form, near=near), 422


def _near(form: PersonForm) -> Near | None:
    """People who may be the same, unless this very form is recorded."""
    try:
        draft = form.draft()
        check_person(draft)
        form.informed()
    except RefusedError:
        return None
    near = near_people(db.session(), current_user, draft)
    if near.seen:
        show_list("search_people")
    # The same form, sent at the same instant, may be whom this one comes near.
    return None if recorded(db.session(), form.key) else near


def _record(form: PersonForm, near: Near | None) -> Beneficiary:
    return record_beneficiary(
        db.session(),
        current_user,
        form.draft(),
        structure_id=form.structure.data,
        request_key=form.key,
        informed_on=form.informed(),
        sharing_agreed=agreed(form.sharing.data),
        near=near,
    )


@blueprint.get("/<uuid:public_id>")
@action("see_people")
def show(public_id: uuid.UUID) -> str:
    """A person: identity, parcours, receptions."""
    person = visible_person(public_id)
    parcours = db.session.scalars(
        select(Parcours)
        .join(ParcoursBeneficiary, ParcoursBeneficiary.parcours_id == Parcours.id)
        .where(
            ParcoursBeneficiary.beneficiary_id == person.id,
            Parcours.id.in_(policy.parcours_seen(current_user, today())),
        )
        .order_by(Parcours.entered_on.desc())
    ).all()
    acts = db.session.scalars(
        select(Act)
        .join(ActBeneficiary, ActBeneficiary.act_id == Act.id)
        .where(
            ActBeneficiary.beneficiary_id == person.id, Act.id.in_(policy.acts_seen(current_user))
        )
        .order_by(Act.done_on.desc())
    ).all()
    session = db.session()
    return render_template(
        "beneficiaries/show.html",
        person=person,
        parcours=parcours,
        acts=acts,
        orientations=orientations_of(person=person),
        pairs=pairs_of(session, current_user, person),
        told=told(session, current_user, person),
        information=InformationForm(formdata=None),
        requests=requests_about(session, current_user, person),
        request_form=ErasureRequestForm(formdata=None),
        reasons=REASONS,
        answers=ANSWERS,
    )


@blueprint.get("/<uuid:public_id>/corriger")
@action("record_people")
def edit(public_id: uuid.UUID) -> str:
    """The form, filled in."""
    person = visible_person(public_id)
    form = PersonForm(db.session())
    form.show(person)
    return _page(form, person)


@blueprint.post("/<uuid:public_id>/corriger")
@action("record_people")
def correct(public_id: uuid.UUID) -> ResponseReturnValue:
    """Record what is known now; past figures stay."""
    person = visible_person(public_id)
    form = PersonForm(db.session())
    version = request.form.get("version", 0, type=int)
    if form.validate_on_submit() and attempt(
        form, lambda: correct_beneficiary(db.session(), person, form.draft(), version=version)
    ):
        flash("Fiche corrigée. Les chiffres passés ne changent pas.", "success")
        return redirect(url_for("beneficiaries.show", public_id=public_id))
    return _page(form, person), 409 if form.conflict else 422


def _page(form: PersonForm, person: Beneficiary | None = None, near: Near | None = None) -> str:
    return render_template("beneficiaries/form.html", form=form, person=person, near=near)
