"""The day of each record behind a figure: the one that the record's line shows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from ramsess.reports.behind import Ids
from ramsess.reports.columns import NEVER
from ramsess.reports.facts import Facts


def record_days(facts: Facts, kind: str, ids: Ids) -> Ids:
    """The day of each of *ids*, in days since 1970-01-01; NEVER for a record without one.

    Persons, plans and posts have none here: their lines show no date, or one that is no fact.
    """
    if kind not in _DATED:
        return np.full(len(ids), NEVER, dtype=np.int64)
    frame = _DATED[kind](facts)
    days = pd.Series(frame.iloc[:, 1].to_numpy(), index=frame.iloc[:, 0].to_numpy())
    days = days[~days.index.duplicated()]
    return days.reindex(ids, fill_value=NEVER).to_numpy(dtype=np.int64)


def _whole(facts: Facts, name: str, *columns: str) -> pd.DataFrame:
    frames: list[pd.DataFrame] = [getattr(facts, name), facts.beyond[name]]
    return pd.concat([frame[list(columns)] for frame in frames], ignore_index=True)


def _fundings(facts: Facts) -> pd.DataFrame:
    """A funding is of the day on which its parcours ended."""
    found = _whole(facts, "fundings", "id", "parcours")
    ends = _whole(facts, "parcours", "id", "closed").drop_duplicates("id").set_index("id")
    return found.assign(day=ends["closed"].reindex(found["parcours"]).to_numpy()).drop(
        columns="parcours"
    )


_DATED: dict[str, Callable[[Facts], pd.DataFrame]] = {
    "act": lambda facts: facts.acts[["id", "day"]],
    "parcours": lambda facts: _whole(facts, "parcours", "id", "opened"),
    "orientation": lambda facts: facts.orientations[["id", "proposed"]],
    "diagnostic": lambda facts: _whole(facts, "diagnostics", "diagnostic", "opened"),
    "action": lambda facts: _whole(facts, "actions", "id", "due"),
    "funding": _fundings,
}

__all__ = ["record_days"]
