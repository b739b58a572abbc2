"""Collective sessions: list, recording, attendance."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess.actions.enrolment import enrolled_people, expect_again
from ramsess.actions.sessions import correct_session, hold_session, note_attendance
from ramsess.database import db
from ramsess.forms.session import AttendanceForm, SessionForm
from ramsess.lists import SESSIONS
from ramsess.models import Act
from ramsess.models.calendar import today
from ramsess.views.guard import action
from ramsess.views.listing import serve
from ramsess.views.records import attempt, correctable_act, still_there, undone, visible_act
from ramsess.views.session_page import Register, host_part, session_page

blueprint = Blueprint("sessions", __name__, url_prefix="/seances")

serve(blueprint, SESSIONS)


@blueprint.get("/nouvelle")
@action("record_sessions")
def new() -> str:
    """An empty form."""
    form = SessionForm(db.session())
    form.scheme.data = "DRA"
    return render_template("sessions/form.html", form=form, act=None)


@blueprint.post("/nouvelle")
@action("record_sessions")
def create() -> ResponseReturnValue:
    """Record a session, or prepare one; a copy of another may expect the same people."""
    form = SessionForm(db.session())
    source = _source()
    if form.validate_on_submit():

        def work() -> Act:
            made = hold_session(db.session(), current_user, form.draft(), request_key=form.key)
            if source and "people" in request.form:
                expect_again(db.session(), source, made)
            return made

        act = attempt(form, work)
        if act:
            ahead = act.done_on > today()
            then = "Inscrivez les personnes attendues." if ahead else "Notez les présences."
            flash(f"Séance {'préparée' if ahead else 'enregistrée'}. {then}", "success")
            return redirect(url_for("sessions.show", public_id=act.public_id))
    return _form_page(form, source), 422


@blueprint.get("/<uuid:public_id>/dupliquer")
@action("correct_sessions")
def duplicate(public_id: uuid.UUID) -> str:
    """The form of a new session, filled in with this one, dated today."""
    source = correctable_act(public_id, session=True)
    form = SessionForm(db.session())
    form.show(source)
    form.done_on.data, form.note.data = today(), ""
    return _form_page(form, source)


def _source() -> Act | None:
    """The session that the form copies, if it says one."""
    copied = request.form.get("source", type=uuid.UUID)
    return correctable_act(copied, session=True) if copied else None


def _form_page(form: SessionForm, source: Act | None) -> str:
    people = enrolled_people(db.session(), source, source.structure_id) if source else []
    return render_template(
        "sessions/form.html", form=form, act=None, source=source, source_people=len(people)
    )


@blueprint.get("/<uuid:public_id>")
@action("see_sessions")
def show(public_id: uuid.UUID) -> str:
    """A session, who is expected and who was there."""
    return session_page(visible_act(public_id, session=True))


@blueprint.post("/<uuid:public_id>/presences")
@action("note_attendance")
def attendance(public_id: uuid.UUID) -> ResponseReturnValue:
    """Note who was there."""
    act = visible_act(public_id, session=True)
    form = AttendanceForm()
    host = host_part(act)
    register = Register.of(act, host)

    def work() -> bool:
        there = register.ticked("present")
        if "everybody" in request.form:
            there |= dict.fromkeys((person.id for person in register.expected), frozenset())
        note_attendance(
            db.session(),
            act,
            structure_id=host.structure_id if host else 0,
            people=form.people(db.session(), register.people(there)),
            anonymous_count=form.anonymous_count.data or 0,
            version=request.form.get("version", 0, type=int),
            slots={person: slots for person, slots in there.items() if slots},
        )
        return True

    if form.validate_on_submit() and attempt(form, work):
        flash("Présences notées.", "success")
        return redirect(url_for("sessions.show", public_id=public_id))
    return session_page(act, attendance=form), 409 if form.conflict else 422


@blueprint.get("/<uuid:public_id>/corriger")
@action("correct_sessions")
def edit(public_id: uuid.UUID) -> str:
    """The form, filled in."""
    act = correctable_act(public_id, session=True)
    form = SessionForm(db.session(), act)
    form.show(act)
    return render_template("sessions/form.html", form=form, act=act)


@blueprint.post("/<uuid:public_id>/corriger")
@action("correct_sessions")
def correct(public_id: uuid.UUID) -> ResponseReturnValue:
    """Record the correction."""
    act = correctable_act(public_id, session=True)
    form = SessionForm(db.session(), act)
    version = request.form.get("version", 0, type=int)
    if form.validate_on_submit() and attempt(
        form,
        lambda: correct_session(db.session(), current_user, act, form.draft(), version=version),
    ):
        flash("Séance corrigée.", "success")
        return redirect(url_for("sessions.show", public_id=public_id))
    status = 409 if form.conflict else 422
    there = act if still_there(act) else None
    return render_template("sessions/form.html", form=form, act=there), status


@blueprint.post("/<uuid:public_id>/annuler")
@action("correct_sessions")
def undo(public_id: uuid.UUID) -> ResponseReturnValue:
    """Undo the recording of a session, attendance included."""
    if not undone(correctable_act(public_id, session=True)):
        return redirect(url_for("sessions.show", public_id=public_id))
    flash("L’enregistrement de la séance est annulé.", "success")
    return redirect(url_for("sessions.index"))
