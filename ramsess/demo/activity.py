"""Two years of the demo network's life, drawn at random from a seed, as workbook rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random
from typing import Any

from ramsess.demo import projects
from ramsess.demo.books import Books
from ramsess.demo.names import often, person, weighted
from ramsess.demo.places import PROFILES, load_territories
from ramsess.demo.seasons import Seasons
from ramsess.demo.team import Colleague, Team, make_team
from ramsess.exchange import layout
from ramsess.exchange.workbook import Sheets

PARCOURS = 1500
ACTS_A_PARCOURS = 14
RECEPTIONS = 2600
NETWORK_ACTS = 900
SESSIONS = 520
CODES = tuple(profile.code for profile in PROFILES)
WEIGHTS = [profile.weight for profile in PROFILES]


@dataclass
class Part:
    """A structure's part in a parcours: its own id for it, from and to.

    *until* is when it will end, beyond the two years for a parcours still going on.
    """

    code: str
    local_id: str
    first: dt.date
    last: dt.date
    until: dt.date


@dataclass
class Life:
    """The generator: everything is drawn from *random*, in a fixed order."""

    random: Random
    first_year: int
    team: Team
    books: Books
    seasons: Seasons
    people: dict[str, list[tuple[str, dt.date]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.territories = load_territories()
        self.first = dt.date(self.first_year, 1, 1)
        self.last = dt.date(self.first_year + 1, 12, 31)
        self.people = {code: [] for code in CODES}

    def day(self, first: dt.date, last: dt.date) -> dt.date | None:
        """A working day between two days, within the two years."""
        return self.seasons.pick(self.random, max(first, self.first), min(last, self.last))

    def live_parcours(self) -> None:
        """One parcours: people, project, other structures, acts."""
        random = self.random
        code = random.choices(CODES, WEIGHTS)[0]
        entered = self.seasons.pick(random, dt.date(self.first_year - 1, 7, 1), self.last)
        assert entered
        exited: dt.date | None = entered + dt.timedelta(days=int(random.lognormvariate(5.45, 0.6)))
        assert exited
        if exited < self.first:
            exited = self.first + dt.timedelta(days=random.randint(5, 200))
        until, end = exited, min(exited, self.last)
        exited = exited if exited <= self.last else None
        partners = self._partners(code)
        met = [
            person(random, self.territories[code], entered, dated=bool(partners))
            for _ in range(random.choices((1, 2, 3, 4), (76, 17, 5, 2))[0])
        ]
        row = self._project(code, entered, exited, end)
        local_ids = [self._meet(code, one, entered) for one in met]
        row["bénéficiaires"] = ";".join(local_ids)
        lead = Part(code, self.books.add(code, layout.PARCOURS, row), entered, end, until)
        parts = [lead]
        for partner in partners:
            parts.append(self._join(partner, lead, row, met))
        for part in parts:
            share = 1.0 if part is lead else random.uniform(0.15, 0.5)
            self._work(part, parts, share, entered)

    def _partners(self, code: str) -> list[str]:
        number = self.random.choices((0, 1, 2), (81, 15, 4))[0]
        return self.random.sample([other for other in CODES if other != code], number)

    def _meet(self, code: str, row: dict[str, Any], day: dt.date) -> str:
        local_id = self.books.add(code, layout.PEOPLE, row)
        self.people[code].append((local_id, day))
        return local_id

    def _project(
        self, code: str, entered: dt.date, exited: dt.date | None, end: dt.date
    ) -> dict[str, Any]:
        random = self.random
        sector = weighted(random, projects.SECTORS)
        commune = self.territories[code].pick(random)
        entry = weighted(random, projects.ENTRY_PHASES)
        rank = projects.PHASES.index(entry)
        reached = min(rank + random.choices((0, 1, 2, 3), (34, 36, 22, 8))[0], 6)
        moved = self.seasons.pick(random, entered + dt.timedelta(days=20), end)
        outcome = weighted(random, projects.OUTCOMES) if exited else None
        working = outcome in projects.JOBS
        return {
            "intitulé": projects.title(random, sector, self.territories[code].names[commune]),
            "forme_juridique": often(random, weighted(random, projects.LEGAL_FORMS), 0.95),
            "secteur": often(random, sector, 0.97),
            "commune_insee": often(random, commune, 0.96),
            "date_entrée": entered,
            "phase_entrée": entry,
            "prescripteur": often(random, random.choice(projects.ORIGINS), 0.7),
            "date_sortie": exited,
            "motif_sortie": outcome,
            "phase_actuelle": projects.PHASES[reached] if moved and reached > rank else None,
            "date_phase_actuelle": moved if moved and reached > rank else None,
            "emplois_créés": random.choice((0.5, 1, 1, 1.5, 2, 3.5)) if working else None,
            "emplois_consolidés": random.choice((0, 0, 0.5, 1, 2)) if working else None,
        }  # fmt: skip

    def _join(self, code: str, lead: Part, row: dict[str, Any], met: list[dict[str, Any]]) -> Part:
        """Another structure takes part: its workbook names the same people and the lead's line."""
        random = self.random
        joined = self.seasons.pick(random, lead.first, lead.last) or lead.first
        left = often(random, self.seasons.pick(random, joined, lead.last), 0.3)
        local_ids = [self._meet(code, dict(one), joined) for one in met]
        own = {
            name: row[name]
            for name in ("intitulé", "forme_juridique", "secteur", "commune_insee", "phase_entrée")
        }
        own |= {
            "bénéficiaires": ";".join(local_ids),
            "date_entrée": joined,
            "date_sortie": left,
            "référence_réseau": f"{lead.code}/{lead.local_id}",
        }
        local_id = self.books.add(code, layout.PARCOURS, own)
        return Part(code, local_id, joined, left or lead.last, left or lead.until)

    def _work(self, part: Part, parts: list[Part], share: float, entered: dt.date) -> None:
        random = self.random
        seen = (part.last - max(part.first, self.first)).days + 1
        mean = ACTS_A_PARCOURS * share * seen / ((part.until - part.first).days + 1)
        number = round(random.gammavariate(2.2, mean / 2.2)) if mean > 0 else 0
        days = sorted(
            day for _ in range(number) if (day := self.day(part.first, part.last)) is not None
        )
        for rank, day in enumerate(days):
            kind = weighted(random, projects.WORK)
            if rank == 0 and part.first >= self.first:
                kind = "DIA1" if part.first == entered else "EXP1"
            elif rank == len(days) - 1 and number > 6 and part.last < self.last:
                kind = random.choice(("SUI3", "SUI1"))
            self._act(part.code, day, kind, parcours=part.local_id, partners=parts)

    def _act(
        self,
        code: str,
        day: dt.date,
        kind: str,
        partners: list[Part] | None = None,
        **more: Any,
    ) -> None:
        random = self.random
        minutes = projects.length(random, kind)
        main = random.choice(self.team.of(code, day))
        others = "" if kind == "PAR1" else self._others(code, day, minutes, main, partners or [])
        self.books.add(
            code,
            layout.ACTS,
            {
                "date": day,
                "type": kind,
                "conseiller": main.email,
                "durée_minutes": minutes,
                "modalité": often(random, weighted(random, projects.MODALITIES), 0.96),
                "commune_insee": often(random, self.territories[code].pick(random), 0.25),
                "co_conseillers": others or None,
                "dispositif": often(random, weighted(random, projects.SCHEMES), 0.8),
                **more,
            },
        )

    def _others(
        self, code: str, day: dt.date, minutes: int, main: Colleague, partners: list[Part]
    ) -> str:
        """Now and then a colleague of the house, or of a structure that takes part, is there."""
        random = self.random
        chance = random.random()
        elsewhere = [
            part.code for part in partners if part.code != code and part.first <= day <= part.last
        ]
        if elsewhere and chance < 0.22:
            place = random.choice(elsewhere)
        elif chance < 0.06:
            place = code
        else:
            return ""
        there = [one for one in self.team.of(place, day) if one.email != main.email]
        return random.choice(there).named(place, minutes) if there else ""

    def receive(self) -> None:
        """A reception without parcours: somebody who leaves her name, or people who do not."""
        random = self.random
        code = random.choices(CODES, WEIGHTS)[0]
        day = self.day(self.first, self.last)
        assert day
        kind = random.choices(("ACC1", "ACC3", "CSL9"), (62, 30, 8))[0]
        if random.random() < 0.4:
            local_id = self._meet(
                code, person(random, self.territories[code], day, dated=False), day
            )
            self._act(code, day, kind, bénéficiaire=local_id)
        else:
            self._act(code, day, kind, personnes_anonymes=random.choices((1, 2, 3), (80, 15, 5))[0])

    def meet_network(self) -> None:
        """Network work: meetings led by one structure, fairs, the network's own productions."""
        random = self.random
        kind = random.choices(("PAR1", "PAR2", "PAR3", "RES2", "RES3"), (40, 8, 16, 24, 12))[0]
        code = "PLATEFORME" if random.random() < 0.4 else random.choices(CODES, WEIGHTS)[0]
        day = self.day(self.first, self.last)
        assert day
        more: dict[str, Any] = {}
        if kind == "RES3":
            more["personnes_anonymes"] = random.randint(5, 60)
        if kind == "PAR1":
            guests = []
            for other in random.sample(CODES, random.randint(2, 6)):
                if other != code:
                    there = [one for one in self.team.of(other, day) if code not in one.posts]
                    guests += [random.choice(there).named(other, 120)] if there else []
            more["co_conseillers"] = ";".join(dict.fromkeys(guests)) or None
        self._act(code, day, kind, **more)

    def hold_session(self, number: int) -> None:
        """A collective session; one in six is held by two structures under one reference."""
        random = self.random
        hosts = [random.choices(CODES, WEIGHTS)[0]]
        if random.random() < 1 / 6:
            hosts.append(random.choice([other for other in CODES if other != hosts[0]]))
        day = self.day(self.first, self.last)
        assert day
        kind = weighted(random, projects.SESSIONS)
        row = {
            "date": day,
            "type": kind,
            "intitulé": random.choice(projects.SESSION_TITLES[kind]),
            "durée_minutes": projects.length(random, kind),
            "commune_insee": often(random, self.territories[hosts[0]].pick(random), 0.9),
            "dispositif": weighted(random, projects.SCHEMES),
            "référence_séance": f"SÉANCE-{day.year}-{number:04}" if len(hosts) > 1 else None,
        }
        for code in hosts:
            self._host(code, row, day)

    def _host(self, code: str, row: dict[str, Any], day: dt.date) -> None:
        random = self.random
        known = [one for one, met in self.people[code] if abs((day - met).days) < 300]
        present = random.sample(known, min(len(known), random.randint(2, 9)))
        there = self.team.of(code, day)
        animators = random.sample(there, min(len(there), random.choices((1, 2), (75, 25))[0]))
        if row["référence_séance"]:
            # A shared post named by both hosts would count for the first alone.
            animators = [one for one in animators if not one.shared] or animators[:1]
        named = [one.named(code, row["durée_minutes"]) for one in animators]
        self.books.add(
            code,
            layout.SESSIONS,
            {
                **row,
                "animateurs": ";".join(named),
                "participants": ";".join(sorted(present)) or None,
                "personnes_anonymes": random.choice((0, 0, 0, 1, 2, 3, 5, 8)),
            },
        )


def make_workbooks(seed: int, today: dt.date, scale: float = 1.0) -> tuple[list[Sheets], Team]:
    """The twelve workbooks of the two last full civil years before *today*, and the team.

    The same seed, day and scale give the same rows. *scale* 1 is about 1,500 parcours and 20,000
    acts.
    """
    first_year = today.year - 2
    team = make_team(first_year)
    books = Books(CODES, first_year + 1)
    seasons = Seasons(dt.date(first_year - 1, 1, 1), dt.date(first_year + 1, 12, 31))
    life = Life(Random(seed), first_year, team, books, seasons)  # noqa: S311  # no secret
    for code in CODES:
        for row in team.rows(code):
            books.add(code, layout.ADVISERS, row)
    for _ in range(round(PARCOURS * scale)):
        life.live_parcours()
    for _ in range(round(RECEPTIONS * scale)):
        life.receive()
    for _ in range(round(NETWORK_ACTS * scale)):
        life.meet_network()
    for number in range(round(SESSIONS * scale)):
        life.hold_session(number + 1)
    return books.sheets(), team
