"""A structure says where it intervenes, how much, and how to reach it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from ramsess import policy
from ramsess.actions.auditing import note
from ramsess.actions.refusals import Checks, ConflictError
from ramsess.actions.web import WRONG, is_web_address
from ramsess.models import (
    Account,
    Degree,
    Phase,
    Positioning,
    Presentation,
    Speciality,
    Structure,
)
from ramsess.models.calendar import today

_PHONE = re.compile(r"\+?[0-9][0-9 .\-/()]{5,38}", re.ASCII)


@dataclass(frozen=True)
class PositioningDraft:
    """What a structure says of itself; *degrees*: (phase, speciality) → degree, codes."""

    phone: str = ""
    email: str = ""
    website: str = ""
    address: str = ""
    commune_code: str | None = None
    degrees: Mapping[tuple[str, str], str] = field(default_factory=dict)


def presentation_of(session: Session, structure: Structure) -> Presentation | None:
    """What a structure says of itself; none when it never did, or to who may not see it yet."""
    return session.get(Presentation, structure.id)


def take_position(
    session: Session,
    account: Account,
    structure: Structure,
    draft: PositioningDraft,
    *,
    version: int,
) -> Presentation:
    """Replace what *structure* says of itself; it is public from now on.

    *version* is the one that the person was looking at, 0 for none. Raises RefusedError, and
    ConflictError when somebody of the structure changed it meanwhile.
    """
    held = session.get(Presentation, structure.id, with_for_update=True, populate_existing=True)
    if (held.version if held else 0) != version:
        raise ConflictError
    _check(session, account, structure, draft)
    presentation = held or Presentation(structure_id=structure.id)
    presentation.phone = draft.phone
    presentation.email = draft.email
    presentation.website = draft.website
    presentation.address = draft.address
    presentation.commune_code = draft.commune_code
    presentation.confirmed_on = today()
    _place(presentation, draft.degrees)
    session.add(presentation)
    if held:
        # A change of degrees alone is a new version too.
        flag_modified(presentation, "confirmed_on")
    session.flush()
    note(session, "take_position", structure_id=structure.id, record=structure.code)
    return presentation


def _place(presentation: Presentation, degrees: Mapping[tuple[str, str], str]) -> None:
    there = {(line.phase_code, line.speciality_code): line for line in presentation.positionings}
    for place, line in there.items():
        if place in degrees:
            line.degree_code = degrees[place]
        else:
            presentation.positionings.remove(line)
    for (phase, speciality), degree in degrees.items():
        if (phase, speciality) not in there:
            presentation.positionings.append(
                Positioning(phase_code=phase, speciality_code=speciality, degree_code=degree)
            )


def _check(
    session: Session, account: Account, structure: Structure, draft: PositioningDraft
) -> None:
    checks = Checks()
    if not policy.may_take_position(account, structure):
        checks.refuse("", "Cette structure n’est pas de celles dont vous êtes responsable.")
    if draft.phone and not _PHONE.fullmatch(draft.phone):
        checks.refuse("phone", "Écrivez un numéro, par exemple 04 91 00 00 00.")
    if draft.email:
        try:
            validate_email(draft.email, check_deliverability=False)
        except EmailNotValidError:
            checks.refuse("email", "Écrivez une adresse, par exemple contact@exemple.fr.")
    if draft.website and not is_web_address(draft.website):
        checks.refuse("website", WRONG)
    phases, specialities = (set(session.scalars(select(one.code))) for one in (Phase, Speciality))
    known = set(session.scalars(select(Degree.code)))
    for (phase, speciality), degree in draft.degrees.items():
        if phase not in phases or speciality not in specialities or degree not in known:
            checks.refuse("", "Phase, spécialité ou degré inconnu.")
    checks.conclude()
