"""What a cell may name: codes with their validity, communes, structures; read once an import."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.models import CODE_LISTS, ActType, Commune, Department, Structure
from ramsess.models.calendar import today

if TYPE_CHECKING:
    from ramsess.exchange.check.lines import Line
    from ramsess.exchange.layout import Column


@dataclass(frozen=True)
class Validity:
    """First and last day on which a code may be used; None where there is no bound."""

    first: dt.date | None
    last: dt.date | None

    def covers(self, day: dt.date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass
class Catalogue:
    """Codes by list, communes, structures; ``outside`` gathers communes to add (*hors région*)."""

    today: dt.date
    codes: dict[str, dict[str, Validity]]
    kinds: dict[str, str]
    communes: set[str]
    departments: set[str]
    structures: dict[str, int]
    outside: set[str] = field(default_factory=set)

    def refuse_closed(self, line: Line, column: Column, day: dt.date) -> None:
        """Report the code in that cell when it may not be used on *day*."""
        bounded = self._bounded.get(column.code_list or "")
        validity = bounded.get(line[column.name] or "") if bounded else None
        if validity and not validity.covers(day):
            line.problem(
                column.name,
                f"Le code « {line[column.name]} » est fermé au {day:%d/%m/%Y} : "
                "choisissez un code en vigueur.",
            )

    def code_of(self, structure_id: int) -> str:
        """The code of a structure known by its id."""
        return self._codes_by_id[structure_id]

    def __post_init__(self) -> None:
        self._bounded = {
            name: {code: item for code, item in codes.items() if item.first or item.last}
            for name, codes in self.codes.items()
        }
        self._codes_by_id = {value: key for key, value in self.structures.items()}


def load_catalogue(session: Session) -> Catalogue:
    """Read the catalogue of the moment."""
    codes = {}
    for name, model in CODE_LISTS.items():
        rows = session.execute(select(model.code, model.valid_from, model.valid_to))
        codes[name] = {code: Validity(first, last) for code, first, last in rows}
    return Catalogue(
        today=today(),
        codes=codes,
        kinds=dict(session.execute(select(ActType.code, ActType.kind)).all()),
        communes=set(session.scalars(select(Commune.code))),
        departments=set(session.scalars(select(Department.code))),
        structures=dict(session.execute(select(Structure.code, Structure.id)).all()),
    )
