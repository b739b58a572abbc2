"""Exchanges: messages to the network, about a parcours, its diagnostic, a session."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from ramsess.actions.messages import About, mark_read, withdraw_message, write_message
from ramsess.database import db
from ramsess.forms.base import Form
from ramsess.forms.message import MessageForm
from ramsess.models import Message
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.records import attempt, visible_act, visible_diagnostic, visible_parcours
from ramsess.views.threads import latest, messages_about, names

blueprint = Blueprint("messages", __name__)


@blueprint.get("/echanges")
@action("exchange_in_network")
def index() -> str:
    """The network's agora, and where else there is something to read."""
    return _page(About(), _form(About()))


@blueprint.post("/echanges")
@action("exchange_in_network")
def write() -> ResponseReturnValue:
    """Say something to the network."""
    return _written(About())


@blueprint.get("/parcours/<reference>/echanges")
@action("exchange_on_records")
def of_parcours(reference: str) -> str:
    """What structures say to each other of a parcours."""
    about = About(parcours=visible_parcours(reference))
    return _page(about, _form(about))


@blueprint.post("/parcours/<reference>/echanges")
@action("exchange_on_records")
def write_on_parcours(reference: str) -> ResponseReturnValue:
    """Say something of a parcours."""
    return _written(About(parcours=visible_parcours(reference)))


@blueprint.get("/diagnostics/<uuid:diagnostic_id>/echanges")
@action("exchange_on_records")
def of_diagnostic(diagnostic_id: uuid.UUID) -> str:
    """What structures say to each other of a diagnostic."""
    about = About.of(visible_diagnostic(diagnostic_id))
    return _page(about, _form(about))


@blueprint.post("/diagnostics/<uuid:diagnostic_id>/echanges")
@action("exchange_on_records")
def write_on_diagnostic(diagnostic_id: uuid.UUID) -> ResponseReturnValue:
    """Say something of a diagnostic."""
    return _written(About.of(visible_diagnostic(diagnostic_id)))


@blueprint.get("/seances/<uuid:session_id>/echanges")
@action("exchange_on_records")
def of_session(session_id: uuid.UUID) -> str:
    """What its hosts say to each other of a session."""
    about = About(session=visible_act(session_id, session=True))
    return _page(about, _form(about))


@blueprint.post("/seances/<uuid:session_id>/echanges")
@action("exchange_on_records")
def write_on_session(session_id: uuid.UUID) -> ResponseReturnValue:
    """Say something of a session."""
    return _written(About(session=visible_act(session_id, session=True)))


@blueprint.post("/echanges/<uuid:public_id>/retirer")
@action("withdraw_messages")
def withdraw(public_id: uuid.UUID) -> ResponseReturnValue:
    """Take one's own message back."""
    message = db.session.scalar(
        select(Message).where(Message.public_id == public_id, Message.account_id == current_user.id)
    )
    if message is None:
        abort(404)
    about = About(
        message.parcours,
        message.group_session.act if message.group_session else None,
        message.diagnostic,
    )
    withdraw_message(db.session(), message, about)
    db.session.commit()
    flash("Message retiré.", "success")
    return redirect(_address(about))


def _form(about: About) -> MessageForm:
    return MessageForm(db.session(), current_user, about)


def _address(about: About) -> str:
    if about.diagnostic:
        return url_for("messages.of_diagnostic", diagnostic_id=about.diagnostic.public_id)
    if about.parcours:
        return url_for("messages.of_parcours", reference=about.parcours.reference)
    if about.session:
        return url_for("messages.of_session", session_id=about.session.public_id)
    return url_for("messages.index")


def _written(about: About) -> ResponseReturnValue:
    form = _form(about)

    def work() -> Message:
        return write_message(
            db.session(),
            current_user,
            about,
            form.text.data or "",
            form.mentions.data or (),
            request_key=form.key,
        )

    if form.validate_on_submit() and attempt(form, work):
        return redirect(f"{_address(about)}#dernier")
    return _page(about, form), 422


def _page(about: About, form: MessageForm) -> str:
    act = about.session
    if not about.parcours:
        show_list("read_messages", record=act.public_id if act else None)
    page = messages_about(about, request.args.get("avant", type=uuid.UUID))
    shown = render_template(
        "messages/thread.html",
        about=about,
        page=page,
        form=form,
        names=names(),
        address=_address(about),
        latest=[] if about.parcours or act else latest(),
        withdrawal=Form(),
    )
    if request.method == "GET" and "avant" not in request.args:
        # Once the page is made: what is news on it is told as such. A refused form changes nothing.
        mark_read(db.session(), current_user, about)
        db.session.commit()
    return shown
