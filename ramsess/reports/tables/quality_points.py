"""What is looked at in the records that a report reads: groups of records and their points."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """Something that a record says or does not, or that is odd in it; *tables* that read it."""

    key: str
    label: str
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Records of one kind: *fields* that may be unknown, *oddities* that should be looked at."""

    key: str
    label: str
    kind: str
    fields: tuple[Point, ...] = ()
    oddities: tuple[Point, ...] = ()


GROUPS = (
    Group(
        "persons",
        "Personnes accompagnées",
        "person",
        (
            Point("birth_date", "Date de naissance", ("B03",)),
            Point("sex", "Sexe", ("B03",)),
            Point("situation", "Situation", ("B04",)),
            Point("education", "Niveau de formation", ("B04",)),
            Point("person_commune", "Commune de la personne", ("B05",)),
            Point("rsa", "RSA", ("B04",)),
            Point("qpv", "Quartier prioritaire (QPV)", ("B04",)),
        ),
        (Point("age", "Âge à l’entrée à vérifier", ("B03",)),),
    ),
    Group(
        "parcours",
        "Parcours suivis",
        "parcours",
        (
            Point("people", "Personne du parcours", ("B01", "B03", "B04", "B05", "B21")),
            Point("sector", "Secteur", ("B06",)),
            Point("legal_form", "Forme juridique", ("B06",)),
            Point("project_commune", "Commune du projet", ("B05",)),
        ),
        (
            Point("quiet", "Ouverts, sans acte depuis longtemps", ("B02", "B16")),
            Point("twins", "Ouverts deux fois pour la même personne", ("B02", "B16")),
            Point("late_phase", "Phase atteinte après la sortie", ("B07",)),
        ),
    ),
    Group(
        "exits",
        "Sorties",
        "parcours",
        (Point("outcome", "Motif de sortie", ("B01", "B15")),),
        (Point("jobs", "Emplois notés pour un abandon", ("B01", "B15")),),
    ),
    Group(
        "individual",
        "Actes individuels",
        "act",
        (
            Point("whom", "Pour qui (parcours, personne ou nombre)", ("B01", "B18", "B21")),
            Point("act_commune", "Lieu de l’acte ou commune du projet", ("B05",)),
            Point("modality", "Modalité", ()),
        ),
        (
            Point("after_exit", "Actes après la sortie, hors suivi", ("B08", "B16")),
            Point("same", "Actes identiques le même jour", ("B08", "B09", "B16")),
        ),
    ),
    Group(
        "sessions",
        "Séances collectives",
        "act",
        (
            Point("attendance", "Présences", ("B01", "B10", "B11", "B18")),
            Point("session_commune", "Lieu de la séance", ("B05",)),
        ),
    ),
    Group(
        "orientations",
        "Orientations proposées",
        "orientation",
        (Point("answer", "Réponse", ("B12",)),),
    ),
    Group(
        "typed",
        "Actes saisis dans les pages",
        "act",
        (),
        (Point("late", "Saisis tardivement", ()),),
    ),
    Group(
        "work",
        "Actes et séances",
        "act",
        (),
        (Point("long_day", "Actes d’une journée trop longue", ("B09", "B17")),),
    ),
)  # fmt: skip
