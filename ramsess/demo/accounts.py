"""The demo's accounts: one of each role, advisers linked to whom they are in the acts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.demo.team import Team
from ramsess.models import Account, Adviser, Grant, Structure

# Printed on the screen of whoever makes the demo: an invented network has no secret.
PASSWORD = "mistral-et-garrigue-2009"  # noqa: S105  # no secret: it is printed
DOMAIN = "demo.example"
ADVISERS_WITH_ACCOUNT = 6


@dataclass(frozen=True)
class DemoAccount:
    """Who may sign in: e-mail, name, role, codes of structures."""

    email: str
    name: str
    role: str
    structures: tuple[str, ...] = ()


def demo_accounts(team: Team) -> list[DemoAccount]:
    """The accounts: advisers of several structures (a shared post first), then other roles."""
    shared = [one for one in team.colleagues if one.shared]
    single = {tuple(one.posts): one for one in reversed(team.colleagues) if not one.shared}
    chosen = shared[:1] + sorted(single.values(), key=lambda one: one.rank)
    accounts = [
        DemoAccount(one.email, f"{one.first_name} {one.last_name}", "adviser", tuple(one.posts))
        for one in chosen[:ADVISERS_WITH_ACCOUNT]
    ]
    return [
        *accounts,
        DemoAccount(f"responsable@apeas.{DOMAIN}", "Responsable Démo", "manager", ("APEAS",)),
        DemoAccount(f"coordination@{DOMAIN}", "Coordination Démo", "coordinator"),
        DemoAccount(f"region@{DOMAIN}", "Région Démo", "funder"),
        DemoAccount(f"technique@{DOMAIN}", "Technique Démo", "admin"),
        DemoAccount(f"dpo@{DOMAIN}", "Protection des données Démo", "dpo"),
    ]


def create_accounts(session: Session, accounts: list[DemoAccount]) -> None:
    """Create *accounts*, all with the same password; needs an application context."""
    hashed = hash_password(PASSWORD)
    ids = dict(session.execute(select(Structure.code, Structure.id)).all())
    for item in accounts:
        account = Account(
            email=item.email,
            name=item.name,
            password=hashed,
            active=True,
            fs_uniquifier=uuid.uuid4().hex,
            grants=[Grant(role_name=item.role, structure_id=ids[code]) for code in item.structures]
            or [Grant(role_name=item.role)],
        )
        account.adviser = session.scalar(select(Adviser).where(Adviser.email == item.email))
        session.add(account)
    session.flush()
