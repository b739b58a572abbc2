"""The tokens of one's own programs: made, listed, revoked."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import check_and_update_authn_fresh

from ramsess import policy
from ramsess.actions.tokens import end_token, live_tokens, make_token
from ramsess.database import db
from ramsess.forms.token import TokenForm
from ramsess.logs import security_event
from ramsess.views.guard import action
from ramsess.views.records import attempt
from ramsess.views.sign_in import FRESH

blueprint = Blueprint("tokens", __name__, url_prefix="/compte/jetons")


@blueprint.get("")
@action("manage_tokens")
def index() -> str:
    """The tokens that are worth something."""
    return render_template("tokens/index.html", tokens=live_tokens(db.session(), current_user))


@blueprint.route("/nouveau", methods=("GET", "POST"))
@action("manage_tokens")
def new() -> ResponseReturnValue:
    """Make one, after the password was given again if it was long ago; its secret shows once."""
    if not check_and_update_authn_fresh(FRESH, FRESH):
        return redirect(url_for("security.verify", next=url_for(".new")))
    form = TokenForm(roles=_roles())
    if form.validate_on_submit():
        made = attempt(
            form,
            lambda: make_token(
                db.session(),
                current_user,
                name=form.name.data,
                role=form.role.data,
                days=form.days.data,
                request_key=form.key,
            ),
        )
        if made:
            token, secret = made
            security_event("token_made", account_id=current_user.id, role=token.role_name)
            return render_template("tokens/made.html", token=token, secret=secret)
    return render_template("tokens/new.html", form=form), 422 if request.method == "POST" else 200


@blueprint.post("/<uuid:token>/retirer")
@action("manage_tokens")
def revoke(token: uuid.UUID) -> ResponseReturnValue:
    """End one of them."""
    if not end_token(db.session(), current_user, token):
        abort(404)
    db.session.commit()
    security_event("token_revoked", account_id=current_user.id)
    flash("Le jeton est retiré : le programme qui l’a ne lit plus rien.", "success")
    return redirect(url_for(".index"))


def _roles() -> list[tuple[str, str]]:
    """The account's roles today that a program may act in."""
    held = {grant.role_name for grant in current_user.grants_today}
    return [
        (role.name, role.label)
        for role in sorted(set(current_user.roles), key=lambda role: role.label)
        if role.name in held and policy.allowed({role.name}, "manage_tokens")
    ]
