"""What the interface answers: each operation says once its address, parameters, rights and answer.

The description (OpenAPI) and the reading of what is asked are both made from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound, Unauthorized

from ramsess import policy
from ramsess.views.api.problems import UnclearError
from ramsess.views.token_gate import INTERFACE_NAME, bearer_now

blueprint = Blueprint(INTERFACE_NAME, __name__, url_prefix="/api/v1")

JSON, CSV = "application/json", "text/csv"
Schema = dict[str, Any]
#: What is asked, by the parameters' names; None for what is not.
Asked = dict[str, Any]


@dataclass(frozen=True)
class Parameter:
    """A parameter, of the question unless the path names it; *read* turns its text into a value,
    or raises ValueError with a French sentence."""

    name: str
    description: str
    schema: Schema
    read: Callable[[str], Any] = str
    required: bool = False


@dataclass(frozen=True)
class Operation:
    """An address, who may ask for it, and the schema (by name) of what it answers."""

    path: str
    name: str
    summary: str
    action: str
    answer: str
    parameters: tuple[Parameter, ...] = ()
    media_type: str = JSON
    #: Its answers never change, and are known by a digest (ETag).
    changeless: bool = False
    text: str = ""

    @property
    def rule(self) -> str:
        """The address as Flask writes it."""
        return self.path.replace("{", "<").replace("}", ">")

    def in_path(self, parameter: Parameter) -> bool:
        """True for a parameter that the path holds."""
        return f"{{{parameter.name}}}" in self.path


@dataclass(frozen=True)
class Changeless:
    """An answer that never changes; *digest* tells it from any other."""

    body: Any
    digest: str


OPERATIONS: list[Operation] = []
View = Callable[..., Any]


def operation(said: Operation) -> Callable[[View], View]:
    """Answer at an address, to a token whose role is allowed the operation's action.

    The view is given who asks, what is asked, and what the path names.
    """
    if said.action not in policy.ACTIONS:
        raise KeyError(said.action)
    question = [one for one in said.parameters if not said.in_path(one)]

    def decorate(view: View) -> View:
        OPERATIONS.append(replace(said, text=" ".join((view.__doc__ or "").split())))

        @wraps(view)
        def guarded(**path: str) -> Response:
            bearer = bearer_now()
            if bearer is None:
                raise Unauthorized
            if not policy.allowed({bearer.role}, said.action):
                raise NotFound
            return _answered(said, view(bearer, read_question(question), **path))

        guarded.action = said.action  # type: ignore[attr-defined]  # as action() does
        blueprint.get(said.rule, endpoint=said.name)(guarded)
        return view

    return decorate


def read_question(parameters: Iterable[Parameter]) -> Asked:
    """The values of the question. Raises UnclearError: what is not understood is not ignored."""
    known = {one.name: one for one in parameters}
    errors = {name: "Ce paramètre n’existe pas ici." for name in request.args if name not in known}
    values: Asked = dict.fromkeys(known)
    for name, parameter in known.items():
        said = request.args.getlist(name)
        if len(said) > 1:
            errors[name] = "Ce paramètre est donné deux fois."
        elif said:
            try:
                values[name] = parameter.read(said[0])
            except ValueError as error:
                errors[name] = str(error)
        elif parameter.required:
            errors[name] = "Ce paramètre est obligatoire."
    if errors:
        raise UnclearError(errors)
    return values


def _answered(said: Operation, found: Any) -> Response:
    body = found.body if isinstance(found, Changeless) else found
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False)
    answer = Response(content, mimetype=said.media_type)
    if isinstance(found, Changeless):
        answer.cache_control.private = True
        answer.cache_control.no_cache = True
        answer.set_etag(found.digest)
        answer.make_conditional(request)
    return answer
