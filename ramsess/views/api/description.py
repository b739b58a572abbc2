"""The description of the interface (OpenAPI 3.1), made from its operations."""

from __future__ import annotations

import json
from typing import Any

from flask import Response

from ramsess.models import CODE_LISTS
from ramsess.models.reporting_period import KINDS
from ramsess.reports.table import NOT_PUBLISHED
from ramsess.views.api.operations import (
    CSV,
    JSON,
    OPERATIONS,
    Operation,
    Parameter,
    Schema,
    blueprint,
)
from ramsess.views.api.problems import PROBLEM, SAID
from ramsess.views.guard import action

VERSION = "1.0"

TEXT: Schema = {"type": "string"}
DAY: Schema = {"type": "string", "format": "date"}
MINUTES: Schema = {"type": "integer", "minimum": 0, "description": "Minutes entières."}
REFUSALS = {401: "Unauthorized", 404: "NotFound", 422: "Unclear", 429: "TooMany", 400: "Unclear"}


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def thing(**fields: Schema) -> Schema:
    """An object that has exactly these fields."""
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def list_of(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def known(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def page_of(schema: Schema) -> Schema:
    """A slice of a list."""
    cursor = maybe(TEXT) | {"description": "À redonner comme « cursor » ; null : c’est la fin."}
    return thing(items=list_of(schema), next=cursor)


FIGURE: Schema = {
    "description": f"Un chiffre ; « {NOT_PUBLISHED} » : non publié (secret statistique) ; null : "
    "sans objet.",
    "anyOf": [{"type": "number"}, {"const": NOT_PUBLISHED}, {"type": "null"}],
}
SHARE = thing(structure=TEXT, minutes=MINUTES)
WORK = {"date": DAY, "type": TEXT, "scheme": TEXT, "minutes": MINUTES,
        "structures": list_of(SHARE)}  # fmt: skip
REPORT: dict[str, Schema] = {
    "period": thing(**{"from": DAY, "to": DAY}),
    "edition": {"enum": ["network", "structure", "region"]},
    "state": {"enum": ["provisoire", "scellé"]},
    "tables": {"type": "object", "additionalProperties": known("Table")},
}
# In a report of one structure, or of one scheme.
BESIDE: dict[str, Schema] = {
    "structure": TEXT,
    "scheme": TEXT,
    "network": {"type": "object", "additionalProperties": known("Table")},
}
SCHEMAS: dict[str, Schema] = {
    "Table": thing(
        title=TEXT,
        rule=TEXT,
        columns=list_of(TEXT),
        rows=list_of(
            thing(
                key=TEXT,
                label=TEXT,
                values={"type": "object", "additionalProperties": known("Figure")},
            )
        ),
    ),
    "Figure": FIGURE,
    "Report": {
        "type": "object",
        "properties": REPORT | BESIDE,
        "required": list(REPORT),
        "additionalProperties": False,
    },
    "SealedReport": thing(
        **REPORT,
        sealed_on=DAY,
        digest={"type": "string", "pattern": "^[0-9a-f]{64}$"},
        verification=TEXT,
        comments={"type": "object", "additionalProperties": TEXT},
        members=list_of(thing(code=TEXT, name=TEXT)),
    ),
    "PeriodList": thing(
        items=list_of(
            thing(
                **{
                    "code": TEXT,
                    "kind": {"enum": list(KINDS)},
                    "from": DAY,
                    "to": DAY,
                    "state": {"enum": ["open", "consolidated", "sealed"]},
                    "sealed_on": maybe(DAY),
                    "verification": maybe(TEXT),
                }
            )
        )
    ),
    "ParcoursList": page_of(
        thing(
            reference=TEXT,
            entered=DAY,
            exited=maybe(DAY),
            entry_phase=TEXT,
            phase=TEXT,
            outcome=maybe(TEXT),
            lead=TEXT,
            structures=list_of(TEXT),
        )
    ),
    "ActList": page_of(
        thing(
            id={"type": "string", "format": "uuid"},
            **WORK,
            modality=maybe(TEXT),
            parcours=maybe(TEXT) | {"description": "Sa référence, si vous voyez le parcours."},
        )
    ),
    "SessionList": page_of(thing(id={"type": "string", "format": "uuid"}, **WORK)),
    "CodeListNames": thing(items=list_of({"enum": sorted(CODE_LISTS)})),
    "CodeList": thing(
        name=TEXT,
        items=list_of(
            {
                "type": "object",
                "properties": {
                    "code": TEXT,
                    "label": TEXT,
                    "valid_from": maybe(DAY),
                    "valid_to": maybe(DAY),
                    "family_code": TEXT,
                    "kind": {"enum": ["I", "C", "N"]},
                    "amount": {"type": "integer"},
                },
                "required": ["code", "label", "valid_from", "valid_to"],
                "additionalProperties": False,
            }
        ),
    ),
    "Correspondence": thing(
        items=list_of(thing(list=TEXT, code=TEXT, label=TEXT, term=TEXT, note=TEXT))
    ),
    "Csv": TEXT,
    "Problem": {
        "type": "object",
        "properties": {
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "errors": list_of(thing(parameter=TEXT, detail=TEXT)),
            "reference": TEXT,
        },
        "required": ["title", "status", "detail"],
        "additionalProperties": False,
    },
}


@blueprint.get("/openapi.json")
@action("describe_interface")
def openapi() -> Response:
    """The description, for whoever asks: it holds nothing of anybody."""
    return Response(json.dumps(describe(), ensure_ascii=False), mimetype=JSON)


def describe() -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "RAMSESS",
            "version": VERSION,
            "description": "Lecture seule : bilans, listes sans nom et codes, de ce que votre rôle "
            "voit à l’écran. Les textes sont en français, les clés et les codes sont stables.",
        },
        "servers": [{"url": blueprint.url_prefix}],
        "security": [{"token": []}],
        "paths": {one.path: {"get": _operation(one)} for one in OPERATIONS},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": SCHEMAS,
            "responses": {
                name: {
                    "description": SAID[code][0],
                    "content": {PROBLEM: {"schema": known("Problem")}},
                }
                for code, name in REFUSALS.items()
            },
        },
    }


def _operation(said: Operation) -> dict[str, Any]:
    body = {"type": "string"} if said.media_type == CSV else known(said.answer)
    answers: dict[str, Any] = {
        "200": {"description": said.summary, "content": {said.media_type: {"schema": body}}}
    }
    if said.changeless:
        answers["200"]["headers"] = {"ETag": {"required": True, "schema": TEXT}}
        answers["304"] = {"description": "Rien n’a changé depuis cette empreinte."}
    answers |= {
        str(code): {"$ref": f"#/components/responses/{name}"}
        for code, name in sorted(REFUSALS.items())
    }
    return {
        "operationId": said.name,
        "summary": said.summary,
        "description": said.text,
        "parameters": [_parameter(said, one) for one in said.parameters],
        "responses": answers,
    }


def _parameter(said: Operation, one: Parameter) -> dict[str, Any]:
    return {
        "name": one.name,
        "in": "path" if said.in_path(one) else "query",
        "required": one.required,
        "description": one.description,
        "schema": one.schema,
    }
