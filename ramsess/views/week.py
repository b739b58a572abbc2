"""My week: a grid to type in, paste into, and read beside one's working time."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess.actions.batch import Outcome, save_week
from ramsess.actions.refusals import RefusedError
from ramsess.actions.week import Week, monday_of, read_week
from ramsess.database import db
from ramsess.forms.week import WeekForm, parse_week, week_name
from ramsess.models.calendar import today
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.own_work import of_an_adviser
from ramsess.views.records import attempt
from ramsess.views.typography import plural
from ramsess.views.week_page import WeekPage

blueprint = Blueprint("week", __name__, url_prefix="/ma-semaine")

SAVE, MORE, COPY = "enregistrer", "ligne", "copier"


@blueprint.get("")
@action("record_acts")
@of_an_adviser
def index() -> ResponseReturnValue:
    """The week that the address names, or this one."""
    monday = _monday()
    recent = None
    if request.args.get("lignes") == "precedentes":
        recent = _read(monday - dt.timedelta(days=7))
    week = _read(monday)
    return _page(week, WeekForm(db.session(), week, recent=recent))


@blueprint.post("")
@action("record_acts")
@of_an_adviser
def save() -> ResponseReturnValue:
    """Record what the grid says, all of it or nothing; or change the form that is being filled."""
    week = _read(_monday())
    form = WeekForm(db.session(), week)
    gesture = request.form.get("geste", SAVE)
    if gesture == MORE:
        form.add_line()
        return _page(week, form)
    if not form.validate_on_submit():
        return _page(week, form), 422
    if gesture == COPY:
        copied = form.copy_day()
        told = plural(copied, "durée copiée", "durées copiées")
        flash(f"{told} : relisez, puis enregistrez la semaine.", "info")
        return _page(week, form)
    return _saved(week, form)


def _saved(week: Week, form: WeekForm) -> ResponseReturnValue:
    try:
        if form.ask_before_undoing(form.changes()):
            return _page(week, form), 422
    except RefusedError as refusal:
        form.tell(refusal.reasons)
        return _page(week, form), 422

    def work() -> Outcome:
        return save_week(
            db.session(),
            current_user,
            current_user.adviser,
            additions=form.additions(),
            changes=form.changes(),
            request_key=form.key,
        )

    outcome = attempt(form, work)
    if outcome is None:
        form.week = week = _read(week.monday)
        form.take_up()
        return _page(week, form), 409 if form.conflict else 422
    flash(_told(outcome), "success")
    return redirect(url_for("week.index", semaine=week_name(week.monday)))


def _told(outcome: Outcome) -> str:
    parts = [
        plural(count, f"acte {word}", f"actes {word}s")
        for count, word in (
            (len(outcome.recorded), "noté"),
            (len(outcome.corrected), "corrigé"),
            (outcome.undone, "annulé"),
        )
        if count
    ]
    return f"Semaine enregistrée : {', '.join(parts)}." if parts else "Rien n’avait changé."


def _monday() -> dt.date:
    asked = request.args.get("semaine", "")
    monday = parse_week(asked)
    if asked and monday is None:
        flash("Cette semaine n’existe pas : écrivez par exemple 2009-S14. Voici celle-ci.", "error")
    return monday or monday_of(today())


def _read(monday: dt.date) -> Week:
    return read_week(db.session(), current_user, current_user.adviser, monday)


def _page(week: Week, form: WeekForm) -> str:
    if week.lines:
        show_list("read_acts")
    return render_template("week/index.html", page=WeekPage(week, form), form=form, today=today())
