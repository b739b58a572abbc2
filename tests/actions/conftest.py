"""Two advisers of two structures, and a parcours led by the first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.acts import ActDraft, Work
from ramsess.actions.beneficiaries import PersonDraft, record_beneficiary
from ramsess.actions.parcours import ParcoursDraft, open_parcours
from ramsess.models import Account, Parcours, Structure
from tests.conftest import open_account

DAY = dt.date(2009, 3, 2)


@dataclass
class House:
    """APEAS leads the parcours; PLACE does not take part yet."""

    session: Session
    ana: Account
    bob: Account
    apeas: int
    place: int
    parcours: Parcours

    def draft(self, **said: object) -> ActDraft:
        """An act of Ana's on the parcours, with some of it said otherwise."""
        assert self.ana.adviser
        known: dict[str, object] = {
            "done_on": DAY,
            "type_code": "CSL1",
            "structure_id": self.apeas,
            "work": [Work(self.ana.adviser.id, self.apeas, 60)],
            "parcours": self.parcours,
        }
        return ActDraft(**{**known, **said})  # type: ignore[arg-type]


@pytest.fixture
def house(session: Session) -> House:
    ana = open_account(session, "adviser", "APEAS")
    bob = open_account(session, "adviser", "PLACE")
    ids = {
        code: session.scalars(select(Structure.id).where(Structure.code == code)).one()
        for code in ("APEAS", "PLACE")
    }
    person = record_beneficiary(
        session, ana, PersonDraft("Fictif", "Zoé"), structure_id=ids["APEAS"]
    )
    parcours = open_parcours(
        session,
        ana,
        ParcoursDraft(
            title="Épicerie de démonstration",
            people=[person],
            structure_id=ids["APEAS"],
            entered_on=dt.date(2009, 1, 5),
            phase_code="EME",
        ),
    )
    session.commit()
    return House(session, ana, bob, ids["APEAS"], ids["PLACE"], parcours)
