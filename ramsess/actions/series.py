"""The same act on several parcours or several days."""

from __future__ import annotations

import datetime as dt

from ramsess.actions.repetition import days_after

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
