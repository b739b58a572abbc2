"""What is looked at to tell the quality of data: records, what is known of each, what is odd.

Table B19 counts it and the page « Ce qui manque avant de rendre » lists it: from the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from ramsess.reports.columns import NEVER, NONE, look_up
from ramsess.reports.facts import Facts
from ramsess.reports.tables.axes import by_entry, exits, families
from ramsess.reports.tables.quality_points import GROUPS, Group

Mask: TypeAlias = "npt.NDArray[np.bool_]"
#: More than the days that dates can be, and than there will be structures: with one of them, a
#: record's number makes one number. Prime, for multiples of a power of two are slow to tell apart.
DAYS = 4_000_037
STRUCTURES = 65_537


@dataclass(frozen=True)
class Look:
    """The records of a group, and which of them each field or oddity is to be mended in.

    ``network``: a row a record, once each (Rule 1), with its ``id``; ``own``: a row a record and
    structure. Both hold a column a field or oddity (its key): True where something is to do, and
    ``parcours``: where it is mended (−1: in the record itself).
    """

    group: Group
    network: pd.DataFrame
    own: pd.DataFrame

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of what is looked at."""
        return tuple(point.key for point in self.group.fields + self.group.oddities)


def look(facts: Facts) -> tuple[Look, ...]:
    """Look at the records of *facts*, a group after the other (GROUPS)."""
    stays = _stays(facts)
    known = pd.concat([facts.parcours, facts.beyond["parcours"]], ignore_index=True)
    closed = pd.Series(known["closed"].to_numpy(), index=known["id"].to_numpy())
    theirs = known.merge(stays, left_on="id", right_on="parcours")
    found = {
        "persons": _persons(facts, known, stays),
        "parcours": _parcours(facts, theirs, closed),
        "exits": _exits(facts, theirs),
        "orientations": _orientations(facts),
        **_acts(facts, closed),
    }
    return tuple(Look(group, *found[group.key]) for group in GROUPS)


def unknown(codes: pd.Series) -> Mask:
    """Where no code is known: missing, or said to be unknown (Rule 9)."""
    values = codes.array
    nr = values.categories.get_indexer(["NR"])[0]
    return np.asarray((values.codes < 0) | (values.codes == nr))


def _stays(facts: Facts) -> pd.DataFrame:
    """Parcours and structure, once each, with the day until which the structure is there."""
    stays = facts.involvements[["parcours", "structure", "left"]].sort_values("left")
    pairs = stays["parcours"].to_numpy() * STRUCTURES + stays["structure"].array.codes
    return stays[~pd.Series(pairs).duplicated(keep="last").to_numpy()]


Frames: TypeAlias = tuple[pd.DataFrame, pd.DataFrame]


def _persons(facts: Facts, known: pd.DataFrame, stays: pd.DataFrame) -> Frames:
    """As they were at the entry of the earliest parcours: the structure's, or the network's."""
    limits = facts.lists.limits
    everybody = facts.people.merge(stays[["parcours", "structure"]], on="parcours")
    network = by_entry(facts.members, facts.parcours).drop_duplicates("person")
    own = by_entry(everybody, known).drop_duplicates(["person", "structure"])

    def mark(frame: pd.DataFrame) -> pd.DataFrame:
        age = frame["age"].to_numpy()
        return _frame(
            frame,
            id=frame["person"],
            parcours=frame["parcours"],
            birth_date=age < 0,
            sex=unknown(frame["sex"]),
            situation=unknown(frame["situation"]),
            education=unknown(frame["education"]),
            person_commune=unknown(frame["commune"]),
            rsa=frame["rsa"] < 0,
            qpv=frame["qpv"] < 0,
            age=((age >= 0) & (age < limits["YOUNGEST"])) | (age > limits["OLDEST"]),
        )

    return mark(network), mark(own)


def _frame(source: pd.DataFrame, **columns: Any) -> pd.DataFrame:
    """A frame of *columns*, with the structure of *source* when it has one."""
    if "structure" in source:
        columns["structure"] = source["structure"].array
    return pd.DataFrame({name: np.asarray(values) if name != "structure" else values
                         for name, values in columns.items()})  # fmt: skip


def _parcours(facts: Facts, theirs: pd.DataFrame, closed: pd.Series) -> Frames:
    twins = _open_twice(facts)
    phases = facts.phases
    late = phases.loc[phases["day"] > _at(closed, phases["parcours"]), "parcours"]

    def mark(frame: pd.DataFrame) -> pd.DataFrame:
        ids = frame["id"]
        return _frame(
            frame,
            id=ids,
            parcours=ids,
            people=~ids.isin(facts.people["parcours"]),
            sector=unknown(frame["sector"]),
            legal_form=unknown(frame["legal_form"]),
            project_commune=unknown(frame["commune"]),
            quiet=ids.isin(facts.quiet["parcours"]),
            twins=ids.isin(twins),
            late_phase=ids.isin(late),
        )

    return mark(facts.parcours), mark(theirs)


def _open_twice(facts: Facts) -> pd.Series:
    """The parcours open on the last day known, of a person who has another with the same lead."""
    parcours = facts.parcours
    there = parcours[(parcours["opened"] <= facts.until) & (parcours["closed"] > facts.until)]
    leads = pd.Series(there["lead"].array.codes.astype(np.int64), index=there["id"].to_numpy())
    members = facts.members[facts.members["parcours"].isin(there["id"])]
    lead = leads.reindex(members["parcours"]).to_numpy()
    pairs = pd.Series(members["person"].to_numpy() * STRUCTURES + lead)
    return members.loc[pairs.duplicated(keep=False).to_numpy(), "parcours"]


