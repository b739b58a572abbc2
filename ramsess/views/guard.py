"""Every route names its action; an undeclared route stops the application from starting."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess import policy
from ramsess.database import Acting, acting
from ramsess.logs import security_event
from ramsess.views.expired import keep_form

P = ParamSpec("P")
R = TypeVar("R")

# Served by the libraries themselves: static files, and sign-in with its own checks.
LIBRARY_ENDPOINTS = ("static", "bootstrap.", "security.")


def action(name: str) -> Callable[[Callable[P, R]], Callable[P, R | ResponseReturnValue]]:
    """Let a view run only for those who may do *name* (policy.ACTIONS).

    A visitor is sent to sign in; to a signed-in person what is not allowed does not exist (404).
    """
    allowed = policy.ACTIONS[name]

    def decorate(view: Callable[P, R]) -> Callable[P, R | ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | ResponseReturnValue:
            if not allowed & policy.roles_of(current_user):
                if current_user.is_authenticated:
                    security_event("guard_refused", action=name)
                    abort(404)
                if request.method == "POST":
                    return keep_form()
                return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
            if acting.get().account_id is not None or not current_user.is_authenticated:
                return view(*args, **kwargs)
            token = acting.set(Acting(account_id=current_user.id))
            try:
                return view(*args, **kwargs)
            finally:
                acting.reset(token)

        guarded.action = name  # type: ignore[attr-defined]
        return guarded

    return decorate


def check(app: Flask) -> None:
    """Raise RuntimeError when a route of the application names no action."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(LIBRARY_ENDPOINTS):
            continue
        if not hasattr(app.view_functions[rule.endpoint], "action"):
            raise RuntimeError(f"La route {rule.rule} ({rule.endpoint}) ne nomme pas son action.")
