"""Possible duplicates: compared side by side, merged field by field, told apart, or undone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from ramsess import policy
from ramsess.actions.duplicates import judge_distinct, merged_pairs, open_pairs, overview
from ramsess.actions.holdings import holdings
from ramsess.actions.matches import TOLD, matches
from ramsess.actions.merging import FIELDS, differing, merge_people, undo_merge
from ramsess.database import act_for_the_network, acting, db
from ramsess.forms.base import Form
from ramsess.forms.duplicate import MergeForm
from ramsess.models import DuplicatePair
from ramsess.models.calendar import today
from ramsess.views.guard import action
from ramsess.views.noting import show_list, show_person
from ramsess.views.records import attempt

T = TypeVar("T")

blueprint = Blueprint("duplicates", __name__, url_prefix="/doublons")

LISTED = 50


@blueprint.get("")
@action("see_duplicates")
def index() -> str:
    """Pairs of records that one sees, records that another structure may know, and merges."""
    session = db.session()
    pairs = open_pairs(session, current_user, LISTED + 1)
    show_list("read_duplicates")
    return render_template(
        "duplicates/index.html",
        pairs=pairs[:LISTED],
        more=len(pairs) > LISTED,
        matches=matches(session, current_user),
        told=TOLD,
        merged=merged_pairs(session, current_user, LISTED),
    )


@blueprint.get("/reseau")
@action("oversee_duplicates")
def network() -> str:
    """Every pair that waits, without names: which structures have to look."""
    show_list("oversee_duplicates")
    return render_template("duplicates/network.html", lines=overview(db.session(), LISTED))


@blueprint.get("/<uuid:public_id>")
@action("see_duplicates")
def show(public_id: uuid.UUID) -> str:
    """The two records side by side, and what a merge would bring together."""
    return _page(_pair(public_id), MergeForm())


@blueprint.post("/<uuid:public_id>/distinctes")
@action("settle_duplicates")
def distinct(public_id: uuid.UUID) -> ResponseReturnValue:
    """Note that they are two people."""
    pair = _pair(public_id)
    form = Form()
    version = request.form.get("version", 0, type=int)

    def work() -> bool:
        judge_distinct(db.session(), current_user, pair, version=version)
        return True

    if form.validate_on_submit() and attempt(form, work):
        flash("C’est noté : ces deux fiches ne seront plus proposées, sauf si l’une change.",
              "success")  # fmt: skip
        return redirect(url_for("duplicates.index"))
    return _page(_pair(public_id), MergeForm(formdata=None)), 409 if form.conflict else 422


@blueprint.post("/<uuid:public_id>/fusionner")
@action("settle_duplicates")
def merge(public_id: uuid.UUID) -> ResponseReturnValue:
    """Merge the two records, as was chosen."""
    pair = _pair(public_id)
    form = MergeForm()
    if pair.verdict is not None:
        return _page(pair, form), 409
    if form.validate_on_submit():
        choices, account_id = form.choices(pair), current_user.id
        versions = (form.first_version.data, form.second_version.data)

        def work() -> uuid.UUID:
            kept = merge_people(
                db.session(), pair, choices, versions=versions, account_id=account_id
            )
            return kept.public_id

        kept_id = as_command(lambda: attempt(form, work))
        if kept_id:
            flash("Fiches fusionnées : tout ce qui pendait aux deux est sur celle-ci.", "success")
            return redirect(url_for("beneficiaries.show", public_id=kept_id))
    return _page(_pair(public_id), form), 409 if form.conflict else 422


@blueprint.post("/<uuid:public_id>/defaire")
@action("settle_duplicates")
def undo(public_id: uuid.UUID) -> ResponseReturnValue:
    """Undo a merge, as long as nothing touched it since."""
    pair = _pair(public_id)
    form, account_id = Form(), current_user.id

    def work() -> bool:
        undo_merge(db.session(), pair, account_id=account_id)
        return True

    if form.validate_on_submit() and as_command(lambda: attempt(form, work)):
        flash("Fusion défaite : chaque fiche a repris ce qui était à elle.", "success")
        return redirect(url_for("duplicates.index"))
    return _page(_pair(public_id), MergeForm(formdata=None), form), 409 if form.conflict else 422


def as_command(work: Callable[[], T]) -> T:
    """Do *work* as a command does, and be oneself again: what moves is not all one's own to see."""
    before = acting.get()
    act_for_the_network(db.session())
    try:
        return work()
    finally:
        db.session.rollback()
        acting.set(before)


def _pair(public_id: uuid.UUID) -> DuplicatePair:
    """The pair of that random identifier, both of whose records the person sees."""
    pair = db.session.scalar(
        select(DuplicatePair).where(
            DuplicatePair.public_id == public_id,
            DuplicatePair.id.in_(policy.pairs_seen(current_user, today())),
        )
    )
    if pair is None:
        abort(404)
    for person in [pair.kept] if pair.kept else [pair.first, pair.second]:
        show_person(person, "compare_people")
    return pair


def _page(pair: DuplicatePair, form: MergeForm, undoing: Form | None = None) -> str:
    if pair.verdict is not None:
        return render_template("duplicates/settled.html", pair=pair, form=undoing or Form())
    form.show(pair)
    return render_template(
        "duplicates/show.html",
        pair=pair,
        form=form,
        fields=FIELDS,
        differing=differing(pair),
        holdings=holdings(db.session(), current_user, pair.first_id, pair.second_id),
    )
