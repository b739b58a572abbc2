"""One line a request: the route's pattern, the status, the time; never what was asked or typed."""

from __future__ import annotations

import secrets
import time

import structlog
from flask import Flask, Response, request
from structlog.contextvars import bind_contextvars, clear_contextvars

METHODS = frozenset({"GET", "HEAD", "POST"})

_access = structlog.stdlib.get_logger("ramsess.access")


def request_reference() -> str:
    """The request's random name: in every line that it logs, and on its error page."""
    reference: str = request.environ.setdefault("ramsess.reference", secrets.token_hex(5).upper())
    return reference


def route_pattern() -> str:
    """The pattern of the route, as ``/personnes/<uuid:public_id>``; ``-`` when there is none."""
    return request.url_rule.rule if request.url_rule else "-"


def init_access(app: Flask) -> None:
    """Log every request of *app*; to be called before anything else looks at requests."""
    app.before_request(_begin)
    app.after_request(_tell)
    app.teardown_request(_end)


def _begin() -> None:
    clear_contextvars()
    bind_contextvars(request=request_reference(), route=route_pattern(), method=_method())
    request.environ["ramsess.begun"] = time.perf_counter()


def _method() -> str:
    """The method, when it is one of ours: the word is the visitor's."""
    return request.method if request.method in METHODS else "OTHER"


def _tell(response: Response) -> Response:
    spent = time.perf_counter() - request.environ.get("ramsess.begun", time.perf_counter())
    _access.info("request", status=response.status_code, ms=round(1000 * spent, 1))
    return response


def _end(_error: BaseException | None) -> None:
    clear_contextvars()
