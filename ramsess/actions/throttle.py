"""Slow down who tries too often. Counted in the database: true for every process at once."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ramsess.models import Attempt

KEPT = dt.timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """At most *number* attempts in any span of *seconds*."""

    number: int
    seconds: int


PASSWORD = (Limit(5, 60), Limit(20, 3600))
CLIENT = (Limit(30, 300),)
SECOND_FACTOR = (Limit(5, 300), Limit(20, 3600))
RESET = (Limit(3, 3600),)
# What a program asks by one token, and tokens that are worth nothing, by client.
INTERFACE = (Limit(300, 60), Limit(6000, 3600))
# Codes to join a parcours, eight hexadecimal digits.
JOIN = (Limit(10, 3600),)
# Files that somebody verifies.
VERIFY = (Limit(30, 300),)


@dataclass(frozen=True)
class Verdict:
    """Whether the attempt may go on; *wait* is in seconds, *attempt* is to be forgiven later."""

    allowed: bool
    wait: int = 0
    attempt: int | None = None


def key_of(secret: str, text: str) -> str:
    """The keyed hash under which somebody's attempts are counted: no address is kept in clear."""
    said = text.strip().lower().encode("utf-8", "surrogatepass")
    return hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()


def allow(session: Session, kind: str, key: str, limits: Sequence[Limit]) -> Verdict:
    """Count an attempt unless it is one too many; a refused one is not counted, so nobody is
    locked out for good.

    The caller commits at once, whatever comes of the attempt. Two processes wait for each other
    on the same key.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{kind}:{key}", 0))))
    # clock_timestamp() and not now(): this transaction may have waited for the lock.
    now = session.execute(select(func.clock_timestamp())).scalar_one()
    wait = 0
    for limit in limits:
        since = now - dt.timedelta(seconds=limit.seconds)
        blocking = session.scalar(
            select(Attempt.at)
            .where(Attempt.kind == kind, Attempt.key == key, Attempt.at > since)
            .order_by(Attempt.at.desc())
            .offset(limit.number - 1)
            .limit(1)
        )
        if blocking is not None:
            wait = max(wait, int((blocking - since).total_seconds()) + 1)
    if wait:
        return Verdict(allowed=False, wait=wait)
    attempt = Attempt(kind=kind, key=key, at=now)
    session.add(attempt)
    session.flush()
    return Verdict(allowed=True, attempt=attempt.id)


def forgive(session: Session, attempts: Sequence[int | None]) -> None:
    """An attempt that succeeded is not held against anybody; the failed ones before it are."""
    session.execute(
        delete(Attempt)
        .where(Attempt.id.in_([number for number in attempts if number]))
        .execution_options(synchronize_session=False)
    )


def purge_attempts(session: Session) -> int:
    """Delete the attempts that no limit looks at any more; returns how many."""
    gone = session.execute(
        delete(Attempt)
        .where(Attempt.at < func.now() - KEPT)
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]  # an UPDATE or DELETE has one
