"""A form sent after the sign-in expired: nothing typed is lost."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

NOT_KEPT = ("csrf_token", "password")


def keep_form() -> ResponseReturnValue:
    """A page that holds what was typed, to be sent again once signed in.

    Only for a form of our own pages: what another site sends is never offered again.
    """
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    secret = (request.endpoint or "").startswith("security.")
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if ours and not secret and name not in NOT_KEPT
    ]
    return render_template("errors/expired.html", fields=fields), 401
