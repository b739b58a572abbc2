"""The same act on several parcours or several days, and its undoing as one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from ramsess.actions.acts import remove_act
from ramsess.actions.batch import own_acts
from ramsess.actions.refusals import Checks
from ramsess.actions.repetition import days_after
from ramsess.models import Account, Adviser
from ramsess.reports.period import french_date

MOST = 60


def days_until(first: dt.date, every: str, last: dt.date) -> list[dt.date]:
    """*first* and the days that follow it at that rhythm, *last* included; one more than MOST at
    the most, so that who asks knows of too many."""
    if not every:
        return [first]
    return [first, *(day for day in days_after(first, every, MOST) if day <= last)]


def shared_out(minutes: int, parts: int) -> list[int]:
    """*minutes* in equal whole parts; the first ones take what is left over (Rule 2)."""
    each, over = divmod(minutes, parts)
    return [each + (number < over) for number in range(parts)]


def undo_all(
    session: Session, account: Account, adviser: Adviser, asked: Iterable[uuid.UUID]
) -> Sequence[uuid.UUID]:
    """Undo acts that were recorded together; those that are gone already are no fault.

    Raises RefusedError when one was corrected since: all stay.
    """
    acts = own_acts(session, account, adviser, asked)
    checks = Checks()
    changed = [french_date(act.done_on) for act in acts.values() if act.version > 1]
    if changed:
        days = ", ".join(changed)
        checks.refuse("", f"Corrigé depuis : {days}. Annulez ces actes depuis leur page ; "
                          "rien n’a été annulé.")  # fmt: skip
    checks.conclude()
    for act in acts.values():
        remove_act(session, act)
    return list(acts)
