"""Open periods, say by when they are handed in, consolidate them and go back from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.auditing import note
from ramsess.actions.refusals import Checks, ConflictError, RefusedError
from ramsess.actions.standings import sealed_periods, standings
from ramsess.models import HandIn, ReportingPeriod, Structure, TableComment
from ramsess.models.calendar import today

LONGEST_WAIT = dt.timedelta(days=731)
SEALED = "Cette période est scellée : elle ne change plus."


@dataclass(frozen=True)
class Slot:
    """A quarter or a year that may be opened; *name* says which in a form."""

    name: str
    kind: str
    first: dt.date
    last: dt.date

    @property
    def usual_due(self) -> dt.date:
        """What is proposed: three weeks after the last day."""
        return self.last + dt.timedelta(days=21)

    @property
    def label(self) -> str:
        """As people say it."""
        return ReportingPeriod(kind=self.kind, first_on=self.first).label


def slots_of(year: int) -> list[Slot]:
    """The four quarters of *year*, and the year."""
    firsts = [dt.date(year, month, 1) for month in (1, 4, 7, 10)] + [dt.date(year + 1, 1, 1)]
    day = dt.timedelta(days=1)
    quarters = [
        Slot(f"t{number}", "quarter", first, after - day)
        for number, (first, after) in enumerate(pairwise(firsts), 1)
    ]
    return [*quarters, Slot("annee", "year", firsts[0], firsts[-1] - day)]


def periods_of(session: Session, year: int) -> dict[str, ReportingPeriod]:
    """What is open of *year*, by the name of its slot."""
    names = {(slot.first, slot.last): slot.name for slot in slots_of(year)}
    found = session.scalars(
        select(ReportingPeriod)
        .where(ReportingPeriod.first_on.between(dt.date(year, 1, 1), dt.date(year, 12, 31)))
        .order_by(ReportingPeriod.first_on, ReportingPeriod.last_on)
    )
    return {names[one.first_on, one.last_on]: one for one in found}


def open_periods(
    session: Session,
    year: int,
    due: Mapping[str, dt.date | None],
    seen: Mapping[str, int],
) -> int:
    """Open what *due* gives a date (slot's name → day) and is not open; change the date of what
    is; take away what has no more date and nobody touched. How many changed.

    *seen*: the version of each that the person was looking at, 0 for none; the same asked twice
    changes nothing. Raises RefusedError, and ConflictError when somebody changed one meanwhile.
    """
    there = periods_of(session, year)
    checks, changed = Checks(), 0
    for slot in slots_of(year):
        day, period = due.get(slot.name), there.get(slot.name)
        if day == (period.due_on if period else None):
            continue
        if (period.version if period else 0) != seen.get(slot.name, 0):
            raise ConflictError
        _check_due(checks, slot, day)
        if period is None:
            period = ReportingPeriod(
                kind=slot.kind, first_on=slot.first, last_on=slot.last, due_on=day
            )
            session.add(period)
            action = "open_period"
        elif day is None:
            if _touched(session, period):
                checks.refuse(slot.name, "On y a déjà travaillé : gardez une échéance.")
                continue
            session.delete(period)
            action = "withdraw_period"
        else:
            if sealed_periods(session, [period.id]):
                checks.refuse(slot.name, SEALED)
                continue
            period.due_on = day
            action = "change_due_date"
        checks.conclude()
        session.flush()
        note(session, action, record=period.public_id)
        changed += 1
    checks.conclude()
    return changed


def _check_due(checks: Checks, slot: Slot, day: dt.date | None) -> None:
    if day is not None and day < slot.last:
        checks.refuse(slot.name, "Cette échéance précède la fin de la période.")
    elif day is not None and day > slot.last + LONGEST_WAIT:
        checks.refuse(slot.name, "Cette échéance est à plus de deux ans de la période.")


def _touched(session: Session, period: ReportingPeriod) -> bool:
    return bool(
        period.consolidated_on
        or session.scalar(select(HandIn.id).where(HandIn.period_id == period.id).limit(1))
        or session.scalar(
            select(TableComment.table_id).where(TableComment.period_id == period.id).limit(1)
        )
    )


def not_handed_in(session: Session, period: ReportingPeriod) -> Sequence[Structure]:
    """The members of the network in the period whose last word is not that they handed in."""
    return [one.structure for one in standings(session, [period]).values() if not one.handed_in]


def consolidate(
    session: Session, period: ReportingPeriod, *, version: int, without: bool = False
) -> None:
    """The figures of the period are settled: nobody hands in, takes back nor is sent back.

    Refused while a member has not handed in, unless the coordinator says that she consolidates
    *without* them: the report then names them. Raises RefusedError and ConflictError.
    """
    session.refresh(period)
    if period.consolidated_on:
        return
    if period.version != version:
        raise ConflictError
    if period.last_on >= today():
        raise RefusedError({"": "Cette période n’est pas terminée."})
    period.consolidated_on = today()
    # From here on nobody takes a step: who has not handed in is read after.
    session.flush()
    missing = not_handed_in(session, period)
    if missing and not without:
        names = ", ".join(one.name for one in missing)
        raise RefusedError({"confirmed": f"N’ont pas rendu : {names}."})
    note(session, "consolidate_period", record=period.public_id)


def go_back(session: Session, period: ReportingPeriod, *, version: int) -> None:
    """The period is no more consolidated: as long as nothing is sealed.

    Raises RefusedError and ConflictError.
    """
    session.refresh(period)
    if not period.consolidated_on:
        return
    if sealed_periods(session, [period.id]):
        raise RefusedError({"": SEALED})
    if period.version != version:
        raise ConflictError
    period.consolidated_on = None
    session.flush()
    note(session, "reopen_period", record=period.public_id)
