"""What random networks are made of: names that look alike, codes, places, days that decide."""

from __future__ import annotations

import datetime as dt

STRUCTURES = (
    "APEAS",
    "INTERMADE",
    "ACCES",
    "ESSOR13",
    "ENERGIE",
    "PLACE",
    "TETESART",
    "PSPORT13",
    "AGODIS",
    "BABALEX",
    "FSPVA",
    "PLATEFORME",
    "KADO",  # no member in 2009
)

# One line, one person's name as different hands write it. Several lines look alike and differ.
NAMES = (
    (("Roux", "Ana"), ("ROUX", "Ána"), ("roux ", " ana")),
    (("Lefèvre", "Zoé"), ("LEFEVRE", "zoe"), ("Lefe\u0300vre", "ZOÉ")),
    (("Ben-Saïd", "Jean-Pierre"), ("BEN SAID", "Jean Pierre"), ("ben  saïd", "JEAN-PIERRE")),
    (("D'Angelo", "Hélène"), ("D’ANGELO", "Helene"), ("d angelo", "HÉLÈNE")),
    (("Lecœur", "François"), ("LECOEUR", "Francois"), ("Lecoeur", "françois")),
    (("Martin", "Jean-Luc"), ("MARTIN", "jean luc"), ("Martin", "Jean  Luc")),
    (("Martin-Jean", "Luc"), ("MARTIN JEAN", "LUC")),
    (("Luc", "Martin-Jean"), ("LUC", "Martin Jean")),
    (("Jean-Luc", "Martin"), ("jean luc", "MARTIN")),
    (("Nguyễn", "Thị-Mai"), ("NGUYEN", "Thi Mai")),
    (("Müller", "Anaïs"), ("Muller", "ANAIS")),
    (("Garcia", "Inès"), ("García", "Ines")),
)

PHASES = ("EME", "FAI", "MON", "FIN", "DEM", "CON", "DEV")
SITUATIONS = ("SAL", "IND", "DE1", "DE2", "ETU", "RET", "INA", "NR")
EDUCATIONS = ("N2", "N3", "N4", "N5", "N6", "N7", "NR")
FORMS = (
    *("ASSO", "SCOP", "SCIC", "CAE", "SARL", "SAS", "EURL", "EI", "MICRO", "GIE", "MUT", "FOND"),
    *("COLL", "IND"),
)
SECTORS = (
    *("AGR", "ENV", "CUL", "SPO", "EDU", "SOC", "SAP", "HAB", "COM", "TOU", "NUM", "IAE", "MOB"),
    *("ART", "AUT"),
)
OUTCOMES = ("CRE", "REP", "CNS", "DEV", "EMP", "FOR", "REO", "DLA", "ABA", "PDV")
SCHEMES = ("DRA", "DLA", "FSE", "DEP", "VILLE", "ETAT", "AUT", "NF")
ON_PARCOURS = (
    *("CSL1", "ACC1", "ACC3", "DIA1", "DIA2", "DIA3", "CSL2", "CSL3", "CSL4", "CSL5", "CSL6"),
    *("CSL7", "CSL8", "CSL9", "RES1", "EXP1", "EXP2", "SUI1", "SUI2", "SUI3", "PAR1"),
)
RECEPTIONS = ("ACC1", "ACC3", "ACC2")
NETWORK_WORK = ("PAR1", "PAR2", "PAR3", "RES2", "RES3")
COLLECTIVE = ("COL1", "ACC2", "COL2", "COL3", "RES2", "DIA2")

# Marseille and two arrondissements; Manosque and Vinon-sur-Verdon, one EPCI and two départements;
# Pertuis, in the métropole of Marseille but in Vaucluse; Nice, Gap, Toulon, Avignon.
IN_REGION = (
    "13055",
    "13201",
    "13216",
    "04112",
    "83150",
    "84089",
    "06088",
    "05061",
    "83137",
    "84007",
)
OUT_OF_REGION = ("75056", "30189", "2A004")

# The days of the year at which periods begin and end, their eves and their morrows.
EDGES = tuple(
    dt.date(year, month, day)
    for year in (2008, 2009, 2010)
    for month, day in (
        (1, 1),
        (12, 31),
        (4, 1),
        (3, 31),
        (6, 30),
        (7, 1),
        (1, 2),
        (12, 30),
    )
)
EARLIEST, LATEST = dt.date(2007, 1, 1), dt.date(2010, 12, 31)
LEAP_BIRTHS = tuple(dt.date(year, 2, 29) for year in (1964, 1944, 1980, 1992))
BAND_LIMITS = (18, 26, 30, 45, 55, 65)
