"""Every route names its action; an undeclared route stops the application from starting."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess import policy
from ramsess.database import act_for_the_network, db
from ramsess.logs import security_event
from ramsess.views.expired import keep_form

P = ParamSpec("P")
R = TypeVar("R")

# Files that are the same for everybody.
OPEN_ENDPOINTS = ("static", "bootstrap.static")

# The library's own routes, by the action that each one is; None: closed to all.
LIBRARY_ACTIONS: dict[str, str | None] = {
    "security.login": "sign_in",
    "security.logout": "sign_in",
    "security.forgot_password": "sign_in",
    "security.reset_password": "sign_in",
    # Between the password and the second factor nobody is signed in yet.
    "security.tf_select": "sign_in",
    "security.two_factor_setup": "sign_in",
    "security.two_factor_token_validation": "sign_in",
    "security.two_factor_rescue": None,
    "security.mf_recovery": "sign_in",
    "security.wan_signin": "sign_in",
    "security.wan_signin_response": "sign_in",
    "security.verify": "manage_own_account",
    "security.change_password": "manage_own_account",
    "security.two_factor_setup_validate": "manage_own_account",
    "security.mf_recovery_codes": "manage_own_account",
    "security.wan_register": "manage_own_account",
    "security.wan_register_response": "manage_own_account",
    "security.wan_delete": "manage_own_account",
}

# Open to somebody signed in who has no second factor where one is required.
SETTING_UP = (
    "security.logout",
    "security.verify",
    "security.two_factor_setup",
    "security.two_factor_setup_validate",
    "security.two_factor_token_validation",
    "security.wan_register",
    "security.wan_register_response",
)


def action(name: str) -> Callable[[Callable[P, R]], Callable[P, R | ResponseReturnValue]]:
    """Let a view run only for those who may do *name* (policy.ACTIONS).

    A visitor is sent to sign in; to a signed-in person what is not allowed does not exist (404).
    """
    if name not in policy.ACTIONS:
        raise KeyError(name)

    def decorate(view: Callable[P, R]) -> Callable[P, R | ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | ResponseReturnValue:
            refusal = _refusal(name)
            if refusal is not None:
                return refusal
            return view(*args, **kwargs)

        guarded.action = name  # type: ignore[attr-defined]  # read by who looks at routes
        return guarded

    return decorate


def _refusal(name: str) -> ResponseReturnValue | None:
    """None when the person has one of the roles; otherwise what she gets instead of the page."""
    if policy.may(current_user, name):
        if policy.spans_network(current_user, name):
            act_for_the_network(db.session())
        return None
    if current_user.is_authenticated:
        security_event("guard_refused", action=name)
        abort(404)
    if request.method == "POST":
        return keep_form()
    return redirect(url_for("security.login", next=request.full_path.rstrip("?")))


def check_library_route() -> ResponseReturnValue | None:
    """Hold the library's routes to the policy too; they answer pages, never JSON."""
    endpoint = request.endpoint or ""
    if endpoint not in LIBRARY_ACTIONS:
        return None
    named = LIBRARY_ACTIONS[endpoint]
    if named is None or request.is_json:
        abort(404)
    return _refusal(named)


def require_second_factor() -> ResponseReturnValue | None:
    """Where a second factor is required nothing else opens before it is set up."""
    if (
        current_app.config["SETTINGS"].second_factor != "required"
        or request.endpoint in (*OPEN_ENDPOINTS, *SETTING_UP)
        or not current_user.is_authenticated
        or current_user.has_second_factor
    ):
        return None
    return redirect(url_for("security.two_factor_setup"))


def init_guard(app: Flask) -> None:
    """Check what no decorator can; after the sign-in itself was checked."""
    app.before_request(check_library_route)
    app.before_request(require_second_factor)


def check(app: Flask) -> None:
    """Raise RuntimeError when a route names no action."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN_ENDPOINTS or rule.endpoint in LIBRARY_ACTIONS:
            continue
        if not hasattr(app.view_functions[rule.endpoint], "action"):
            raise RuntimeError(f"La route {rule.rule} ({rule.endpoint}) ne nomme pas son action.")
