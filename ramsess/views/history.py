"""The history of records, the way back to an earlier state, and undoing what one just recorded."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import ColumnElement, or_

from ramsess import policy
from ramsess.actions.history import current_operation
from ramsess.actions.refusals import RefusedError
from ramsess.actions.sealed import sealed_on
from ramsess.actions.sealed_changes import operation_sealed
from ramsess.actions.undoing import bring_act_back, bring_person_back, since, undo
from ramsess.database import act_for_the_network, db
from ramsess.models import Act, Beneficiary, Change
from ramsess.reports.past import RECORDS, steps
from ramsess.views.account import OUR_PAGE
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.records import (
    correctable_act,
    number_of,
    visible_act,
    visible_parcours,
    visible_person,
)
from ramsess.views.typography import day
from ramsess.views.undo_offer import offer_undo

blueprint = Blueprint("history", __name__)


@blueprint.get("/actes/<uuid:act_id>/historique")
@action("see_acts")
def act(act_id: uuid.UUID) -> str:
    """What an act was, and who changed it."""
    record = visible_act(act_id)
    correctable = policy.may_correct_act(current_user, record) and not sealed_on(
        db.session(), record.done_on
    )
    return _of_act(record, url_for(".act_back", act_id=act_id) if correctable else None)


@blueprint.get("/seances/<uuid:session_id>/historique")
@action("see_sessions")
def group_session(session_id: uuid.UUID) -> str:
    """What a session was; of who was there, what one's own structures noted."""
    record = visible_act(session_id, session=True)
    show_list("read_attendance", record=session_id)
    return _of_act(record, None)


@blueprint.get("/parcours/<reference>/historique")
@action("see_parcours")
def parcours(reference: str) -> str:
    """What a parcours and its project were."""
    record = visible_parcours(reference)
    of_project = (Change.noun == "projects") & (
        or_(Change.key == {"id": record.project_id}, Change.key == [{"id": record.project_id}])
    )
    own = (Change.parcours_id == record.id) & Change.noun.not_in(("acts", "orientations"))
    return _page(
        own | of_project,
        f"{record.reference} {record.project.title}",
        url_for("parcours.show", reference=record.reference),
    )


@blueprint.get("/personnes/<uuid:person_id>/historique")
@action("see_people")
def person(person_id: uuid.UUID) -> str:
    """What a person's record was, since one's structures know her."""
    record = visible_person(person_id)
    return _page(
        _person(record.id),
        record.name,
        url_for("beneficiaries.show", public_id=person_id),
        url_for(".person_back", person_id=person_id),
    )


@blueprint.post("/actes/<uuid:act_id>/historique")
@action("correct_acts")
def act_back(act_id: uuid.UUID) -> ResponseReturnValue:
    """Bring an act back to what it was."""
    number = correctable_act(act_id).id
    changes = since(db.session(), _act(number), _state())
    return _bring_back(
        lambda: bring_act_back(
            db.session(), current_user, db.session.get_one(Act, number), changes
        ),
        url_for("acts.show", public_id=act_id),
    )


@blueprint.post("/personnes/<uuid:person_id>/historique")
@action("record_people")
def person_back(person_id: uuid.UUID) -> ResponseReturnValue:
    """Bring a person's record back to what it was."""
    number = visible_person(person_id, None).id
    changes = since(db.session(), _person(number), _state())
    return _bring_back(
        lambda: bring_person_back(db.session(), db.session.get_one(Beneficiary, number), changes),
        url_for("beneficiaries.show", public_id=person_id),
    )


@blueprint.post("/annuler")
@action("undo_recordings")
def take_back() -> ResponseReturnValue:
    """Undo what one just recorded; what is undone may be done again."""
    operation = request.form.get("operation", uuid.UUID(int=0), type=uuid.UUID)
    target = request.form.get("retour", "")
    session = db.session()
    act_for_the_network(session)
    try:
        changes = undo(session, current_user, operation)
        gone = any(one.noun in RECORDS and one.kind == "I" for one in changes)
        reversal = current_operation(session)
        session.commit()
    except RefusedError as refusal:
        session.rollback()
        flash(str(refusal), "error")
        return redirect(url_for("home.index"))
    restored = bool(request.form.get("again"))
    flash("C’est rétabli." if restored else "L’enregistrement est annulé.", "success")
    offer_undo(reversal, again=not restored)
    kept = OUR_PAGE.fullmatch(target) and not gone
    return redirect(target if kept else url_for("home.index"))


def _state() -> int:
    """The change after which everything is taken back; 400 when the form names none."""
    number = request.form.get("etat", type=number_of)
    if number is None:
        abort(400)
    return number


def _act(act_id: int) -> ColumnElement[bool]:
    return Change.act_id == act_id


def _person(person_id: int) -> ColumnElement[bool]:
    return (Change.person_id == person_id) & (Change.noun == "beneficiaries")


def _of_act(record: Act, back: str | None) -> str:
    endpoint = "sessions.show" if record.group_session else "acts.show"
    title = f"Acte du {day(record.done_on)}"
    return _page(
        _act(record.id),
        record.group_session.title if record.group_session else title,
        url_for(endpoint, public_id=record.public_id),
        back,
    )


def _page(about: ColumnElement[bool], title: str, page: str, back: str | None = None) -> str:
    found = steps(db.session(), current_user.id, about)
    return render_template(
        "history/show.html",
        steps=found,
        title=title,
        page=page,
        back=back,
        sealed=bool(found) and operation_sealed(db.session(), found[0].operation),
    )


def _bring_back(work: Callable[[], None], page: str) -> ResponseReturnValue:
    session = db.session()
    act_for_the_network(session)
    try:
        work()
        operation = current_operation(session)
        session.commit()
    except RefusedError as refusal:
        session.rollback()
        flash(str(refusal), "error")
    else:
        flash("L’état choisi est rétabli.", "success")
        offer_undo(operation)
    return redirect(page)
