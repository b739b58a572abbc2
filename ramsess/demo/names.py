"""Invented people: first names of the region, surnames that nobody bears."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from ramsess.demo.places import Territory

WOMEN = (
    "Éloïse", "Zoé", "Maëlle", "Inès", "Fatima", "Khadija", "Nadia", "Samira", "Aïcha", "Yasmina",
    "Leïla", "Chaïma", "Hadidja", "Zaïnaba", "Mariama", "Sitti", "Giulia", "Chiara", "Francesca",
    "Lucia", "Carmen", "Dolorès", "Anaïs", "Noëlle", "Hélène", "Françoise", "Marie-Ange",
    "Anne-Laure", "Océane", "Solène", "Aurélie", "Célia", "Manon", "Magali", "Mireille",
    "Arménouhi", "Siranouche", "Thi-Maï", "Awa", "Oumou", "Gaëlle", "Bérengère", "Clémence",
    "Cécile", "Faïza",
)  # fmt: skip
MEN = (
    "Jérôme", "Loïc", "Rémi", "Gaël", "Noé", "Théo", "Mathéo", "Karim", "Mehdi", "Yacine", "Rachid",
    "Abdelkader", "Saïd", "Nourredine", "Soilihi", "Ibrahim", "Ahamada", "Combo", "Marco", "Enzo",
    "Luigi", "Paolo", "Antoine", "Jean-Baptiste", "Jean-Noël", "François", "André", "Régis",
    "Stéphane", "Sébastien", "Frédéric", "Joël", "Mickaël", "Raphaël", "Hagop", "Garabed", "Minh",
    "Mamadou", "Moussa", "Youssouf", "Christophe", "Éric", "Cédric", "Aurélien", "Clément",
)  # fmt: skip
STEMS = (
    "Tournemistral", "Bellegarrigue", "Fontinventée", "Olivastre", "Calanquier", "Pastisson",
    "Lavandrier", "Cigalou", "Romarinès", "Barquerolle", "Sardinelle", "Fantasio", "Rêvassier",
    "Imaginard", "Songecreux", "Hypothèse", "Chimérot", "Mirageon", "Fabulette", "Parabolis",
    "Exemplier", "Prototypo", "Feintou", "Semblançay", "Factisse", "Leurrat", "Gabian", "Mimosart",
    "Thymélier", "Sarriettou", "Figuerolles", "Amandrin", "Câprier", "Tamarissou", "Aïolain",
)  # fmt: skip
BEFORE = (
    "{0}", "{0}", "{0}", "{0}-{1}", "{0}-{1}", "D'{0}", "L'{0}", "Ben {0}", "El {0}", "Ould {0}",
    "M'{0}", "Di {0}", "De la {0}", "Aït-{0}", "Saïd {0}", "Ali {0}", "{0}ian", "{0}ini",
    "{0}oulos",
)  # fmt: skip

# Ages at entry: lower bound, upper bound, weight.
AGES = ((18, 25, 11), (26, 29, 14), (30, 44, 44), (45, 54, 20), (55, 64, 9), (65, 72, 2))
SITUATIONS = {"DE1": 31, "DE2": 24, "SAL": 19, "IND": 8, "ETU": 6, "INA": 5, "RET": 2, "NR": 5}
EDUCATIONS = {"N2": 9, "N3": 19, "N4": 19, "N5": 18, "N6": 17, "N7": 12, "NR": 6}


def weighted(random: Random, choices: dict[str, int]) -> str:
    """One of *choices*, by weight."""
    return random.choices(list(choices), list(choices.values()))[0]


def often(random: Random, value: Any, chance: float) -> Any:
    """*value* with that chance, else nothing: the gaps of real records."""
    return value if random.random() < chance else None


def surname(random: Random) -> str:
    """A surname that nobody bears, with the accents, hyphens and apostrophes of real ones."""
    one, two = random.sample(STEMS, 2)
    return random.choice(BEFORE).format(one, two)


def person(random: Random, territory: Territory, day: dt.date, *, dated: bool) -> dict[str, Any]:
    """A row of Bénéficiaires without its ``id_local``, for somebody met on *day*.

    *dated* people always have a birth date: two workbooks can then speak of the same person.
    """
    woman = random.random() < 0.54
    low, high, _ = random.choices(AGES, [weight for *_, weight in AGES])[0]
    age_days = random.randint(low * 366, high * 365 + 300)
    return {
        "nom": surname(random),
        "prénom": random.choice(WOMEN if woman else MEN),
        "date_naissance": often(random, day - dt.timedelta(days=age_days), 1 if dated else 0.95),
        "sexe": often(random, "F" if woman else "M", 0.98),
        "commune_insee": often(random, territory.pick(random), 0.96),
        "situation": weighted(random, SITUATIONS),
        "niveau_formation": weighted(random, EDUCATIONS),
        "rsa": often(random, "oui" if random.random() < 0.27 else "non", 0.93),
        "qpv": often(random, "oui" if random.random() < 0.18 else "non", 0.85),
        "téléphone": often(random, f"06 00 00 00 {random.randint(0, 99):02}", 0.8),
        "courriel": None,
    }  # fmt: skip
