"""What an account is reminded of: records counted once a day, periods that it has to hand in."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.actions.standings import DUE, Standing, standings
from ramsess.models import Account, ReportingPeriod
from ramsess.models.calendar import today


def keep_count(session: Session, account: Account, count: int) -> None:
    """Note that *count* records of the account's are still to complete, counted today."""
    if (account.counted_on, account.to_complete) != (today(), count):
        account.counted_on, account.to_complete = today(), count
        session.flush()


def to_hand_in(session: Session, account: Account) -> list[Standing]:
    """The periods that are over and that the structures which the account manages owe, or were
    sent back; the oldest first."""
    managed = policy.structure_ids(account, ("manager",))
    periods = waiting_periods(session) if managed else ()
    found = standings(session, periods, managed) if periods else {}
    return [one for one in found.values() if one.state in DUE]


def waiting_periods(session: Session) -> Sequence[ReportingPeriod]:
    """The periods that are over and not consolidated, the oldest first."""
    return session.scalars(
        select(ReportingPeriod)
        .where(ReportingPeriod.last_on < today(), ReportingPeriod.consolidated_on.is_(None))
        .order_by(ReportingPeriod.last_on, ReportingPeriod.first_on.desc())
    ).all()
