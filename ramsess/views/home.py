"""The home page: record an act in seconds, see the last ones."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ramsess import policy
from ramsess.actions.acts import record_act
from ramsess.database import db
from ramsess.forms.act import QuickActForm
from ramsess.models import Act, ActAdviser
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.records import attempt
from ramsess.views.threads import news

blueprint = Blueprint("home", __name__)

RECENT = 15


@blueprint.get("/")
@action("see_home")
def index() -> ResponseReturnValue:
    """Quick recording and the adviser's recent acts."""
    form = QuickActForm(db.session()) if _records() else None
    if form:
        last = next(iter(_recent()), None)
        form.structure.data = session.get("structure") or (last.structure_id if last else None)
        form.type.data = last.type_code if last else None
        form.parcours.data = request.args.get("parcours", "")
    return _page(form)


@blueprint.post("/")
@action("record_acts")
def record() -> ResponseReturnValue:
    """Record the act; it shows at once under the form."""
    form = QuickActForm(db.session())
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


def _page(form: QuickActForm | None) -> str:
    acts = _recent()
    if acts:
        show_list("read_acts")
    fresh = request.args.get("enregistre", type=uuid.UUID)
    if any(act.public_id == fresh for act in acts) and request.method == "GET":
        flash("Acte enregistré.", "success")
    return render_template(
        "home.html",
        form=form,
        acts=acts,
        fresh=fresh,
        may_correct=lambda act: policy.may_correct_act(current_user, act),
        news=news() if policy.may(current_user, "exchange_in_network") else [],
    )


def _recent() -> list[Act]:
    if current_user.adviser is None:
        return []
    mine = select(ActAdviser.act_id).where(ActAdviser.adviser_id == current_user.adviser.id)
    return list(
        db.session.scalars(
            select(Act)
            .where(Act.id.in_(mine), Act.id.in_(policy.acts_seen(current_user)))
            .options(
                selectinload(Act.type),
                selectinload(Act.shares).selectinload(ActAdviser.structure),
                selectinload(Act.parcours),
                selectinload(Act.group_session),
            )
            .order_by(Act.recorded_at.desc(), Act.done_on.desc(), Act.id.desc())
            .limit(RECENT)
        )
    )