def _at(closed: pd.Series, parcours: pd.Series) -> npt.NDArray[np.int64]:
    """The last day of each of *parcours* (ids); NEVER while it is open, or for none."""
    return np.asarray(closed.reindex(parcours, fill_value=NEVER), dtype=np.int64)


def _exits(facts: Facts, theirs: pd.DataFrame) -> Frames:
    """Those that ended in the period with the structure still there (B15)."""
    ended = (theirs["closed"] >= facts.first) & (theirs["closed"] <= facts.last)

    def mark(frame: pd.DataFrame) -> pd.DataFrame:
        jobs = frame["jobs_created"] + frame["jobs_consolidated"]
        given_up = frame["outcome"].isin(["ABA", "PDV"])
        return _frame(
            frame,
            id=frame["id"],
            parcours=frame["id"],
            outcome=unknown(frame["outcome"]),
            jobs=given_up & (jobs > 0),
        )

    return mark(exits(facts)), mark(theirs[ended & (theirs["left"] >= theirs["closed"])])


def _orientations(facts: Facts) -> Frames:
    """By the structure that must answer; a partner's answer is for the sender to note."""
    asked = facts.orientations
    waited = facts.until - facts.lists.limits["ANSWER"]
    marked = asked.assign(
        structure=asked["receiver"].where(asked["receiver"].notna(), asked["sender"]),
        parcours=NONE,
        answer=(asked["answered"] == NEVER) & (asked["proposed"] < waited),
    )
    codes = [item.code for item in facts.lists.structures]
    return marked, marked.assign(structure=pd.Categorical(marked["structure"], categories=codes))


def _acts(facts: Facts, closed: pd.Series) -> dict[str, Frames]:
    acts = facts.acts
    session = acts["session"].to_numpy() == 1
    network_work = look_up(acts["type"], facts.lists.kind_of, "") == "N"
    alone = acts["anonymous"].to_numpy() <= 0
    commune = unknown(acts["commune"])
    after = acts["day"].to_numpy() > _at(closed, acts["parcours"])
    marks: dict[str, dict[str, Any]] = {
        "individual": {
            "whom": alone & (acts["parcours"] < 0) & ~acts["id"].isin(facts.named["act"]),
            "act_commune": commune,
            "modality": unknown(acts["modality"]),
            "after_exit": after & (families(facts, acts["type"]) != "SUI"),
            "same": acts["id"].isin(_same(facts)),
        },
        "sessions": {
            "attendance": alone & ~acts["id"].isin(facts.attendances["act"]),
            "session_commune": commune,
        },
        "typed": {
            "late": acts["delay"] > facts.lists.limits["LATE"],
            "delay": acts["delay"],
        },
        "work": {"long_day": acts["id"].isin(_long_days(facts))},
    }
    chosen = {
        "individual": ~session & ~network_work,
        "sessions": session & ~network_work,
        "typed": acts["delay"].to_numpy() >= 0,
        "work": np.ones(len(acts), dtype=bool),
    }
    shares = facts.shares
    pairs = shares["act"].to_numpy() * STRUCTURES + shares["structure"].array.codes
    pairs = shares[~pd.Series(pairs).duplicated().to_numpy()]
    places = np.searchsorted(acts["id"].to_numpy(), pairs["act"].to_numpy())
    found = {}
    for key, held in chosen.items():
        columns = {"id": acts["id"], "parcours": acts["parcours"], **marks[key]}
        theirs = held[places]
        found[key] = (
            _frame(acts, **{name: np.asarray(of)[held] for name, of in columns.items()}),
            _frame(
                pairs[theirs],
                **{name: np.asarray(of)[places[theirs]] for name, of in columns.items()},
            ),
        )
    return found


def _same(facts: Facts) -> pd.Series:
    """Acts of one adviser on one day, of one type, length and parcours: one of them is too many."""
    work = facts.work
    days = work["parcours"].to_numpy() * DAYS + work["day"].to_numpy()
    twice = pd.Series(days).duplicated(keep=False).to_numpy() & (work["parcours"] >= 0).to_numpy()
    day, _ = pd.factorize(days[twice])
    who, advisers = pd.factorize(work["adviser"].to_numpy()[twice])
    again = pd.Series(day * len(advisers) + who).duplicated(keep=False).to_numpy()
    near = work.take(np.flatnonzero(twice)[again])
    columns = ["adviser", "day", "type", "parcours", "minutes"]
    # One act for two structures is one act.
    near = near.drop_duplicates(["act", *columns])
    acts: pd.Series = near.loc[near.duplicated(columns, keep=False), "act"]
    return acts


def _long_days(facts: Facts) -> pd.Series:
    """The acts of the days on which one adviser's minutes pass what a day can hold."""
    work = facts.work
    place, _ = pd.factorize(work["adviser"].to_numpy() * DAYS + work["day"].to_numpy())
    totals = np.bincount(place, weights=work["minutes"].to_numpy())
    return work.loc[totals[place] > facts.lists.limits["DAY"], "act"]
