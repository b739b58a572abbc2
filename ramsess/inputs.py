"""What no form of ours can send is refused before any view reads it."""

from __future__ import annotations

from flask import Flask, abort, request

LONGEST_PASSWORD = 1000


def refuse_impossible() -> None:
    """Refuse a NUL, which PostgreSQL cannot keep, a field that no form has, an endless password."""
    said = [request.path, *request.args.values(), *request.form.values()]
    if any("\x00" in text for text in said) or not all(name.isascii() for name in request.form):
        abort(400)
    if len(request.form.get("password", "")) > LONGEST_PASSWORD:
        abort(400)


def init_inputs(app: Flask) -> None:
    """Look at every request of *app* first."""
    app.before_request(refuse_impossible)
