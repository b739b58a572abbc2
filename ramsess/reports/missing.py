"""What is missing before a report is handed in: whose records, in what order, how far one is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from ramsess.reports.facts import Facts, snapshot
from ramsess.reports.period import Period
from ramsess.reports.tables.looks import Look, look
from ramsess.reports.tables.quality_points import Group, Point

PointsOf: TypeAlias = Callable[[Group], tuple[Point, ...]]


@dataclass(frozen=True)
class Scope:
    """Whose records: a structure's (its code), or the network's.

    *adviser*: of the structure's, those of the acts that she did for it in the period, and of the
    parcours of these acts.
    """

    structure: str | None = None
    adviser: int | None = None


@dataclass(frozen=True)
class Line:
    """Something to complete, or to check, in *records* (their id, and the parcours where it is
    mended), out of *concerned*."""

    group: Group
    point: Point
    records: pd.DataFrame
    concerned: int

    @property
    def count(self) -> int:
        """In how many records."""
        return len(self.records)

    @property
    def weight(self) -> int:
        """How much of the report it touches: records, times the tables that read them."""
        return self.count * len(self.point.tables)


@dataclass(frozen=True)
class Progress:
    """How many records there are, and in how many all is known that a table reads."""

    complete: int
    total: int

    @property
    def left(self) -> int:
        """How many are still to complete."""
        return self.total - self.complete


class Survey:
    """What is missing in the records of a period, the same that table B19 counts."""

    def __init__(self, facts: Facts) -> None:
        self._looks = look(facts)
        self._work = facts.work

    @classmethod
    def of(cls, engine: Engine, period: Period) -> Survey:
        """The survey of *period*, read in one snapshot."""
        with snapshot(engine) as connection:
            return cls(Facts.read(connection, period))

    def to_complete(self, scope: Scope) -> list[Line]:
        """The fields that are unknown somewhere, what matters most first."""
        return self._lines(scope, lambda group: group.fields)

    def to_check(self, scope: Scope) -> list[Line]:
        """What is odd, what matters most first."""
        return self._lines(scope, lambda group: group.oddities)

    def line(self, scope: Scope, key: str) -> Line | None:
        """The line of that key, with or without records; None when there is no such thing."""
        for item in self._looks:
            for point in item.group.fields + item.group.oddities:
                if point.key == key:
                    return self._line(item, point, self._rows(item, scope))
        return None

    def progress(self, scopes: Iterable[Scope]) -> Progress:
        """Over *scopes* together, each record once."""
        known: dict[str, list[np.ndarray]] = {}
        wanting: dict[str, list[np.ndarray]] = {}
        for scope in scopes:
            for item in self._looks:
                read = [point.key for point in item.group.fields if point.tables]
                if not read:
                    continue
                rows = self._rows(item, scope)
                missing = rows[read].to_numpy(dtype=bool).any(axis=1)
                known.setdefault(item.group.kind, []).append(rows["id"].to_numpy())
                wanting.setdefault(item.group.kind, []).append(rows["id"].to_numpy()[missing])
        total = sum(len(np.unique(np.concatenate(ids))) for ids in known.values())
        left = sum(len(np.unique(np.concatenate(ids))) for ids in wanting.values())
        return Progress(total - left, total)

    def advisers(self, structure: str) -> list[int]:
        """Those who worked for the structure in the period."""
        work = self._work[self._work["structure"] == structure]
        return sorted(int(one) for one in work["adviser"].unique())

    def _lines(self, scope: Scope, points_of: PointsOf) -> list[Line]:
        lines = []
        for item in self._looks:
            rows = self._rows(item, scope)
            lines += [self._line(item, point, rows) for point in points_of(item.group)]
        found = [line for line in lines if line.count]
        return sorted(found, key=lambda line: (-line.weight, -line.count))

    @staticmethod
    def _line(item: Look, point: Point, rows: pd.DataFrame) -> Line:
        records = rows.loc[rows[point.key].to_numpy(dtype=bool), ["id", "parcours"]]
        latest_first = records.sort_values("id", ascending=False, ignore_index=True)
        return Line(item.group, point, latest_first, len(rows))

    def _rows(self, item: Look, scope: Scope) -> pd.DataFrame:
        if scope.structure is None:
            return item.network
        rows = item.own[item.own["structure"] == scope.structure]
        if scope.adviser is None:
            return rows
        work = self._work
        mine = work[(work["adviser"] == scope.adviser) & (work["structure"] == scope.structure)]
        if item.group.kind == "act":
            return rows[rows["id"].isin(mine["act"])]
        return rows[rows["parcours"].isin(mine.loc[mine["parcours"] >= 0, "parcours"])]
