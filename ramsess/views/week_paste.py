"""Pasting acts from a spreadsheet into one's weeks."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess.actions.batch import record_all
from ramsess.actions.week import monday_of
from ramsess.database import db
from ramsess.forms.paste import PasteForm
from ramsess.forms.week import parse_week, week_name
from ramsess.models.calendar import today
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.own_work import of_an_adviser
from ramsess.views.records import attempt
from ramsess.views.series import recorded_page

blueprint = Blueprint("week_paste", __name__, url_prefix="/ma-semaine/coller")


@blueprint.get("")
@action("record_acts")
@of_an_adviser
def index() -> ResponseReturnValue:
    """Where to paste."""
    form = _form()
    form.skip_known.data = True
    return _page(form)


@blueprint.post("")
@action("record_acts")
@of_an_adviser
def read() -> ResponseReturnValue:
    """Show what was understood; record it, all or nothing, once the person has seen it."""
    form = _form()
    with db.session.no_autoflush:
        readable = form.validate_on_submit() and form.read()
    if not readable:
        return _page(form), 422
    if not form.is_sound or form.seen.data != form.digest:
        form.seen.data = form.digest
        # Only looked at: locks taken to check go with it.
        page = _page(form)
        return page, 200 if form.is_sound else 422
    made = attempt(
        form,
        lambda: record_all(db.session(), current_user, form.additions(), request_key=form.key),
    )
    if made is None:
        return _page(form), 422
    return recorded_page(made)


def _form() -> PasteForm:
    monday = parse_week(request.args.get("semaine", "")) or monday_of(today())
    return PasteForm(db.session(), monday)


def _page(form: PasteForm) -> str:
    if form.rows:
        show_list("read_acts")
    return render_template("week/paste.html", form=form, week=week_name(form.monday))
