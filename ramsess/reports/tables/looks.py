"""What is looked at to tell the quality of data: records, what is known of each, what is odd.

Table B19 counts it and the page « Ce qui manque avant de rendre » lists it: from the same rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from ramsess.reports.columns import NEVER, NONE, look_up
from ramsess.reports.facts import Facts
from ramsess.reports.tables.axes import by_entry, exits, families
from ramsess.reports.tables.quality_points import GROUPS, Group

Mask: TypeAlias = "npt.NDArray[np.bool_]"
#: More than the days since 1970 that a date can be: a number and a day are one number.
DAYS = 2**22


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
    found = {
        "persons": _persons(facts),
        "parcours": _parcours(facts),
        "exits": _exits(facts),
        "orientations": _orientations(facts),
        **_acts(facts),
    }
    return tuple(Look(group, *found[group.key]) for group in GROUPS)


def unknown(codes: pd.Series) -> Mask:
    """Where no code is known: missing, or said to be unknown (Rule 9)."""
    values = codes.array
    nr = values.categories.get_indexer(["NR"])[0]
    return np.asarray((values.codes < 0) | (values.codes == nr))


def _stays(facts: Facts) -> pd.DataFrame:
    """Parcours and structure, once each, with the day until which the structure is there."""
    stays = facts.involvements[["parcours", "structure", "left"]]
    return stays.sort_values("left").drop_duplicates(["parcours", "structure"], keep="last")


def _known(facts: Facts) -> pd.DataFrame:
    """The parcours followed, and those in which a structure stays longer than they last."""
    return pd.concat([facts.parcours, facts.beyond["parcours"]], ignore_index=True)


Frames: TypeAlias = tuple[pd.DataFrame, pd.DataFrame]


def _both(
    network: pd.DataFrame, own: pd.DataFrame, mark: Callable[[pd.DataFrame], pd.DataFrame]
) -> Frames:
    return mark(network), mark(own)


def _persons(facts: Facts) -> Frames:
    """As they were at the entry of the earliest parcours: the structure's, or the network's."""
    limits = facts.lists.limits
    everybody = facts.people.merge(_stays(facts)[["parcours", "structure"]], on="parcours")
    network = by_entry(facts.members, facts.parcours).drop_duplicates("person")
    own = by_entry(everybody, _known(facts)).drop_duplicates(["person", "structure"])

    def mark(frame: pd.DataFrame) -> pd.DataFrame:
        age = frame["age"].to_numpy()
        return frame.assign(
            id=frame["person"],
            birth_date=age < 0,
            sex=unknown(frame["sex"]),
            situation=unknown(frame["situation"]),
            education=unknown(frame["education"]),
            person_commune=unknown(frame["commune"]),
            rsa=frame["rsa"] < 0,
            qpv=frame["qpv"] < 0,
            age=((age >= 0) & (age < limits["YOUNGEST"])) | (age > limits["OLDEST"]),
        )

    return _both(network, own, mark)


def _parcours(facts: Facts) -> Frames:
    twins, late = _open_twice(facts), _moved_on_after_exit(facts)

    def mark(frame: pd.DataFrame) -> pd.DataFrame:
        ids = frame["id"]
        return frame.assign(
            parcours=ids,
            people=~ids.isin(facts.people["parcours"]),
            sector=unknown(frame["sector"]),
            legal_form=unknown(frame["legal_form"]),
            project_commune=unknown(frame["commune"]),
            quiet=ids.isin(facts.quiet["parcours"]),
            twins=ids.isin(twins),
            late_phase=ids.isin(late),
        )

    return _both(facts.parcours, _of_structures(facts, _known(facts)), mark)


def _of_structures(facts: Facts, parcours: pd.DataFrame) -> pd.DataFrame:
    """*parcours*, once for each structure that takes part in them."""
    stays = _stays(facts).rename(columns={"parcours": "id"})
    return parcours.merge(stays, on="id")


def _open_twice(facts: Facts) -> npt.NDArray[np.int64]:
    """The parcours open on the last day known, of a person who has another with the same lead."""
    parcours = facts.parcours
    there = parcours[(parcours["opened"] <= facts.until) & (parcours["closed"] > facts.until)]
    members = facts.members[["parcours", "person"]].merge(
        there[["id", "lead"]], left_on="parcours", right_on="id"
    )
    twice = members.assign(lead=members["lead"].array.codes).duplicated(
        ["person", "lead"], keep=False
    )
    return np.asarray(members.loc[twice, "parcours"], dtype=np.int64)


def _moved_on_after_exit(facts: Facts) -> npt.NDArray[np.int64]:
    closed = _closing(facts, facts.phases["parcours"])
    return facts.phases.loc[facts.phases["day"] > closed, "parcours"].to_numpy()


def _closing(facts: Facts, parcours: pd.Series) -> npt.NDArray[np.int64]:
    """The last day of each of *parcours* (ids); NEVER while it is open, or for none."""
    known = _known(facts)
    days = pd.Series(known["closed"].to_numpy(), index=known["id"].to_numpy())
    return np.asarray(days.reindex(parcours, fill_value=NEVER), dtype=np.int64)


def _exits(facts: Facts) -> Frames:
    """Those that ended in the period with the structure still there (B15)."""
    own = _of_structures(facts, _known(facts))
    ended = (own["closed"] >= facts.first) & (own["closed"] <= facts.last)

    def mark(frame: pd.DataFrame) -> pd.DataFrame:
        jobs = frame["jobs_created"] + frame["jobs_consolidated"]
        given_up = frame["outcome"].isin(["ABA", "PDV"])
        return frame.assign(
            parcours=frame["id"],
            outcome=unknown(frame["outcome"]),
            jobs=given_up & (jobs > 0),
        )

    return _both(exits(facts), own[ended & (own["left"] >= own["closed"])], mark)


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


def _acts(facts: Facts) -> dict[str, Frames]:
    acts = facts.acts
    kinds = look_up(acts["type"], facts.lists.kind_of, "")
    session = acts["session"].to_numpy() == 1
    nobody = (acts["parcours"] < 0) & (acts["anonymous"] <= 0)
    commune = unknown(acts["commune"])
    after = (acts["day"] > _closing(facts, acts["parcours"])) & (
        families(facts, acts["type"]) != "SUI"
    )
    marked = acts[["id", "parcours"]].assign(
        whom=nobody & ~acts["id"].isin(facts.named["act"]),
        act_commune=commune,
        modality=unknown(acts["modality"]),
        after_exit=after,
        same=acts["id"].isin(_same(facts)),
        attendance=(acts["anonymous"] <= 0) & ~acts["id"].isin(facts.attendances["act"]),
        session_commune=commune,
        late=acts["delay"] > facts.lists.limits["LATE"],
        long_day=acts["id"].isin(_long_days(facts)),
        delay=acts["delay"],
    )
    pairs = facts.shares[["act", "structure"]].drop_duplicates()
    places = np.searchsorted(acts["id"].to_numpy(), pairs["act"].to_numpy())
    own = marked.take(places).assign(structure=pairs["structure"].array)
    network_work = kinds == "N"
    chosen = {
        "individual": ~session & ~network_work,
        "sessions": session & ~network_work,
        "typed": acts["delay"].to_numpy() >= 0,
        "work": np.ones(len(acts), dtype=bool),
    }
    return {key: (marked[held], own[held[places]]) for key, held in chosen.items()}


def _same(facts: Facts) -> npt.NDArray[np.int64]:
    """Acts of one adviser on one day, of one type, length and parcours: one of them is too many."""
    work = facts.work
    on_parcours = work[work["parcours"] >= 0]
    days = on_parcours["parcours"].to_numpy() * DAYS + on_parcours["day"].to_numpy()
    near = on_parcours[pd.Series(days).duplicated(keep=False).to_numpy()]
    columns = ["adviser", "day", "type", "parcours", "minutes"]
    return np.asarray(near.loc[near.duplicated(columns, keep=False), "act"], dtype=np.int64)


def _long_days(facts: Facts) -> npt.NDArray[np.int64]:
    """The acts of the days on which one adviser's minutes pass what a day can hold."""
    work = facts.work
    days = work["adviser"].to_numpy() * DAYS + work["day"].to_numpy()
    place, _ = pd.factorize(days)
    totals = np.bincount(place, weights=work["minutes"].to_numpy(), minlength=1)
    return work.loc[totals[place] > facts.lists.limits["DAY"], "act"].to_numpy()
