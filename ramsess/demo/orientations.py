"""Orientations of the demo's people: no workbook says them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from ramsess.models import Assignment, Involvement, Orientation, Parcours, Structure
from ramsess.models.structure import members_between

REASONS = (
    "Cherche un local et un premier prévisionnel ; l’étude de besoins est faite.",
    "Souhaite employer une première personne : contrat, paie, convention collective.",
    "Le modèle économique tient ; reste à trouver un prêt et une garantie.",
    "Hésite entre association et SCOP ; a besoin d’un appui juridique.",
    "Activité lancée il y a deux ans, qui plafonne : consolider avant d’embaucher.",
)
REFUSALS = (
    "Hors de notre territoire.",
    "Permanences complètes jusqu’au mois prochain.",
    "Ce besoin relève plutôt d’un expert-comptable.",
)
PARTNERS = ("ADIE", "FRACTIVE", "DLA", "POLE", "CMA", "CCI")
# Of the structures that take part in a parcours of another, how many came by an orientation.
ORIENTED = 0.6
REFUSED, OUTSIDE, WAITING = 40, 60, 14


def make_orientations(session: Session, random: Random, today: dt.date, busy: str) -> None:
    """What is known of two years, and what waits today; *busy* is a structure with some of each."""
    ids = dict(session.execute(select(Structure.code, Structure.id)).all())
    draw = _Draw(session, random, sorted(session.scalars(members_between(today, today))))
    rows = list(draw.accepted())
    rows += [draw.refused(parcours) for parcours in draw.some(draw.ended, REFUSED)]
    rows += [draw.outside(parcours) for parcours in draw.some(draw.ended, OUTSIDE)]
    rows += draw.waiting(today, ids[busy])
    if rows:
        session.execute(insert(Orientation), rows)


class _Draw:
    """Draws orientations of parcours that are there."""

    def __init__(self, session: Session, random: Random, members: list[int]) -> None:
        self.random, self.members = random, members
        self.ended = session.scalars(
            select(Parcours).where(Parcours.exited_on.is_not(None)).order_by(Parcours.reference)
        ).all()
        self.open = session.scalars(
            select(Parcours).where(Parcours.exited_on.is_(None)).order_by(Parcours.reference)
        ).all()
        self.joined = session.execute(
            select(Parcours, Involvement.structure_id, Involvement.joined_on)
            .join(Involvement)
            .where(Involvement.structure_id != Parcours.lead_structure_id)
            .order_by(Parcours.reference, Involvement.structure_id)
        ).all()
        self.present: defaultdict[int, set[int]] = defaultdict(set)
        for parcours, structure, _ in self.joined:
            self.present[parcours.id].add(structure)
        self.advisers: defaultdict[int, list[int]] = defaultdict(list)
        for item in session.scalars(select(Assignment).order_by(Assignment.id)):
            self.advisers[item.structure_id].append(item.adviser_id)

    def row(self, parcours: Parcours, proposed: dt.date, **more: Any) -> dict[str, Any]:
        sender = more.get("from_structure_id", parcours.lead_structure_id)
        return {
            "from_structure_id": sender,
            "adviser_id": self.random.choice(self.advisers[sender]),
            "to_structure_id": None,
            "partner_code": None,
            "parcours_id": parcours.id,
            "reason": self.random.choice(REASONS),
            "consent_on": proposed,
            "proposed_on": proposed,
            "answer": None,
            "answered_on": None,
            "answer_note": "",
            **more,
        }

    def accepted(self) -> Any:
        """Most of those that came into a parcours of another had been asked to."""
        for parcours, structure, joined in self.joined:
            proposed = max(parcours.entered_on, joined - self._days(1, 25))
            if self.random.random() < ORIENTED:
                yield self.row(
                    parcours, proposed, to_structure_id=structure, answer="accepted",
                    answered_on=joined,
                )  # fmt: skip

    def refused(self, parcours: Parcours) -> dict[str, Any]:
        assert parcours.exited_on
        answer = "refused" if self.random.random() < 0.75 else "closed"
        return self.row(
            parcours, parcours.entered_on, to_structure_id=self._other(parcours), answer=answer,
            answered_on=min(parcours.entered_on + self._days(2, 40), parcours.exited_on),
            answer_note=self.random.choice(REFUSALS) if answer == "refused" else "",
        )  # fmt: skip

    def outside(self, parcours: Parcours) -> dict[str, Any]:
        assert parcours.exited_on
        return self.row(
            parcours, parcours.entered_on, partner_code=self.random.choice(PARTNERS),
            answer=self.random.choices(("accepted", "refused", "closed"), (6, 2, 2))[0],
            answered_on=min(parcours.entered_on + self._days(0, 60), parcours.exited_on),
        )  # fmt: skip

    def waiting(self, today: dt.date, busy: int) -> list[dict[str, Any]]:
        """The busy structure is asked three things, asks two, and others wait too."""
        rows = []
        own = [item for item in self.open if item.lead_structure_id == busy]
        others = [
            item
            for item in self.open
            if item.lead_structure_id != busy and busy not in self.present[item.id]
        ]
        for parcours in self.some(others, 3):
            day = today - self._days(2, 25)
            rows.append(self.row(parcours, day, to_structure_id=busy))
        for parcours in self.some(own, 2):
            day = today - self._days(10, 30)
            rows.append(self.row(parcours, day, to_structure_id=self._other(parcours)))
        for parcours in self.some(others, WAITING):
            day = today - self._days(2, 25)
            rows.append(self.row(parcours, day, partner_code=self.random.choice(PARTNERS)))
        return rows

    def some(self, found: Sequence[Parcours], number: int) -> list[Parcours]:
        return self.random.sample(list(found), min(number, len(found)))

    def _other(self, parcours: Parcours) -> int:
        there = self.present[parcours.id] | {parcours.lead_structure_id}
        return self.random.choice([item for item in self.members if item not in there])

    def _days(self, least: int, most: int) -> dt.timedelta:
        return dt.timedelta(days=self.random.randint(least, most))
