"""The beneficiary agrees with a diagnostic by a link that opens once and needs no account."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass, replace

from sqlalchemy import RowMapping, func, select
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.actions.auditing import note_parcours
from ramsess.actions.diagnostics import refuse_unready
from ramsess.actions.refusals import Checks
from ramsess.actions.sign_ins import hash_of
from ramsess.database import act_as, acting
from ramsess.models import Account, Diagnostic

WITHIN = dt.timedelta(days=14)


@dataclass(frozen=True)
class Shown:
    """What who holds the link reads."""

    title: str
    lead: str
    number: int
    synthesis: str
    wording: int


def make_link(session: Session, account: Account, diagnostic: Diagnostic) -> str:
    """Make the secret of a link, in the référente's name; one made before is worth nothing more.

    Raises RefusedError.
    """
    session.refresh(diagnostic)
    checks = Checks()
    if diagnostic.parcours.lead_structure_id not in policy.structure_ids(account):
        checks.refuse("", "La structure référente s’en charge.")
    if diagnostic.validated_on or diagnostic.beneficiary_agreed_on:
        checks.refuse("", "La personne a déjà donné son accord.")
    refuse_unready(checks, diagnostic)
    checks.conclude()
    token = secrets.token_urlsafe(32)
    diagnostic.link_hash = hash_of(token)
    diagnostic.link_until = func.now() + WITHIN
    session.flush()
    note_parcours(session, "make_agreement_link", diagnostic.parcours)
    return token


def read_by_link(session: Session, token: str) -> Shown | None:
    """What the link shows; none when it was used, has expired or was never made."""
    _stand_at_the_door(session, token)
    names = ("title", "lead", "number", "synthesis", "wording")
    shown = func.sight.diagnostic_by_link().table_valued(*names)
    row: RowMapping | None = session.execute(select(shown)).mappings().first()
    return Shown(**row) if row else None


def agree_by_link(session: Session, token: str, wording: int) -> bool:
    """Agree with the wording that was read; False when the link or the wording is another."""
    _stand_at_the_door(session, token)
    return bool(session.scalar(select(func.sight.agree_by_link(wording))))


def _stand_at_the_door(session: Session, token: str) -> None:
    # Also for somebody signed in, who opens a link that is not hers.
    act_as(session, replace(acting.get(), role="door", door=hash_of(token)))
