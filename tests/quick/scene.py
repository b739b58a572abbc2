"""A small invented network of a Wednesday of 2009, for phrases to be about."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from ramsess.quick.context import Context, Habits, KnownParcours, KnownType

DATA = Path(__file__).parents[2] / "ramsess" / "data"
TODAY = dt.date(2009, 11, 25)
PARCOURS = """
P-2009-0001|Épicerie solidaire du Panier|Benali,Nadia
P-2009-0002|Garage associatif|Benali,Karim
P-2009-0007|Ressourcerie du Luberon|Tournemistral,Jean-Baptiste
P-2009-0012|Crèche parentale Les Cigales|Fontinventée,Éloïse;Olivastre,Maëlle
P-2009-0018|Café associatif|Lavandrier,Yasmina
P-2009-0021|Conserverie coopérative|Ould Cigalou,Rachid
P-2009-0025|Atelier vélo|Romarinès,Théo
P-2009-0030|Jardin partagé de la Belle|Di Sardinelle,Anne-Laure
P-2009-0033|Librairie itinérante|Imaginard,Solène
P-2009-0038|Radio locale|Chimérot,Mehdi
P-2009-0042|Menuiserie d’insertion|Mirageon,Stéphane
P-2009-0047|Compagnie de théâtre|Martin,Céline
P-2009-0051|Tiers-lieu rural|Martin-Gabian,Luc
P-2009-0055|Traiteur du monde|Aïolain,Fatima Zohra
P-2009-0060|Laverie solidaire|Amandrin,Clémence
P-2009-0061|Recyclerie nautique|Amandrain,Paul
P-2008-0042|Ludothèque|Pastisson,Inès
"""


def known_types() -> list[KnownType]:
    """The types that the quick form offers: not the collective ones."""
    with (DATA / "nomenclatures.csv").open(encoding="utf-8") as file:
        return [
            KnownType(row["code"], row["label"], row["family"], row["kind"])
            for row in csv.DictReader(file)
            if row["list"] == "act_types" and row["kind"] != "C"
        ]


def labels(name: str) -> dict[str, str]:
    with (DATA / "nomenclatures.csv").open(encoding="utf-8") as file:
        return {row["code"]: row["label"] for row in csv.DictReader(file) if row["list"] == name}


def parcours() -> list[KnownParcours]:
    found = []
    for line in PARCOURS.strip().splitlines():
        reference, title, people = line.split("|")
        names = tuple((last, first) for last, _, first in
                      (person.partition(",") for person in people.split(";")))  # fmt: skip
        found.append(KnownParcours(reference, title, names))
    return found


def context(**more: object) -> Context:
    """What an adviser of two structures knows."""
    with (DATA / "quick_words.csv").open(encoding="utf-8") as file:
        words = [tuple(row.values()) for row in csv.DictReader(file)]
    said: dict[str, object] = {
        "today": TODAY,
        "types": known_types(),
        "words": words,
        "modalities": labels("modalities"),
        "schemes": labels("schemes"),
        "parcours": parcours(),
        "structures": {"APEAS": "APEAS", "PLACE": "Place"},
        "habits": Habits(types=("CSL1", "CSL3"), parcours=("P-2009-0042", "P-2009-0007")),
    }
    return Context(**(said | more))  # type: ignore[arg-type]
