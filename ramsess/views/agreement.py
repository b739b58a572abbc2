"""The page behind the beneficiary's link: read the synthesis, agree, once."""

from __future__ import annotations

from flask import Blueprint, abort, flash, render_template
from flask.typing import ResponseReturnValue

from ramsess.actions.agreements import agree_by_link, read_by_link
from ramsess.database import db
from ramsess.forms.diagnostic import WordingForm
from ramsess.logs import security_event
from ramsess.views.guard import action

blueprint = Blueprint("agreement", __name__, url_prefix="/accord")


@blueprint.get("/<token>")
@action("agree_by_link")
def show(token: str) -> ResponseReturnValue:
    """The synthesis and a button, or nothing."""
    return _page(token)


@blueprint.post("/<token>")
@action("agree_by_link")
def confirm(token: str) -> ResponseReturnValue:
    """Note the agreement; the link has then served."""
    form = WordingForm()
    if form.validate_on_submit() and agree_by_link(db.session(), token, form.wording.data or 0):
        db.session.commit()
        security_event("agreed_by_link")
        return render_template("diagnostics/agreed.html")
    flash("Le texte a changé depuis que vous l’avez ouvert : relisez-le avant d’accepter.", "error")
    return _page(token), 409


def _page(token: str) -> str:
    shown = read_by_link(db.session(), token)
    if shown is None:
        abort(404)
    return render_template("diagnostics/agree.html", shown=shown, token=token)
