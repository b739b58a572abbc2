"""Tables made by hand: every shape that the renderers must bear."""

from __future__ import annotations

from dataclasses import replace

from ramsess.reports.period import MONTHS_FR
from ramsess.reports.table import (
    Chart,
    ChartKind,
    Column,
    Row,
    RowKind,
    Table,
    Unit,
)

STRUCTURES = {
    "APEAS": "APEAS",
    "INTERMADE": "Inter-Made",
    "ACCES": "Accès Conseil",
    "ESSOR13": "Essor 13",
    "ENERGIE": "Énergie Alternative",
    "PLACE": "Place",
    "TETESART": "Les Têtes de l’Art",
    "PSPORT13": "Profession Sport 13",
    "AGODIS": "Agodis",
    "BABALEX": "Babalex",
    "FSPVA": "FSPVA",
    "PLATEFORME": "LaPlateforme",
}
TOTAL_ROW = Row("TOTAL", "Total", RowKind.TOTAL)
TOTALS = (Column("SHARED", "Partagés"), Column("TOTAL", "Total réseau (dédoublonné)"))
FAMILIES = {
    "ACC Accueil et orientation": [
        "ACC1 Premier accueil",
        "ACC2 Information collective",
        "ACC3 Entretien d’orientation",
    ],
    "DIA Diagnostic": [
        "DIA1 Entretien de diagnostic",
        "DIA2 Réunion de diagnostic partagé",
        "DIA3 Restitution et plan d’accompagnement",
    ],
    "CSL Conseil": [
        "CSL1 Entretien d’accompagnement",
        "CSL2 Étude de faisabilité, de marché",
        "CSL3 Modèle économique, prévisionnel",
        "CSL4 Statut juridique",
        "CSL5 Recherche de financement",
        "CSL6 Gouvernance, organisation collective",
        "CSL7 Communication",
        "CSL8 Emploi, fonction employeur",
        "CSL9 Relecture, appui à distance",
    ],
    "COL Actions collectives": [
        "COL1 Atelier thématique",
        "COL2 Formation",
        "COL3 Échange de pratiques entre porteurs",
    ],
    "RES Mise en réseau": [
        "RES1 Mise en relation avec un partenaire",
        "RES2 Rencontre collective du réseau",
        "RES3 Salon, événement public",
    ],
    "EXP Expertise": ["EXP1 Expertise spécialisée", "EXP2 Intervention d’un prestataire extérieur"],
    "SUI Suivi": ["SUI1 Suivi après création", "SUI2 Visite sur site", "SUI3 Bilan de parcours"],
    "PAR Partenariat et animation": [
        "PAR1 Coordination RAMSESS",
        "PAR2 COPECS, instance régionale",
        "PAR3 Production collective du réseau",
    ],
}


def key_figures() -> Table:
    """B01: a unit of its own in some rows, and a derived column with negative changes."""
    lines = [
        ("parcours_followed", "Parcours suivis", None, 1234, 1198),
        ("persons_accompanied", "Personnes accompagnées", None, 1402, 1402),
        ("minutes", "Heures", Unit.MINUTES, 741_065, 802_300),
        ("jobs_created", "Emplois créés (ETP)", Unit.FTE, 1041.5, 87.25),
        ("funding", "Financements obtenus", Unit.EUROS, 1_250_000.5, 0),
        ("rate", "Part des parcours actifs", Unit.PERCENT, 83, 79),
    ]
    values: dict[tuple[str, str], float] = {}
    for key, _, _, now, before in lines:
        values[key, "current"], values[key, "previous"] = now, before
        values[key, "change"] = round(now - before, 2)
    return Table(
        id="B01",
        title="Chiffres clés",
        rule="Chiffres dédoublonnés de la période, aux mêmes dates un an avant, et évolution.",
        row_heading="Chiffre",
        columns=(
            Column("current", "Période"),
            Column("previous", "Un an avant"),
            Column("change", "Évolution", derived=True),
        ),
        rows=tuple(Row(key, label, unit=unit) for key, label, unit, _, _ in lines),
        values=values,
    )


