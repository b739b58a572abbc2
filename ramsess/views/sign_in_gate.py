"""At every request: is this sign-in still good? Before anything else reads the database."""

from __future__ import annotations

from flask import Flask, current_app, g, request, session
from flask_login import user_logged_in, user_logged_out
from flask_security.signals import password_changed, password_reset

from ramsess.actions.sign_ins import (
    describe_browser,
    find_account,
    hash_of,
    keep_awake,
    open_sign_in,
    revoke_all,
    revoke_token,
)
from ramsess.actions.throttle import purge_attempts
from ramsess.database import Acting, act_as, acting, db
from ramsess.logs import security_event
from ramsess.models import Account
from ramsess.views.token_gate import INTERFACE_NAME, check_token

COOKIE = "sign_in"
WITHOUT_DATABASE = ("static", "bootstrap.static")


def init_gate(app: Flask) -> None:
    """Check every request before whatever asks who is signed in: what lifts a limit before a form
    is read, and the page that says a request is refused."""
    app.url_value_preprocessor(check_sign_in)
    app.teardown_request(forget_acting)
    user_logged_in.connect(enter, app, weak=False)
    user_logged_out.connect(leave, app, weak=False)
    password_changed.connect(revoke_others, app, weak=False)
    password_reset.connect(revoke_every, app, weak=False)


def check_sign_in(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Say in whose name the database is used, or sign out at once who may not be signed in."""
    g.acting_before = acting.set(Acting(role="door"))
    if request.endpoint in WITHOUT_DATABASE:
        # Files are the same for everybody: whoever asks is nobody, in the page that has none too.
        g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]  # the extension’s
        return
    if request.blueprint == INTERFACE_NAME:
        check_token()
        return
    if not ("_user_id" in session or COOKIE in session):
        return
    token_hash = hash_of(session.get(COOKIE, ""))
    act_as(db.session(), Acting(sign_in=token_hash))
    account, drowsy = find_account(db.session(), token_hash) or (None, False)
    if account is None or account.fs_uniquifier != session.get("_user_id"):
        _forget_all_but_the_form()
        db.session.rollback()
        acting.set(Acting(role="door"))
        security_event("sign_in_refused", account_id=account.id if account else None)
        return
    acting.set(Acting(account.id, token_hash))
    g.signed_in = account
    if drowsy:
        keep_awake(db.session(), token_hash)
        db.session.commit()


def forget_acting(_error: BaseException | None) -> None:
    """The next request of this thread is somebody else's."""
    g.pop("signed_in", None)
    before = g.pop("acting_before", None)
    if before is not None:
        acting.reset(before)


def enter(_app: Flask, user: Account, **_about: object) -> None:
    """Somebody proved who she is, second factor included: the view commits."""
    _forget_searches()
    session[COOKIE] = open_sign_in(
        db.session(), user, describe_browser(request.headers.get("User-Agent", ""))
    )
    purge_attempts(db.session())
    security_event("signed_in", account_id=user.id)


def leave(_app: Flask, **_about: object) -> None:
    """Somebody leaves: her cookie is worth nothing any more, even copied."""
    # Once the sign-in is over nobody acts, and the account is not seen any more.
    left = acting.get().account_id
    _forget_searches()
    session.pop("structure", None)
    revoke_token(db.session(), session.pop(COOKIE, ""))
    db.session.commit()
    security_event("signed_out", account_id=left)


def revoke_others(_app: Flask, user: Account, **_about: object) -> None:
    """A new password closes every other browser."""
    revoke_all(db.session(), user.id, but_token=session.get(COOKIE))
    security_event("password_changed", account_id=user.id)


def revoke_every(_app: Flask, user: Account, **_about: object) -> None:
    """A password chosen by a mailed link closes every browser."""
    revoke_all(db.session(), user.id)
    security_event("password_reset", account_id=user.id)


def _forget_all_but_the_form() -> None:
    """What she sends comes from a page of ours, even if her sign-in ended meanwhile."""
    token = session.get("csrf_token")
    session.clear()
    if token:
        session["csrf_token"] = token


def _forget_searches() -> None:
    """What one person searched for is not for the next one at the same screen."""
    for name in [name for name in session if name.startswith("search_")]:
        session.pop(name)
