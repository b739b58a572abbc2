"""What is dated in a sealed period does not change any more (Rule 11).

The database refuses it, whoever writes (migrations/sql/sealed.sql); here it is said before, in
French, and in the same words when a period was sealed meanwhile.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, ExceptionContext, event, select
from sqlalchemy.orm import Session

from ramsess.actions.refusals import Checks, RefusedError
from ramsess.models import ReportingPeriod, Seal
from ramsess.models.calendar import PARIS
from ramsess.reports.period import french_date, period_name

# What the database answers.
SQLSTATE = "RS011"
#: What a report says of a parcours and of those that take part, as long as it counts it.
AT_ENTRY = (
    "entered_on", "lead_structure_id", "entry_phase_code", "entry_sector_code",
    "entry_legal_form_code", "entry_commune_code",
)  # fmt: skip
AT_EXIT = ("exited_on", "outcome_code", "jobs_created", "jobs_consolidated")


@dataclass(frozen=True)
class SealedPeriod:
    """A period that is sealed, both days included, and the civil day on which it was."""

    id: int
    kind: str
    first: dt.date
    last: dt.date
    sealed_on: dt.date

    @property
    def label(self) -> str:
        """``1er trimestre 2009``, ``année 2009``."""
        return period_name(self.kind, self.first)

    @property
    def sentence(self) -> str:
        """Why nothing changes, and what to do."""
        year = self.kind == "year"
        return (
            f"{'L’' if year else 'Le '}{self.label} est scellé{'e' if year else ''} depuis le "
            f"{french_date(self.sealed_on)}\u00a0: ce qui est daté de cette période ne change "
            "plus. Faites une correction."
        )

    def counts(self, since: dt.date, until: dt.date | None) -> bool:
        """True for something that goes on from *since* to *until* (None: still) in the period."""
        return since <= self.last and (until is None or until >= self.first)


class SealedError(RefusedError):
    """A period was sealed meanwhile; the database refused, and the transaction is over."""

    def __init__(self, period: SealedPeriod) -> None:
        super().__init__({"": period.sentence}, sealed=True)
        self.period = period


def _tell(context: ExceptionContext) -> None:
    fault: Any = context.original_exception
    if getattr(fault, "sqlstate", None) == SQLSTATE:
        said = json.loads(fault.diag.message_detail)
        moment = dt.datetime.fromisoformat(said["sealed_at"])
        day = dt.date.fromisoformat
        period = SealedPeriod(
            said["id"],
            said["kind"],
            day(said["first_on"]),
            day(said["last_on"]),
            moment.astimezone(PARIS).date(),
        )
        raise SealedError(period) from fault


event.listen(Engine, "handle_error", _tell)


def sealed_periods(session: Session) -> Sequence[SealedPeriod]:
    """The sealed periods, the shortest first: it names a day best."""
    rows = session.execute(
        select(ReportingPeriod, Seal.sealed_at).join(Seal, Seal.period_id == ReportingPeriod.id)
    )
    found = [
        SealedPeriod(one.id, one.kind, one.first_on, one.last_on, moment.astimezone(PARIS).date())
        for one, moment in rows
    ]
    return sorted(found, key=lambda one: (one.last - one.first, one.first))


def sealed_on(session: Session, day: dt.date | None) -> SealedPeriod | None:
    """The sealed period that holds *day*, if there is one."""
    return holding(sealed_periods(session), day)


def holding(periods: Iterable[SealedPeriod], day: dt.date | None) -> SealedPeriod | None:
    """The one of *periods* that holds *day*."""
    return next((one for one in periods if day and one.first <= day <= one.last), None)


def opened_on(session: Session) -> dt.date | None:
    """The day after the last sealed one, from which something without a first day begins; None as
    long as nothing is sealed."""
    last = max((one.last for one in sealed_periods(session)), default=None)
    return last + dt.timedelta(days=1) if last else None


def check_open(session: Session, checks: Checks, field: str, *days: dt.date | None) -> None:
    """Refuse *field* when one of *days* is in a sealed period."""
    periods = sealed_periods(session)
    for day in days:
        period = holding(periods, day)
        if period:
            checks.refuse(field, period.sentence, sealed=True)


def check_moment(
    session: Session,
    checks: Checks,
    field: str,
    day: dt.date | None,
    *,
    since: dt.date,
    until: dt.date | None,
) -> None:
    """Refuse something that is noted, or was, on *day* of what goes on from *since* to *until*:
    the report of a sealed period counts it, up to its last day."""
    for period in sealed_periods(session):
        if day and day <= period.last and period.counts(since, until):
            checks.refuse(field, period.sentence, sealed=True)


def stay_lines(
    periods: Iterable[SealedPeriod], joined: dt.date, left: dt.date | None
) -> set[tuple[Any, ...]]:
    """What the reports of *periods* say of a stay from *joined* to *left* (the parcours' exit at
    the latest): its end when it had ended by the last day."""
    return {
        (one, joined, left if left and left <= one.last else None)
        for one in periods
        if one.counts(joined, left)
    }


def parcours_lines(
    periods: Iterable[SealedPeriod], said: Mapping[str, Any] | None
) -> set[tuple[Any, ...]]:
    """What the reports of *periods* say of a parcours, given by its columns; nothing of None."""
    if said is None:
        return set()
    entry = tuple(said[name] for name in AT_ENTRY if name in said)
    return {
        (
            one,
            *entry,
            tuple(said[name] for name in AT_EXIT)
            if said["exited_on"] and said["exited_on"] <= one.last
            else None,
        )
        for one in periods
        if one.counts(said["entered_on"], said["exited_on"])
    }


def first_changed(before: set[tuple[Any, ...]], after: set[tuple[Any, ...]]) -> SealedPeriod | None:
    """The period, the first of each line, of which a report would say something else."""
    found = [line[0] for line in before ^ after]
    return min(found, key=lambda one: (one.last - one.first, one.first), default=None)
