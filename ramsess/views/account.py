"""One's own account: who one is here, where one is signed in, for which structure one works."""

from __future__ import annotations

import re
import uuid

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess import policy
from ramsess.actions.sign_ins import hash_of, live_sign_ins, revoke_all, revoke_sign_in
from ramsess.database import db
from ramsess.logs import security_event
from ramsess.models.account import Grant
from ramsess.views.guard import action
from ramsess.views.sign_in_gate import COOKIE

blueprint = Blueprint("account", __name__, url_prefix="/compte")

# Browsers read a backslash as a slash, and two of them as another site.
OUR_PAGE = re.compile(r"/(?![/\\])[^\\\x00-\x20]*")

ROLE_NAMES = {
    "adviser": "Chargé·e d’accompagnement",
    "manager": "Responsable",
    "coordinator": "Coordination du réseau",
    "funder": "Financeur",
    "admin": "Administration technique",
}


@blueprint.get("")
@action("manage_own_account")
def show() -> str:
    """Name, roles, and what protects the account."""
    return render_template(
        "account/show.html",
        grants=sorted(current_user.grants_today, key=_order),
        role_names=ROLE_NAMES,
        sign_ins=live_sign_ins(db.session(), current_user.id),
        required=current_app.config["SETTINGS"].second_factor == "required",
    )


def _order(grant: Grant) -> tuple[str, str]:
    return (grant.structure.name if grant.structure else "", grant.role_name)


@blueprint.get("/connexions")
@action("manage_own_account")
def sign_ins() -> str:
    """The browsers signed in to the account."""
    return render_template(
        "account/sign_ins.html",
        sign_ins=live_sign_ins(db.session(), current_user.id),
        mine=hash_of(session.get(COOKIE, "")),
    )


@blueprint.post("/connexions/<uuid:sign_in>/fermer")
@action("manage_own_account")
def close(sign_in: uuid.UUID) -> ResponseReturnValue:
    """End one of them."""
    if not revoke_sign_in(db.session(), current_user.id, sign_in):
        abort(404)
    db.session.commit()
    security_event("sign_in_revoked", account_id=current_user.id)
    flash("La connexion est fermée.", "success")
    return redirect(url_for(".sign_ins"))


@blueprint.post("/connexions/fermer-les-autres")
@action("manage_own_account")
def close_others() -> ResponseReturnValue:
    """End all but this one."""
    revoke_all(db.session(), current_user.id, but_token=session.get(COOKIE))
    db.session.commit()
    security_event("sign_ins_revoked", account_id=current_user.id)
    flash("Vos autres connexions sont fermées.", "success")
    return redirect(url_for(".sign_ins"))


@blueprint.post("/structure")
@action("manage_own_account")
def work_for() -> ResponseReturnValue:
    """Choose the structure that forms propose first; what one may see stays the same."""
    chosen = request.form.get("structure", type=int)
    if chosen not in policy.structure_ids(current_user):
        abort(404)
    session["structure"] = chosen
    target = request.form.get("next", "")
    return redirect(target if OUR_PAGE.fullmatch(target) else url_for("home.index"))
