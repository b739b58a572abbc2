"""Two structures' records that may be one person: each answers for its own, and sees no other.

Told: that another structure may know this person, and which of one's own words agree. Not told:
which structure, nor anything of the other record. What each side says is kept by a function of
the database (``sight.answer_match``); once both have confirmed, the two records are merged.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Uuid, column, func, select
from sqlalchemy.orm import Session
from sqlalchemy.types import NULLTYPE

from ramsess import policy
from ramsess.actions.auditing import note_person
from ramsess.actions.refusals import Checks, ConflictError
from ramsess.models import Account, Beneficiary, Structure
from ramsess.models.calendar import today

#: What agrees, as each side is told: never how the other record differs.
TOLD = {
    "names": "nom et prénom pareils ou proches",
    "birth": "même date de naissance",
    "contact": "un moyen de contact en commun",
    "commune": "même commune",
}
BOTH = "both"
_COLUMNS = ("person", "reasons", "told_on", "confirmed_by")


@dataclass(frozen=True)
class Match:
    """What a structure may know of it: its own record, and which of its words agree."""

    public_id: uuid.UUID
    person: Beneficiary
    reasons: Sequence[str]
    told_on: dt.date
    confirmed_by: str | None


def matches(session: Session, account: Account, public_id: uuid.UUID | None = None) -> list[Match]:
    """What the account's structures are told; that alone, with *public_id*."""
    told = func.sight.matches().table_valued(
        column("public_id", Uuid), *(column(name, NULLTYPE) for name in _COLUMNS)
    )
    by = select(Structure.name).where(Structure.id == told.c.confirmed_by).scalar_subquery()
    query = (
        select(Beneficiary, told.c.public_id, told.c.reasons, told.c.told_on, by)
        .join(told, Beneficiary.id == told.c.person)
        .where(Beneficiary.id.in_(policy.people_seen(account, today())))
        .order_by(told.c.confirmed_by.is_not(None), told.c.told_on, told.c.public_id)
    )
    if public_id:
        query = query.where(told.c.public_id == public_id)
    return [
        Match(reference, one, [code for code in TOLD if code in (why or ())], day, name)
        for one, reference, why, day, name in session.execute(query)
    ]


def answer_match(
    session: Session,
    match: Match,
    *,
    answer: str,
    structure_id: int,
    consent_on: dt.date | None = None,
) -> str:
    """Say of one's own record that it is this person (``confirmed``), or ``refused``.

    Returns ``waits``, ``refused``, or ``BOTH`` when the other side had confirmed: the two records
    are then to be merged. Raises RefusedError; ConflictError when it was over, or answered for the
    same record, meanwhile.
    """
    checks = Checks()
    if answer not in ("confirmed", "refused"):
        checks.refuse("answer", "Confirmez ou refusez.")
    if answer == "confirmed" and consent_on is None:
        checks.refuse("consent_on", "Sans l’accord de la personne, rien n’est rapproché.")
    elif answer == "confirmed":
        checks.day("consent_on", consent_on)
    checks.conclude()
    done = session.scalar(
        select(func.sight.answer_match(match.public_id, answer, structure_id, consent_on))
    )
    if done not in ("waits", "refused", BOTH):
        raise ConflictError
    action = "refuse_match" if answer == "refused" else "confirm_match"
    note_person(session, action, match.person, structure_id)
    return str(done)
