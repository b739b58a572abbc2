"""Series: the same act on several parcours or days."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess.actions.batch import record_all
from ramsess.actions.refusals import RefusedError
from ramsess.actions.series import MOST
from ramsess.actions.week import monday_of
from ramsess.database import db
from ramsess.forms.series import SeriesForm
from ramsess.forms.week import week_name
from ramsess.models import Act
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.own_work import of_an_adviser
from ramsess.views.records import attempt

blueprint = Blueprint("series", __name__, url_prefix="/actes/serie")


@blueprint.get("")
@action("record_acts")
@of_an_adviser
def new() -> ResponseReturnValue:
    """An empty series; of a type, on a parcours, when the address names them."""
    form = SeriesForm(db.session())
    form.type.data = request.args.get("type", "")
    reference = request.args.get("parcours", "")
    if reference in dict(form.ticked.choices):
        form.ticked.data = [reference]
    else:
        form.others[0].data = reference
    return _page(form)


@blueprint.post("")
@action("record_acts")
@of_an_adviser
def create() -> ResponseReturnValue:
    """Show which acts it makes; record them, all or nothing, once the person has seen them."""
    form = SeriesForm(db.session())
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        form.understand()
    except RefusedError as refusal:
        form.tell(refusal.reasons)
        return _page(form), 422
    if form.seen.data != form.digest:
        form.seen.data = form.digest
        form.offer_days()
        return _page(form)
    kept = form.days.data
    if not form.kept_days():
        form.offer_days()
        form.days.errors = ["Gardez au moins un jour."]
        form.days.data = []
        return _page(form), 422
    made = attempt(
        form,
        lambda: record_all(db.session(), current_user, form.additions(), request_key=form.key),
    )
    if made is None:
        form.understand()
        form.offer_days()
        form.days.data = kept
        return _page(form), 422
    return recorded_page(made)


def recorded_page(acts: Sequence[Act]) -> str:
    """What was recorded together; the frame of the page offers to undo it."""
    show_list("read_acts")
    ordered = sorted(acts, key=lambda act: (act.done_on, act.id))
    week = week_name(monday_of(ordered[-1].done_on))
    return render_template("series/recorded.html", acts=ordered, week=week)


def _page(form: SeriesForm) -> str:
    show_list("search_parcours")
    return render_template("series/form.html", form=form, most=MOST)
