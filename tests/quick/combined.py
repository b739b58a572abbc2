"""Phrases put together at random from parts whose meaning is known."""

from __future__ import annotations

from random import Random

from tests.quick.phrases import NAMES, Case

PARTS: dict[str, list[tuple[str, str]]] = {
    "t": [
        ("prévisionnel", "CSL3"), ("previsionnel", "CSL3"), ("CSL4", "CSL4"), ("statuts", "CSL4"),
        ("gouvernance", "CSL6"), ("étude de marché", "CSL2"), ("recherche de financement", "CSL5"),
        ("relecture", "CSL9"), ("entretien de diagnostic", "DIA1"), ("embauche", "CSL8"),
        ("visite sur site", "SUI2"), ("mise en relation", "RES1"), ("csl7", "CSL7"),
    ],
    "min": [
        ("1h30", "90"), ("1 h 30", "90"), ("45'", "45"), ("45 min", "45"), ("20 mn", "20"),
        ("2h", "120"), ("une heure", "60"), ("1,5 h", "90"), ("trois quarts d’heure", "45"),
        ("une demi-heure", "30"), ("2 heures", "120"), ("1h15", "75"), ("de 9h à 10h30", "90"),
    ],
    "on": [
        ("hier", "11-24"), ("avant-hier", "11-23"), ("lundi", "11-23"), ("vendredi", "11-20"),
        ("12/03", "03-12"), ("le 12 mars", "03-12"), ("ce matin", "11-25"), ("17/11/09", "11-17"),
        ("jeudi dernier", "11-19"), ("il y a 3 jours", "11-22"), ("2 novembre 2009", "11-02"),
    ],
    "p": [
        ("Nadia Benali", "1"), ("benali karim", "2"), ("Tournemistral", "7"), ("Mirageon", "42"),
        ("chimerot", "38"), ("@P-2009-0033", "33"), ("Ould Cigalou", "21"), ("Romarinès", "25"),
        ("crèche parentale Les Cigales", "12"), ("Luc Martin-Gabian", "51"), ("Benali", "?1,2"),
        ("Martin", "?47,51"), ("Tournemistrale", "7"), ("chez Lavandrier", "18"),
    ],
    "m": [("tél", "T"), ("par téléphone", "T"), ("visio", "V"), ("en présentiel", "P"),
          ("par mail", "E")],
    "note": [
        ("reparler du local", ""), ("3 devis reçus", ""), ("vu le 2e associé", ""),
        ("subvention refusée par la banque", ""), ("rappeler Dupont", ""), ("budget 15000", ""),
    ],
}  # fmt: skip


def combined(number: int, seed: int = 5) -> list[Case]:
    """Phrases with a type, a parcours, and the rest half of the time; a note stands last."""
    random = Random(seed)
    return [_one(random) for _ in range(number)]


def _one(random: Random) -> Case:
    names = ["t", "p", *(name for name in ("min", "on", "m") if random.random() < 0.7)]
    random.shuffle(names)
    said, fields = [], {}
    for name in names:
        text, value = random.choice(PARTS[name])
        said.append(text)
        fields[NAMES[name]] = value
    note = random.choice(PARTS["note"])[0] if random.random() < 0.3 else ""
    glue = random.choice((" ", " ", ", "))
    return Case(glue.join(said) + (f" : {note}" if note else ""), fields, note)
