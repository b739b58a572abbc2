"""A calendar file: read, shown as acts to confirm, forgotten."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess.actions.batch import record_all
from ramsess.actions.week import monday_of
from ramsess.database import db
from ramsess.exchange.calendar_file import CalendarError, Reading, read_calendar
from ramsess.forms.calendar_import import AppointmentsForm, CalendarFileForm
from ramsess.forms.week import parse_week, week_name
from ramsess.models.calendar import today
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.own_work import of_an_adviser
from ramsess.views.records import attempt
from ramsess.views.series import recorded_page

blueprint = Blueprint("week_calendar", __name__, url_prefix="/ma-semaine/calendrier")


@blueprint.get("")
@action("record_acts")
@of_an_adviser
def index() -> ResponseReturnValue:
    """Where to hand in the file."""
    form = CalendarFileForm()
    monday = parse_week(request.args.get("semaine", "")) or monday_of(today())
    form.week.data = week_name(monday)
    return render_template("week/calendar.html", form=form)


@blueprint.post("")
@action("record_acts")
@of_an_adviser
def read() -> ResponseReturnValue:
    """Show the appointments of the file as acts to confirm; nothing is recorded or kept."""
    form = CalendarFileForm()
    days = form.days() if form.validate_on_submit() else None
    content = form.content()
    if days and not content:
        form.file.errors = ["Choisissez un fichier .ics."]
    if days is None or not content:
        return render_template("week/calendar.html", form=form), 422
    try:
        reading = read_calendar(content, *days)
    except CalendarError as error:
        form.file.errors = [str(error)]
        return render_template("week/calendar.html", form=form), 422
    return _page(AppointmentsForm(db.session(), reading.appointments), reading)


@blueprint.post("/noter")
@action("record_acts")
@of_an_adviser
def record() -> ResponseReturnValue:
    """Record the appointments that are ticked, all or nothing."""
    form = AppointmentsForm(db.session())
    if form.validate_on_submit():
        made = attempt(
            form,
            lambda: record_all(
                db.session(), current_user, form.additions(), request_key=form.space
            ),
        )
        if made:
            return recorded_page(made)
    return _page(form), 422


def _page(form: AppointmentsForm, reading: Reading | None = None) -> str:
    show_list("search_parcours")
    return render_template(
        "week/appointments.html", form=form, reading=reading, already=form.already()
    )
