"""The page behind an invitation: choose a password, once."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import hash_password
from flask_security.proxies import _security

from ramsess.actions.invitations import accept_invitation, invited_account
from ramsess.actions.sign_ins import revoke_all
from ramsess.database import db
from ramsess.forms.sign_in import InvitationForm
from ramsess.logs import security_event
from ramsess.views.guard import action

blueprint = Blueprint("invitation", __name__, url_prefix="/invitation")


@blueprint.get("/<token>")
@action("sign_in")
def show(token: str) -> ResponseReturnValue:
    """The form, or that the link is worth nothing."""
    return _page(token, InvitationForm())


@blueprint.post("/<token>")
@action("sign_in")
def accept(token: str) -> ResponseReturnValue:
    """Keep the password; the person then signs in as anybody does."""
    form = InvitationForm()
    account = invited_account(db.session(), token)
    if account and form.validate_on_submit():
        faults, password = _security.password_util.validate(form.password.data, False, user=account)
        if faults:
            form.password.errors = [*form.password.errors, *faults]
        else:
            account_id = accept_invitation(db.session(), token, hash_password(password))
            if account_id is not None:
                revoke_all(db.session(), account_id)
                db.session.commit()
                security_event("invitation_accepted", account_id=account_id)
                flash("Votre mot de passe est enregistré. Connectez-vous.", "success")
                return redirect(url_for("security.login"))
    return _page(token, form)


def _page(token: str, form: InvitationForm) -> ResponseReturnValue:
    account = invited_account(db.session(), token)
    if account is None:
        return render_template("account/invitation_over.html"), 404
    code = 422 if form.errors else 200
    return render_template("account/invitation.html", form=form, account=account), code
