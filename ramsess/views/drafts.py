"""What is typed is kept as one goes, and offered again; nothing of it stands in an address.

The browser keeps a copy too while the network or the sign-in is lost, enciphered with a key that
only a page of who is signed in is given (static/drafts.js).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess import policy
from ramsess.actions.drafts import Fields, drafts_of, forget_draft, keep_draft
from ramsess.actions.refusals import RefusedError
from ramsess.database import db
from ramsess.models import Draft
from ramsess.models.calendar import PARIS
from ramsess.views.guard import action

blueprint = Blueprint("drafts", __name__, url_prefix="/brouillons")

# Told to the script once a form is recorded: which one of its copies to let go of.
RECORDED = "enregistre"
MOST_FORMS, MOST_FIELDS = 40, 1000
NEVER_KEPT = ("csrf_token", "password")


@blueprint.post("/lire")
@action("keep_drafts")
def read() -> Response:
    """The account's key, and what is kept of the forms of the page."""
    forms = request.form.getlist("form")[:MOST_FORMS]
    found = drafts_of(db.session(), current_user, forms)
    return jsonify(key=_key(), drafts=[_told(draft) for draft in found])


@blueprint.post("/garder")
@action("keep_drafts")
def keep() -> ResponseReturnValue:
    """Keep what a form holds."""
    try:
        draft = keep_draft(
            db.session(), current_user, request.form.get("form", ""), _fields(request.form["text"])
        )
    except (RefusedError, KeyError, ValueError):
        abort(400)
    db.session.commit()
    return jsonify(at=f"{draft.updated_at.astimezone(PARIS):%H:%M}")


@blueprint.post("/jeter")
@action("keep_drafts")
def forget() -> ResponseReturnValue:
    """Throw a draft away."""
    forget_draft(db.session(), current_user, request.form.get("form", ""))
    db.session.commit()
    return "", 204


def _fields(text: str) -> Fields:
    """Names and values, as the script says them. Raises ValueError."""
    said: Any = json.loads(text)
    if not isinstance(said, list) or len(said) > MOST_FIELDS:
        raise ValueError
    fields: Fields = []
    for pair in said:
        if not (
            isinstance(pair, list) and len(pair) == 2 and all(isinstance(x, str) for x in pair)
        ):
            raise ValueError
        if "\x00" in pair[0] + pair[1]:
            raise ValueError
        pair[1].encode()  # a lone surrogate cannot be kept
        if pair[0] not in NEVER_KEPT:
            fields.append((pair[0], pair[1]))
    return fields


def _told(draft: Draft) -> dict[str, Any]:
    return {
        "form": draft.form,
        "at": round(draft.updated_at.timestamp() * 1000),
        "fields": json.loads(draft.text),
    }


def _key() -> str:
    """A key of the account's, another one after a change of password; never kept by the browser."""
    secret = current_app.config["SETTINGS"].secret("drafts").encode()
    who = f"{current_user.id}:{current_user.fs_uniquifier}".encode()
    return base64.b64encode(hmac.new(secret, who, hashlib.sha256).digest()).decode()


def _let_go(response: Response) -> Response:
    """A form that was recorded leaves no draft."""
    # Of a form too heavy to be read nothing is read here either.
    draft = request.form.get("draft") if response.status_code == 302 else None
    if not draft or not policy.may(current_user, "keep_drafts"):
        return response
    try:
        name = str(uuid.UUID(draft))
    except ValueError:
        return response
    forget_draft(db.session(), current_user, request.path)
    db.session.commit()
    response.set_cookie(
        RECORDED,
        name,
        max_age=120,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Strict",
    )
    return response


def init_drafts(app: Flask) -> None:
    """Let go of the drafts of what *app* records."""
    app.after_request(_let_go)
