"""What the demo's first adviser noted lately, so that her week shows something."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.demo.accounts import DemoAccount
from ramsess.models import Act, ActAdviser, Adviser, Involvement, Parcours, Structure

# Days before, type, which parcours (None: none), minutes, note.
LATELY = (
    (0, "CSL3", 0, 90, "Deuxième version du prévisionnel, charges revues."),
    (1, "CSL1", 1, 60, ""),
    (1, "ACC1", None, 30, "Accueil sans rendez-vous."),
    (2, "CSL3", 0, 45, ""),
    (2, "CSL5", 2, 75, "Dossier de subvention : pièces manquantes."),
    (3, "PAR1", None, 60, ""),
    (7, "CSL1", 1, 60, ""),
    (8, "CSL3", 0, 120, ""),
    (8, "CSL3", 0, 30, "Rappel par téléphone."),
    (9, "CSL4", 2, 60, "SCOP ou SCIC : tableau comparatif remis."),
    (10, "PAR1", None, 45, ""),
    (11, "SUI1", 3, 50, ""),
    (11, "CSL2", 4, 105, "Étude de la zone de chalandise."),
)


def note_lately(session: Session, accounts: Sequence[DemoAccount], day: dt.date) -> None:
    """Add the acts of her last days of work before *day*, on parcours where she may do them."""
    code = accounts[0].structures[0]
    structure = session.scalars(select(Structure).where(Structure.code == code)).one()
    adviser = session.scalars(select(Adviser).where(Adviser.email == accounts[0].email)).one()
    parcours = session.scalars(
        select(Parcours.id)
        .join(Involvement, Involvement.parcours_id == Parcours.id)
        .where(
            Involvement.structure_id == structure.id,
            Involvement.left_on.is_(None),
            Parcours.exited_on.is_(None),
        )
        .order_by(Parcours.entered_on.desc(), Parcours.id)
        .limit(5)
    ).all()
    for ago, kind, which, minutes, note in LATELY:
        done_on = day - dt.timedelta(days=ago)
        if done_on.weekday() < 5:
            session.add(
                Act(
                    done_on=done_on,
                    type_code=kind,
                    structure_id=structure.id,
                    parcours_id=parcours[which % len(parcours)]
                    if which is not None and parcours
                    else None,
                    note=note,
                    shares=[
                        ActAdviser(
                            adviser_id=adviser.id,
                            structure_id=structure.id,
                            recorded_by_id=structure.id,
                            minutes=minutes,
                        )
                    ],
                )
            )
    session.flush()
