"""The demo's advisers: clearly invented, some on posts shared by two structures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from ramsess.demo.places import PROFILES
from ramsess.models.names import normalise

FIRST_NAMES = (
    "Camille", "Nora", "Sami", "Élise", "Julien", "Salima", "Bruno", "Inès", "Farid", "Agnès",
    "Karima", "Olivier", "Maïa", "Youssef", "Lucie", "Denis", "Soraya", "Paul", "Aline", "Tarek",
    "Odile", "Marius", "Djamila", "Fanny", "Guilhem", "Rosa", "Théo", "Hakima", "Yves", "Zélie",
)  # fmt: skip
SURNAMES = ("Fictif", "Exemple", "Modèle-Démo", "Inventé", "Essai-Démo", "Spécimen")
# How long before the demo's first year its advisers were hired.
YEARS_IN_POST = 3
# Structures that share a post: the adviser's rank, the second structure, the two shares in %.
SHARED_POSTS = {1: ("INTERMADE", 60, 40), 8: ("ESSOR13", 50, 50), 15: ("TETESART", 70, 30),
                20: ("BABALEX", 50, 50)}  # fmt: skip


@dataclass
class Colleague:
    """An adviser of the demo, and the first and last day of their posts."""

    email: str
    last_name: str
    first_name: str
    posts: dict[str, int]
    first: dt.date
    last: dt.date | None
    rank: int = 0

    @property
    def shared(self) -> bool:
        """True for a post shared by two structures."""
        return len(self.posts) > 1

    def works(self, day: dt.date) -> bool:
        """True when in post on *day*."""
        return self.first <= day and (self.last is None or day <= self.last)

    def named(self, code: str, minutes: int) -> str:
        """How a list of a workbook names their minutes for a structure."""
        place = f"/{code}" if self.shared else ""
        return f"{self.email}{place}:{minutes}"


@dataclass
class Team:
    """Everybody, and who works for each structure."""

    colleagues: list[Colleague] = field(default_factory=list)

    def of(self, code: str, day: dt.date) -> list[Colleague]:
        """Those in post in a structure on *day*; never nobody."""
        there = [one for one in self.colleagues if code in one.posts and one.works(day)]
        return there or [one for one in self.colleagues if code in one.posts][:1]

    def rows(self, code: str) -> list[dict[str, Any]]:
        """A structure's rows of Conseillers."""
        return [
            {
                "courriel": one.email,
                "nom": one.last_name,
                "prénom": one.first_name,
                "quotité": one.posts[code],
                "depuis": one.first,
                "jusqu'à": one.last,
            }
            for one in self.colleagues
            if code in one.posts
        ]


def make_team(first_year: int) -> Team:
    """The advisers: one arrives in the second year, one leaves in the first."""
    team = Team()
    rank = 0
    for profile in PROFILES:
        for place in range(profile.advisers):
            first_name = FIRST_NAMES[rank % len(FIRST_NAMES)]
            last_name = SURNAMES[rank % len(SURNAMES)]
            second, share, other = SHARED_POSTS.get(rank, ("", 100 - 20 * (rank % 2), 0))
            posts = {profile.code: share} | ({second: other} if second else {})
            local = ".".join(normalise(part).replace(" ", "-") for part in (first_name, last_name))
            team.colleagues.append(
                Colleague(
                    email=f"{local}@{profile.domain}.demo.example",
                    last_name=last_name,
                    first_name=first_name,
                    posts=posts,
                    first=dt.date(first_year + 1, 3, 1)
                    if (profile.code, place) == ("ACCES", 2)
                    else dt.date(first_year - YEARS_IN_POST, 1 + rank % 12, 1),
                    last=dt.date(first_year, 9, 30)
                    if (profile.code, place) == ("PLACE", 2)
                    else None,
                    rank=rank,
                )
            )
            rank += 1
    return team
