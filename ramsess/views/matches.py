"""A record that another structure may know too: answered without seeing the other's."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from ramsess.actions.matches import BOTH, TOLD, Match, answer_match, matches
from ramsess.actions.merging import merge_people, proposed
from ramsess.database import db
from ramsess.forms.base import Form
from ramsess.forms.duplicate import MatchForm
from ramsess.models import DuplicatePair
from ramsess.views.duplicates import as_command
from ramsess.views.guard import action
from ramsess.views.noting import show_person
from ramsess.views.records import attempt

blueprint = Blueprint("matches", __name__, url_prefix="/rapprochements")


@blueprint.get("/<uuid:public_id>")
@action("see_duplicates")
def show(public_id: uuid.UUID) -> str:
    """One's own record, and which of its words agree with another's."""
    return _page(_match(public_id), MatchForm())


@blueprint.post("/<uuid:public_id>")
@action("answer_matches")
def answer(public_id: uuid.UUID) -> ResponseReturnValue:
    """Confirm or refuse; the second confirmation merges the two records."""
    match = _match(public_id)
    form = MatchForm()
    said = None
    if form.validate_on_submit():
        said = attempt(
            form,
            lambda: answer_match(
                db.session(),
                match,
                answer=form.answer.data or "",
                structure_id=form.structure.data,
                consent_on=form.consent_on.data,
            ),
        )
    if said is None:
        return _page(_match(public_id), form), 409 if form.conflict else 422
    if said == BOTH:
        return _merge(public_id, match)
    flash(
        "Confirmé. L’autre structure doit confirmer à son tour : rien n’est montré d’ici là."
        if said == "waits"
        else "Refusé : rien n’est rapproché, et l’autre structure n’en saura pas plus.",
        "success",
    )
    return redirect(url_for("duplicates.index"))


def _merge(public_id: uuid.UUID, match: Match) -> ResponseReturnValue:
    own, form, account_id = match.person.public_id, Form(), current_user.id

    def work() -> uuid.UUID:
        pair = db.session.scalars(
            select(DuplicatePair).where(DuplicatePair.public_id == public_id)
        ).one()
        return merge_people(db.session(), pair, proposed(pair), account_id=account_id).public_id

    kept = as_command(lambda: attempt(form, work))
    if kept is None:
        flash(" ".join(form.form_errors) or "La fusion se fera au prochain passage.", "warning")
        return redirect(url_for("beneficiaries.show", public_id=own))
    flash("Les deux structures ont confirmé : leurs deux fiches n’en font plus qu’une.", "success")
    return redirect(url_for("beneficiaries.show", public_id=kept))


def _match(public_id: uuid.UUID) -> Match:
    found = matches(db.session(), current_user, public_id)
    if not found:
        abort(404)
    show_person(found[0].person, "read_match")
    return found[0]


def _page(match: Match, form: MatchForm) -> str:
    return render_template(
        "duplicates/match.html", match=match, person=match.person, form=form, told=TOLD
    )
