"""A few people of some structures, by name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.duplicates import Search, search_duplicates
from ramsess.models import Acquaintance, Beneficiary, DuplicatePair, Structure

BORN = dt.date(1980, 4, 3)
SINCE = dt.date(2009, 1, 5)


@dataclass
class Base:
    """*know* enters a person for structures; *pair* finds the pair of two of them."""

    session: Session
    ids: dict[str, int]
    people: list[Beneficiary] = field(default_factory=list)

    def know(
        self, last: str, first: str, *codes: str, agreed: bool | None = None, **more: Any
    ) -> Beneficiary:
        person = Beneficiary(last_name=last, first_name=first, **{"birth_date": BORN, **more})
        self.session.add(person)
        self.session.flush()
        for code in codes:
            self.session.add(
                Acquaintance(
                    beneficiary_id=person.id,
                    structure_id=self.ids[code],
                    since=SINCE,
                    sharing_agreed=agreed,
                )
            )
        self.session.flush()
        self.people.append(person)
        return person

    def search(self) -> Search:
        done = search_duplicates(self.session)
        self.session.commit()
        return done

    def pairs(self) -> list[DuplicatePair]:
        return list(self.session.scalars(select(DuplicatePair).order_by(DuplicatePair.id)).all())


@pytest.fixture
def base(session: Session) -> Base:
    rows = session.execute(select(Structure.code, Structure.id)).all()
    return Base(session, dict(rows))  # type: ignore[arg-type]
