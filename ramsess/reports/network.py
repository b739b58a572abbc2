"""The network as it shows itself: its members, how to reach them, their global schema.

Public: only what each structure has confirmed of itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.models import (
    CODE_LISTS,
    Commune,
    Nomenclature,
    Positioning,
    Presentation,
    Structure,
)
from ramsess.models.names import normalise
from ramsess.models.structure import members_between

Codes = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Member:
    """A structure of the network. *degrees*: (phase, speciality) → rank of its degree, from 1.

    Without *confirmed* it has said nothing of itself yet, and the rest is empty.
    """

    code: str
    name: str
    confirmed: bool = False
    commune: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    degrees: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def rank(self, phase: str, speciality: str = "") -> int:
        """The rank of its degree at *phase*: in *speciality*, else the highest of all; 0 none."""
        return max(
            (
                rank
                for (at, within), rank in self.degrees.items()
                if at == phase and speciality in ("", within)
            ),
            default=0,
        )


@dataclass(frozen=True)
class NetworkSchema:
    """The global schema: members × *phases*, by speciality. *degrees*: labels, the least first."""

    phases: Codes
    specialities: Codes
    degrees: Sequence[str]
    members: Sequence[Member]

    def phases_of(self, member: Member) -> list[str]:
        """The labels of the phases at which a member intervenes."""
        return [label for code, label in self.phases if member.rank(code)]

    def degree(self, rank: int) -> str:
        """The label of a rank; nothing for 0."""
        return self.degrees[rank - 1] if rank else ""

    def label_of(self, speciality: str) -> str:
        """The label of a speciality."""
        return dict(self.specialities).get(speciality, "")

    def drawn(self, speciality: str = "") -> list[Member]:
        """The members that have something to show, by name."""
        return [
            member
            for member in self.members
            if any(member.rank(phase, speciality) for phase, _ in self.phases)
        ]


def read_network(session: Session, day: dt.date) -> NetworkSchema:
    """The members on *day* and what they say of themselves."""
    degrees = _codes(session, "degrees", day)
    ranks = {code: rank for rank, (code, _) in enumerate(degrees, start=1)}
    placed: dict[int, dict[tuple[str, str], int]] = {}
    lines = session.execute(
        select(
            Positioning.structure_id,
            Positioning.phase_code,
            Positioning.speciality_code,
            Positioning.degree_code,
        )
    )
    for structure, phase, speciality, degree in lines:
        placed.setdefault(structure, {})[phase, speciality] = ranks.get(degree, 0)
    rows = session.execute(
        select(Structure, Presentation, Commune.name)
        .outerjoin(
            Presentation,
            (Presentation.structure_id == Structure.id) & Presentation.confirmed_on.is_not(None),
        )
        .outerjoin(Commune, Commune.code == Presentation.commune_code)
        .where(Structure.id.in_(members_between(day, day)))
    ).all()
    return NetworkSchema(
        _codes(session, "phases", day),
        _codes(session, "specialities", day),
        [label for _, label in degrees],
        [
            Member(
                structure.code,
                structure.name,
                confirmed=True,
                commune=commune or "",
                address=said.address,
                phone=said.phone,
                email=said.email,
                website=said.website,
                degrees=placed.get(structure.id, {}),
            )
            if said
            else Member(structure.code, structure.name)
            for structure, said, commune in sorted(rows, key=_by_name)
        ],
    )


def _by_name(row: Any) -> str:
    """As people look names up: without accents nor capitals."""
    return normalise(row[0].name)


def _codes(session: Session, name: str, day: dt.date) -> list[tuple[str, str]]:
    model: type[Nomenclature] = CODE_LISTS[name]
    rows = session.execute(
        select(model.code, model.label)
        .where(model.valid_to.is_(None) | (model.valid_to >= day))
        .order_by(model.position, model.code)
    )
    return [(code, label) for code, label in rows]
