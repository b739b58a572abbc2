"""The orientations of the facts: proposed in the period, as they stand on its last day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from psycopg import Connection as Driver

from ramsess.reports.columns import NEVER, Columns, fetch

if TYPE_CHECKING:
    from ramsess.reports.facts import Facts

ORIENTATIONS: Columns = {
    "id": ("o.id", "id"),
    "sender": ("o.from_structure_id", "id"),
    "receiver": ("o.to_structure_id", "id"),
    "partner": ("o.partner_code", "partners"),
    "parcours": ("o.parcours_id", "id"),
    "person": ("o.beneficiary_id", "id"),
    "proposed": ("o.proposed_on", "day"),
    "answered": ("o.answered_on", "day"),
    "accepted": ("o.answer = 'accepted'", "flag"),
    "refused": ("o.answer = 'refused'", "flag"),
}


def read_orientations(driver: Driver[Any], facts: Facts) -> pd.DataFrame:
    """The orientations proposed in the period, a row each.

    What was answered after the last day was not known on it: ``answered`` is then ``NEVER``, and
    neither ``accepted`` nor ``refused`` holds (what is answered and is neither was given up).
    ``taken``: 1 when the receiver did something for the parcours, or for the person, between the
    day of its answer and the last day.
    """
    found = fetch(
        driver,
        ORIENTATIONS,
        "FROM orientations o WHERE o.proposed_on BETWEEN %s AND %s",
        (facts.period.first, facts.period.last),
        order=["id"],
    )
    known = (found["answered"] <= facts.last).to_numpy()
    codes = facts.lists.structure_ids
    found = found.assign(
        sender=found["sender"].map(codes),
        receiver=found["receiver"].map(codes),
        answered=found["answered"].where(known, NEVER),
        accepted=(known & (found["accepted"] == 1)).astype(int),
        refused=(known & (found["refused"] == 1)).astype(int),
    )
    return found.assign(taken=found["id"].isin(_taken_up(facts, found)).astype(int))


def _taken_up(facts: Facts, orientations: pd.DataFrame) -> pd.Series:
    """The ids of those that the receiver took up, by its acts of the period from its answer on."""
    accepted = orientations[orientations["accepted"] == 1]
    if accepted.empty:
        return accepted["id"]
    by_person = pd.concat([
        facts.named[["act", "person"]],
        facts.people[["parcours", "person"]]
        .merge(facts.acts[["id", "parcours"]], on="parcours")
        .rename(columns={"id": "act"})[["act", "person"]],
    ])  # fmt: skip
    on_parcours = facts.acts[["id", "parcours"]].rename(columns={"id": "act"})
    acts = pd.concat([
        accepted[accepted["parcours"] >= 0].merge(on_parcours, on="parcours"),
        accepted[accepted["person"] >= 0].merge(by_person, on="person"),
    ])  # fmt: skip
    shares = facts.of_acts(facts.shares[facts.shares["act"].isin(acts["act"])])
    shares = shares.assign(receiver=shares["structure"].astype(object))
    done = acts.merge(shares[["act", "receiver", "day"]], on=["act", "receiver"])
    return done.loc[done["day"] >= done["answered"], "id"]


def sent_or_received(orientations: pd.DataFrame, code: str) -> pd.DataFrame:
    """Those that the structure of that code proposed, and those that it was asked."""
    own = (orientations["sender"] == code) | (orientations["receiver"] == code)
    return orientations[own]


def concerned(facts: Facts, acts: pd.Series, parcours: pd.Series) -> pd.DataFrame:
    """Those about whom *acts* (ids), or the *parcours* of these acts, concern (Rule 14)."""
    met = pd.concat([facts.named, facts.attendances])
    persons = met.loc[met["act"].isin(acts), "person"]
    members = facts.people.loc[facts.people["parcours"].isin(parcours), "person"]
    ids = parcours[parcours >= 0]
    found = facts.orientations
    return found[
        found["parcours"].isin(ids) | found["person"].isin(np.concatenate([persons, members]))
    ]
