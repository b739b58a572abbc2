"""What a figure is made of: the records it counts, line by line, with what each adds (Rule 13).

A table keeps what every cell was counted from (``Part``); how the figure comes out of it is its
``Measure``. ``Table.behind`` gives the lines and works the figure out again from them alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from ramsess.reports.columns import NONE
from ramsess.reports.rounding import Number, percentages, quantile

if TYPE_CHECKING:
    from ramsess.reports.table import Table, Unit

Ids = npt.NDArray[np.int64]
Cell: TypeAlias = tuple[str, str]
#: Turns a whole sum of a cell (minutes, hundredths) into the figure shown; row, column, sum.
Scale: TypeAlias = Callable[[str, str, int], Number]
#: The column of what the structures' columns count too often (Rule 1), and that of the network.
SHARED, TOTAL = "SHARED", "TOTAL"


@dataclass(frozen=True)
class Part:
    """Contributions to cells: record *ids* of *kind*, each in a row and a column.

    Each counts once, or adds its *amounts* (whole numbers). *whom*: the person at an attendance.
    """

    kind: str
    ids: Ids
    rows: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    amounts: npt.NDArray[np.integer] | None = None
    whom: Ids | None = None


@dataclass(frozen=True)
class Behind:
    """The lines behind a figure, and the *figure* worked out from them alone.

    Line *i* is the record ``ids[i]`` of *kind* (``act``, ``parcours``, ``person``…), which adds
    ``amounts[i]``: 1 where records are counted; ``whom[i]``: the person of an attendance, or
    NONE. ``shown(amounts[i])`` is what the line shows, in *unit*. *adds*: the figure is their sum;
    *how* says in French how it comes out of the lines, where that is not plain.
    """

    kind: str
    ids: Ids
    amounts: Ids
    whom: Ids
    unit: Unit
    figure: Number = 0
    scale: Callable[[int], Number] = int
    how: str = ""
    adds: bool = True

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def plain(self) -> bool:
        """True when every line counts 1."""
        return bool((self.amounts == 1).all())

    def shown(self, amount: int) -> Number:
        """What a line that adds *amount*, or several together, shows."""
        return self.scale(int(amount))


def lines(parts: Iterable[Part], here: Callable[[Part], npt.NDArray[np.bool_]]) -> Lines:
    """The lines of *parts* that are *here*: one a count; a record's amounts together in one."""
    kind, counted, added = "", [], []
    for part in parts:
        held = here(part)
        if not held.any():
            continue
        kind = part.kind
        ids = part.ids[held]
        if part.amounts is None:
            whom = np.full(len(ids), NONE) if part.whom is None else part.whom[held]
            counted.append((ids, np.ones(len(ids), dtype=np.int64), whom))
        else:
            added.append((ids, part.amounts[held].astype(np.int64)))
    if added:
        ids, amounts = together(added)
        counted.append((ids, amounts, np.full(len(ids), NONE)))
    return Lines(kind, *_joined(counted))


@dataclass(frozen=True)
class Lines:
    """Records of a kind, what each adds, and whom."""

    kind: str
    ids: Ids
    amounts: Ids
    whom: Ids


def together(batches: Sequence[tuple[Ids, Ids]]) -> tuple[Ids, Ids]:
    """Each record once, with all that it adds."""
    ids, place = np.unique(np.concatenate([ids for ids, _ in batches]), return_inverse=True)
    sums = np.zeros(len(ids), dtype=np.int64)
    np.add.at(sums, place, np.concatenate([amounts for _, amounts in batches]))
    return ids, sums


def _joined(batches: Sequence[tuple[Ids, Ids, Ids]]) -> tuple[Ids, Ids, Ids]:
    if not batches:
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing, nothing
    ids, amounts, whom = (np.concatenate(arrays) for arrays in zip(*batches, strict=True))
    return ids, amounts, whom


class Measure:
    """How a figure comes out of the records of its cell: their number, or their sum."""

    def behind(self, table: Table, row: str, column: str) -> Behind:
        """The lines of that cell, and the figure; none that adds nothing."""
        found = self.of_all(table, row, column)
        held = found.amounts != 0
        return replace(
            found, ids=found.ids[held], amounts=found.amounts[held], whom=found.whom[held]
        )

    @staticmethod
    def of_all(table: Table, row: str, column: str) -> Behind:
        """The lines of that cell, those of nothing too, and their sum."""
        found = table.lines(row, column)

        def scale(amount: int) -> Number:
            return table.scaled(row, column, amount)

        return Behind(
            found.kind,
            found.ids,
            found.amounts,
            found.whom,
            table.unit_of(row, column),
            scale(int(found.amounts.sum())),
            scale,
        )


