"""How the first structure reads its own list."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.mappings import keep_mapping
from ramsess.demo.accounts import DemoAccount
from ramsess.exchange import layout
from ramsess.models import Structure


def keep_readings(session: Session, accounts: Sequence[DemoAccount]) -> None:
    """A kept reading of the reception's list."""
    manager = next(item for item in accounts if item.role == "manager")
    structure = session.scalars(
        select(Structure).where(Structure.code == manager.structures[0])
    ).one()
    keep_mapping(
        session,
        structure.id,
        "Liste de l’accueil",
        sheet=layout.PEOPLE,
        headings=["nom", "prenom", "civilite", "ne e le"],
        columns={
            "nom": {"from": "nom"},
            "prénom": {"from": "prenom"},
            "sexe": {"from": "civilite"},
            "date_naissance": {"from": "ne e le"},
        },
        codes={"sexe": {"mme": "F", "m": "M"}},
    )
