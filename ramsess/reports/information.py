"""The information sheet that a person is given: one page, to read and to sign."""

from __future__ import annotations

import datetime as dt

from reportlab.platypus import Flowable, Spacer

from ramsess.reports.pdf_plain import Boxes, Lines, PlainDocument
from ramsess.reports.pdf_text import Prose, Subheading

TITLE = "Vos données personnelles"
SHARING = (
    "J’accepte que les structures qui m’accompagnent ensemble partagent mon dossier "
    "(coordonnées, situation, parcours) :"
)


def _sections(network: str, contact: str, archive_after: int) -> list[tuple[str, str]]:
    return [
        (
            "Qui est responsable ?",
            f"La structure qui vous accompagne, avec {network}. Un même outil, RAMSESS, leur sert "
            "à suivre les parcours et à compter le travail fait avec vous.",
        ),
        (
            "Pourquoi ?",
            "Pour vous accompagner, pour que plusieurs structures puissent le faire ensemble sans "
            "vous redemander les mêmes choses, et pour rendre compte de ce travail à ceux qui le "
            "financent. C’est une mission d’intérêt général ; rien n’est vendu, aucune décision "
            "n’est prise par une machine.",
        ),
        (
            "Que note-t-on ?",
            "Votre nom, votre date de naissance, vos coordonnées, votre commune ; votre situation "
            "(emploi, formation, RSA, quartier prioritaire) si vous voulez bien la dire ; votre "
            "projet, les étapes de votre parcours, les rendez-vous et ateliers, et de courtes "
            "notes de travail.",
        ),
        (
            "Qui les voit ?",
            "Les personnes qui travaillent dans les structures qui vous accompagnent, et elles "
            "seules. La Région et les autres financeurs ne reçoivent que des totaux, sans "
            "aucun nom.",
        ),
        (
            "Combien de temps ?",
            f"Jusqu’à {archive_after} ans après notre dernier contact. Votre identité est ensuite "
            "mise à part, puis effacée ; il ne reste que des chiffres sans nom.",
        ),
        (
            "Quels sont vos droits ?",
            "Voir tout ce qui est noté sur vous et en recevoir une copie, le faire corriger, le "
            "faire effacer, vous opposer à ce qu’on le note, demander qu’on cesse de s’en servir. "
            f"Écrivez à : {contact}. Une réponse vous est due sous un mois. Si elle ne vous "
            "convient pas : CNIL, 3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07, "
            "www.cnil.fr.",
        ),
    ]


def information_sheet(
    *,
    network: str,
    contact: str,
    archive_after: int,
    made_on: dt.date,
    name: str = "",
    structure: str = "",
) -> bytes:
    """The sheet as PDF, blank or with the person's name and the structure; one A4 page."""
    story: list[Flowable] = []
    for heading, text in _sections(network, contact, archive_after):
        story += [Subheading(heading), Prose(text, size=10.5, after=9)]
    story += [
        Spacer(0, 6),
        Boxes(SHARING, ["oui", "non"]),
        Prose(
            "Votre refus ne change rien à votre accompagnement. Vous pouvez changer d’avis à tout "
            "moment.",
            size=9,
            after=8,
        ),
        Lines(
            [
                ("Nom et prénom :", name),
                ("Structure :", structure),
                ("Remis et expliqué le :", ""),
                ("Signature :", ""),
            ],
            spacing=25,
        ),
    ]
    footer = "Fiche d’information — un exemplaire pour la personne, un pour la structure"
    return PlainDocument(TITLE, made_on=made_on, footer=footer).write(story)
