"""Code lists, and what the DLA calls our codes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from werkzeug.exceptions import NotFound

from ramsess.actions.correspondence import terms_today
from ramsess.actions.tokens import Bearer
from ramsess.database import db
from ramsess.models import CODE_LISTS
from ramsess.views.api.operations import Asked, Operation, Parameter, operation

NAME = Parameter(
    "name", "Une liste de codes.", {"type": "string", "enum": sorted(CODE_LISTS)}, required=True
)
# What some lists have beside code and label.
BESIDE = ("family_code", "kind", "amount")


@operation(
    Operation("/code-lists", "code_lists", "Les listes de codes", "see_code_lists", "CodeListNames")
)
def code_lists(_bearer: Bearer, _asked: Asked) -> dict[str, Any]:
    """Les noms des listes de codes : phases, types d’acte, secteurs…"""
    return {"items": sorted(CODE_LISTS)}


@operation(
    Operation(
        "/code-lists/{name}",
        "code_list",
        "Une liste de codes",
        "see_code_lists",
        "CodeList",
        parameters=(NAME,),
    )
)
def code_list(_bearer: Bearer, _asked: Asked, name: str) -> dict[str, Any]:
    """Les codes d’une liste dans leur ordre, codes fermés compris, avec leurs dates de validité."""
    if name not in CODE_LISTS:
        raise NotFound
    model = CODE_LISTS[name]
    rows = db.session.scalars(select(model).order_by(model.position, model.code))
    return {"name": name, "items": [_code(row) for row in rows]}


def _code(row: Any) -> dict[str, Any]:
    beside = {name: getattr(row, name) for name in BESIDE if hasattr(row, name)}
    return {
        "code": row.code,
        "label": row.label,
        "valid_from": row.valid_from and row.valid_from.isoformat(),
        "valid_to": row.valid_to and row.valid_to.isoformat(),
        **beside,
    }


@operation(
    Operation(
        "/correspondences/dla",
        "dla",
        "Correspondance avec le DLA",
        "see_code_lists",
        "Correspondence",
    )
)
def dla(_bearer: Bearer, _asked: Asked) -> dict[str, Any]:
    """Ce que le vocabulaire du DLA dit de nos codes. C’est une proposition du réseau : elle n’a
    pas été vérifiée auprès de l’État. Un terme vide : rien n’y répond, la note dit pourquoi."""
    return {
        "items": [
            {"list": one.list, "code": one.code, "label": one.label, "term": one.term,
             "note": one.note}
            for one in terms_today(db.session())
        ]
    }  # fmt: skip
