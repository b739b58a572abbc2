"""Networks of exchange workbooks that are valid, and hard to count.

`random_network(seed, size)` is a seeded generator of *size* workbooks; `networks()` is a
hypothesis strategy of one to four small ones. Both are one `Builder` asking its questions to a
`Chooser`: a seeded `random.Random`, or hypothesis' `draw`, whose first option is the plainest so
that a failing example shrinks to few rows with empty cells.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

from tests.counting.workbooks import Row, Workbook

T = TypeVar("T")

STRUCTURES = (
    "APEAS",
    "INTERMADE",
    "ACCES",
    "ESSOR13",
    "ENERGIE",
    "PLACE",
    "TETESART",
    "PSPORT13",
    "AGODIS",
    "BABALEX",
    "FSPVA",
    "PLATEFORME",
)

# One line, one person's name as different hands write it. Several lines look alike and differ.
NAMES = (
    (("Roux", "Ana"), ("ROUX", "Ána"), ("roux ", " ana")),
    (("Lefèvre", "Zoé"), ("LEFEVRE", "zoe"), ("Lefe\u0300vre", "ZOÉ")),
    (("Ben-Saïd", "Jean-Pierre"), ("BEN SAID", "Jean Pierre"), ("ben  saïd", "JEAN-PIERRE")),
    (("D'Angelo", "Hélène"), ("D’ANGELO", "Helene"), ("d angelo", "HÉLÈNE")),
    (("Lecœur", "François"), ("LECOEUR", "Francois"), ("Lecoeur", "françois")),
    (("Martin", "Jean-Luc"), ("MARTIN", "jean luc"), ("Martin", "Jean  Luc")),
    (("Martin-Jean", "Luc"), ("MARTIN JEAN", "LUC")),
    (("Luc", "Martin-Jean"), ("LUC", "Martin Jean")),
    (("Jean-Luc", "Martin"), ("jean luc", "MARTIN")),
    (("Nguyễn", "Thị-Mai"), ("NGUYEN", "Thi Mai")),
    (("Müller", "Anaïs"), ("Muller", "ANAIS")),
    (("Garcia", "Inès"), ("García", "Ines")),
)

PHASES = ("EME", "FAI", "MON", "FIN", "DEM", "CON", "DEV")
SITUATIONS = ("SAL", "IND", "DE1", "DE2", "ETU", "RET", "INA", "NR")
EDUCATIONS = ("N2", "N3", "N4", "N5", "N6", "N7", "NR")
FORMS = ("ASSO", "SCOP", "SCIC", "CAE", "SARL", "EI", "MICRO", "COLL", "IND")
SECTORS = ("AGR", "ENV", "CUL", "SPO", "EDU", "SOC", "NUM", "IAE", "AUT")
OUTCOMES = ("CRE", "REP", "CNS", "DEV", "EMP", "FOR", "REO", "DLA", "ABA", "PDV")
SCHEMES = ("DRA", "DLA", "FSE", "DEP", "VILLE", "ETAT", "AUT", "NF")
ON_PARCOURS = ("CSL1", "ACC1", "ACC3", "DIA1", "DIA2", "CSL3", "CSL9", "EXP1", "SUI1", "SUI3")
RECEPTIONS = ("ACC1", "ACC3")
NETWORK_WORK = ("PAR1", "PAR2", "PAR3", "RES2", "RES3")
COLLECTIVE = ("COL1", "ACC2", "COL2", "COL3")

# Marseille and an arrondissement; Manosque and Vinon-sur-Verdon, one EPCI and two départements;
# Pertuis, in the métropole of Marseille but in Vaucluse; Nice, Gap, Toulon, Avignon.
IN_REGION = ("13055", "13201", "04112", "83150", "84089", "06088", "05061", "83137", "84007")
OUT_OF_REGION = ("75056", "30189", "2A004")

# The days of the year at which periods begin and end, their eves and their morrows.
EDGES = tuple(
    dt.date(year, month, day)
    for year in (2008, 2009, 2010)
    for month, day in (
        (1, 1),
        (12, 31),
        (4, 1),
        (3, 31),
        (6, 30),
        (7, 1),
        (1, 2),
        (12, 30),
    )
)
EARLIEST, LATEST = dt.date(2007, 1, 1), dt.date(2010, 12, 31)
LEAP_BIRTHS = tuple(dt.date(year, 2, 29) for year in (1964, 1944, 1980, 1992))
BAND_LIMITS = (18, 26, 30, 45, 55, 65)


class Chooser(Protocol):
    def pick(self, options: Sequence[T]) -> T: ...

    def chance(self, percent: int) -> bool: ...

    def whole(self, low: int, high: int) -> int: ...

    def times(self, low: int, high: int) -> Iterator[int]:
        """Count to a number between the two, both included."""
        ...


class Seeded:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, options: Sequence[T]) -> T:
        return self.random.choice(options)

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def whole(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def times(self, low: int, high: int) -> Iterator[int]:
        yield from range(self.random.randint(low, high))


class Drawn:
    """Every answer a draw of its own, so that shrinking drops records and plain-ens the rest."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw

    def pick(self, options: Sequence[T]) -> T:
        picked: T = self.draw(st.sampled_from(options))
        return picked

    def chance(self, percent: int) -> bool:
        return bool(self.draw(st.integers(0, 99)) >= 100 - percent)

    def whole(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    def times(self, low: int, high: int) -> Iterator[int]:
        for number in range(high):
            if number >= low and not self.draw(st.integers(0, 3)):
                return
            yield number


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


@dataclass(frozen=True)
class Human:
    """Someone real: a line of `NAMES` and a date of birth."""

    name: int
    born: dt.date


@dataclass(frozen=True)
class Assignment:
    mail: str
    structure: str
    since: dt.date | None
    until: dt.date | None


class Builder:
    """Fills the workbooks of a network, sheet by sheet, keeping them valid."""

    def __init__(self, choose: Chooser, codes: Sequence[str], sizes: Sizes) -> None:
        self.choose = choose
        self.sizes = sizes
        self.books = {code: Workbook(code, 2009) for code in codes}
        self.assignments: list[Assignment] = []
        self.humans: list[Human] = []
        # (structure, id_local) → who it is.
        self.who: dict[tuple[str, str], Human] = {}

    def build(self) -> list[Workbook]:
        books = list(self.books.values())
        for book in books:
            for number in self.choose.times(*self.sizes.advisers):
                self.adviser(book, number)
        for book in books:
            for _ in self.choose.times(*self.sizes.persons):
                self.beneficiary(book)
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
                animating = self.some(books, 2, 3)
                reference = f"Atelier commun n° {number + 1}"
                self.session(animating, reference)
        return books

    # --- choices --------------------------------------------------------------------------------

    def some(self, options: Sequence[T], low: int, high: int) -> list[T]:
        """Different ones among *options*, between *low* and *high*, fewer when there are fewer."""
        left, chosen = list(options), []
        for _ in self.choose.times(low, min(high, len(left))):
            one = self.choose.pick(left)
            left.remove(one)
            chosen.append(one)
        return chosen

    def maybe(self, percent: int, options: Sequence[T]) -> T | None:
        """One of them, or an empty cell."""
        return self.choose.pick(options) if self.choose.chance(percent) else None

    def day(self, low: dt.date, high: dt.date, *favoured: dt.date) -> dt.date:
        """A day of [low, high]: often one of the favoured, its ends, or the edge of a period."""
        good = [day for day in (*favoured, low, high, *EDGES) if low <= day <= high]
        if self.choose.chance(50):
            return self.choose.pick(list(dict.fromkeys(good)))
        return low + dt.timedelta(days=self.choose.whole(0, (high - low).days))

    def commune(self) -> str | None:
        if self.choose.chance(15):
            return self.choose.pick(OUT_OF_REGION)
        return self.maybe(80, IN_REGION)

    def minutes(self) -> int:
        return self.choose.pick((60, 30, 45, 90, 1, 7, 120, 200, 1440))

    def scheme(self) -> str | None:
        return self.maybe(60, SCHEMES[:3]) if self.choose.chance(80) else self.maybe(90, SCHEMES)

    # --- advisers -------------------------------------------------------------------------------

    def adviser(self, book: Workbook, number: int) -> None:
        """The first of each structure is always there; the others come, go, or are mutualised."""
        code = book.structure
        mail = f"conseil{number + 1}@{code.lower()}.example.org"
        if number == 0:
            self.assign(code, mail, None, None)
            if not self.choose.chance(25):
                return
        elif not self.choose.chance(50):
            self.assign(code, mail, self.maybe(50, [EARLIEST]), None)
            return
        elif self.choose.chance(50):
            # Moves from this structure to another one, at the turn of a period.
            others = [other for other in self.books if other != code]
            last_day = self.choose.pick((dt.date(2008, 12, 31), dt.date(2009, 6, 30)))
            self.assign(code, mail, None, last_day)
            if others:
                morrow = last_day + dt.timedelta(days=1)
                self.assign(self.choose.pick(others), mail, morrow, None)
            return
        else:
            self.assign(code, mail, None, None)
        for other in self.some([other for other in self.books if other != code], 1, 2):
            self.assign(other, mail, self.maybe(30, [dt.date(2009, 4, 1)]), None)

    def assign(self, code: str, mail: str, since: dt.date | None, until: dt.date | None) -> None:
        self.assignments.append(Assignment(mail, code, since, until))
        self.books[code].add(
            "Conseillers",
            courriel=mail,
            nom=f"Conseil {mail.split('@')[1].split('.')[0]}",
            prénom=f"N{mail[7]}",
            quotité=self.maybe(70, (100, 80, 50, 20)),
            depuis=since,
            **{"jusqu'à": until},
        )

    def employers(self, mail: str, day: dt.date) -> list[str]:
        return [
            one.structure
            for one in self.assignments
            if one.mail == mail
            and (one.since is None or one.since <= day)
            and (one.until is None or day <= one.until)
        ]

    def advisers_without_code(self, code: str, day: dt.date) -> tuple[list[str], list[str]]:
        """Whose structure is plain in a workbook of *code*: its own advisers, and the others."""
        own, others = [], []
        for mail in dict.fromkeys(one.mail for one in self.assignments):
            employers = self.employers(mail, day)
            if code in employers:
                own.append(mail)
            elif len(employers) == 1:
                others.append(mail)
        return own, others

    # --- beneficiaries --------------------------------------------------------------------------

    def human(self) -> Human:
        """Someone new, or a known one, or a namesake of a known one born on another day."""
        if self.humans and self.choose.chance(40):
            known = self.choose.pick(self.humans)
            if not self.choose.chance(25):
                return known
            human = Human(known.name, self.birth())
        else:
            human = Human(self.choose.whole(0, len(NAMES) - 1), self.birth())
        self.humans.append(human)
        return human

    def birth(self) -> dt.date:
        if self.choose.chance(15):
            return self.choose.pick(LEAP_BIRTHS)
        age = self.choose.pick((30, *BAND_LIMITS, 22, 37, 50, 70))
        day = self.day(dt.date(2008, 1, 1), dt.date(2009, 12, 31))
        year = day.year - age
        return day.replace(year=year, day=28) if day.month == 2 else day.replace(year=year)

    def beneficiary(self, book: Workbook, human: Human | None = None) -> str:
        """A row for someone, written in some way; without birth date nobody can be recognised."""
        human = human or self.human()
        last_name, first_name = self.choose.pick(NAMES[human.name])
        known = not self.choose.chance(12)
        # Every attribute is drawn again: two structures know someone differently.
        id_local = book.add(
            "Bénéficiaires",
            nom=last_name,
            prénom=first_name,
            date_naissance=human.born if known else None,
            sexe=self.maybe(85, ("F", "M", "NR")),
            commune_insee=self.commune(),
            situation=self.maybe(85, SITUATIONS),
            niveau_formation=self.maybe(85, EDUCATIONS),
            rsa=self.maybe(70, ("oui", "non")),
            qpv=self.maybe(70, ("non", "oui")),
        )
        self.who[book.structure, id_local] = human
        return id_local

    def same_human(self, book: Workbook, human: Human) -> str:
        """A row of this workbook for someone, there already or added."""
        for row in book["Bénéficiaires"]:
            if self.who[book.structure, row["id_local"]] == human:
                return str(row["id_local"])
        return self.beneficiary(book, human)

    def different_humans(self, book: Workbook, low: int, high: int) -> list[str]:
        """Rows of different people (a parcours lists nobody twice)."""
        rows = {self.who[book.structure, row["id_local"]]: row for row in book["Bénéficiaires"]}
        return [row["id_local"] for row in self.some(list(rows.values()), low, high)]

    # --- parcours -------------------------------------------------------------------------------

    def parcours(self, book: Workbook) -> None:
        people = self.different_humans(book, 1, 3)
        first_born = self.who[book.structure, people[0]].born
        birthdays = [
            dt.date(year, first_born.month, min(first_born.day, 28)) + dt.timedelta(days=shift)
            for year in (2008, 2009)
            for shift in (0, 1, -1)
        ]
        entry = self.day(dt.date(2007, 6, 1), dt.date(2010, 3, 31), *birthdays)
        if self.choose.chance(25):
            entry = self.choose.pick(birthdays)
        exit_ = None
        if self.choose.chance(55):
            exit_ = entry if self.choose.chance(15) else self.day(entry, LATEST)
        row = self.project(people, entry, exit_)
        id_local = book.add("Parcours", **row)
        others = [one for one in self.books.values() if one is not book]
        if others and self.choose.chance(40):
            for other in self.some(others, 1, 3):
                self.participation(other, book, id_local, people, entry, exit_)

    def project(self, people: list[str], entry: dt.date, exit_: dt.date | None) -> Row:
        end = exit_ or LATEST
        first_phase = self.choose.pick(PHASES)
        row: Row = {
            "bénéficiaires": ";".join(people),
            "intitulé": "Projet",
            "forme_juridique": self.maybe(80, FORMS),
            "secteur": self.maybe(80, SECTORS),
            "commune_insee": self.commune(),
            "date_entrée": entry,
            "phase_entrée": first_phase,
            "prescripteur": self.maybe(40, ("Mission locale", "ADIE")),
            "date_sortie": exit_,
        }
        if self.choose.chance(15):
            row["phase_actuelle"] = first_phase
        elif entry < end and self.choose.chance(60):
            changed = entry + dt.timedelta(days=1)
            row["phase_actuelle"] = self.choose.pick([p for p in PHASES if p != first_phase])
            row["date_phase_actuelle"] = self.day(changed, end)
        if exit_:
            row["motif_sortie"] = self.maybe(80, OUTCOMES)
            row["emplois_créés"] = self.maybe(60, (1, 0.5, 0.33, 2.75, 0, 12.1))
            row["emplois_consolidés"] = self.maybe(40, (1, 0.8, 3.05))
        return row

    def participation(
        self,
        book: Workbook,
        lead: Workbook,
        id_local: str,
        people: list[str],
        entry: dt.date,
        exit_: dt.date | None,
    ) -> None:
        """Another structure takes part: joins later perhaps, leaves before the exit perhaps."""
        joined = entry if self.choose.chance(30) else self.day(entry, exit_ or LATEST)
        left = self.day(joined, exit_ or LATEST) if self.choose.chance(45) else None
        humans = [self.who[lead.structure, one] for one in people]
        own = list(dict.fromkeys(self.same_human(book, human) for human in humans))
        book.add(
            "Parcours",
            bénéficiaires=";".join(own),
            intitulé="Projet",
            # What the participant says of the project differs from the lead, who is believed.
            forme_juridique=self.maybe(30, FORMS),
            secteur=self.maybe(30, SECTORS),
            commune_insee=self.maybe(30, IN_REGION),
            date_entrée=joined,
            phase_entrée=self.choose.pick(PHASES),
            date_sortie=left,
            référence_réseau=f"{lead.structure}/{id_local}",
        )

    def involvement(self, row: Row) -> tuple[dt.date, dt.date]:
        """The days on which the workbook's structure may act in a parcours of its sheet."""
        ends = [row["date_sortie"]]
        if row["référence_réseau"]:
            code, _, id_local = row["référence_réseau"].partition("/")
            lead = next(r for r in self.books[code]["Parcours"] if r["id_local"] == id_local)
            ends.append(lead["date_sortie"])
        return row["date_entrée"], min([end for end in ends if end], default=LATEST)

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
            if book["Bénéficiaires"] and self.choose.chance(75):
                row["bénéficiaire"] = self.choose.pick(book["Bénéficiaires"])["id_local"]
                if self.choose.chance(15):
                    row["type"] = "RES1"  # names a person without receiving her
        else:
            row["type"] = self.choose.pick(NETWORK_WORK)
        day = self.day(low, high)
        own, others = self.advisers_without_code(code, day)
        adviser = self.choose.pick(others if others and self.choose.chance(10) else own)
        book.add(
            "Actes",
            date=day,
            conseiller=adviser,
            durée_minutes=self.minutes(),
            modalité=self.maybe(50, "PTVE"),
            commune_insee=self.commune() if self.choose.chance(40) else None,
            co_conseillers=self.co_advisers(code, day, adviser) if self.choose.chance(35) else None,
            personnes_anonymes=self.maybe(20, (1, 2, 15, 0)),
            dispositif=self.scheme(),
            **row,
        )

    def co_advisers(self, code: str, day: dt.date, but: str) -> str | None:
        mails = dict.fromkeys(a.mail for a in self.assignments if self.employers(a.mail, day))
        shares = []
        for mail in self.some([mail for mail in mails if mail != but], 1, 3):
            employers = self.employers(mail, day)
            is_plain = code in employers or len(employers) == 1
            which = ""
            if not is_plain or self.choose.chance(20):
                which = f"/{self.choose.pick(employers)}"
            shares.append(f"{mail}{which}:{self.minutes()}")
        return "; ".join(shares) or None

    def session(self, books: list[Workbook], reference: str | None) -> None:
        """One session; a co-animated one is a row in each of *books*."""
        day = self.day(dt.date(2007, 6, 1), LATEST)
        said = {
            "date": day,
            "type": self.choose.pick(COLLECTIVE),
            "intitulé": "Séance",
            "durée_minutes": self.minutes(),
            "commune_insee": self.commune(),
            "dispositif": self.scheme(),
            "référence_séance": reference,
        }
        busy: set[str] = set()  # nobody animates one session twice
        came: list[Human] = []
        for book in books:
            own, others = self.advisers_without_code(book.structure, day)
            own = [mail for mail in own if mail not in busy]
            others = [mail for mail in others if mail not in busy]
            animators = self.some(own, 1, 2)
            if others and self.choose.chance(10):
                animators.append(self.choose.pick(others))
            if not animators:
                continue
            busy.update(animators)
            people = self.some([row["id_local"] for row in book["Bénéficiaires"]], 0, 5)
            if came and self.choose.chance(60):
                # Someone signed both structures' sheets.
                people.append(self.same_human(book, self.choose.pick(came)))
            came += [self.who[book.structure, one] for one in people]
            book.add(
                "Séances",
                animateurs="; ".join(
                    f"{mail}:{self.minutes()}" if self.choose.chance(50) else mail
                    for mail in animators
                ),
                participants=";".join(dict.fromkeys(people)) or None,
                personnes_anonymes=self.maybe(60, (3, 1, 0, 20)),
                **said,
            )


def random_network(seed: int, size: int) -> list[Workbook]:
    """*size* workbooks (1 to 12), the same for the same seed."""
    if not 1 <= size <= len(STRUCTURES):
        raise ValueError(f"a network has 1 to {len(STRUCTURES)} structures, not {size}")
    codes = random.Random(seed).sample(STRUCTURES, size)
    return Builder(Seeded(seed), codes, LARGE).build()


@st.composite
def networks(draw: Callable[[st.SearchStrategy[Any]], Any]) -> list[Workbook]:
    """One to four small workbooks."""
    size = draw(st.integers(1, 4))
    return Builder(Drawn(draw), STRUCTURES[:size], SMALL).build()
