"""The home page: record an act in seconds, see the last ones."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ramsess import policy
from ramsess.actions.acts import latest_acts, record_act
from ramsess.actions.matches import matches
from ramsess.actions.offers import Offer, offers
from ramsess.actions.orientations import unanswered
from ramsess.actions.plans import late_actions
from ramsess.database import db
from ramsess.forms.quick import LineForm
from ramsess.models import Act, ActAdviser, Orientation
from ramsess.models.calendar import today
from ramsess.models.plan import STATES
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.records import attempt
from ramsess.views.reminder import due, reminder
from ramsess.views.saved_lists import own_lists
from ramsess.views.threads import news

blueprint = Blueprint("home", __name__)

RECENT = 15
# Who has no other role finds sealed reports, and nothing else.
REGION = {"funder"}
SHOWN_LATE = 5


@blueprint.get("/")
@action("see_home")
def index() -> ResponseReturnValue:
    """Quick recording and the adviser's recent acts; for the Région, what it receives."""
    if policy.roles_of(current_user) == REGION:
        return redirect(url_for("region.index"))
    form = LineForm(db.session()) if _records() else None
    if form:
        last = next(iter(_recent()), None)
        form.structure.data = session.get("structure") or (last.structure_id if last else None)
        form.type.data = last.type_code if last else None
        form.parcours.data = request.args.get("parcours", "")
    return _page(form)


@blueprint.post("/")
@action("record_acts")
def record() -> ResponseReturnValue:
    """Record the act; it shows at once under the form.

    A phrase that was not understood yet fills in the fields, to be looked at first.
    """
    form = LineForm(db.session())
    if form.is_new or "choice" in request.form:
        if "choice" in request.form:
            form.choose(request.form["choice"])
        else:
            form.understand()
        return _page(form), 422
    if form.validate_on_submit():
        act = attempt(
            form,
            lambda: record_act(db.session(), current_user, form.draft(), request_key=form.key),
        )
        if act:
            return redirect(url_for("home.index", enregistre=act.public_id))
    return _page(form), 422


def _records() -> bool:
    return policy.may(current_user, "record_acts") and current_user.adviser is not None


def _page(form: LineForm | None) -> str:
    missing = reminder() if policy.may(current_user, "see_quality") else None
    acts = _recent()
    if acts:
        show_list("read_acts")
    asked, waiting = _reminders()
    fresh = request.args.get("enregistre", type=uuid.UUID)
    if any(act.public_id == fresh for act in acts) and request.method == "GET":
        flash("Acte enregistré.", "success")
    late = late_actions(db.session(), current_user, today(), SHOWN_LATE + 1)
    if late and not acts:
        show_list("read_acts")
    return render_template(
        "home.html",
        late=late[:SHOWN_LATE],
        more_late=len(late) > SHOWN_LATE,
        states=STATES,
        today=today(),
        form=form,
        acts=acts,
        fresh=fresh,
        asked=asked,
        waiting=waiting,
        missing=missing,
        due_periods=due(),
        known_elsewhere=_known_elsewhere(),
        may_correct=lambda act: policy.may_correct_act(current_user, act),
        lists=own_lists() if policy.may(current_user, "keep_lists") else [],
        news=news() if policy.may(current_user, "exchange_in_network") else [],
    )


def _reminders() -> tuple[list[Offer], Sequence[Orientation]]:
    """What one's structures have to answer, and what nobody answered them in time."""
    if not policy.may(current_user, "see_orientations"):
        return [], []
    session = db.session()
    return offers(session, current_user, waiting=True), unanswered(session, current_user)


def _known_elsewhere() -> int:
    """How many of one's records another structure may know, which one has not answered."""
    if not policy.may(current_user, "answer_matches"):
        return 0
    return sum(match.confirmed_by is None for match in matches(db.session(), current_user))


def _recent() -> list[Act]:
    if current_user.adviser is None:
        return []
    latest = latest_acts(current_user.adviser.id, RECENT)
    found = db.session.scalars(
        select(Act)
        .where(Act.id.in_(latest))
        .options(
            selectinload(Act.type),
            selectinload(Act.shares).selectinload(ActAdviser.structure),
            selectinload(Act.parcours),
            selectinload(Act.group_session),
        )
        .order_by(Act.id.desc())
    )
    return [act for act in found if policy.may_see_act(current_user, act)]
