"""What no form of ours can send is refused before any view reads it."""

from __future__ import annotations

from flask import Flask, abort, request

LONGEST_PASSWORD = 1000
# Bytes: a file and its form, what a form holds in memory, an address, all headers together.
MOST_SENT = 5 * 1024 * 1024
MOST_IN_FORM = 500_000
MOST_PARTS = 1000
LONGEST_ADDRESS = 8000
MOST_HEADERS = 32 * 1024


def refuse_excess() -> None:
    """Refuse an address, headers or texts longer than any page of ours sends."""
    if len(request.environ.get("PATH_INFO", "")) + len(request.query_string) > LONGEST_ADDRESS:
        abort(414)
    if sum(len(name) + len(value) for name, value in request.headers.items()) > MOST_HEADERS:
        abort(431)
    if request.mimetype != "multipart/form-data":
        # Werkzeug measures the texts of multipart forms only.
        request.max_content_length = MOST_IN_FORM


def refuse_impossible() -> None:
    """Refuse a NUL, which PostgreSQL cannot keep, a field that no form has, an endless password."""
    said = [request.path, *request.args.values(), *request.form.values()]
    # A malformed multipart field has no name at all.
    names: list[str | None] = [*request.form, *request.files]
    if any("\x00" in text for text in said) or not all(name and name.isascii() for name in names):
        abort(400)
    if len(request.form.get("password", "")) > LONGEST_PASSWORD:
        abort(400)


def init_inputs(app: Flask) -> None:
    """Look at every request of *app* first."""
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_SENT,
        MAX_FORM_MEMORY_SIZE=MOST_IN_FORM,
        MAX_FORM_PARTS=MOST_PARTS,
    )
    app.before_request(refuse_excess)
    app.before_request(refuse_impossible)
