"""Collective sessions: list, recording, attendance."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from ramsess import policy
from ramsess.actions.messages import About
from ramsess.actions.sessions import correct_session, hold_session, note_attendance
from ramsess.database import db
from ramsess.forms.base import Form
from ramsess.forms.choices import accompanied_people
from ramsess.forms.session import AttendanceForm, SessionForm
from ramsess.models import Act, Beneficiary, GroupSession, SessionHost
from ramsess.models.calendar import today
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.records import attempt, correctable_act, still_there, undone, visible_act
from ramsess.views.threads import count_about

blueprint = Blueprint("sessions", __name__, url_prefix="/seances")

LISTED = 50


@blueprint.get("")
@action("see_sessions")
def index() -> str:
    """The latest sessions of one's structures."""
    acts = db.session.scalars(
        select(Act)
        .join(GroupSession, GroupSession.act_id == Act.id)
        .where(Act.id.in_(policy.acts_seen(current_user)))
        .options(
            selectinload(Act.type),
            selectinload(Act.group_session).selectinload(GroupSession.hosts),
        )
        .order_by(Act.done_on.desc(), Act.id.desc())
        .limit(LISTED)
    ).all()
    return render_template("sessions/index.html", acts=acts, there=_people_there(acts))


def _people_there(acts: Sequence[Act]) -> dict[int, int]:
    """How many known people attended each session, all hosts together."""
    counted = func.sight.attendance(Act.id).table_valued("structure", "people").lateral()
    rows = db.session.execute(
        select(Act.id, counted.c.people)
        .join(counted, counted.c.structure.is_(None))
        .where(Act.id.in_([act.id for act in acts]))
    )
    return dict(rows.all())


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
    """Record a session, then its attendance."""
    form = SessionForm(db.session())
    if form.validate_on_submit():
        act = attempt(
            form,
            lambda: hold_session(db.session(), current_user, form.draft(), request_key=form.key),
        )
        if act:
            flash("Séance enregistrée. Notez maintenant les présences.", "success")
            return redirect(url_for("sessions.show", public_id=act.public_id))
    return render_template("sessions/form.html", form=form, act=None), 422


@blueprint.get("/<uuid:public_id>")
@action("see_sessions")
def show(public_id: uuid.UUID) -> str:
    """A session and its attendance."""
    act = visible_act(public_id, session=True)
    form = AttendanceForm()
    host = _host(act)
    form.anonymous_count.data = host.anonymous_count if host else 0
    return _page(act, form)


@blueprint.post("/<uuid:public_id>/presences")
@action("note_attendance")
def attendance(public_id: uuid.UUID) -> ResponseReturnValue:
    """Note who was there."""
    act = visible_act(public_id, session=True)
    form = AttendanceForm()
    host = _host(act)

    def work() -> bool:
        note_attendance(
            db.session(),
            act,
            structure_id=host.structure_id if host else 0,
            people=form.people(db.session(), _ticked(act)),
            anonymous_count=form.anonymous_count.data or 0,
            version=request.form.get("version", 0, type=int),
        )
        return True

    if form.validate_on_submit() and attempt(form, work):
        flash("Présences notées.", "success")
        return redirect(url_for("sessions.show", public_id=public_id))
    return _page(act, form), 409 if form.conflict else 422


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


def _host(act: Act) -> SessionHost | None:
    """The part of the session that one's structure holds; its own first."""
    assert act.group_session
    own = policy.structure_ids(current_user)
    hosts = [host for host in act.group_session.hosts if host.structure_id in own]
    return min(hosts, key=lambda host: host.structure_id != act.structure_id, default=None)


def _ticked(act: Act) -> list[Beneficiary]:
    """The people whose box is ticked, among those offered."""
    wanted = set(request.form.getlist("present"))
    return [person for person in _offered(act) if str(person.public_id) in wanted]


def _offered(act: Act) -> list[Beneficiary]:
    """People noted by one's host, then those whom it was accompanying that day."""
    assert act.group_session
    host = _host(act)
    if host is None:
        return []
    noted = [
        item.beneficiary
        for item in act.group_session.attendances
        if item.structure_id == host.structure_id and item.beneficiary.nameless_since is None
    ]
    accompanied = accompanied_people(db.session(), host.structure_id, act.done_on)
    return list({person.id: person for person in [*noted, *accompanied]}.values())


def _page(act: Act, form: AttendanceForm) -> str:
    assert act.group_session
    host = _host(act)
    present = {
        item.beneficiary_id
        for item in act.group_session.attendances
        if host and item.structure_id == host.structure_id
    }
    if request.method == "POST":
        present = {person.id for person in _ticked(act)}
    show_list(
        "read_attendance",
        structure_id=host.structure_id if host else None,
        record=act.public_id,
    )
    return render_template(
        "sessions/show.html",
        act=act,
        form=form,
        host=host,
        offered=_offered(act),
        present=present,
        undo=Form(),
        said=count_about(About(session=act)),
        correctable=policy.may_correct_act(current_user, act),
        today=today(),
    )
