"""Random networks as facts: people, parcours, acts and sessions over years, counted by the product.

A world holds what happened; ``facts(period)`` is what a report of that period reads of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from ramsess.reports.columns import NEVER
from ramsess.reports.facts import BY_PARCOURS, EPOCH, Facts
from ramsess.reports.period import Period
from ramsess.reports.report import Report
from ramsess.reports.table import Table
from ramsess.reports.tables import BY_STRUCTURE, PLAIN, b01_key_figures
from ramsess.reports.tables.axes import structure_codes

#: What counts persons, and the flows of parcours: the rest of a report is not attacked here.
PLAIN_ATTACKED = ("B03", "B04", "B05", "B10", "B11", "B15", "B18", "B21")
STRUCTURES = ("APEAS", "INTERMADE", "ACCES", "ESSOR13", "ENERGIE")
RECEPTIONS, COLLECTIVE = ("ACC1", "ACC2", "ACC3"), ("COL1", "COL2", "COL3", "ACC2", "RES2")
ON_PARCOURS = ("CSL1", "CSL2", "DIA1", "SUI1")
SCHEMES = ("DRA", "DLA", "FSE", "DEP", "NF")


def quarters(year: int) -> list[Period]:
    """The four quarters of a year."""
    firsts = [dt.date(year, month, 1) for month in (1, 4, 7, 10)] + [dt.date(year + 1, 1, 1)]
    ends = [day - dt.timedelta(days=1) for day in firsts[1:]]
    return [Period(first, last) for first, last in zip(firsts, ends, strict=False)]


def _days(of: Period) -> tuple[int, int]:
    return (of.first - EPOCH).days, (of.last - EPOCH).days


@dataclass
class World:
    """What happened from the year *since* on; *blank* are the facts of an empty database."""

    blank: Facts
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)

    @classmethod
    def random(cls, blank: Facts, seed: int, *, years: tuple[int, int] = (2008, 2009)) -> World:
        """A network of 5 to 150 people or so, the same for the same *seed*."""
        return _Maker(cls(blank), np.random.default_rng(seed), years).make()

    def facts(self, period: Period) -> Facts:
        """What a report of *period* reads."""
        first, last = _days(period)
        frames = self.frames
        parcours = frames["parcours"]
        followed = parcours[(parcours["entered"] <= last) & (parcours["exited"] >= first)]
        acts = frames["acts"]
        acts = acts[(acts["day"] >= first) & (acts["day"] <= last)].reset_index(drop=True)
        beyond = parcours[
            parcours["id"].isin(acts["parcours"]) & ~parcours["id"].isin(followed["id"])
        ]
        stays = frames["involvements"]
        stays = stays[(stays["joined"] <= last) & (stays["left"] >= first)]
        held = {name: getattr(self.blank, name) for name in BY_PARCOURS}
        return replace(
            self.blank,
            period=period,
            acts=acts,
            until=last,
            involvements=stays.reset_index(drop=True),
            **{
                name: frames[name][frames[name]["act"].isin(acts["id"])].reset_index(drop=True)
                for name in ("shares", "named", "attendances")
            },
            **{**held, **self._of(followed)},
            beyond={**held, **self._of(beyond)},
        )

    def _of(self, parcours: pd.DataFrame) -> dict[str, pd.DataFrame]:
        members = self.frames["members"]
        members = members[members["parcours"].isin(parcours["id"])]
        return {
            "parcours": parcours.reset_index(drop=True),
            "members": members.reset_index(drop=True),
        }

    def report(self, period: Period) -> Report:
        """The report of *period*: the tables that count persons, B02 and B15."""
        tables = self._tables(period)
        before = self._tables(period.year_before())
        quoted = b01_key_figures.build(tables, before)
        return Report(
            period=period,
            edition="network",
            tables=(quoted, *tables.values()),
            members=(),
            made_on=dt.date(2010, 1, 1),
        )

    def _tables(self, period: Period) -> dict[str, Table]:
        facts = self.facts(period)
        found = {"B02": BY_STRUCTURE["B02"](facts, structure_codes(facts))}
        return found | {key: PLAIN[key](facts) for key in PLAIN_ATTACKED}

    def come_late(self, seed: int, period: Period) -> bool:
        """Two people more came to a session of *period*, though it was sealed; False: to none."""
        first, last = _days(period)
        acts = self.frames["acts"]
        where = acts["session"].eq(1) & acts["day"].between(first, last)
        if not where.any():
            return False
        at = acts.index[where][seed % where.sum()]
        acts.loc[at, "anonymous"] += 2
        return True


class _Maker:
    """Draws a world."""

    def __init__(self, world: World, rng: np.random.Generator, years: tuple[int, int]) -> None:
        self.world = world
        self.rng = rng
        self.since = (dt.date(years[0] - 1, 1, 1) - EPOCH).days
        self.until = (dt.date(years[1], 12, 31) - EPOCH).days
        lists = world.blank.lists
        # Manosque and Vinon: one intercommunality over two départements.
        self.communes = [*rng.choice(sorted(lists.epci_of), int(rng.integers(2, 12)))]
        self.communes = [*map(str, self.communes), "83150", "04112"]

    def make(self) -> World:
        """The world."""
        rng = self.rng
        people = int(rng.choice([5, 12, 30, 60, 100, 150]))
        count = max(1, int(people * rng.uniform(0.4, 1.1)))
        entered = rng.integers(self.since, self.until + 1, count)
        if rng.random() < 0.15:
            # A quiet network: nothing begins or ends in the last years.
            entered[:] = self.since
        length = rng.integers(20, 600, count)
        exited = np.where(rng.random(count) < 0.6, entered + length, NEVER)
        if rng.random() < 0.15:
            exited[:] = NEVER
        ids = np.arange(1, count + 1)
        frames = self.world.frames
        lead = self._codes("involvements", "structure", STRUCTURES, count)
        frames["parcours"] = self._like("parcours", {
            "id": ids, "entered": entered, "exited": exited, "lead": lead,
            "phase": "EME", "sector": "CUL", "legal_form": "ASSO",
            "commune": self._choice(self.communes, count), "outcome": "CRE",
            "opened": entered, "closed": exited,
        })  # fmt: skip
        frames["involvements"] = self._like("involvements", {
            "parcours": ids, "structure": lead, "joined": entered, "left": exited,
        })  # fmt: skip
        self._people(people, ids)
        self._activity(people, frames["parcours"])
        return self.world

    def _people(self, people: int, parcours: np.ndarray) -> None:
        rng = self.rng
        size = rng.choice([1, 2, 3], len(parcours), p=[0.8, 0.15, 0.05])
        of = np.repeat(parcours, size)
        person = rng.integers(1, people + 1, len(of))
        pairs = pd.DataFrame({"parcours": of, "person": person}).drop_duplicates()
        n = len(pairs)
        skewed = rng.dirichlet(np.full(8, rng.choice([0.3, 1.0, 5.0])))
        self.world.frames["members"] = self._like("members", {
            **pairs,
            "age": rng.choice([16, 22, 28, 35, 50, 60, 70, -1], n, p=skewed),
            "sex": self._choice(["F", "M", "M", "F", "NR"], n),
            "situation": self._choice(["SAL", "DE1", "DE1", "DE2", "ETU", "NR"], n),
            "education": self._choice(["N3", "N4", "N4", "N5", "N6", "NR"], n),
            "commune": self._choice([*self.communes, *self.communes[:2] * 3, None], n),
            "rsa": rng.choice([0, 1, -1], n, p=[0.6, 0.3, 0.1]),
            "qpv": rng.choice([0, 1, -1], n, p=[0.8, 0.1, 0.1]),
        })  # fmt: skip

    def _activity(self, people: int, parcours: pd.DataFrame) -> None:
        rng = self.rng
        days = self.until - self.since
        sessions = int(days * rng.choice([0.01, 0.03, 0.08]))
        receptions = int(days * rng.choice([0.02, 0.08, 0.15]))
        advice = int(days * 0.15)
        total = sessions + receptions + advice
        kind = np.repeat([0, 1, 2], [sessions, receptions, advice])
        day = np.sort(rng.integers(self.since, self.until + 1, total))
        kind = rng.permutation(kind)
        types = np.select(
            [kind == 0, kind == 1],
            [rng.choice(COLLECTIVE, total), rng.choice(RECEPTIONS, total)],
            rng.choice(ON_PARCOURS, total),
        )
        at = rng.integers(0, len(parcours), total)
        heads = np.select(
            [kind == 0, kind == 1],
            [rng.choice([0, 0, 1, 2, 5, 9], total), rng.choice([-1, -1, -1, 1, 2, 3], total)], -1,
        )  # fmt: skip
        ids = np.arange(1, total + 1)
        acts = self._like("acts", {
            "id": ids, "day": day, "type": types, "scheme": rng.choice(SCHEMES, total),
            "modality": "P", "commune": self._choice(self.communes, total),
            "parcours": np.where(kind == 2, parcours["id"].to_numpy()[at], -1), "action": -1,
            "anonymous": heads, "session": (kind == 0).astype(int), "delay": -1,
        })  # fmt: skip
        frames = self.world.frames
        frames["acts"] = acts
        frames["shares"] = self._like("shares", {
            "act": ids, "adviser": 1, "minutes": 60,
            "structure": self._codes("shares", "structure", STRUCTURES, total),
        })  # fmt: skip
        # Half of those who come are on no parcours.
        crowd = people + people // 2 + 3
        met = kind < 2
        coming = np.where(kind == 0, rng.integers(0, 7, total), rng.integers(0, 2, total))
        act = np.repeat(ids[met], coming[met])
        found = pd.DataFrame({"act": act, "person": rng.integers(1, crowd, len(act))})
        found = found.drop_duplicates()
        in_session = found["act"].isin(ids[kind == 0])
        frames["attendances"] = self._like("attendances", dict(found[in_session]))
        frames["named"] = self._like("named", dict(found[~in_session]))

    def _choice(self, codes: Iterable[str | None], count: int) -> np.ndarray:
        return self.rng.choice(np.array(list(codes), dtype=object), count)

    def _codes(self, frame: str, column: str, codes: Iterable[str], count: int) -> pd.Categorical:
        known = getattr(self.world.blank, frame)[column].array.categories
        return pd.Categorical(self._choice(codes, count), categories=known)

    def _like(self, name: str, columns: dict[str, Any]) -> pd.DataFrame:
        """A frame with the columns and the types of the one that an empty database gives."""
        blank: pd.DataFrame = getattr(self.world.blank, name)
        size = next(len(v) for v in columns.values() if not isinstance(v, (str, int)))
        made = {}
        for column, values in blank.items():
            given = columns.get(str(column), 0)
            if isinstance(given, (str, int)):
                given = np.full(size, given, dtype=object if isinstance(given, str) else np.int64)
            if isinstance(values.array, pd.Categorical):
                made[column] = pd.Categorical(given, categories=values.array.categories)
            else:
                made[column] = np.asarray(given).astype(values.dtype)
        return pd.DataFrame(made)
