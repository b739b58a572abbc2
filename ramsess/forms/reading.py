"""From words typed elsewhere (a spreadsheet, a calendar) to what an act is made of."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask_login import current_user
from sqlalchemy.orm import Session
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from ramsess.actions.acts import ActDraft, Work
from ramsess.actions.refusals import Checks
from ramsess.actions.week import acts_between
from ramsess.forms.base import parse_duration
from ramsess.models import Parcours
from ramsess.models.names import normalise

_DECIMAL = re.compile(r"(\d{1,2})[.,](\d{1,2})\s*h?", re.ASCII | re.IGNORECASE)
_SECONDS = re.compile(r"(\d{1,2}:\d{2}):00", re.ASCII)


def minutes_said(text: str, *, in_hours: bool = False) -> int:
    """Minutes of a spreadsheet's duration; ``1,5`` is hours, ``90`` too *in_hours*.

    Raises ValidationError.
    """
    plain = text.strip()
    if said := _DECIMAL.fullmatch(plain):
        return round(float(f"{said[1]}.{said[2]}") * 60)
    if in_hours and plain.isascii() and plain.isdigit() and len(plain) <= 2:
        return int(plain) * 60
    if said := _SECONDS.fullmatch(plain):
        plain = said[1]
    return parse_duration(plain)


class Types:
    """Act types by what people write of them: the code, the label, or enough of it."""

    def __init__(self, choices: Sequence[SelectChoice]) -> None:
        self.labels: dict[str, str] = {choice.value: choice.label for choice in choices}
        self._known = {
            code: normalise(label.rpartition("(")[0]) for code, label in self.labels.items()
        }

    def choose(self, checks: Checks, field: str, text: str) -> str:
        """The one type that *text* names; refused otherwise."""
        said = normalise(text)
        code = text.strip().upper().split(" ")[0]
        if code in self._known:
            return code
        exact = [code for code, label in self._known.items() if said and said == label]
        near = [code for code, label in self._known.items() if said and said in label]
        found = exact or near
        if len(found) == 1:
            return found[0]
        if found:
            names = " ; ".join(self.labels[code] for code in found[:5])
            checks.refuse(field, f"« {text} » : plusieurs types répondent : {names}.")
        elif said:
            checks.refuse(field, f"« {text} » n’est pas un type d’acte individuel ou de réseau.")
        else:
            checks.refuse(field, "Le type manque.")
        return ""

    def within(self, text: str) -> str:
        """The type whose code or whole label stands in *text*; nothing when there is none."""
        said = f" {normalise(text)} "
        return next(
            (
                code
                for code, label in self._known.items()
                if f" {code.lower()} " in said or f" {label} " in said
            ),
            "",
        )


def own_draft(
    done_on: dt.date | None,
    type_code: str,
    structure_id: int,
    minutes: int,
    parcours: Parcours | None,
    note: str = "",
) -> ActDraft:
    """An act that the person who fills in did alone."""
    return ActDraft(
        done_on=done_on,
        type_code=type_code,
        structure_id=structure_id,
        work=[Work(current_user.adviser.id, structure_id, minutes)],
        parcours=parcours,
        note=note,
    )


@dataclass(frozen=True)
class Like:
    """What makes two acts of an adviser look the same."""

    done_on: dt.date
    type_code: str
    parcours_id: int | None
    minutes: int


def known_between(session: Session, first: dt.date, last: dt.date) -> set[Like]:
    """What the person who fills in has noted already between two days."""
    return {
        Like(share.act.done_on, share.act.type_code, share.act.parcours_id, share.minutes)
        for share in acts_between(session, current_user, current_user.adviser, first, last)
    }


def like(draft: ActDraft) -> Like | None:
    """What the draft looks like; None without a date."""
    if draft.done_on is None:
        return None
    parcours_id = draft.parcours.id if draft.parcours else None
    return Like(draft.done_on, draft.type_code, parcours_id, draft.work[0].minutes)


def duration_of(checks: Checks, field: str, text: str, *, in_hours: bool = False) -> int:
    """Minutes of *text*; 0 and refused when it says none."""
    if not text.strip():
        checks.refuse(field, "La durée manque.")
        return 0
    try:
        return minutes_said(text, in_hours=in_hours)
    except ValidationError as error:
        checks.refuse(field, str(error))
        return 0
