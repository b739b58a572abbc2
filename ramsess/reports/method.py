"""What every reader of a report must know of how it is counted, in French."""

from __future__ import annotations

from ramsess.reports.report import Report
from ramsess.reports.table import NOT_PUBLISHED

_METHOD: tuple[tuple[str, str], ...] = (
    (
        "Saisir une fois, compter une fois",
        "Chaque acte, parcours, personne ou séance est saisi une seule fois, par la structure qui "
        "en a la charge, et partagé entre celles qui y prennent part. Tous les tableaux sont "
        "comptés dans ces mêmes fiches.",
    ),
    (
        "Total du réseau dédoublonné",
        "Une personne, un parcours, un acte ou une séance compte pour 1 dans le total du réseau, "
        "quel que soit le nombre de structures concernées. Chaque structure le compte aussi dans "
        "sa colonne : la somme des colonnes peut donc dépasser le total. La colonne « Partagés » "
        "donne cet écart.",
    ),
    (
        "Heures jamais doublées",
        "Le temps de chaque chargé·e d’accompagnement appartient à la seule structure pour "
        "laquelle il a été travaillé : les heures des structures s’additionnent exactement. Elles "
        "sont gardées à la minute et ne sont pas arrondies.",
    ),
    (
        "Période",
        "Un acte appartient à la période de sa date ; le premier et le dernier jour sont compris. "
        "Un parcours est suivi s’il est en cours à un moment de la période, et actif s’il a donné "
        "lieu à un acte au moins.",
    ),
    (
        "Situation à l’entrée",
        "L’âge, la situation, la formation et la commune sont ceux de l’entrée dans le parcours ; "
        "une mise à jour ne change pas un chiffre passé.",
    ),
    (
        "Ce qui n’est pas renseigné se voit",
        "« Non renseigné » est toujours montré et n’est jamais réparti entre les autres valeurs. "
        "Les pourcentages portent sur le total, non renseigné compris, et sont arrondis de sorte "
        "que leur somme fasse 100.",
    ),
    (
        "Séances et personnes anonymes",
        "Le nombre de séances, le nombre de présences et le nombre de personnes distinctes sont "
        "trois chiffres différents. Les personnes reçues sans être identifiées sont comptées à "
        "part, car elles ne peuvent pas être dédoublonnées.",
    ),
    (
        "Données et nomenclatures",
        "Les données viennent des structures membres. Les types d’actes, les phases, les autres "
        "listes et les règles de comptage sont celles de RAMSESS.",
    ),
)

_SECRET = (
    f"« {NOT_PUBLISHED} », le secret statistique",
    f"Là où se lit « {NOT_PUBLISHED} », un chiffre existe mais n’est pas publié : il porte sur si "
    "peu de personnes qu’on pourrait les reconnaître, ou bien il permettrait, avec un total, un "
    "autre tableau ou un bilan précédent, de retrouver un tel chiffre. Ce n’est ni un zéro ni une "
    "absence de réponse. Aucun graphique, aucune phrase et aucun calcul de ce bilan ne s’en sert.",
)
_REGION = (
    "Édition de la Région",
    "Cette édition ne contient que des agrégats : aucun nom, aucune note, aucune date de "
    "naissance, aucune liste de fiches.",
)


def method(report: Report) -> tuple[tuple[str, str], ...]:
    """What the reader of *report* must know: headings and texts."""
    found = _METHOD
    if report.edition == "region":
        found += (_REGION,)
    if report.edition == "region" or hides(report):
        found += (_SECRET,)
    return found


def hides(report: Report) -> bool:
    """True when some figure of *report* is not published (Rule 15)."""
    return any(table.hidden for table in (*report.tables, *report.beside.values()))
