"""Lists that the demo's people keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.demo.accounts import DemoAccount
from ramsess.models import Account, SavedList


def keep_lists(session: Session, accounts: Sequence[DemoAccount], today: dt.date) -> None:
    """Some lists for an adviser, a manager and the coordinator."""
    first_day = f"{today.year}-01-01"
    kept = {
        "adviser": [
            ("parcours", "Mes suivis en phase FAI", {"etat": "encours", "phase": "FAI"}),
            ("actes", "Prévisionnels de l’année", {"du": first_day, "type": "CSL3"}),
            ("orientations", "À relancer", {"etat": "retard"}),
        ],
        "manager": [
            ("actes", "Actes DRA de l’année", {"du": first_day, "dispositif": "DRA"}),
            ("personnes", "Sans parcours en cours", {"suivi": "non", "tri": "nom"}),
        ],
        "coordinator": [("ressources", "Modèles à jour", {"tri": "-ajout"})],
    }
    ids = dict(session.execute(select(Account.email, Account.id)).all())
    roles = {one.role: ids[one.email] for one in reversed(accounts)}
    session.add_all(
        SavedList(account_id=roles[role], list=of, name=name, filters=filters)
        for role, lists in kept.items()
        for of, name, filters in lists
    )
    session.flush()
