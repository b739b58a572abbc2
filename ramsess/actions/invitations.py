"""Invite somebody by a link: it opens once, within seven days, and lets her choose a password."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from dataclasses import replace

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from ramsess.actions.sign_ins import hash_of
from ramsess.database import act_as, acting
from ramsess.models import Account

WITHIN = dt.timedelta(days=7)


def invite(session: Session, account: Account) -> str:
    """Make the secret of a link; a link made before is worth nothing any more."""
    token = secrets.token_urlsafe(32)
    account.invitation_hash = hash_of(token)
    account.invited_until = func.now() + WITHIN
    session.flush()
    return token


def invited_account(session: Session, token: str) -> Account | None:
    """Whom the link invites; none when it was used, has expired or was never made."""
    _stand_at_the_door(session, token)
    return session.scalar(select(Account).where(*_open(token)))


def accept_invitation(session: Session, token: str, password_hash: str) -> int | None:
    """Give the invited account its password; returns its id, None for a link worth nothing.

    One statement: of two at once, one is told that the link was used.
    """
    _stand_at_the_door(session, token)
    return session.scalar(
        update(Account)
        .where(*_open(token))
        .values(
            password=password_hash,
            fs_uniquifier=uuid.uuid4().hex,
            invitation_hash=None,
            invited_until=None,
        )
        .returning(Account.id)
        .execution_options(synchronize_session=False)
    )


def _stand_at_the_door(session: Session, token: str) -> None:
    # Also for somebody signed in, who opens a link that is not hers.
    act_as(session, replace(acting.get(), role="door", door=hash_of(token)))


def _open(token: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Account.invitation_hash == hash_of(token),
        Account.invited_until > func.now(),
        Account.active.is_(True),
    )
