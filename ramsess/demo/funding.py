"""Funding that the demo's projects obtained; the exchange workbook does not speak of it."""

from __future__ import annotations

from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.demo.names import weighted
from ramsess.demo.projects import JOBS
from ramsess.models import Funding, Parcours

SOURCES = {"REGION": 20, "DEP": 12, "EPCI": 9, "ETAT": 8, "EUROPE": 4, "FRACTIVE": 14, "ADIE": 8,
           "BANQUE": 12, "FOND": 8, "APPORT": 20, "PARTICIP": 5}  # fmt: skip


def obtain_funding(session: Session, random: Random) -> None:
    """Give one to three fundings to most of the parcours that ended well."""
    ended = session.scalars(
        select(Parcours).where(Parcours.outcome_code.in_(JOBS)).order_by(Parcours.reference)
    )
    for parcours in ended:
        if random.random() < 0.7:
            for source in sorted({weighted(random, SOURCES) for _ in range(random.randint(1, 3))}):
                session.add(
                    Funding(
                        parcours_id=parcours.id,
                        source_code=source,
                        cents=random.randrange(10, 400) * 100_00,
                        obtained_on=parcours.exited_on,
                    )
                )
