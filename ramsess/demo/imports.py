"""What the first structure handed in by the pages, and how it reads its own list."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.mappings import keep_mapping
from ramsess.demo.accounts import DemoAccount
from ramsess.exchange import layout
from ramsess.models import Account, Import, Structure


def hand_in_workbooks(session: Session, accounts: Sequence[DemoAccount]) -> None:
    """An import that was to be corrected, and a kept reading of the reception's list."""
    manager = next(item for item in accounts if item.role == "manager")
    structure = session.scalars(
        select(Structure).where(Structure.code == manager.structures[0])
    ).one()
    account = session.scalars(select(Account).where(Account.email == manager.email)).one()
    session.add(
        Import(
            account_id=account.id,
            structures=[structure.id],
            digest=hashlib.sha256(b"demo").hexdigest(),
            state="refused",
            counts={"problems": 3, "notices": 0},
        )
    )
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
