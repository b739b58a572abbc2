"""Make and revoke the tokens of one's programs; find whose token it is that a program shows."""

from __future__ import annotations

import datetime as dt
import re
import secrets
import uuid
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ramsess.actions.auditing import note
from ramsess.actions.refusals import Checks
from ramsess.actions.sign_ins import PUSHED_EVERY, hash_of
from ramsess.models import Account, ApiToken

#: How long a token lasts, in days, as its author chooses.
LASTING = {30: "Un mois", 90: "Trois mois", 365: "Un an"}
MOST = 10
LONGEST_NAME = 60
# What tells our secrets from others, to people and to programs that look for leaked ones.
PREFIX = "ramsess_"
_SECRET = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")


class Bearer(NamedTuple):
    """Who shows a token: an account, in the one role that the token was made for."""

    account: Account
    role: str


def make_token(
    session: Session,
    account: Account,
    *,
    name: str,
    role: str,
    days: int,
    request_key: uuid.UUID | None = None,
) -> tuple[ApiToken, str]:
    """Make a token of *account* for a role that it holds today; the secret is told this once.

    Raises RefusedError.
    """
    checks = Checks()
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        checks.refuse("name", f"Donnez-lui un nom, de {LONGEST_NAME} caractères au plus.")
    if not account.holds(role):
        checks.refuse("role", "Vous n’avez pas ce rôle aujourd’hui.")
    if days not in LASTING:
        checks.refuse("days", "Choisissez une durée de la liste.")
    if len(live_tokens(session, account)) >= MOST:
        checks.refuse("", f"Vous avez déjà {MOST} jetons : retirez-en un.")
    if request_key and session.scalar(
        select(ApiToken.id).where(ApiToken.request_key == request_key)
    ):
        checks.refuse(
            "",
            "Ce jeton est déjà créé, et son secret n’est montré qu’une fois. Si vous ne l’avez pas "
            "noté, retirez le jeton et créez-en un autre.",
        )
    checks.conclude()
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        account_id=account.id,
        role_name=role,
        name=name,
        token_hash=hash_of(secret),
        request_key=request_key,
        expires_at=func.now() + dt.timedelta(days=days),
    )
    session.add(token)
    session.flush()
    note(session, "make_token", record=token.id)
    return token, secret


def live_tokens(session: Session, account: Account) -> Sequence[ApiToken]:
    """The account's tokens that are worth something, the newest first."""
    return session.scalars(
        select(ApiToken)
        .where(
            ApiToken.account_id == account.id,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > func.now(),
        )
        .order_by(ApiToken.created_at.desc(), ApiToken.id)
    ).all()


def end_token(session: Session, account: Account, token: uuid.UUID) -> bool:
    """End one of the account's tokens; False when it is none of its living ones."""
    ended = session.execute(
        update(ApiToken)
        .where(
            ApiToken.id == token, ApiToken.account_id == account.id, ApiToken.revoked_at.is_(None)
        )
        .values(revoked_at=func.now())
        .execution_options(synchronize_session=False)
    )
    if not ended.rowcount:  # type: ignore[attr-defined]  # an UPDATE or DELETE has one
        return False
    note(session, "revoke_token", record=token)
    return True


def could_be(secret: str) -> bool:
    """True for a text that has the form of our secrets: anything else is not looked for."""
    return _SECRET.fullmatch(secret) is not None


def bearer_of(session: Session, token_hash: str) -> Bearer | None:
    """Who shows that token; none when it was revoked, expired, or its role ended."""
    found = session.execute(
        select(Account, ApiToken.role_name)
        .join(ApiToken, ApiToken.account_id == Account.id)
        .where(
            ApiToken.token_hash == token_hash,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > func.now(),
            Account.active,
        )
    ).one_or_none()
    if found is None or not found.Account.holds(found.role_name):
        return None
    return Bearer(found.Account, found.role_name)


def note_use(session: Session, token_hash: str) -> bool:
    """Note that the token serves, at most once a minute; True when there is something to commit."""
    pushed = session.execute(
        update(ApiToken)
        .where(
            ApiToken.token_hash == token_hash,
            func.coalesce(ApiToken.used_at < func.now() - PUSHED_EVERY, True),
        )
        .values(used_at=func.now())
        .execution_options(synchronize_session=False)
    )
    return bool(pushed.rowcount)  # type: ignore[attr-defined]  # of an UPDATE


def purge_tokens(session: Session) -> int:
    """Delete what ended more than thirty days ago; returns how many."""
    session.flush()
    old = func.now() - dt.timedelta(days=30)
    gone = session.query(ApiToken).filter((ApiToken.expires_at < old) | (ApiToken.revoked_at < old))
    return gone.delete(synchronize_session=False)
