"""The people of a random network: known to several structures, near-namesakes, unknown births."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tests.counting.choosers import Chooser, maybe, some
from tests.counting.samples import (
    BAND_LIMITS,
    EDGES,
    EDUCATIONS,
    IN_REGION,
    LEAP_BIRTHS,
    NAMES,
    OUT_OF_REGION,
    SITUATIONS,
)
from tests.counting.workbooks import Workbook


@dataclass(frozen=True)
class Human:
    """Someone real: a line of `NAMES` and a date of birth."""

    name: int
    born: dt.date


def a_day(choose: Chooser, low: dt.date, high: dt.date, *favoured: dt.date) -> dt.date:
    """A day of [low, high]: often one of the favoured, its ends, or the edge of a period."""
    good = [day for day in (*favoured, low, high, *EDGES) if low <= day <= high]
    if choose.chance(50):
        return choose.pick(list(dict.fromkeys(good)))
    return low + dt.timedelta(days=choose.whole(0, (high - low).days))


def a_commune(choose: Chooser) -> str | None:
    if choose.chance(15):
        return choose.pick(OUT_OF_REGION)
    return maybe(choose, 80, IN_REGION)


class Crowd:
    """Fills the sheets Bénéficiaires, and remembers who is who."""

    def __init__(self, choose: Chooser) -> None:
        self.choose = choose
        self.humans: list[Human] = []
        # (structure, id_local) → who it is.
        self.who: dict[tuple[str, str], Human] = {}

    def row(self, book: Workbook, human: Human | None = None) -> str:
        """A row for someone, written in some way; without birth date nobody can be recognised."""
        human = human or self._human()
        last_name, first_name = self.choose.pick(NAMES[human.name])
        known = not self.choose.chance(12)
        # Every attribute is drawn again: two structures know someone differently.
        id_local = book.add(
            "Bénéficiaires",
            nom=last_name,
            prénom=first_name,
            date_naissance=human.born if known else None,
            sexe=maybe(self.choose, 85, ("F", "M", "NR")),
            commune_insee=a_commune(self.choose),
            situation=maybe(self.choose, 85, SITUATIONS),
            niveau_formation=maybe(self.choose, 85, EDUCATIONS),
            rsa=maybe(self.choose, 70, ("oui", "non")),
            qpv=maybe(self.choose, 70, ("non", "oui")),
        )
        self.who[book.structure, id_local] = human
        return id_local

    def _human(self) -> Human:
        """Someone new, or a known one, or a namesake of a known one born on another day."""
        if self.humans and self.choose.chance(40):
            known = self.choose.pick(self.humans)
            if not self.choose.chance(25):
                return known
            human = Human(known.name, self._birth())
        else:
            human = Human(self.choose.whole(0, len(NAMES) - 1), self._birth())
        self.humans.append(human)
        return human

    def _birth(self) -> dt.date:
        if self.choose.chance(15):
            return self.choose.pick(LEAP_BIRTHS)
        age = self.choose.pick((30, *BAND_LIMITS, 22, 37, 50, 70))
        day = a_day(self.choose, dt.date(2008, 1, 1), dt.date(2009, 12, 31))
        year = day.year - age
        return day.replace(year=year, day=28) if day.month == 2 else day.replace(year=year)

    def same(self, book: Workbook, human: Human) -> str:
        """A row of this workbook for someone, there already or added."""
        for row in book["Bénéficiaires"]:
            if self.who[book.structure, row["id_local"]] == human:
                return str(row["id_local"])
        return self.row(book, human)

    def different(self, book: Workbook, low: int, high: int) -> list[str]:
        """Rows of different people (a parcours lists nobody twice)."""
        rows = {self.who[book.structure, row["id_local"]]: row for row in book["Bénéficiaires"]}
        return [row["id_local"] for row in some(self.choose, list(rows.values()), low, high)]
