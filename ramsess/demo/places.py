"""Where the demo's structures work: communes weighted by population, near before far."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files
from itertools import accumulate
from random import Random

# Marseille as a whole: its arrondissements stand for it.
WHOLE_CITY = "13055"
FAR = 0.02
NEAR = 4.0


@dataclass(frozen=True)
class Territory:
    """Communes and their cumulated weights, for one structure."""

    codes: list[str]
    names: dict[str, str]
    weights: list[float]

    def pick(self, random: Random) -> str:
        """The INSEE code of a commune."""
        return random.choices(self.codes, cum_weights=self.weights)[0]


@dataclass(frozen=True)
class Profile:
    """A structure in the demo: its département, its commune, its share of the activity."""

    code: str
    domain: str
    department: str
    commune: str
    weight: float
    advisers: int


PROFILES = (
    Profile("APEAS", "apeas", "13", "13201", 13, 3),
    Profile("INTERMADE", "intermade", "13", "13203", 14, 4),
    Profile("ACCES", "acces", "13", "13001", 9, 3),
    Profile("ESSOR13", "essor13", "13", "13206", 10, 3),
    Profile("ENERGIE", "energie", "05", "05061", 6, 2),
    Profile("PLACE", "place", "13", "13202", 9, 3),
    Profile("TETESART", "tetesart", "13", "13203", 7, 2),
    Profile("PSPORT13", "psport13", "13", "13208", 6, 2),
    Profile("AGODIS", "agodis", "84", "84007", 8, 2),
    Profile("BABALEX", "babalex", "04", "04070", 5, 2),
    Profile("FSPVA", "fspva", "83", "83137", 8, 2),
    Profile("PLATEFORME", "plateforme", "13", "13201", 5, 2),
)


def load_territories() -> dict[str, Territory]:
    """A territory for each structure, by its code."""
    with (files("ramsess") / "data" / "communes_paca.csv").open(encoding="utf-8") as file:
        communes = [row for row in csv.DictReader(file) if row["code_insee"] != WHOLE_CITY]
    names = {row["code_insee"]: row["nom"] for row in communes}
    epcis = {row["code_insee"]: row["code_epci"] for row in communes}
    territories = {}
    for profile in PROFILES:
        weights = []
        for row in communes:
            near = NEAR if row["code_epci"] == epcis[profile.commune] else 1.0
            if row["departement"] != profile.department:
                near = FAR
            weights.append(near * int(row["population"] or 0))
        territories[profile.code] = Territory(
            [row["code_insee"] for row in communes], names, list(accumulate(weights))
        )
    return territories
