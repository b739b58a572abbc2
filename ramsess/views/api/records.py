"""Lists of records that one may see, slice by slice."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from ramsess.actions.tokens import Bearer
from ramsess.database import db
from ramsess.lists.program import ACTS, PARCOURS, SESSIONS, Place, Records, read_slice
from ramsess.views.api.operations import Asked, Operation, Parameter, operation
from ramsess.views.api.parameters import FROM, LIMIT, TO, USUAL_ROWS, read_day
from ramsess.views.api.problems import UnclearError
from ramsess.views.noting import show_list

_REFERENCE = re.compile(r"P-\d{4}-\d{4,9}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def read_place(text: str) -> Place:
    """Where a slice begins, as the one before said it. Raises ValueError."""
    try:
        day, _, reference = base64.urlsafe_b64decode(text.encode()).decode("ascii").partition(" ")
        if _REFERENCE.fullmatch(reference):
            return read_day(day), reference
    except (ValueError, binascii.Error):
        pass
    raise ValueError("Reprenez tel quel le « next » de la réponse précédente.")


def written(place: Place) -> str:
    """A place as ``read_place`` reads it."""
    return base64.urlsafe_b64encode(f"{place[0]} {place[1]}".encode()).decode()


CURSOR = Parameter(
    "cursor",
    "Où reprendre : le « next » de la réponse précédente.",
    {"type": "string", "pattern": "^[A-Za-z0-9_=-]+$"},
    read_place,
)
SLICES = (FROM, TO, LIMIT, CURSOR)


@operation(
    Operation(
        "/parcours", "parcours", "Les parcours", "see_parcours", "ParcoursList", parameters=SLICES
    )
)
def parcours(bearer: Bearer, asked: Asked) -> dict[str, Any]:
    """Les parcours que vos structures mènent ou partagent aujourd’hui, par date d’entrée : ni
    personne, ni projet, ni note."""
    return _slice(PARCOURS, "parcours", bearer, asked)


@operation(Operation("/acts", "acts", "Les actes", "see_acts", "ActList", parameters=SLICES))
def acts(bearer: Bearer, asked: Asked) -> dict[str, Any]:
    """Les actes enregistrés ou accomplis par vos structures, par date, hors séances collectives."""
    return _slice(ACTS, "acts", bearer, asked)


@operation(
    Operation(
        "/sessions",
        "sessions",
        "Les séances collectives",
        "see_sessions",
        "SessionList",
        parameters=SLICES,
    )
)
def sessions(bearer: Bearer, asked: Asked) -> dict[str, Any]:
    """Les séances collectives de vos structures, par date, à venir comprises. Une séance est un
    acte : elle n’est pas répétée parmi les actes."""
    return _slice(SESSIONS, "sessions", bearer, asked)


def _slice(records: Records, name: str, bearer: Bearer, asked: Asked) -> dict[str, Any]:
    if asked["from"] and asked["to"] and asked["to"] < asked["from"]:
        raise UnclearError({"to": "Le dernier jour précède le premier."})
    found = read_slice(
        db.session(),
        records,
        bearer.account,
        (bearer.role,),
        first=asked["from"],
        last=asked["to"],
        after=asked["cursor"],
        limit=asked["limit"] or USUAL_ROWS,
    )
    show_list("read_by_program", record=name)
    return {"items": list(found.records), "next": written(found.after) if found.after else None}
