"""Hold the same session again: once more, or every week or month."""

from __future__ import annotations

import calendar
import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session

from ramsess.actions.acts import Work
from ramsess.actions.enrolment import expect_again
from ramsess.actions.refusals import Checks
from ramsess.actions.sessions import SessionDraft, hold_session
from ramsess.models import Account, Act

MOST = 52
WEEK, FORTNIGHT, MONTH = "semaine", "quinzaine", "mois"


def days_after(first: dt.date, every: str, times: int) -> list[dt.date]:
    """The *times* next days after *first*; a month too short gives its last day."""
    if every == MONTH:
        return [_months_later(first, number) for number in range(1, times + 1)]
    step = dt.timedelta(weeks=2 if every == FORTNIGHT else 1)
    return [first + step * number for number in range(1, times + 1)]


def _months_later(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def draft_of(act: Act, day: dt.date) -> SessionDraft:
    """What was said of a session, but its note, on another day."""
    held = act.group_session
    assert held
    return SessionDraft(
        title=held.title,
        done_on=day,
        type_code=act.type_code,
        minutes=held.minutes,
        structure_id=act.structure_id,
        work=[Work(share.adviser_id, share.structure_id, share.minutes) for share in act.shares],
        scheme_code=act.scheme_code,
        commune_code=act.commune_code,
        slots=[(slot.starts_at, slot.ends_at) for slot in held.slots],
    )


def repeat_session(
    session: Session,
    account: Account,
    act: Act,
    *,
    every: str,
    times: int,
    with_people: bool,
    request_key: uuid.UUID | None = None,
) -> Sequence[Act]:
    """Prepare the session again, *times* times, with the same hosts; all of them, or none.

    *with_people*: those whom the recording structure expects are expected again. The same
    *request_key* repeats once. Raises RefusedError.
    """
    checks = Checks()
    if every not in (WEEK, FORTNIGHT, MONTH):
        checks.refuse("every", "Choisissez un rythme.")
    if not 1 <= times <= MOST:
        checks.refuse("times", f"Indiquez un nombre de fois, de 1 à {MOST}.")
    checks.conclude()
    made = []
    for day in days_after(act.done_on, every, times):
        key = uuid.uuid5(request_key, day.isoformat()) if request_key else None
        again = hold_session(session, account, draft_of(act, day), request_key=key)
        if with_people:
            expect_again(session, act, again)
        made.append(again)
    return made
