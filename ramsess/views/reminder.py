"""A gentle reminder: how many records are still to complete, counted once a day; which periods are
to hand in, or to consolidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_login import current_user

from ramsess import policy
from ramsess.actions.reminders import keep_count, to_hand_in, waiting_periods
from ramsess.actions.standings import Standing
from ramsess.database import db
from ramsess.models import Account, ReportingPeriod
from ramsess.models.calendar import today
from ramsess.reports.missing import Scope, Survey
from ramsess.reports.period import Period


@dataclass(frozen=True)
class Reminder:
    """*count* records to complete; *prominent* the first time that they are told of a day."""

    count: int
    period: Period
    prominent: bool


def reminder() -> Reminder | None:
    """What the home page reminds of; None when there is nothing, or nobody to remind."""
    if not scopes_of(current_user):
        return None
    period = Period.of_year(today().year)
    fresh = current_user.counted_on != today()
    if fresh:
        remember_count(Survey.of(db.engines["report"], period))
    count = current_user.to_complete or 0
    return Reminder(count, period, prominent=fresh) if count else None


@dataclass(frozen=True)
class Due:
    """Periods that are over: to hand in, for who manages; to consolidate, for who coordinates."""

    to_hand_in: Sequence[Standing]
    to_consolidate: Sequence[ReportingPeriod]


def due() -> Due | None:
    """What the home page says is due; None when nothing is."""
    session = db.session()
    owed = to_hand_in(session, current_user) if policy.may(current_user, "hand_in_periods") else []
    waiting = waiting_periods(session) if policy.may(current_user, "oversee_periods") else []
    return Due(owed, waiting) if owed or waiting else None


def remember_count(survey: Survey) -> None:
    """Keep how many of one's records the *survey* of the year finds incomplete."""
    scopes = scopes_of(current_user)
    if scopes:
        keep_count(db.session(), current_user, survey.progress(scopes).left)
        db.session.commit()


def scopes_of(account: Account) -> list[Scope]:
    """The structures that the account manages; where it does not, the acts that are its own."""
    managed = policy.structure_ids(account, ("manager",))
    adviser = account.adviser
    return [
        Scope(one.code, None if one.id in managed else adviser.id if adviser else None)
        for one in account.structures("adviser", "manager")
        if one.id in managed or adviser
    ]
