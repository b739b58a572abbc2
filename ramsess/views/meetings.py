"""Network meetings: what was said and decided, for the whole network."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Date, Integer, String, Uuid, column, func, select
from sqlalchemy.orm import selectinload

from ramsess import policy
from ramsess.actions.meetings import NETWORK_WORK, hold_meeting, write_record
from ramsess.database import db
from ramsess.forms.meeting import MeetingForm, MinutesForm
from ramsess.models import Act, ActType, Decision, Meeting
from ramsess.models.calendar import today
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.records import attempt, correctable_act

blueprint = Blueprint("meetings", __name__, url_prefix="/reunions")

LISTED, SOON = 50, 10


@blueprint.get("")
@action("see_meetings")
def index() -> str:
    """The latest meetings, and what is to be done soon."""
    meetings = _told(limit=LISTED)
    counted = (
        select(Decision.act_id, func.count())
        .where(Decision.act_id.in_([meeting.act_id for meeting in meetings]))
        .group_by(Decision.act_id)
    )
    due = db.session.scalars(
        select(Decision)
        .where(Decision.due_on >= today())
        .options(selectinload(Decision.structure))
        .order_by(Decision.due_on, Decision.act_id, Decision.position)
        .limit(SOON)
    ).all()
    return render_template(
        "meetings/index.html",
        meetings=meetings,
        decided=dict(db.session.execute(counted).all()),
        due=due,
        may_record=policy.may(current_user, "record_meetings"),
    )


@blueprint.get("/nouvelle")
@action("record_meetings")
def new() -> str:
    """An empty form."""
    form = MeetingForm(db.session())
    form.scheme.data = "DRA"
    return render_template("meetings/form.html", form=form)


@blueprint.post("/nouvelle")
@action("record_meetings")
def create() -> ResponseReturnValue:
    """Record the meeting: an act, and its record."""
    form = MeetingForm(db.session())
    if form.validate_on_submit():
        act = attempt(
            form,
            lambda: hold_meeting(
                db.session(),
                current_user,
                form.draft(),
                summary=(form.summary.data or "").strip(),
                decisions=form.said_decisions(),
                request_key=form.key,
            ),
        )
        if act:
            flash("Réunion enregistrée : elle compte comme un acte de ses participants.", "success")
            return redirect(url_for("meetings.show", public_id=act.public_id))
    return render_template("meetings/form.html", form=form), 422


@blueprint.get("/<uuid:public_id>")
@action("see_meetings")
def show(public_id: uuid.UUID) -> str:
    """What was said and decided."""
    found = _told(public_id)
    if not found:
        abort(404)
    show_list("read_meeting", record=public_id)
    meeting = db.session.get_one(Meeting, found[0].act_id)
    return render_template(
        "meetings/show.html",
        told=found[0],
        meeting=meeting,
        correctable=found[0].recorded_by in policy.structure_ids(current_user),
        today=today(),
    )


@blueprint.get("/<uuid:public_id>/compte-rendu")
@action("record_meetings")
def edit(public_id: uuid.UUID) -> str:
    """The record, to be completed."""
    act = _network_session(public_id)
    meeting = db.session.get(Meeting, act.id)
    form = MinutesForm(db.session())
    form.show_minutes(db.session(), meeting)
    return render_template("meetings/minutes.html", form=form, act=act, meeting=meeting)


@blueprint.post("/<uuid:public_id>/compte-rendu")
@action("record_meetings")
def write(public_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the record, unless somebody else changed it meanwhile."""
    act = _network_session(public_id)
    form = MinutesForm(db.session())
    if form.validate_on_submit() and attempt(
        form,
        lambda: write_record(
            db.session(),
            act,
            summary=(form.summary.data or "").strip(),
            decisions=form.said_decisions(),
            version=request.form.get("version", 0, type=int),
        ),
    ):
        flash("Compte rendu enregistré.", "success")
        return redirect(url_for("meetings.show", public_id=public_id))
    meeting = db.session.get(Meeting, act.id)
    page = render_template("meetings/minutes.html", form=form, act=act, meeting=meeting)
    return page, 409 if form.conflict else 422


def _network_session(public_id: uuid.UUID) -> Act:
    act = correctable_act(public_id, session=True)
    if act.type.kind != NETWORK_WORK:
        abort(404)
    return act


def _told(public_id: uuid.UUID | None = None, limit: int = 1) -> Sequence[Any]:
    """What everybody in the network is told of meetings, the latest first."""
    told = func.sight.network_meetings().table_valued(
        column("act_id", Integer),
        column("public_id", Uuid),
        column("done_on", Date),
        column("type_code", String),
        column("title", String),
        column("recorded_by", Integer),
        column("people", String),
    )
    query = (
        select(told, ActType.label)
        .join(ActType, ActType.code == told.c.type_code)
        .order_by(told.c.done_on.desc(), told.c.act_id.desc())
        .limit(limit)
    )
    if public_id:
        query = query.where(told.c.public_id == public_id)
    rows: Sequence[Any] = db.session.execute(query).all()
    return rows
