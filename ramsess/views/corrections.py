"""Corrections of what is sealed: the list, and a form for an act, a session, a parcours, or an act
that was forgotten."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import selectinload

from ramsess import policy
from ramsess.actions.corrections import (
    add_forgotten,
    correct_sealed_act,
    correct_sealed_parcours,
    corrections_about,
    corrections_seen,
    kinds_of,
    name_of,
    sealed_act,
    sealed_parcours,
)
from ramsess.actions.sealed import SealedPeriod, sealed_on, sealed_periods
from ramsess.database import db
from ramsess.forms.base import Form
from ramsess.forms.correction import CorrectionForm
from ramsess.models import Act, Correction
from ramsess.models.correction import FORGOTTEN, KINDS, OF_PARCOURS
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.records import (
    LAST_NUMBER,
    attempt,
    correctable_act,
    visible_act,
    visible_parcours,
)

blueprint = Blueprint("corrections", __name__, url_prefix="/corrections")

SHOWN = 50
DONE = "Correction enregistrée. Elle paraîtra au tableau B20 du prochain bilan."


@blueprint.get("")
@action("see_corrections")
def index() -> str:
    """The corrections that one may read, the latest first; the network's without any word."""
    page = max(min(request.args.get("page", 1, type=int), LAST_NUMBER // SHOWN), 1)
    named = not policy.spans_network(current_user, "see_corrections")
    query = corrections_seen(current_user).options(
        selectinload(Correction.period), selectinload(Correction.structure)
    )
    found = list(db.session.scalars(query.offset((page - 1) * SHOWN).limit(SHOWN + 1)))
    if named:
        show_list("read_corrections")
    return render_template(
        "corrections/index.html",
        corrections=found[:SHOWN],
        page=page,
        more=len(found) > SHOWN,
        named=named,
        name_of=name_of,
        sealed=sealed_periods(db.session()),
    )


@blueprint.route("/acte/<uuid:act_id>", methods=["GET", "POST"])
@action("correct_acts")
def of_act(act_id: uuid.UUID) -> ResponseReturnValue:
    """Correct an act of a sealed period."""
    return _of_act(correctable_act(act_id))


@blueprint.route("/seance/<uuid:session_id>", methods=["GET", "POST"])
@action("note_attendance")
def of_session(session_id: uuid.UUID) -> ResponseReturnValue:
    """Correct a session of a sealed period; who only held it with others, what it noted itself."""
    act = visible_act(session_id, session=True)
    show_list("read_attendance", record=act.public_id)
    return _of_act(act)


def _of_act(act: Act) -> ResponseReturnValue:
    period = sealed_act(db.session(), act)
    form = _form(kinds_of(current_user, act))
    form.show_act(act)
    endpoint = "sessions.show" if act.group_session else "acts.show"

    def work() -> Correction:
        return correct_sealed_act(
            db.session(), current_user, act, form.draft(), request_key=form.key
        )

    return _answer(
        form,
        period,
        work,
        url_for(endpoint, public_id=act.public_id),
        act=act,
        kinds=kinds_of(current_user, act),
        made=corrections_about(db.session(), act=act),
    )


@blueprint.route("/parcours/<reference>", methods=["GET", "POST"])
@action("record_parcours")
def of_parcours(reference: str) -> ResponseReturnValue:
    """Correct a parcours that the report of a sealed period counts."""
    parcours = visible_parcours(reference)
    form = _form(tuple(OF_PARCOURS))
    form.show_parcours(parcours)

    def work() -> Correction:
        return correct_sealed_parcours(
            db.session(), current_user, parcours, form.draft(), request_key=form.key
        )

    return _answer(
        form,
        sealed_parcours(db.session(), parcours),
        work,
        url_for("parcours.show", reference=parcours.reference),
        parcours=parcours,
        kinds=tuple(OF_PARCOURS),
        made=corrections_about(db.session(), parcours=parcours),
    )


@blueprint.route("/oubli", methods=["GET", "POST"])
@action("make_corrections")
def forgotten() -> ResponseReturnValue:
    """Say that an act, or a session, of a sealed period was forgotten."""
    form = CorrectionForm(db.session(), FORGOTTEN)
    form.show_forgotten()
    day = request.args.get("jour", type=dt.date.fromisoformat)
    if not form.is_submitted():
        form.day.data = day
    sealed = sealed_periods(db.session())
    period = sealed_on(db.session(), form.day.data) or next(iter(sealed), None)

    def work() -> Correction:
        return add_forgotten(db.session(), current_user, form.draft(), request_key=form.key)

    return _answer(form, period, work, url_for(".index"), kinds=(FORGOTTEN,), made=())


def correction_address(form: Form) -> str:
    """Where what the form was refused, for it is sealed, may be corrected."""
    known = request.view_args or {}
    page = (request.endpoint or "").partition(".")[0]
    if page == "acts" and "public_id" in known:
        return url_for("corrections.of_act", act_id=known["public_id"])
    if page in ("sessions", "preparation") and "public_id" in known:
        return url_for("corrections.of_session", session_id=known["public_id"])
    if page in ("parcours", "completion") and "reference" in known:
        return url_for("corrections.of_parcours", reference=known["reference"])
    if hasattr(form, "done_on"):
        return url_for("corrections.forgotten", jour=form.done_on.data)
    return url_for("corrections.index")


def init_corrections(app: Flask) -> None:
    """Let the templates of *app* lead to a correction."""
    app.jinja_env.globals["correction_address"] = correction_address


def _form(kinds: Sequence[str]) -> CorrectionForm:
    """The form of the kind that is asked for, among *kinds*; without fields as long as none is."""
    wanted = request.form.get("kind", "") or request.args.get("quoi", "")
    if wanted and wanted not in kinds:
        abort(404)
    return CorrectionForm(db.session(), wanted)


def _answer(
    form: CorrectionForm,
    period: SealedPeriod | None,
    work: Callable[[], Correction],
    target: str,
    **told: Any,
) -> ResponseReturnValue:
    if form.validate_on_submit() and attempt(form, work):
        flash(DONE, "success")
        return redirect(target)
    page = render_template(
        "corrections/form.html", form=form, period=period, target=target, labels=KINDS, **told
    )
    return page, 422 if form.is_submitted() else 200
