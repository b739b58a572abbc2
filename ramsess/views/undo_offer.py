"""Offer, on the next page, to undo what was just recorded."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from flask import Flask, session
from flask_login import current_user

from ramsess import policy
from ramsess.actions.sealed_changes import operation_sealed
from ramsess.database import db

OFFER = "undo"


class Offer(NamedTuple):
    """The operation that may be undone; *again* when it was itself an undoing."""

    operation: str
    again: bool


def offer_undo(operation: uuid.UUID | None, *, again: bool = False) -> None:
    """Let the next page offer to undo *operation*; None when nothing with a history changed."""
    if operation:
        session[OFFER] = [str(operation), again]


def _take_offer() -> Offer | None:
    """What the page being made offers, once."""
    if OFFER not in session or not policy.may(current_user, "undo_recordings"):
        return None
    operation, again = session.pop(OFFER)
    # What was sealed meanwhile stays.
    if operation_sealed(db.session(), uuid.UUID(operation)):
        return None
    return Offer(operation, again)


def init_undo_offer(app: Flask) -> None:
    """Let the templates of *app* take the offer."""
    app.jinja_env.globals["undo_offer"] = _take_offer
