"""Facts: what a report is counted from, read once in one snapshot, as columnar frames.

No name, no note, no birth date: ids, codes, days (since 1970-01-01), integer minutes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from psycopg import Connection as Driver
from sqlalchemy import Connection, Engine

from ramsess.models.calendar import today
from ramsess.reports.columns import NEVER, NONE, fetch
from ramsess.reports.corrections import read_corrections
from ramsess.reports.entries import with_delays
from ramsess.reports.fact_columns import (
    ACTIONS,
    ACTS,
    ASSIGNMENTS,
    CONTRIBUTIONS,
    DIAGNOSTICS,
    FUNDINGS,
    INVOLVEMENTS,
    MEMBERS,
    NAMED,
    PARCOURS,
    PHASES,
    PLANS,
    SHARES,
)
from ramsess.reports.lists import Lists
from ramsess.reports.orientations import read_orientations, sent_or_received
from ramsess.reports.period import Period
from ramsess.reports.quiet import read_quiet

EPOCH = dt.date(1970, 1, 1)

IN_PERIOD = "a.done_on BETWEEN %s AND %s"
#: The frames that hold the parcours and what belongs to them, with the column of their id.
BY_PARCOURS = {"parcours": "id", "members": "parcours", "phases": "parcours",
               "fundings": "parcours", "diagnostics": "parcours", "contributions": "parcours",
               "plans": "parcours", "actions": "parcours"}  # fmt: skip
# The plan in force at the end of a day.
IN_FORCE = "n.opened_on <= %s AND (n.superseded_on IS NULL OR n.superseded_on > %s)"
FOLLOWED = "p.entered_on <= %s AND (p.exited_on IS NULL OR p.exited_on >= %s)"


@dataclass(frozen=True)
class Facts:
    """The records of a period; every table is a pure function of them.

    ``acts``: the period's acts, sessions included, with their ``delay`` (entries.py).
    ``shares``: adviser minutes of these acts.
    ``parcours``: those followed in the period (Rule 4); in the facts of one structure, *entered*
    and *exited* are its own dates, *opened* and *closed* stay the parcours' own.
    ``involvements``: structures' parts in parcours that overlap the period (Rule 5). ``members``:
    people on the followed parcours, as they were at entry (Rule 8). ``named``: people named by
    acts. ``attendances``: people at sessions, once each. ``phases``: changes up to the last day.
    ``assignments``: advisers' shares of full time (in %, −1 unknown) that overlap the period.
    ``orientations``: those proposed in the period, with what is known of them on its last day.
    ``diagnostics``, ``contributions``: every version opened by the last day, and who contributes.
    ``plans``, ``actions``: what was in force at the end of the last day.
    ``corrections``: those made in the period, of periods that are sealed (Rule 11).
    ``quiet``: the parcours still open on the last day known, on which nothing was done for long.
    ``until``: the last day known, in days since 1970-01-01: the period's last, or today.
    ``beyond``: the same frames (``BY_PARCOURS``) of the parcours that are not followed, but that an
    act of the period concerns, or in which a structure stays longer than the parcours lasts.
    """

    period: Period
    lists: Lists
    acts: pd.DataFrame
    shares: pd.DataFrame
    parcours: pd.DataFrame
    involvements: pd.DataFrame
    members: pd.DataFrame
    named: pd.DataFrame
    attendances: pd.DataFrame
    phases: pd.DataFrame
    fundings: pd.DataFrame
    assignments: pd.DataFrame
    orientations: pd.DataFrame
    diagnostics: pd.DataFrame
    contributions: pd.DataFrame
    plans: pd.DataFrame
    actions: pd.DataFrame
    corrections: pd.DataFrame
    quiet: pd.DataFrame
    until: int
    beyond: Mapping[str, pd.DataFrame]

    @classmethod
    def read(cls, connection: Connection, period: Period) -> Facts:
        """Read the facts of *period* in the snapshot of *connection*.

        A session that is only prepared is no act yet: nothing dated after today counts.
        """
        driver: Driver[Any] = connection.connection.driver_connection  # type: ignore[assignment]  # psycopg’s
        lists = Lists.read(connection, period)
        dates = (period.first, min(period.last, today()))
        upto = (period.last, period.first)
        acts = fetch(
            driver,
            ACTS,
            "FROM acts a LEFT JOIN parcours p ON p.id = a.parcours_id "
            "LEFT JOIN group_sessions g ON g.act_id = a.id "
            "LEFT JOIN (SELECT act_id, sum(anonymous_count) AS anonymous FROM session_hosts "
            f"GROUP BY act_id) h ON h.act_id = a.id WHERE {IN_PERIOD}",
            dates,
            order=["id"],
        )
        acts = with_delays(driver, acts)
        shares = fetch(
            driver,
            SHARES,
            f"FROM act_advisers s JOIN acts a ON a.id = s.act_id WHERE {IN_PERIOD}",
            dates,
        )
        involvements = fetch(
            driver,
            INVOLVEMENTS,
            "FROM involvements i JOIN parcours p ON p.id = i.parcours_id "
            "WHERE i.joined_on <= %s AND (coalesce(i.left_on, p.exited_on) IS NULL "
            "OR coalesce(i.left_on, p.exited_on) >= %s)",
            upto,
        )
        assignments = fetch(
            driver,
            ASSIGNMENTS,
            "FROM assignments t WHERE (t.from_on IS NULL OR t.from_on <= %s) "
            "AND (t.to_on IS NULL OR t.to_on >= %s)",
            upto,
        )
        followed = _parcours_frames(driver, lists, FOLLOWED, upto, period.last)
        corrections = read_corrections(driver, *dates)
        for frame in (shares, involvements, assignments, corrections):
            frame["structure"] = _structure_codes(frame["structure"], lists)
        named = np.concatenate([acts["parcours"].unique(), involvements["parcours"].unique()])
        others = np.setdiff1d(named, np.append(followed["parcours"]["id"], NONE)).tolist()
        beyond = _parcours_frames(driver, lists, "p.id = ANY(%s)", (others,), period.last)
        read = cls(
            period=period,
            lists=lists,
            acts=acts,
            shares=shares,
            involvements=involvements,
            named=fetch(
                driver,
                NAMED,
                f"FROM act_beneficiaries n JOIN acts a ON a.id = n.act_id WHERE {IN_PERIOD}",
                dates,
            ),
            attendances=fetch(
                driver,
                NAMED,
                "FROM (SELECT DISTINCT act_id, beneficiary_id FROM attendances) n "
                f"JOIN acts a ON a.id = n.act_id WHERE {IN_PERIOD}",
                dates,
            ),
            assignments=assignments,
            orientations=pd.DataFrame(),
            corrections=corrections,
            quiet=read_quiet(driver, dates[1], lists.limits["QUIET"]),
            until=(dates[1] - EPOCH).days,
            beyond=beyond,
            **followed,
        )
        return replace(read, orientations=read_orientations(driver, read))

    @property
    def first(self) -> int:
        """The period's first day, in days since 1970-01-01."""
        return (self.period.first - EPOCH).days

    @property
    def last(self) -> int:
        """The period's last day, in days since 1970-01-01."""
        return (self.period.last - EPOCH).days

    @property
    def sessions(self) -> pd.DataFrame:
        """The collective sessions among the acts."""
        return self.acts[self.acts["session"] == 1]

    @cached_property
    def work(self) -> pd.DataFrame:
        """``shares`` with the day, type, scheme and parcours of their act."""
        return self.of_acts(self.shares)

    @property
    def people(self) -> pd.DataFrame:
        """The people on the parcours followed, and on the others that an act concerns."""
        return pd.concat([self.members, self.beyond["members"]], ignore_index=True)

    def of_acts(self, frame: pd.DataFrame) -> pd.DataFrame:
        """*frame*, which names acts by ``act``, with the day, type, scheme and parcours of each."""
        places = np.searchsorted(self.acts["id"].to_numpy(), frame["act"].to_numpy())
        names = ("day", "type", "scheme", "parcours")
        return frame.assign(**{name: self.acts[name].take(places).array for name in names})

    def of_structure(self, code: str) -> Facts:
        """The facts of one structure: acts in which one of its advisers took part for it, its own
        minutes, its parcours from the day it joined to the day it left (Rules 1, 2, 5)."""
        shares = self.shares[self.shares["structure"] == code]
        involvements = self.involvements[self.involvements["structure"] == code]
        stay = involvements.groupby("parcours", observed=True).agg(
            joined=("joined", "min"), left=("left", "max")
        )
        acts = among(self.acts, "id", shares["act"])
        known = {
            name: pd.concat([getattr(self, name), self.beyond[name]], ignore_index=True)
            for name in BY_PARCOURS
        }
        own = among_parcours(known, stay.index)
        dates = stay.reindex(own["parcours"]["id"])
        own["parcours"] = own["parcours"].assign(
            entered=dates["joined"].to_numpy(), exited=dates["left"].to_numpy()
        )
        return replace(
            self,
            acts=acts,
            shares=shares,
            involvements=involvements,
            named=among(self.named, "act", acts["id"]),
            attendances=among(self.attendances, "act", acts["id"]),
            orientations=sent_or_received(self.orientations, code),
            corrections=self.corrections[self.corrections["structure"] == code],
            quiet=among(self.quiet, "parcours", stay.index),
            beyond=among_parcours(known, np.setdiff1d(acts["parcours"], stay.index)),
            **own,
        )