def acts(*, minutes: bool = False, structures: dict[str, str] | None = None) -> Table:
    """B08 (or B09): types under families × structures, shared, network total."""
    unit = Unit.MINUTES if minutes else Unit.COUNT
    names = STRUCTURES if structures is None else structures
    columns = tuple(Column(code, name, unit) for code, name in names.items())
    columns += tuple(replace(column, unit=unit) for column in TOTALS)
    rows: list[Row] = []
    values: dict[tuple[str, str], float] = {}
    for f, (family, types) in enumerate(FAMILIES.items()):
        rows.append(Row(family[:3], family, RowKind.SUBTOTAL))
        for t, name in enumerate(types):
            rows.append(Row(name[:4], name, level=1))
            for c, code in enumerate(names):
                value = (f * 7 + t * 5 + c * 3) % 11 * (63 if minutes else 13)
                values[name[:4], code] = value
                for upper in (family[:3], "TOTAL"):
                    values[upper, code] = values.get((upper, code), 0) + value
            own = sum(values[name[:4], code] for code in names)
            shared = 0 if minutes else own // 9
            for upper in (name[:4], family[:3], "TOTAL"):
                values[upper, "SHARED"] = values.get((upper, "SHARED"), 0) + shared
                values[upper, "TOTAL"] = values.get((upper, "TOTAL"), 0) + own - shared
    chart = Chart(
        ChartKind.BARS,
        "Heures par famille" if minutes else "Actes par famille",
        ("TOTAL",),
        tuple(family[:3] for family in FAMILIES),
    )
    return Table(
        id="B09" if minutes else "B08",
        title="Heures par type et structure" if minutes else "Actes par type et structure",
        rule="Un acte compte une fois dans le total du réseau, et une fois dans chaque structure.",
        row_heading="Type d’acte",
        columns=columns,
        rows=(*rows, TOTAL_ROW),
        values=values,
        chart=chart,
    )


def months(columns: tuple[str, ...] = ("acts", "minutes", "entries", "sessions")) -> Table:
    """B10: months × figures of two units, with lines."""
    shown = (
        Column("acts", "Actes"),
        Column("minutes", "Heures", Unit.MINUTES),
        Column("entries", "Entrées en parcours"),
        Column("sessions", "Séances collectives"),
    )
    rows = tuple(Row(f"2009-{m:02d}", f"{name} 2009") for m, name in enumerate(MONTHS_FR, 1))
    values: dict[tuple[str, str], float] = {}
    for m, row in enumerate(rows):
        for column, base in zip(shown, (900, 60_000, 120, 40), strict=True):
            values[row.key, column.key] = base + (m * 37 + base) % 11 * base // 20
            sum_so_far = values.get(("TOTAL", column.key), 0)
            values["TOTAL", column.key] = sum_so_far + values[row.key, column.key]
    return Table(
        id="B10",
        title="Activité mensuelle",
        rule="Actes, heures et séances au mois de l’acte ; entrées au mois d’entrée.",
        row_heading="Mois",
        columns=shown,
        rows=(*rows, TOTAL_ROW),
        values=values,
        chart=Chart(ChartKind.LINES, "Activité par mois", columns),
    )


