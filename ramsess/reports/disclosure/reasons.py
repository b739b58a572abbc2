"""Why a cell is not in the Région's edition: for the coordinator, who sees its figure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ramsess.reports.persons import Cell


class Why(StrEnum):
    """The reason of a cell; its value is a French phrase."""

    FEW = "nombre de personnes inférieur au seuil"
    PROTECTS = "protège"
    BEFORE = "masquée dans une édition précédente"
    DERIVED = "calculée à partir d’une cellule masquée"
    BEHIND = "trop peu de fiches derrière ce chiffre"
    WITHHELD = "jamais publiée"


@dataclass(frozen=True)
class Reason:
    """A cell of the table *table_id* that is hidden, why, and because of what (*of*)."""

    table_id: str
    cell: Cell
    why: Why
    of: str = ""
