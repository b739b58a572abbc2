"""The workbook's version 1, declared once: sheets, headings, what each column holds.

Checking, template and demo network all follow this declaration.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ramsess.models.names import normalise

VERSION = 1
STRUCTURE, ADVISERS, PEOPLE = "Structure", "Conseillers", "Bénéficiaires"
PARCOURS, ACTS, SESSIONS = "Parcours", "Actes", "Séances"


class Kind(Enum):
    """What a cell of the column may hold."""

    TEXT = "texte"
    LOCAL_ID = "identifiant"
    EMAIL = "adresse électronique"
    DATE = "date"
    BIRTH_DATE = "date de naissance"
    ASSIGNMENT_DATE = "date d’affectation"
    INTEGER = "nombre entier"
    PERCENT = "pourcentage"
    MINUTES = "minutes"
    DECIMAL = "nombre"
    YES_NO = "oui ou non"
    CODE = "code"
    COMMUNE = "code INSEE"
    LIST = "liste"
    LONG_TEXT = "texte libre"


@dataclass(frozen=True)
class Column:
    """A heading: its exact text, what it holds, and the French words that explain it.

    ``longest`` is the length allowed, in characters; ``code_list`` the table of its codes;
    ``low`` and ``high`` the bounds of an INTEGER.
    """

    name: str
    kind: Kind
    explanation: str
    required: bool = False
    longest: int = 120
    code_list: str | None = None
    low: int = 0
    high: int = 100_000


@dataclass(frozen=True)
class SheetLayout:
    """A sheet of rows with headings; the Structure sheet has keys in place of headings."""

    name: str
    columns: tuple[Column, ...]
    explanation: str

    def column(self, name: str) -> Column:
        """The column of that heading; KeyError when there is none."""
        return {column.name: column for column in self.columns}[name]


_COMMUNE = "Code INSEE de la commune, en cinq chiffres (13201 pour Marseille 1er)."
_SCHEME = "Dispositif qui finance ; DRA si rien n’est indiqué."

SHEETS: tuple[SheetLayout, ...] = (
    SheetLayout(
        STRUCTURE,
        (
            Column("version", Kind.INTEGER, "Version du classeur : 1.", required=True),
            Column("code_structure", Kind.TEXT, "Code de votre structure.", required=True),
            Column("exercice", Kind.INTEGER, "Année concernée.", low=1990, high=2100),
        ),
        "Quelle structure remet ce classeur.",
    ),
    SheetLayout(
        ADVISERS,
        (
            Column("courriel", Kind.EMAIL, "Adresse qui désigne la personne partout dans le "
                   "classeur.", required=True, longest=254),
            Column("nom", Kind.TEXT, "Nom de famille.", required=True),
            Column("prénom", Kind.TEXT, "Prénom.", required=True),
            Column("quotité", Kind.PERCENT, "Part d’un temps plein dans votre structure, en %."),
            Column("depuis", Kind.ASSIGNMENT_DATE, "Premier jour dans votre structure."),
            Column("jusqu'à", Kind.ASSIGNMENT_DATE, "Dernier jour dans votre structure."),
        ),
        "Les chargé·es d’accompagnement qui travaillent pour votre structure.",
    ),
    SheetLayout(
        PEOPLE,
        (
            Column("id_local", Kind.LOCAL_ID, "Votre identifiant de la personne ; ne le changez "
                   "plus ensuite.", required=True),
            Column("nom", Kind.TEXT, "Nom de famille.", required=True),
            Column("prénom", Kind.TEXT, "Prénom.", required=True),
            Column("date_naissance", Kind.BIRTH_DATE, "Sert à reconnaître la même personne dans "
                   "le réseau."),
            Column("sexe", Kind.CODE, "F, M ou NR.", code_list="sexes"),
            Column("commune_insee", Kind.COMMUNE, _COMMUNE),
            Column("situation", Kind.CODE, "Situation à l’entrée.", code_list="situations"),
            Column("niveau_formation", Kind.CODE, "Niveau de formation.", code_list="educations"),
            Column("rsa", Kind.YES_NO, "Allocataire du RSA."),
            Column("qpv", Kind.YES_NO, "Habite un quartier prioritaire."),
            Column("téléphone", Kind.TEXT, "Téléphone.", longest=40),
            Column("courriel", Kind.EMAIL, "Adresse électronique.", longest=254),
        ),
        "Les personnes que votre structure accompagne ou reçoit.",
    ),
    SheetLayout(
        PARCOURS,
        (
            Column("id_local", Kind.LOCAL_ID, "Votre identifiant du parcours.", required=True),
            Column("bénéficiaires", Kind.LIST, "id_local des personnes, séparés par « ; ».",
                   required=True, longest=2000),
            Column("intitulé", Kind.TEXT, "Nom du projet.", required=True, longest=200),
            Column("forme_juridique", Kind.CODE, "Forme juridique, présente ou visée.",
                   code_list="legal_forms"),
            Column("secteur", Kind.CODE, "Secteur d’activité.", code_list="sectors"),
            Column("commune_insee", Kind.COMMUNE, _COMMUNE),
            Column("date_entrée", Kind.DATE, "Entrée dans le parcours (ou dans votre structure, "
                   "si une autre mène le parcours).", required=True),
            Column("phase_entrée", Kind.CODE, "Phase à l’entrée.", required=True,
                   code_list="phases"),
            Column("prescripteur", Kind.TEXT, "Qui a orienté la personne.", longest=200),
            Column("date_sortie", Kind.DATE, "Sortie ; vide si le parcours continue."),
            Column("motif_sortie", Kind.CODE, "Issue du parcours.", code_list="outcomes"),
            Column("phase_actuelle", Kind.CODE, "Dernière phase atteinte.", code_list="phases"),
            Column("date_phase_actuelle", Kind.DATE, "Obligatoire quand la phase actuelle n’est "
                   "pas celle de l’entrée."),
            Column("emplois_créés", Kind.DECIMAL, "En équivalents temps plein."),
            Column("emplois_consolidés", Kind.DECIMAL, "En équivalents temps plein."),
            Column("référence_réseau", Kind.TEXT, "Parcours mené par une autre structure : "
                   "P-2009-0042, ou CODE/id_local du classeur de la référente."),
        ),
        "Les parcours que votre structure mène, ou auxquels elle participe.",
    ),
    SheetLayout(
        ACTS,
        (
            Column("id_local", Kind.LOCAL_ID, "Votre identifiant de l’acte.", required=True),
            Column("date", Kind.DATE, "Jour de l’acte.", required=True),
            Column("type", Kind.CODE, "Type d’acte.", required=True, code_list="act_types"),
            Column("conseiller", Kind.EMAIL, "Adresse de la personne qui a fait l’acte.",
                   required=True, longest=280),
            Column("parcours", Kind.LOCAL_ID, "id_local du parcours ; vide pour un accueil ou un "
                   "travail de réseau."),
            Column("durée_minutes", Kind.MINUTES, "De 1 à 1440.", required=True),
            Column("modalité", Kind.CODE, "P, T, V ou E.", code_list="modalities"),
            Column("commune_insee", Kind.COMMUNE, _COMMUNE),
            Column("co_conseillers", Kind.LIST, "adresse:minutes, ou adresse/CODE:minutes quand "
                   "la personne travaille pour plusieurs structures ; séparés par « ; ».",
                   longest=2000),
            Column("personnes_anonymes", Kind.INTEGER, "Nombre de personnes reçues sans les "
                   "nommer."),
            Column("bénéficiaire", Kind.LOCAL_ID, "id_local de la personne reçue sans parcours."),
            Column("dispositif", Kind.CODE, _SCHEME, code_list="schemes"),
            Column("commentaire", Kind.LONG_TEXT, "Ne quitte jamais les structures concernées.",
                   longest=10_000),
        ),
        "Un acte est inscrit une fois, par la structure qui le mène.",
    ),
    SheetLayout(
        SESSIONS,
        (
            Column("id_local", Kind.LOCAL_ID, "Votre identifiant de la séance.", required=True),
            Column("date", Kind.DATE, "Jour de la séance.", required=True),
            Column("type", Kind.CODE, "Type d’acte.", required=True, code_list="act_types"),
            Column("intitulé", Kind.TEXT, "Titre de la séance.", required=True, longest=200),
            Column("animateurs", Kind.LIST, "adresse:minutes, séparés par « ; » ; sans minutes, "
                   "la durée de la séance.", required=True, longest=2000),
            Column("durée_minutes", Kind.MINUTES, "De 1 à 1440.", required=True),
            Column("commune_insee", Kind.COMMUNE, _COMMUNE),
            Column("participants", Kind.LIST, "id_local des personnes, séparés par « ; ».",
                   longest=20_000),
            Column("personnes_anonymes", Kind.INTEGER, "Nombre de participants non nommés."),
            Column("dispositif", Kind.CODE, _SCHEME, code_list="schemes"),
            Column("référence_séance", Kind.TEXT, "Le même texte dans deux classeurs désigne une "
                   "seule séance, co-animée."),
        ),
        "Ateliers, formations, rencontres : une ligne par séance.",
    ),
)  # fmt: skip

LAYOUTS = {sheet.name: sheet for sheet in SHEETS}
BY_PLAIN_NAME = {normalise(sheet.name): sheet for sheet in SHEETS}
# What the template and the marked copy add for people; nothing is read there.
GUIDE, LISTS, TO_CORRECT = "Lisez-moi", "Listes", "À corriger"
