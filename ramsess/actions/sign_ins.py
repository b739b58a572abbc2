"""Open, check and revoke sign-ins. What a browser's cookie holds is worth what is written here."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
import uuid

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session, joinedload

from ramsess.models import Account, ApiToken, Grant, SignIn, Structure

IDLE = dt.timedelta(hours=1)
LONGEST = dt.timedelta(hours=10)
# Writing at every page would cost more than the precision is worth.
PUSHED_EVERY = dt.timedelta(minutes=1)

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def hash_of(token: str) -> str:
    """The SHA-256, in hexadecimal, of a random secret: what may be kept of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def describe_browser(agent: str) -> str:
    """``Firefox sur Linux``: enough to know one's own browser, too little to follow somebody."""
    browser = next((name for mark, name in _BROWSERS if re.search(mark, agent)), "Navigateur")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return f"{browser} sur {system}" if system else browser


def open_sign_in(session: Session, account: Account, browser: str) -> str:
    """Open a sign-in for somebody who proved who she is; returns the secret for her cookie."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            account_id=account.id,
            token_hash=hash_of(token),
            idle_until=func.now() + IDLE,
            expires_at=func.now() + LONGEST,
            browser=browser[:80],
        )
    )
    session.flush()
    return token


def find_account(session: Session, token_hash: str) -> tuple[Account, bool] | None:
    """The account signed in by that secret, with the roles that every page asks for, and whether
    it is time to keep it awake; none when it left, was revoked, expired or disabled."""
    found = session.execute(
        select(Account, SignIn.seen_at < func.now() - PUSHED_EVERY)
        .join(SignIn, SignIn.account_id == Account.id)
        .where(SignIn.token_hash == token_hash, *_live(), Account.active)
        .options(
            joinedload(Account.roles),
            joinedload(Account.grants)
            .joinedload(Grant.structure)
            .joinedload(Structure.memberships),
        )
    )
    row = found.unique().one_or_none()
    return row and row[:2]


def keep_awake(session: Session, token_hash: str) -> None:
    """Push the idle end forward; to be committed."""
    session.execute(
        update(SignIn)
        .where(SignIn.token_hash == token_hash)
        .values(seen_at=func.now(), idle_until=func.now() + IDLE)
    )


def live_sign_ins(session: Session, account_id: int) -> list[SignIn]:
    """The account's open sign-ins, the last one seen first."""
    return list(
        session.scalars(
            select(SignIn)
            .where(SignIn.account_id == account_id, *_live())
            .order_by(SignIn.seen_at.desc(), SignIn.created_at.desc())
        )
    )


def revoke_sign_in(session: Session, account_id: int, sign_in: uuid.UUID) -> bool:
    """End one of the account's sign-ins; False when it is none of hers."""
    return _revoke(session, SignIn.account_id == account_id, SignIn.id == sign_in) > 0


def revoke_token(session: Session, token: str) -> None:
    """End the sign-in of that secret: its person leaves."""
    _revoke(session, SignIn.token_hash == hash_of(token))


def revoke_all(session: Session, account_id: int, but_token: str | None = None) -> int:
    """End every sign-in of the account, but the one of *but_token*; returns how many.

    Its programs' tokens end with them.
    """
    spared = [SignIn.token_hash != hash_of(but_token)] if but_token else []
    session.execute(
        update(ApiToken)
        .where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=func.now())
        .execution_options(synchronize_session=False)
    )
    return _revoke(session, SignIn.account_id == account_id, *spared)


def purge_sign_ins(session: Session) -> int:
    """Delete what ended more than thirty days ago; returns how many."""
    session.flush()
    old = func.now() - dt.timedelta(days=30)
    return session.query(SignIn).filter(SignIn.expires_at < old).delete(synchronize_session=False)


def _live() -> tuple[ColumnElement[bool], ...]:
    return (
        SignIn.revoked_at.is_(None),
        SignIn.idle_until > func.now(),
        SignIn.expires_at > func.now(),
    )


def _revoke(session: Session, *where: ColumnElement[bool]) -> int:
    ended = session.execute(
        update(SignIn)
        .where(SignIn.revoked_at.is_(None), *where)
        .values(revoked_at=func.now())
        .execution_options(synchronize_session=False)
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]  # an UPDATE or DELETE has one
