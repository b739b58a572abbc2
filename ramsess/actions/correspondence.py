"""What the DLA calls our codes, today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ramsess.models import CODE_LISTS, DlaTerm
from ramsess.models.calendar import today

#: The code lists that have a correspondence, in the order of their pages.
LISTS = {
    "phases": "Phases",
    "act_types": "Types d’acte",
    "outcomes": "Motifs de sortie",
    "legal_forms": "Formes juridiques",
    "sectors": "Secteurs",
}


@dataclass(frozen=True)
class Term:
    """A code with its label, and the DLA's term; empty when it has none, and the note says why."""

    list: str
    code: str
    label: str
    term: str
    note: str


def terms_today(session: Session) -> Sequence[Term]:
    """The correspondence that holds today: list by list, in the order of the codes."""
    found = []
    for name in LISTS:
        model = CODE_LISTS[name]
        rows = session.execute(
            select(model.code, model.label, DlaTerm.term, DlaTerm.note)
            .join(DlaTerm, DlaTerm.code == model.code)
            .where(
                DlaTerm.list == name,
                or_(DlaTerm.valid_from.is_(None), DlaTerm.valid_from <= today()),
                or_(DlaTerm.valid_to.is_(None), DlaTerm.valid_to >= today()),
            )
            .order_by(model.position, model.code, func.lower(DlaTerm.term))
        )
        found += [Term(name, *row) for row in rows]
    return found