class Shared(Measure):
    """*Partagés*: how many times too many the structures' columns count each record (Rule 1)."""

    def behind(self, table: Table, row: str, column: str) -> Behind:
        """The records that the columns do not count as often as the network does."""
        whole = self.of_all(table, row, column)
        own = [item.key for item in table.columns if item.key not in (SHARED, TOTAL)]
        counted = [table.lines(row, key) for key in own]
        once = table.lines(row, TOTAL)
        kind = next((found.kind for found in (once, *counted) if found.kind), "")
        ids, amounts = together(
            [*((found.ids, found.amounts) for found in counted), (once.ids, -once.amounts)]
        )
        held = amounts != 0
        return replace(
            whole,
            kind=kind,
            ids=ids[held],
            amounts=amounts[held],
            whom=np.full(np.count_nonzero(held), NONE),
            figure=whole.scale(int(amounts.sum())),
            how="Chaque ligne dit combien de fois de trop les colonnes des structures la comptent.",
        )


@dataclass(frozen=True)
class Quantile(Measure):
    """The value under which a *share* of the lines stand, by linear interpolation."""

    share: float

    def behind(self, table: Table, row: str, column: str) -> Behind:
        """The lines, each with its value."""
        found = self.of_all(table, row, column)
        return replace(
            found,
            adds=False,
            figure=quantile(found.amounts, self.share),
            how=(
                "La plus petite de ces valeurs." if self.share == 0
                else "La plus grande de ces valeurs." if self.share == 1
                else f"{_QUANTILES[self.share]} de ces valeurs, par interpolation linéaire."
            ),
        )  # fmt: skip


_QUANTILES = {0.25: "Premier quartile", 0.5: "Médiane", 0.75: "Troisième quartile"}


@dataclass(frozen=True)
class PartOf(Measure):
    """Whole per cent of *own* among *cells*, which add up to 100 (Rule 9); all of them: *own*
    None, and *whole* the cell that counts them."""

    cells: tuple[Cell, ...]
    own: Cell | None
    whole: Cell

    def behind(self, table: Table, row: str, column: str) -> Behind:
        """The records of *own*; the figure from those of every cell."""
        values = [table.behind(*cell).figure for cell in self.cells]
        shares = percentages(values)
        found = table.behind(*(self.own or self.whole))
        if self.own is None:
            return replace(found, adds=False, figure=sum(shares), how="L’ensemble.")
        return replace(
            found,
            adds=False,
            figure=shares[self.cells.index(self.own)],
            how=(
                "Part de ces lignes dans l’ensemble ; les parts sont arrondies de façon que leur "
                "somme fasse 100 %."
            ),
        )


@dataclass(frozen=True)
class Known(Measure):
    """Per cent, rounded down, of the records of the row *all_of* that are not in *missing*."""

    all_of: str
    missing: str

    def behind(self, table: Table, row: str, column: str) -> Behind:
        """The records of the group: 1 where the field is known, 0 where it is to be completed."""
        found = table.behind(self.all_of, column)
        wanting = table.lines(self.missing, column)
        known = (~np.isin(found.ids, wanting.ids)).astype(np.int64)
        return replace(
            found,
            amounts=known,
            adds=False,
            figure=100 * int(known.sum()) // len(known),
            how="Part des fiches où c’est renseigné (1), arrondie vers le bas ; 0 : à compléter.",
        )


@dataclass(frozen=True)
class Change(Measure):
    """The figure of the column *current* less that of *before*."""

    current: str = "current"
    before: str = "previous"

    def behind(self, table: Table, row: str, column: str) -> Behind:
        """The lines of both: those of *before* are taken away."""
        new, old = table.behind(row, self.current), table.behind(row, self.before)
        return replace(
            new,
            kind=new.kind or old.kind,
            ids=np.concatenate([new.ids, old.ids]),
            amounts=np.concatenate([new.amounts, -old.amounts]),
            whom=np.concatenate([new.whom, old.whom]),
            figure=round(new.figure - old.figure, 2),
            how="Ce qui compte dans la période, moins ce qui compte dans la période comparée.",
        )


COUNTED = Measure()
IN_COMMON = Shared()

__all__ = [
    "COUNTED", "IN_COMMON", "SHARED", "TOTAL", "Behind", "Change", "Ids", "Known", "Lines",
    "Measure", "Part", "PartOf", "Quantile", "Scale", "Shared", "lines",
]  # fmt: skip
