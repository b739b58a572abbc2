"""Rows and columns that several tables share, and keys derived from facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from ramsess.reports.columns import look_up, or_nr
from ramsess.reports.facts import EPOCH, Facts
from ramsess.reports.lists import Item
from ramsess.reports.table import Column, Row, RowKind, Tally, Unit

NR = Item("NR", "Non renseigné")
TOTAL_ROW = Row("TOTAL", "Total", RowKind.TOTAL)
TOTAL_COLUMN = Column("TOTAL", "Total")


def with_nr(items: Iterable[Item]) -> list[Item]:
    """*items* and, last, *non renseigné*: unknown is a value (Rule 9)."""
    return [item for item in items if item.code != "NR"] + [NR]


def rows_of(items: Iterable[Item], *, total: bool = True) -> list[Row]:
    """One row an item, then the total."""
    rows = [Row(item.code, item.label) for item in items]
    return [*rows, TOTAL_ROW] if total else rows


def columns_of(items: Iterable[Item]) -> list[Column]:
    """One column an item, then the total."""
    return [*(Column(item.code, item.label) for item in items), TOTAL_COLUMN]


def structure_codes(facts: Facts) -> list[str]:
    """The structures that have a column: members in the period, and whoever has a figure in it."""
    frames = (facts.shares, facts.involvements, facts.contributions, facts.actions)
    active = {code for frame in frames for code in frame["structure"].unique()}
    return [
        item.code
        for item in facts.lists.structures
        if item.code in facts.lists.members or item.code in active
    ]


def structure_columns(
    facts: Facts, structures: Sequence[str], unit: Unit, *, shared: bool
) -> list[Column]:
    """A column a structure, *Partagés* when all are there, and the unduplicated total (Rule 1)."""
    names = {item.code: item.label for item in facts.lists.structures}
    columns = [Column(code, names[code], unit) for code in structures]
    if shared:
        columns.append(Column("SHARED", "Partagés", unit))
    return [*columns, Column("TOTAL", "Total réseau (dédoublonné)", unit)]


def act_type_rows(facts: Facts) -> list[Row]:
    """Each family as a subtotal with its types under it, then the total."""
    rows: list[Row] = []
    for family in facts.lists.codes["act_families"]:
        rows.append(Row(family.code, family.label, RowKind.SUBTOTAL))
        rows += [
            Row(item.code, f"{item.code} {item.label}", level=1)
            for item in facts.lists.codes["act_types"]
            if item.parent == family.code
        ]
    return [*rows, TOTAL_ROW]


def families(facts: Facts, types: pd.Series) -> pd.Categorical:
    """The family of each act type."""
    parents = {item.code: item.parent for item in facts.lists.codes["act_types"]}
    return look_up(types, parents, "")


def collective_type_rows(
    facts: Facts, used: Iterable[str], families_shown: Iterable[str]
) -> list[Row]:
    """The act types of *families_shown* and those *used*, in the list's order, then the total."""
    wanted, shown = set(used), set(families_shown)
    return [
        *(
            Row(item.code, f"{item.code} {item.label}")
            for item in facts.lists.codes["act_types"]
            if item.code in wanted or item.parent in shown
        ),
        TOTAL_ROW,
    ]


def months(facts: Facts, days: pd.Series) -> pd.Categorical:
    """The month (``2009-03``) of days since 1970-01-01; missing outside the period."""
    keys = facts.period.months()
    dates = (np.datetime64(EPOCH) + days.to_numpy().astype("timedelta64[D]")).astype(
        "datetime64[M]"
    )
    position = (dates - np.datetime64(keys[0], "M")).astype(np.int64)
    return pd.Categorical.from_codes(
        np.where((position >= 0) & (position < len(keys)), position, -1),
        categories=pd.Index(keys, dtype=object),
    )


def departments(facts: Facts, communes: pd.Series) -> pd.Categorical:
    """The département of each commune; ``HR`` outside the region, ``NR`` unknown."""
    return or_nr(pd.Series(look_up(communes, facts.lists.department_of, "HR")))


def epcis(facts: Facts, communes: pd.Series) -> pd.Categorical:
    """The EPCI of each commune; no row (``-``) outside the region, missing when unknown."""
    return look_up(communes, facts.lists.epci_of, "-")


def accompanied(facts: Facts) -> pd.DataFrame:
    """The persons accompanied, once each, as they were at the entry of the earliest parcours
    followed in the period (Rules 6, 8)."""
    return by_entry(facts.members, facts.parcours).drop_duplicates("person")


def by_entry(members: pd.DataFrame, parcours: pd.DataFrame) -> pd.DataFrame:
    """*members* in the order in which their *parcours* were opened; two entries on one day: the
    first structure's by code."""
    lead = parcours["lead"].array
    place = np.argsort(np.argsort(lead.categories))
    order = np.lexsort((parcours["id"], place[lead.codes], parcours["opened"]))
    rank = pd.Series(np.arange(len(order)), index=parcours["id"].to_numpy()[order])
    return members.assign(rank=rank.reindex(members["parcours"]).to_numpy()).sort_values("rank")


def exits(facts: Facts) -> pd.DataFrame:
    """The parcours that ended in the period with the structures still there (Rule 4)."""
    closed = facts.parcours["closed"]
    ended = (closed >= facts.first) & (closed <= facts.last)
    return facts.parcours[ended & (facts.parcours["exited"] >= closed)]


def cross(
    tally: Tally, kind: str, ids: pd.Series, rows: pd.Categorical, columns: pd.Categorical
) -> None:
    """Count *ids* in their cell and in the totals of row, column and table."""
    for row in (rows, "TOTAL"):
        for column in (columns, "TOTAL"):
            tally.count(kind, ids, row, column)


__all__ = [
    "NR", "TOTAL_COLUMN", "TOTAL_ROW", "accompanied", "act_type_rows", "by_entry",
    "collective_type_rows",
    "columns_of", "cross", "departments", "epcis", "exits", "families", "months", "or_nr",
    "rows_of", "structure_codes", "structure_columns", "with_nr",
]  # fmt: skip
