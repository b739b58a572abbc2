"""The journal: of a person, for those who see her; whole, for the data-protection officer."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import contains_eager

from ramsess.actions.audit_chain import head_of, verify
from ramsess.database import db
from ramsess.forms.base import Form
from ramsess.forms.journal import JournalForm
from ramsess.models import AuditDetail, AuditEvent
from ramsess.models.audit import AUDITED
from ramsess.models.calendar import PARIS
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.records import LAST_NUMBER, number_of, visible_person
from ramsess.views.typography import day

blueprint = Blueprint("journal", __name__)

LISTED = 50


@blueprint.get("/personnes/<uuid:public_id>/journal")
@action("see_person_journal")
def person(public_id: uuid.UUID) -> str:
    """Who read or changed a person's record, latest first."""
    who = visible_person(public_id, "read_person_journal")
    found = _page([AuditDetail.person_id == who.id])
    return render_template("journal/person.html", person=who, **found)


@blueprint.get("/journal")
@action("see_journal")
def index() -> ResponseReturnValue:
    """The whole journal, filtered; it shows references, never the name of a person followed."""
    form = JournalForm(db.session(), request.args)
    show_list("read_journal")
    if not form.validate():
        return render_template("journal/index.html", **_frame(form), **_page([false()])), 422
    return render_template("journal/index.html", **_frame(form), **_page(form.conditions()))


@blueprint.post("/journal/verification")
@action("see_journal")
def check() -> str:
    """Recompute the whole chain, and tell."""
    form = JournalForm(db.session(), request.args)
    show_list("read_journal")
    verdict = verify(db.session())
    found = _page(form.conditions() if form.validate() else [])
    return render_template("journal/index.html", **_frame(form), **found, verdict=verdict)


def _frame(form: JournalForm) -> dict[str, Any]:
    kept = {name: value for name, value in request.args.items() if name in form.data and value}
    return {"form": form, "head": head_of(db.session()), "verification": Form(), "kept": kept}


def _page(conditions: list[ColumnElement[bool]]) -> dict[str, Any]:
    """Events before the number that the address gives; ``older`` is that of the next page."""
    before = request.args.get("avant", LAST_NUMBER, type=number_of)
    # By the details' own key, so that the indexes on person and record give the order too.
    events = db.session.scalars(
        select(AuditEvent)
        .join(AuditDetail, AuditDetail.event_id == AuditEvent.id)
        .where(AuditDetail.event_id < before, *conditions)
        .options(contains_eager(AuditEvent.details).joinedload(AuditDetail.structure))
        .order_by(AuditDetail.event_id.desc())
        .limit(LISTED + 1)
    ).all()
    return {
        "events": events[:LISTED],
        "names": _names([event.id for event in events]),
        "older": events[LISTED - 1].id if len(events) > LISTED else None,
        "before": before < LAST_NUMBER,
        "words": AUDITED,
        "day": _day,
        "hour": _hour,
    }


def _names(events: list[int]) -> dict[int, str]:
    """The names of those who did it; an account itself is seen by its owner alone."""
    rows = db.session.execute(
        select(AuditDetail.account_id, func.sight.who(AuditDetail.event_id)).where(
            AuditDetail.event_id.in_(events), AuditDetail.account_id.is_not(None)
        )
    )
    return dict(rows.all())


def _day(at: dt.datetime) -> str:
    return day(at.astimezone(PARIS).date())


def _hour(at: dt.datetime) -> str:
    return f"{at.astimezone(PARIS):%H:%M:%S}"
