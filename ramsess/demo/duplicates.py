"""People whom the demo's structures entered twice, each a little otherwise, and what is found."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramsess.actions.duplicates import search_duplicates
from ramsess.models import Acquaintance, Beneficiary, ExchangeKey, Structure

ENTERED_TWICE = 4


def enter_twice(session: Session, day: dt.date, busy: str) -> None:
    """Of people whom the demo's adviser knows, second records of hers; of one, another's too."""
    ids = dict(session.execute(select(Structure.code, Structure.id)).all())
    elsewhere = next(number for code, number in sorted(ids.items()) if code != busy)
    known = select(ExchangeKey.record_id).where(ExchangeKey.sheet == "Bénéficiaires")
    only_here = known.group_by(ExchangeKey.record_id).having(
        func.count(ExchangeKey.structure_id.distinct()) == 1,
        func.min(ExchangeKey.structure_id) == ids[busy],
    )
    people = session.scalars(
        select(Beneficiary)
        .where(
            Beneficiary.id.in_(only_here),
            Beneficiary.birth_date.is_not(None),
            func.length(Beneficiary.last_name) > 6,
        )
        .order_by(Beneficiary.id)
        .limit(ENTERED_TWICE)
    ).all()
    for rank, person in enumerate(people):
        last, first = person.last_name, person.first_name
        again = Beneficiary(
            last_name=(last[:-2] + last[-1], last.upper(), first, f"{last}-Mistralet")[rank % 4],
            first_name=last if rank % 4 == 2 else first,
            birth_date=person.birth_date,
            sex_code=person.sex_code,
            commune_code=person.commune_code,
            phone=person.phone if rank % 2 else "",
            email=f"fiche{rank}@demo.example",
        )
        if rank % 4 == 1:
            again.birth_date = None
        session.add(again)
        session.flush()
        structure_id = elsewhere if rank == 0 else ids[busy]
        session.add(Acquaintance(beneficiary_id=again.id, structure_id=structure_id, since=day))
    session.flush()
    search_duplicates(session)
