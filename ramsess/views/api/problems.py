"""Refusals as programs read them: ``application/problem+json`` (RFC 9457), in French."""

from __future__ import annotations

import json
from collections.abc import Mapping

from flask import Response, request
from werkzeug.exceptions import UnprocessableEntity

from ramsess.access import request_reference

ROOT = "/api/"
PROBLEM = "application/problem+json"
#: Status → title and sentence.
SAID = {
    400: ("Demande incomprise", "La demande n’a pas pu être comprise."),
    401: (
        "Jeton absent ou sans valeur",
        "Montrez un jeton valable : « Authorization: Bearer ramsess_… ». On en crée un sur la "
        "page de son compte.",
    ),
    404: ("Introuvable", "Cette adresse n’existe pas, ou ce jeton n’y donne pas accès."),
    422: ("Demande incorrecte", "Un paramètre de la demande n’est pas correct."),
    429: ("Trop de demandes", "Attendez le nombre de secondes indiqué par « Retry-After »."),
    500: ("Erreur inattendue", "Une erreur inattendue s’est produite de notre côté."),
}


class UnclearError(UnprocessableEntity):
    """Parameters that cannot be read: name → French sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__()
        self.errors = dict(errors)


def of_interface() -> bool:
    """True when it is a program that asks."""
    return request.path.startswith(ROOT)


def problem(code: int, error: Exception | None = None) -> Response:
    """The answer to a program whose request is refused."""
    code = code if code in SAID else 400 if code < 500 else 500
    title, detail = SAID[code]
    said: dict[str, object] = {"title": title, "status": code, "detail": detail}
    if isinstance(error, UnclearError):
        said["errors"] = [{"parameter": name, "detail": why} for name, why in error.errors.items()]
    if code == 500:
        said["reference"] = request_reference()
    answer = Response(json.dumps(said, ensure_ascii=False), code, mimetype=PROBLEM)
    if code == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="RAMSESS"'
    wait = getattr(error, "retry_after", None)
    if isinstance(wait, int):
        answer.headers["Retry-After"] = str(wait)
    return answer
