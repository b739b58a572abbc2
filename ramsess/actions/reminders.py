"""Remember what an account was reminded of."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ramsess.models import Account
from ramsess.models.calendar import today


def keep_count(session: Session, account: Account, count: int) -> None:
    """Note that *count* records of the account's are still to complete, counted today."""
    if (account.counted_on, account.to_complete) != (today(), count):
        account.counted_on, account.to_complete = today(), count
        session.flush()
