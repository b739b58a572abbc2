"""Networks of exchange workbooks that are valid, and hard to count.

`random_network(seed, size)` is a seeded generator of *size* workbooks; `networks()` is a
hypothesis strategy of one to four small ones. Both are one `Builder` asking its questions to a
`Chooser`: a seeded `random.Random`, or hypothesis' `draw`.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.counting.choosers import Chooser, Drawn, Seeded, maybe, some
from tests.counting.crowd import Crowd, Human, a_commune, a_day
from tests.counting.samples import (
    COLLECTIVE,
    FORMS,
    IN_REGION,
    LATEST,
    NETWORK_WORK,
    ON_PARCOURS,
    OUTCOMES,
    PHASES,
    RECEPTIONS,
    SCHEMES,
    SECTORS,
    STRUCTURES,
)
from tests.counting.staff import Staff
from tests.counting.workbooks import Row, Workbook

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Sizes:
    """How many of each a workbook has, from and to."""

    advisers: tuple[int, int]
    persons: tuple[int, int]
    parcours: tuple[int, int]
    acts: tuple[int, int]
    sessions: tuple[int, int]
    shared_sessions: tuple[int, int]  # in the network


LARGE = Sizes((2, 4), (6, 14), (4, 10), (15, 35), (2, 6), (2, 8))
SMALL = Sizes((1, 2), (0, 4), (0, 3), (0, 5), (0, 2), (0, 2))


class Builder:
    """Fills the workbooks of a network, sheet by sheet, keeping them valid.

    *shared*: workbooks name advisers and parcours of one another, and must be given together.
    """

    def __init__(
        self, choose: Chooser, codes: Sequence[str], sizes: Sizes, *, shared: bool = True
    ) -> None:
        self.choose = choose
        self.sizes = sizes
        self.shared = shared
        self.books = {code: Workbook(code, 2009) for code in codes}
        self.staff = Staff(choose, self.books, shared=shared)
        self.crowd = Crowd(choose)

    def build(self) -> list[Workbook]:
        books = list(self.books.values())
        for book in books:
            for number in self.choose.times(*self.sizes.advisers):
                self.staff.hire(book.structure, number)
        for book in books:
            for _ in self.choose.times(*self.sizes.persons):
                self.crowd.row(book)
        for book in books:
            for _ in self.choose.times(*self.sizes.parcours):
                if book["Bénéficiaires"]:
                    self.parcours(book)
        for book in books:
            for _ in self.choose.times(*self.sizes.acts):
                self.act(book)
            for _ in self.choose.times(*self.sizes.sessions):
                self.session([book], reference=None)
        if len(books) > 1:
            for number in self.choose.times(*self.sizes.shared_sessions):
                # Of three hosts handed in one by one, the first's blanks cannot be told apart.
                animating = some(self.choose, books, 2, 3 if self.shared else 2)
                self.session(animating, f"Atelier commun n° {number + 1}")
        return books

    def minutes(self) -> int:
        return self.choose.pick((60, 30, 45, 90, 1, 7, 120, 200, 1440))

    def scheme(self) -> str | None:
        common = self.choose.chance(80)
        return maybe(self.choose, 60 if common else 90, SCHEMES[:3] if common else SCHEMES)

    # --- parcours -------------------------------------------------------------------------------

    def parcours(self, book: Workbook) -> None:
        people = self.crowd.different(book, 1, 3)
        humans = [self.crowd.who[book.structure, one] for one in people]
        born = humans[0].born
        birthdays = [
            dt.date(year, born.month, min(born.day, 28)) + shift * ONE_DAY
            for year in (2008, 2009)
            for shift in (0, 1, -1)
        ]
        entry = a_day(self.choose, dt.date(2007, 6, 1), dt.date(2010, 3, 31), *birthdays)
        if self.choose.chance(25):
            entry = self.choose.pick(birthdays)
        exit_ = None
        if self.choose.chance(55):
            exit_ = entry if self.choose.chance(15) else a_day(self.choose, entry, LATEST)
        row = self.project(people, entry, exit_)
        reference = f"{book.structure}/{book.add('Parcours', **row)}"
        others = [one for one in self.books.values() if one is not book]
        if others and self.shared and self.choose.chance(40):
            for other in some(self.choose, others, 1, 3):
                self.participations(other, reference, humans, entry, exit_)

    def project(self, people: list[str], entry: dt.date, exit_: dt.date | None) -> Row:
        first_phase = self.choose.pick(PHASES)
        row: Row = {
            "bénéficiaires": ";".join(people),
            "intitulé": "Projet",
            "forme_juridique": maybe(self.choose, 80, FORMS),
            "secteur": maybe(self.choose, 80, SECTORS),
            "commune_insee": a_commune(self.choose),
            "date_entrée": entry,
            "phase_entrée": first_phase,
            "prescripteur": maybe(self.choose, 40, ("Mission locale", "ADIE")),
            "date_sortie": exit_,
        }
        if self.choose.chance(15):
            row["phase_actuelle"] = first_phase
        elif self.choose.chance(60):
            # Perhaps on the day of the entry, perhaps after the exit.
            row["phase_actuelle"] = self.choose.pick([p for p in PHASES if p != first_phase])
            end = exit_ if exit_ and self.choose.chance(80) else LATEST
            row["date_phase_actuelle"] = a_day(self.choose, entry, end)
        if exit_:
            row["motif_sortie"] = maybe(self.choose, 80, OUTCOMES)
            row["emplois_créés"] = maybe(self.choose, 60, (1, 0.5, 0.33, 2.75, 0, 12.1))
            row["emplois_consolidés"] = maybe(self.choose, 40, (1, 0.8, 3.05))
        return row

    def participations(
        self,
        book: Workbook,
        reference: str,
        humans: list[Human],
        entry: dt.date,
        exit_: dt.date | None,
    ) -> None:
        """Another structure takes part: joins later perhaps, leaves perhaps, perhaps comes back.

        Its dates may reach a little beyond the parcours': each structure says its own.
        """
        joined = entry if self.choose.chance(30) else a_day(self.choose, entry, exit_ or LATEST)
        if self.choose.chance(8):
            joined = entry - 40 * ONE_DAY
        while True:
            left = None
            if self.choose.chance(45):
                left = a_day(self.choose, joined, exit_ or LATEST)
            elif exit_ and self.choose.chance(15):
                left = min(exit_ + 40 * ONE_DAY, LATEST)
            self.participation(book, reference, humans, joined, left)
            if not left or left >= (exit_ or LATEST) or not self.choose.chance(50):
                return
            joined = a_day(self.choose, left + ONE_DAY, exit_ or LATEST)

    def participation(
        self,
        book: Workbook,
        reference: str,
        humans: list[Human],
        joined: dt.date,
        left: dt.date | None,
    ) -> None:
        own = list(dict.fromkeys(self.crowd.same(book, human) for human in humans))
        book.add(
            "Parcours",
            bénéficiaires=";".join(own),
            intitulé="Projet",
            # What the participant says of the project differs from the lead, who is believed.
            forme_juridique=maybe(self.choose, 30, FORMS),
            secteur=maybe(self.choose, 30, SECTORS),
            commune_insee=maybe(self.choose, 30, IN_REGION),
            date_entrée=joined,
            phase_entrée=self.choose.pick(PHASES),
            date_sortie=left,
            référence_réseau=reference,
        )

    def involvement(self, row: Row) -> tuple[dt.date, dt.date]:
        """The days on which the workbook's structure may act in a parcours of its sheet."""
        end = row["date_sortie"]
        if row["référence_réseau"] and end is None:
            code, _, id_local = row["référence_réseau"].partition("/")
            lead = next(r for r in self.books[code]["Parcours"] if r["id_local"] == id_local)
            end = lead["date_sortie"]
        return row["date_entrée"], end or LATEST

    # --- acts and sessions ----------------------------------------------------------------------

    def act(self, book: Workbook) -> None:
        code = book.structure
        row: Row = {}
        low, high = dt.date(2007, 6, 1), LATEST
        if book["Parcours"] and self.choose.chance(60):
            parcours = self.choose.pick(book["Parcours"])
            low, high = self.involvement(parcours)
            row["parcours"] = parcours["id_local"]
            row["type"] = self.choose.pick(ON_PARCOURS)
        elif self.choose.chance(65):
            row["type"] = self.choose.pick(RECEPTIONS)
            if self.choose.chance(15):
                row["type"] = "RES1"  # may name a person without receiving her
        else:
            row["type"] = self.choose.pick(NETWORK_WORK)
        named = 20 if "parcours" in row else 75
        if row["type"] not in NETWORK_WORK and self.choose.chance(named):
            row["bénéficiaire"] = maybe(
                self.choose, 100 if book["Bénéficiaires"] else 0, book.ids("Bénéficiaires")
            )
        day = a_day(self.choose, low, high)
        adviser, _ = self.staff.named(self.staff.anybody(code, day), code, day)
        book.add(
            "Actes",
            date=day,
            conseiller=adviser,
            durée_minutes=self.minutes(),
            modalité=maybe(self.choose, 50, "PTVE"),
            commune_insee=a_commune(self.choose) if self.choose.chance(40) else None,
            co_conseillers=self.co_advisers(code, day, adviser) if self.choose.chance(35) else None,
            personnes_anonymes=maybe(self.choose, 20, (1, 2, 15, 0)),
            dispositif=self.scheme(),
            **row,
        )

    def co_advisers(self, code: str, day: dt.date, adviser: str) -> str | None:
        able = self.staff.present(day) if self.shared else self.staff.own(code, day)
        mails = some(
            self.choose, [one for one in able if one != adviser.split("/", maxsplit=1)[0]], 1, 3
        )
        shares = [f"{self.staff.named(one, code, day)[0]}:{self.minutes()}" for one in mails]
        return "; ".join(shares) or None

    def session(self, books: list[Workbook], reference: str | None) -> None:
        """One session; a co-animated one is a row in each of *books*.

        Its hosts agree on its date, type and scheme (perhaps left blank), not on all the rest; an
        animator and a participant may be on two hosts' sheets.
        """
        day = a_day(self.choose, dt.date(2007, 6, 1), LATEST)
        kind, scheme = self.choose.pick(COLLECTIVE), self.scheme()
        animating: list[str] = []
        came: list[Human] = []
        for book in books:
            code = book.structure
            animators = list(
                dict.fromkeys(self.staff.anybody(code, day) for _ in self.choose.times(1, 2))
            )
            if animating and self.shared and self.choose.chance(25):
                animators = list(dict.fromkeys([*animators, self.choose.pick(animating)]))
            animating += animators
            people = some(self.choose, book.ids("Bénéficiaires"), 0, 5)
            if came and self.choose.chance(60):
                people.append(self.crowd.same(book, self.choose.pick(came)))
            came += [self.crowd.who[code, one] for one in people]
            book.add(
                "Séances",
                date=day,
                type=kind,
                intitulé=f"Séance de {code}",
                animateurs="; ".join(self.animator(mail, code, day) for mail in animators),
                durée_minutes=self.minutes(),
                commune_insee=a_commune(self.choose),
                participants=";".join(people) or None,
                personnes_anonymes=maybe(self.choose, 60, (3, 1, 0, 20)),
                dispositif=None if self.choose.chance(20) else scheme,
                référence_séance=reference,
            )

    def animator(self, mail: str, code: str, day: dt.date) -> str:
        name, _ = self.staff.named(mail, code, day)
        return f"{name}:{self.minutes()}" if self.choose.chance(50) else name


def random_network(seed: int, size: int, *, shared: bool = True) -> list[Workbook]:
    """*size* workbooks (1 to 13), the same for the same seed.

    *shared*: they name one another's advisers and parcours, and must be given together.
    """
    if not 1 <= size <= len(STRUCTURES):
        raise ValueError(f"a network has 1 to {len(STRUCTURES)} structures, not {size}")
    codes = random.Random(seed).sample(STRUCTURES, size)
    return Builder(Seeded(seed), codes, LARGE, shared=shared).build()


@st.composite
def networks(draw: Callable[[st.SearchStrategy[Any]], Any]) -> list[Workbook]:
    """One to four small workbooks."""
    size = draw(st.integers(1, 4))
    return Builder(Drawn(draw), STRUCTURES[:size], SMALL).build()
