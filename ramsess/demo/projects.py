"""Invented projects, and what is done for them."""

from __future__ import annotations

from random import Random

TITLES = {
    "AGR": ("Épicerie solidaire", "Maraîchage d’insertion", "Halle paysanne", "Jardin nourricier"),
    "ENV": ("Recyclerie", "Ressourcerie", "Compostage de quartier", "Centrale villageoise"),
    "CUL": ("Café culturel", "Compagnie de théâtre", "Tiers-lieu artistique", "Radio associative"),
    "SPO": ("École de voile partagée", "Club sportif inclusif", "Maison du sport santé"),
    "EDU": ("École de la deuxième chance", "Ludothèque itinérante", "Atelier de langues"),
    "SOC": ("Crèche parentale", "Maison de santé coopérative", "Accueil de jour"),
    "SAP": ("Coopérative d’aide à domicile", "Conciergerie solidaire"),
    "HAB": ("Habitat participatif", "Foncière solidaire"),
    "COM": ("Boutique équitable", "Monnaie locale", "Supermarché coopératif"),
    "TOU": ("Gîte associatif", "Balades urbaines", "Coopérative d’hôtes"),
    "NUM": ("Atelier de logiciels libres", "Médiation numérique", "Studio coopératif"),
    "IAE": ("Chantier d’insertion", "Restaurant d’insertion", "Régie de quartier"),
    "MOB": ("Garage solidaire", "Vélos partagés", "Autopartage rural"),
    "ART": ("Couture partagée", "Atelier bois coopératif", "Savonnerie artisanale"),
    "AUT": ("Coopérative de services", "Maison des associations"),
}
SECTORS = {"AGR": 13, "ENV": 11, "CUL": 17, "SPO": 6, "EDU": 8, "SOC": 9, "SAP": 5, "HAB": 4,
           "COM": 6, "TOU": 4, "NUM": 5, "IAE": 4, "MOB": 3, "ART": 4, "AUT": 1}  # fmt: skip
LEGAL_FORMS = {"ASSO": 56, "SCOP": 11, "SCIC": 8, "CAE": 6, "SARL": 3, "SAS": 2, "EI": 2,
               "MICRO": 2, "COLL": 5, "IND": 5}  # fmt: skip
PHASES = ("EME", "FAI", "MON", "FIN", "DEM", "CON", "DEV")
ENTRY_PHASES = {"EME": 34, "FAI": 25, "MON": 17, "FIN": 6, "DEM": 7, "CON": 7, "DEV": 4}
OUTCOMES = {"CRE": 36, "REP": 3, "CNS": 12, "DEV": 7, "EMP": 9, "FOR": 5, "REO": 7, "DLA": 4,
            "ABA": 11, "PDV": 6}  # fmt: skip
JOBS = {"CRE", "REP", "DEV", "CNS"}
ORIGINS = ("Pôle emploi", "Mission locale", "Bouche à oreille", "Mairie", "Partenaire du réseau",
           "Site internet", "CCAS", "Maison des associations", "Forum de l’emploi")  # fmt: skip
# Acts of a parcours once the diagnosis is made, by weight.
WORK = {"CSL1": 30, "CSL2": 7, "CSL3": 14, "CSL4": 8, "CSL5": 12, "CSL6": 6, "CSL7": 5, "CSL8": 4,
        "CSL9": 12, "RES1": 8, "EXP1": 3, "EXP2": 1, "DIA2": 2, "DIA3": 3, "SUI2": 2}  # fmt: skip
SCHEMES = {"DRA": 57, "DLA": 9, "FSE": 8, "DEP": 10, "VILLE": 7, "ETAT": 4, "AUT": 2, "NF": 3}
MODALITIES = {"P": 62, "T": 17, "V": 13, "E": 8}
SESSIONS = {"COL1": 46, "COL2": 18, "COL3": 16, "ACC2": 20}
SESSION_TITLES = {
    "COL1": ("Construire son modèle économique", "Choisir son statut", "Mobiliser des financements",
             "Communiquer sans budget", "Mesurer son utilité sociale"),
    "COL2": ("Formation comptabilité associative", "Formation gouvernance partagée",
             "Formation employeur"),
    "COL3": ("Café des porteurs de projet", "Échange entre pairs", "Retour d’expériences"),
    "ACC2": ("Réunion d’information", "Découvrir l’économie sociale et solidaire"),
}  # fmt: skip
USUAL = {
    "ACC1": 45, "ACC2": 120, "ACC3": 60, "DIA1": 90, "DIA2": 120, "DIA3": 90, "CSL1": 60,
    "CSL2": 120, "CSL3": 90, "CSL4": 60, "CSL5": 90, "CSL6": 90, "CSL7": 60, "CSL8": 60, "CSL9": 30,
    "COL1": 180, "COL2": 420, "COL3": 150, "RES1": 30, "RES2": 180, "RES3": 240, "EXP1": 120,
    "EXP2": 180, "SUI1": 60, "SUI2": 120, "SUI3": 60, "PAR1": 120, "PAR2": 180, "PAR3": 180,
}  # fmt: skip


def length(random: Random, act_type: str) -> int:
    """A plausible length in minutes, in quarters of an hour."""
    factor = random.choice((0.5, 0.75, 1, 1, 1, 1, 1.25, 1.5))
    return max(15, round(USUAL[act_type] * factor / 15) * 15)


def title(random: Random, sector: str, town: str) -> str:
    """What a project of *sector* is called in *town*: « Boutique équitable d’Aubagne »."""
    of = f"d’{town}" if town[0] in "AEÉIOUY" else f"de {town}"
    of = of.replace("de Les ", "des ").replace("de Le ", "du ")
    return f"{random.choice(TITLES[sector])} {of}"
