"""What the demo's structures say of themselves, and what they share: all of it invented."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from ramsess.demo.places import PROFILES
from ramsess.models import (
    Positioning,
    Presentation,
    Resource,
    ResourceFile,
    ResourcePhase,
    Structure,
)
from ramsess.models.names import normalise

# Structure → speciality → degree at each of the seven phases, in their order; a dot for none.
PHASES = ("EME", "FAI", "MON", "FIN", "DEM", "CON", "DEV")
PLACES: dict[str, dict[str, str]] = {
    "APEAS": {"ACC": "321....", "ECO": "1232211", "STA": ".23221."},
    "INTERMADE": {"ACC": "332....", "ECO": "2331...", "FOR": "22211.."},
    "ACCES": {"FIN": ".1233..", "ECO": "..2332.", "EMP": "....232"},
    "ESSOR13": {"ACC": "2......", "FIN": "..2321.", "ECO": ".23221."},
    "ENERGIE": {"ACC": "21.....", "ENV": "1233221", "INS": "...1111"},
    "PLACE": {"ACC": "12.....", "IMM": "..12332", "ECO": ".122..."},
    "TETESART": {"CUL": "2332222", "COM": "1122221"},
    "PSPORT13": {"SPO": "1122332", "EMP": "....333"},
    "AGODIS": {"STA": "..22133", "EMP": "....223", "FIN": ".....12"},
    "BABALEX": {"FOR": "2233211", "ACC": "2......", "COM": ".11222."},
    "FSPVA": {"ACC": "31....1", "STA": ".232..1", "INS": "..11..."},
    "PLATEFORME": {"ACC": "22....."},
}
# Title, kind, theme, phases, description, by whom; a link unless it has a file.
SHARED = (
    ("Calculer son seuil d’équilibre", "FICHE", "ECO", "FAI MON", "Une page, un exemple chiffré, "
     "à remplir avec le porteur de projet pendant l’entretien.", "ACCES"),
    ("Trame de prévisionnel sur trois ans", "MODELE", "ECO", "MON FIN", "Tableur annoté, avec les "
     "charges qu’on oublie le plus souvent.", "ESSOR13"),
    ("Statuts d’association : les clauses à discuter", "MODELE", "STA", "MON", "Modèle annoté pour "
     "une réunion de fondateurs.", "APEAS"),
    ("De l’idée au projet : vingt questions", "GUIDE", "ACC", "EME", "À remettre au premier "
     "accueil ; se lit en dix minutes.", "INTERMADE"),
    ("Qui fait quoi à la création", "FICHE", "ACC", "EME FAI", "Les structures du réseau et leurs "
     "partenaires, en une page.", "PLATEFORME"),
    ("Embaucher son premier salarié", "GUIDE", "EMP", "DEM CON DEV", "Les étapes, les délais, les "
     "aides, et ce qu’on doit garder.", "PSPORT13"),
    ("Louer un local partagé : points d’attention", "FICHE", "IMM", "DEM", "Bail, assurances, "
     "accessibilité.", "PLACE"),
    ("Une plaquette avec peu de moyens", "FICHE", "COM", "DEM CON", "Méthode, exemples de projets "
     "culturels.", "TETESART"),
    ("Conseil financement : à qui s’adresser", "CONTACT", "FIN", "", "Permanence fictive le mardi "
     "matin, sur rendez-vous.", "ACCES"),
)  # fmt: skip
SHEET = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def present_structures(session: Session, day: dt.date) -> None:
    """Each structure of the demo has confirmed its line, on *day*."""
    ids = _structures(session)
    rows = [
        {
            "structure_id": ids[profile.code],
            # Numbers that France keeps for fiction.
            "phone": f"04 65 71 00 {number:02d}",
            "email": f"contact@{profile.domain}.demo.example",
            "website": f"https://{profile.domain}.demo.example",
            "address": f"{number} rue de la Démonstration",
            "commune_code": profile.commune,
            "confirmed_on": day,
            "version": 1,
        }
        for number, profile in enumerate(PROFILES, start=1)
    ]
    given = upsert(Presentation)
    changed = {name: given.excluded[name] for name in rows[0] if name != "structure_id"}
    session.execute(
        given.on_conflict_do_update(index_elements=["structure_id"], set_=changed), rows
    )
    session.execute(delete(Positioning).where(Positioning.structure_id.in_(ids[c] for c in PLACES)))
    session.execute(
        insert(Positioning),
        [
            {
                "structure_id": ids[code],
                "speciality_code": speciality,
                "phase_code": phase,
                "degree_code": degree,
            }
            for code, lines in PLACES.items()
            for speciality, degrees in lines.items()
            for phase, degree in zip(PHASES, degrees, strict=True)
            if degree != "."
        ],
    )


def share_resources(session: Session) -> None:
    """Some resources, one of them a file."""
    ids = _structures(session)
    made = session.scalars(
        insert(Resource).returning(Resource, sort_by_parameter_order=True),
        [
            {
                "public_id": uuid.uuid5(uuid.NAMESPACE_URL, f"demo/{title}"),
                "title": title,
                "kind_code": kind,
                "theme_code": theme,
                "description": description,
                "search_key": normalise(f"{title} {description}"),
                "link": "" if kind in ("CONTACT", "MODELE") else
                        f"https://ressources.demo.example/{number}",
                "structure_id": ids[by],
                "version": 1,
            }
            for number, (title, kind, theme, _, description, by) in enumerate(SHARED, start=1)
        ],
    ).all()  # fmt: skip
    session.execute(
        insert(ResourcePhase),
        [
            {"resource_id": resource.id, "phase_code": phase}
            for resource, said in zip(made, SHARED, strict=True)
            for phase in said[3].split()
        ],
    )
    session.execute(
        insert(ResourceFile),
        [
            {
                "resource_id": resource.id,
                "name": f"{normalise(resource.title).replace(' ', '-')}.pdf",
                "media_type": "application/pdf",
                "size": len(SHEET),
                "content": SHEET,
            }
            for resource in made
            if resource.kind_code == "MODELE"
        ],
    )


def _structures(session: Session) -> dict[str, int]:
    return dict(session.execute(select(Structure.code, Structure.id)).all())