def ages() -> Table:
    """B03: stacked bars, percentages."""
    bands = ["Moins de 18 ans", "18 à 25 ans", "26 à 29 ans", "30 à 44 ans", "45 à 54 ans"]
    rows = tuple(Row(f"a{i}", band) for i, band in enumerate(bands))
    values: dict[tuple[str, str], float] = {}
    for i, row in enumerate(rows):
        for j, key in enumerate(("F", "M", "NR")):
            values[row.key, key] = (i * 83 + 12) // (1 + 3 * j)
        values[row.key, "TOTAL"] = sum(values[row.key, key] for key in ("F", "M", "NR"))
    for key in ("F", "M", "NR", "TOTAL"):
        values["TOTAL", key] = sum(values[row.key, key] for row in rows)
    for row, share in zip(rows, (2, 12, 20, 29, 37), strict=True):
        values[row.key, "share"] = share
    values["TOTAL", "share"] = 100
    return Table(
        id="B03",
        title="Personnes accompagnées par sexe et âge",
        rule="Personnes présentes sur au moins un parcours suivi, comptées une fois chacune.",
        row_heading="Âge à l’entrée",
        columns=(
            Column("F", "Femmes"),
            Column("M", "Hommes"),
            Column("NR", "Non renseigné"),
            Column("TOTAL", "Total"),
            Column("share", "%", Unit.PERCENT, derived=True),
        ),
        rows=(*rows, TOTAL_ROW),
        values=values,
        chart=Chart(ChartKind.STACKED, "Personnes accompagnées par âge et sexe", ("F", "M", "NR")),
    )


def long_texts() -> Table:
    """B19: labels of several lines, and a rule that is a paragraph."""
    label = (
        "Société coopérative d’intérêt collectif de l’écosystème maraîcher et alimentaire du "
        "Pays d’Aix, de l’Étoile et de la Sainte-Baume (œuvre fédérative, antenne n° "
    )
    rows = tuple(Row(f"r{i}", f"{label}{i})") for i in range(1, 7))
    return Table(
        id="B19",
        title="Qualité des données : champs renseignés, saisies tardives et contradictions",
        rule="Part des fiches renseignées. " * 15,
        row_heading="Champ",
        columns=(Column("filled", "Part renseignée dans la période entière", Unit.PERCENT),),
        rows=rows,
        values={(row.key, "filled"): 40 + 9 * i for i, row in enumerate(rows)},
        chart=Chart(ChartKind.BARS, "Part renseignée", ("filled",)),
    )


def quartiles() -> Table:
    """B16: figures with two decimals, minutes that are no whole number."""
    rows = (
        Row("acts", "Actes par parcours actif", unit=Unit.NUMBER),
        Row("minutes", "Heures par parcours actif", unit=Unit.MINUTES),
        Row("days", "Durée d’un parcours sorti (jours)", unit=Unit.DAYS),
    )
    columns = (Column("min", "Minimum"), Column("q1", "1er quartile"), Column("max", "Maximum"))
    figures = {"acts": (1, 2.25, 41), "minutes": (30, 92.5, 12_345.75), "days": (0, 88.5, 1204)}
    values = {
        (key, column.key): value
        for key, row in figures.items()
        for column, value in zip(columns, row, strict=True)
    }
    return Table("B16", "Intensité", "Par parcours actif.", "Mesure", columns, rows, values)


def communes(count: int = 180) -> Table:
    """B05: more rows than a page holds."""
    rows = tuple(Row(f"c{i}", f"Commune numéro {i}") for i in range(count))
    columns = (Column("persons", "Personnes"), Column("minutes", "Heures", Unit.MINUTES))
    values: dict[tuple[str, str], float] = {}
    for i, row in enumerate(rows):
        values[row.key, "persons"], values[row.key, "minutes"] = i * 17 % 101, i * 977
    for column in columns:
        values["TOTAL", column.key] = sum(values[row.key, column.key] for row in rows)
    return Table(
        id="B05",
        title="Territoire",
        rule="Personnes par commune à l’entrée.",
        row_heading="Commune",
        columns=columns,
        rows=(*rows, TOTAL_ROW),
        values=values,
        chart=Chart(ChartKind.BARS, "Personnes par commune", ("persons",)),
    )


def nothing() -> Table:
    """B20: only zeros."""
    return Table(
        id="B20",
        title="Corrections",
        rule="Ce qui a été corrigé depuis le dernier bilan scellé.",
        row_heading="Objet",
        columns=(Column("count", "Corrections"),),
        rows=(Row("acts", "Actes"), Row("parcours", "Parcours"), TOTAL_ROW),
        values={},
        chart=Chart(ChartKind.BARS, "Corrections par objet", ("count",)),
    )
