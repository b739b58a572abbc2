"""Pages about one's own minutes: who has none is told so."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

P = ParamSpec("P")


def of_an_adviser(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Let a view run for an account that is an adviser's; the others read why there is nothing."""

    @wraps(view)
    def own(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if current_user.adviser is None:
            page = render_template("week/nobody.html")
            return page, 200 if request.method == "GET" else 422
        return view(*args, **kwargs)

    return own
