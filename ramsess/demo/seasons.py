"""When people work: weekends and public holidays off, peaks in June and November, a slow August."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from random import Random

MONTHS = (0.95, 0.9, 1.1, 0.95, 0.9, 1.25, 0.7, 0.22, 1.05, 1.15, 1.3, 0.75)
HOLIDAYS = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))


def easter(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar (Butcher’s reckoning)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    epact -= (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    del rest
    days = epact - weekday
    month = 3 + (days + 40) // 44
    return dt.date(year, month, days + 28 - 31 * (month // 4))


def holidays(year: int) -> set[dt.date]:
    """The French public holidays of a year."""
    movable = {easter(year) + dt.timedelta(days=days) for days in (1, 39, 50)}
    return movable | {dt.date(year, month, day) for month, day in HOLIDAYS}


class Seasons:
    """The working days of some years, each as likely as its month is busy."""

    def __init__(self, first: dt.date, last: dt.date) -> None:
        off = {day for year in range(first.year, last.year + 1) for day in holidays(year)}
        span = (first + dt.timedelta(days=days) for days in range((last - first).days + 1))
        self.days = [day for day in span if day.weekday() < 5 and day not in off]
        self._weights = [0.0]
        for day in self.days:
            # Offices thin out between Christmas and the New Year.
            factor = 0.3 if (day.month, day.day) > (12, 23) else 1.0
            self._weights.append(self._weights[-1] + MONTHS[day.month - 1] * factor)

    def pick(self, random: Random, first: dt.date, last: dt.date) -> dt.date | None:
        """A working day between two days, both included; None when there is none."""
        low, high = bisect_left(self.days, first), bisect_left(self.days, last)
        if high < len(self.days) and self.days[high] == last:
            high += 1
        if low >= high:
            return None
        drawn = random.uniform(self._weights[low], self._weights[high])
        return self.days[min(max(bisect_left(self._weights, drawn) - 1, low), high - 1)]
