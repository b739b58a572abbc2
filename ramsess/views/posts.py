"""Mutualised posts: what they are for, what each structure should have of them and had."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Integer, column, func, select
from werkzeug.datastructures import MultiDict

from ramsess import policy
from ramsess.actions.job_sheets import write_missions
from ramsess.database import db
from ramsess.forms.post import MissionsForm
from ramsess.forms.report import PeriodForm, usual_periods
from ramsess.models import Adviser, JobSheet
from ramsess.models.calendar import today
from ramsess.reports.period import Period
from ramsess.reports.shared_post import Line, Stay, lines_of
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.records import attempt

blueprint = Blueprint("posts", __name__, url_prefix="/postes")


@blueprint.get("")
@action("see_posts")
def index() -> str:
    """The posts that structures share today."""
    found = db.session.scalars(
        select(Adviser)
        .where(Adviser.id.in_(policy.posts_seen(current_user, today())))
        .order_by(Adviser.last_name, Adviser.first_name)
    )
    return render_template("posts/index.html", posts=found.all(), today=today())


@blueprint.get("/<uuid:public_id>")
@action("see_posts")
def show(public_id: uuid.UUID) -> ResponseReturnValue:
    """A post over a period: this year, unless another one is asked for."""
    post = _visible_post(public_id)
    form = _period_form()
    status = 200 if form.validate() else 422
    return _page(post, form), status


@blueprint.post("/<uuid:public_id>")
@action("record_posts")
def write(public_id: uuid.UUID) -> ResponseReturnValue:
    """Say what the post is for."""
    post = _visible_post(public_id)
    form = MissionsForm()
    version = request.form.get("version", 0, type=int)
    if form.validate_on_submit() and attempt(
        form,
        lambda: write_missions(db.session(), post, form.missions.data or "", version=version),
    ):
        flash("Fiche de poste enregistrée.", "success")
        return redirect(url_for("posts.show", public_id=public_id))
    period = _period_form()
    period.validate()
    return _page(post, period, form), 409 if form.conflict else 422


def _visible_post(public_id: uuid.UUID) -> Adviser:
    post = db.session.scalar(
        select(Adviser).where(
            Adviser.public_id == public_id,
            Adviser.id.in_(policy.posts_seen(current_user, today())),
        )
    )
    if post is None:
        abort(404)
    show_list("read_post", record=post.public_id)
    return post


def _period_form() -> PeriodForm:
    year = Period.of_year(today().year)
    asked = {
        "debut": year.first.isoformat(),
        "fin": year.last.isoformat(),
        **request.args.to_dict(),
    }
    return PeriodForm(formdata=MultiDict(asked))


def _page(post: Adviser, form: PeriodForm, missions: MissionsForm | None = None) -> str:
    sheet = db.session.get(JobSheet, post.id)
    if missions is None:
        missions = MissionsForm(None)
        missions.missions.data = sheet.missions if sheet else ""
    return render_template(
        "posts/show.html",
        post=post,
        sheet=sheet,
        form=missions,
        period_form=form,
        period=None if form.errors else form.period,
        lines=[] if form.errors else _lines(post, form.period),
        periods=usual_periods()[:3],
        today=today(),
    )


def _lines(post: Adviser, period: Period) -> list[Line]:
    """What each structure that shares the post today should have had of it, and had, so far."""
    sharing = {structure.name for structure in post.structures_on(today())}
    stays = [
        Stay(item.structure.name, item.share, item.from_on, item.to_on)
        for item in post.assignments
        if item.structure.name in sharing
    ]
    hours = func.sight.post_hours(post.id, period.first, period.last).table_valued(
        column("structure", Integer), column("minutes", Integer)
    )
    names = {item.structure_id: item.structure.name for item in post.assignments}
    minutes = {names[structure]: total for structure, total in db.session.execute(select(hours))}
    return lines_of(stays, minutes, period)
