"""The parameters that several operations take, and how each is read."""

from __future__ import annotations

import datetime as dt
import re

from ramsess.forms.report import LAST_DAY
from ramsess.models.calendar import FIRST_DAY
from ramsess.views.api.operations import Parameter, Schema

DATE: Schema = {"type": "string", "format": "date"}
CODE: Schema = {"type": "string", "pattern": "^[A-Z0-9]{1,16}$"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOST_ROWS, USUAL_ROWS = 500, 100


def read_day(text: str) -> dt.date:
    """A date written ``2009-03-12``. Raises ValueError."""
    try:
        day = dt.date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError("Écrivez une date comme 2009-03-12.")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError("Indiquez une date entre 1990 et 2100.")
    return day


def read_limit(text: str) -> int:
    """How many rows are wanted at once. Raises ValueError."""
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII) or not 1 <= int(text) <= MOST_ROWS:
        raise ValueError(f"Indiquez un nombre de 1 à {MOST_ROWS}.")
    return int(text)


FROM = Parameter("from", "Premier jour, inclus.", DATE, read_day)
TO = Parameter("to", "Dernier jour, inclus.", DATE, read_day)
LIMIT = Parameter(
    "limit",
    f"Nombre de lignes à la fois : {USUAL_ROWS} si rien n’est dit.",
    {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": USUAL_ROWS},
    read_limit,
)
