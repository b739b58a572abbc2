"""The names of what a report counts: code lists, territory, structures, as they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ramsess.models import (
    CODE_LISTS,
    ActType,
    Commune,
    Department,
    Epci,
    QualityLimit,
    Structure,
)
from ramsess.models.correction import KINDS
from ramsess.models.structure import members_between
from ramsess.reports.period import Period


@dataclass(frozen=True)
class Item:
    """A code and its label; *parent* is a type's family, an EPCI's département."""

    code: str
    label: str
    parent: str = ""


@dataclass(frozen=True)
class Lists:
    """Code lists in their order, territory, and the structures by code.

    *structures* are all those known; *members* those that belong to the network in the period.
    *kind_of*: I, C or N by act type. *limits*: where a record becomes one to look at, by code.
    """

    codes: dict[str, tuple[Item, ...]]
    departments: tuple[Item, ...]
    epcis: tuple[Item, ...]
    structures: tuple[Item, ...]
    members: tuple[str, ...]
    structure_ids: dict[int, str]
    department_of: dict[str, str]
    epci_of: dict[str, str]
    kind_of: dict[str, str]
    limits: dict[str, int]

    def labels(self, name: str) -> dict[str, str]:
        """Label by code of the list *name*."""
        return {item.code: item.label for item in self.codes[name]}

    @classmethod
    def read(cls, connection: Connection, period: Period) -> Lists:
        """Read the names with *connection*, in its snapshot."""
        structures = connection.execute(
            select(Structure.id, Structure.code, Structure.name).order_by(Structure.id)
        ).all()
        members = connection.scalars(members_between(period.first, period.last)).all()
        communes = connection.execute(
            select(Commune.code, Commune.department_code, Commune.epci_code)
        ).all()
        epcis = select(Epci.code, Epci.name, Epci.department_code).order_by(Epci.name)
        departments = select(Department.code, Department.name).order_by(Department.code)
        return cls(
            codes={name: _items(connection, name) for name in CODE_LISTS}
            | {"correction_kinds": tuple(Item(*pair) for pair in KINDS.items())},
            departments=tuple(Item(*row) for row in connection.execute(departments)),
            epcis=tuple(Item(*row) for row in connection.execute(epcis)),
            structures=tuple(Item(row.code, row.name) for row in structures),
            members=tuple(row.code for row in structures if row.id in members),
            structure_ids={row.id: row.code for row in structures},
            department_of={row.code: row.department_code for row in communes if row.epci_code},
            epci_of={row.code: row.epci_code for row in communes if row.epci_code},
            kind_of=dict(connection.execute(select(ActType.code, ActType.kind)).all()),
            limits=dict(connection.execute(select(QualityLimit.code, QualityLimit.amount)).all()),
        )


def _items(connection: Connection, name: str) -> tuple[Item, ...]:
    model = CODE_LISTS[name]
    columns: Sequence[object] = [model.code, model.label]
    if model is ActType:
        columns = [*columns, ActType.family_code]
    query = select(*columns).order_by(model.position, model.code)  # type: ignore[call-overload]  # columns of any list
    return tuple(Item(*row) for row in connection.execute(query))