def _parcours_frames(
    driver: Driver[Any], lists: Lists, condition: str, parameters: Sequence[Any], last: dt.date
) -> dict[str, pd.DataFrame]:
    """The frames ``BY_PARCOURS`` of the parcours *p* that meet *condition*; phases to *last*."""
    joined = f"JOIN parcours p ON p.id = {{}} WHERE {condition}"
    upto, in_force = (*parameters, last), (*parameters, last, last)
    contributions = fetch(
        driver,
        CONTRIBUTIONS,
        f"FROM contributions b JOIN diagnostics d ON d.id = b.diagnostic_id "
        f"{joined.format('b.parcours_id')} AND d.opened_on <= %s",
        upto,
        order=["diagnostic", "structure"],
    )
    actions = fetch(
        driver,
        ACTIONS,
        f"FROM plan_actions x JOIN plans n ON n.id = x.plan_id "
        f"{joined.format('x.parcours_id')} AND {IN_FORCE}",
        in_force,
        order=["id"],
    )
    for frame in (contributions, actions):
        frame["structure"] = _structure_codes(frame["structure"], lists)
    parcours = fetch(
        driver, PARCOURS, f"FROM parcours p WHERE {condition}", parameters, order=["id"]
    )
    return {
        "parcours": parcours.assign(
            lead=_structure_codes(parcours["lead"], lists),
            opened=parcours["entered"],
            closed=parcours["exited"],
        ),
        "members": fetch(
            driver,
            MEMBERS,
            f"FROM parcours_beneficiaries m {joined.format('m.parcours_id')}",
            parameters,
        ),
        "phases": fetch(
            driver,
            PHASES,
            f"FROM phase_changes c {joined.format('c.parcours_id')} AND c.reached_on <= %s",
            (*parameters, last),
            order=["parcours", "day"],
        ),
        "fundings": fetch(
            driver, FUNDINGS, f"FROM fundings f {joined.format('f.parcours_id')}", parameters
        ),
        "diagnostics": fetch(
            driver,
            DIAGNOSTICS,
            f"FROM diagnostics d {joined.format('d.parcours_id')} AND d.opened_on <= %s",
            upto,
            order=["diagnostic"],
        ),
        "contributions": contributions,
        "plans": fetch(
            driver,
            PLANS,
            f"FROM plans n {joined.format('n.parcours_id')} AND {IN_FORCE}",
            in_force,
            order=["id"],
        ),
        "actions": actions,
    }


def among_parcours(frames: Mapping[str, pd.DataFrame], parcours: Any) -> dict[str, Any]:
    """The rows of *frames* (``BY_PARCOURS``) that belong to *parcours*, given by id."""
    return {name: among(frame, BY_PARCOURS[name], parcours) for name, frame in frames.items()}


def among(frame: pd.DataFrame, column: str, ids: Any) -> pd.DataFrame:
    """The rows of *frame* whose *column* is one of *ids*."""
    return frame[frame[column].isin(ids)]


def _structure_codes(ids: pd.Series, lists: Lists) -> pd.Categorical:
    known = np.array(sorted(lists.structure_ids), dtype=np.int64)
    codes = pd.Index([lists.structure_ids[int(item)] for item in known], dtype=object)
    return pd.Categorical.from_codes(np.searchsorted(known, ids.to_numpy()), categories=codes)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment of the database and writes nothing."""
    with engine.connect().execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    ) as connection:
        yield connection


__all__ = ["BY_PARCOURS", "EPOCH", "NEVER", "Facts", "among", "among_parcours", "snapshot"]
