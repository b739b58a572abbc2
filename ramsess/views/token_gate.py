"""A program shows a token: whose is it? The interface looks at no cookie, the pages at no token."""

from __future__ import annotations

from flask import current_app, g, request

from ramsess.actions.sign_ins import hash_of
from ramsess.actions.throttle import CLIENT, INTERFACE, purge_attempts
from ramsess.actions.tokens import Bearer, bearer_of, could_be, note_use
from ramsess.database import Acting, act_as, acting, db
from ramsess.forms.sign_in import count_attempt
from ramsess.logs import security_event

#: The blueprint that tokens open.
INTERFACE_NAME = "api"


def check_token() -> None:
    """Say in whose name the database is used; nobody's without a token that is worth something."""
    g.bearer = None
    # Nobody, whatever cookie came along.
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]  # the extension’s
    secret = _shown()
    if not could_be(secret):
        return
    token_hash = hash_of(secret)
    act_as(db.session(), Acting(token=token_hash))
    bearer = bearer_of(db.session(), token_hash)
    if bearer is None or not _protected(bearer):
        whose = bearer.account.id if bearer else None
        db.session.rollback()
        acting.set(Acting(role="door"))
        security_event("token_refused", account_id=whose)
        return
    acting.set(Acting(bearer.account.id, token=token_hash))
    g.bearer, g._login_user = bearer, bearer.account
    if note_use(db.session(), token_hash):
        purge_attempts(db.session())
        db.session.commit()


def bearer_now() -> Bearer | None:
    """Who shows the token of this request, once it is counted; none without one that is good.

    Raises TooManyRequests (429). What is shown in vain is counted by client.
    """
    bearer: Bearer | None = g.bearer
    if bearer is not None:
        count_attempt("interface", acting.get().token, INTERFACE)
    elif _shown():
        count_attempt("interface_refused", request.remote_addr or "?", CLIENT)
    return bearer


def _shown() -> str:
    """The token shown, empty without one."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def _protected(bearer: Bearer) -> bool:
    """Where a second factor is required, an account that has none any more opens nothing."""
    required = current_app.config["SETTINGS"].second_factor == "required"
    return bearer.account.has_second_factor or not required
