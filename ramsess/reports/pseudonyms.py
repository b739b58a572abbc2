"""Records told without naming anybody, for who may know of all of them and see none.

As in the detail sheets: a number that leads to nobody, dates, types, structures. The numbers are
those of the detail sheets of the same report, and mean nothing outside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from ramsess.reports.behind import Ids
from ramsess.reports.columns import NEVER
from ramsess.reports.facts import EPOCH, Facts, among
from ramsess.reports.period import french_date

Told: TypeAlias = tuple[str, str]
#: What begins the number of each kind of record.
PREFIXES = {
    "act": "AC", "parcours": "PA", "person": "PE", "orientation": "OR", "diagnostic": "DI",
    "plan": "PL", "action": "AP", "funding": "FI", "assignment": "AF",
}  # fmt: skip


def tell(facts: Facts, kind: str, ids: Iterable[int]) -> dict[int, Told]:
    """Each of the records *ids*: its number, and what may be said of it."""
    wanted = np.array(list(ids), dtype=np.int64)
    details = _DETAILS[kind](facts, wanted)
    return {
        int(one): (number, details.get(int(one), ""))
        for one, number in zip(wanted, _numbers(facts, kind, wanted), strict=True)
    }


def _known(facts: Facts, kind: str) -> pd.Series:
    """All the records of a kind that the report knows, in the order of their numbers."""
    frames = {
        "act": [facts.acts["id"]],
        "parcours": [facts.parcours["id"], facts.beyond["parcours"]["id"]],
        "person": [facts.people["person"], facts.named["person"], facts.attendances["person"]],
        "orientation": [facts.orientations["id"]],
        "diagnostic": [_all(facts, "diagnostics")["diagnostic"]],
        "plan": [_all(facts, "plans")["id"]],
        "action": [_all(facts, "actions")["id"]],
        "funding": [_all(facts, "fundings")["id"]],
        "assignment": [facts.assignments["id"]],
    }[kind]
    found = pd.concat(frames, ignore_index=True).drop_duplicates()
    return found.sort_values() if kind == "person" else found


def _all(facts: Facts, name: str) -> pd.DataFrame:
    frames: list[pd.DataFrame] = [getattr(facts, name), facts.beyond[name]]
    return pd.concat(frames, ignore_index=True)


def _numbers(facts: Facts, kind: str, ids: Ids) -> list[str]:
    places = pd.Index(_known(facts, kind)).get_indexer(ids) + 1
    return [f"{PREFIXES[kind]}{place:06d}" if place else "" for place in places]


def _each(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows, one after the other; few."""
    yield from frame.itertuples()


def _day(value: int) -> str:
    return "" if value == NEVER else french_date(EPOCH + dt.timedelta(days=int(value)))


def _codes(frame: pd.DataFrame, by: str) -> dict[int, str]:
    """The codes of the structures, by record."""
    found: dict[int, set[str]] = {}
    for one, code in zip(frame[by], frame["structure"].astype(str), strict=True):
        found.setdefault(int(one), set()).add(code)
    return {one: ", ".join(sorted(codes)) for one, codes in found.items()}


def _parcours_numbers(facts: Facts, ids: pd.Series) -> list[str]:
    return _numbers(facts, "parcours", ids.to_numpy())


def _said(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _acts(facts: Facts, ids: Ids) -> dict[int, str]:
    acts = among(facts.acts, "id", ids)
    labels = facts.lists.labels("act_types")
    structures = _codes(among(facts.shares, "act", ids), "act")
    return {
        int(row.id): _said(_day(row.day), labels[str(row.type)], structures.get(int(row.id), ""),
                           parcours)
        for row, parcours in zip(
            _each(acts), _parcours_numbers(facts, acts["parcours"]), strict=True
        )
    }  # fmt: skip


def _parcours(facts: Facts, ids: Ids) -> dict[int, str]:
    structures = _codes(among(facts.involvements, "parcours", ids), "parcours")
    found = {}
    for row in _each(among(_all(facts, "parcours"), "id", ids)):
        left = _day(row.closed)
        found[int(row.id)] = _said(
            f"entrée le {_day(row.opened)}",
            f"sortie le {left}" if left else "",
            structures.get(int(row.id), "") or str(row.lead),
        )
    return found


def _persons(facts: Facts, ids: Ids) -> dict[int, str]:
    """By her parcours alone: what she is would tell who she is."""
    theirs = among(facts.people, "person", ids)
    numbers = _parcours_numbers(facts, theirs["parcours"])
    found: dict[int, set[str]] = {}
    for person, number in zip(theirs["person"], numbers, strict=True):
        found.setdefault(int(person), set()).add(number)
    return {int(one): ", ".join(sorted(found.get(int(one), {"sans parcours"}))) for one in ids}


def _orientations(facts: Facts, ids: Ids) -> dict[int, str]:
    partners = facts.lists.labels("partners")
    found = {}
    for row in _each(among(facts.orientations, "id", ids)):
        to = row.receiver if isinstance(row.receiver, str) else partners.get(str(row.partner), "")
        found[int(row.id)] = _said(f"proposée le {_day(row.proposed)}", f"{row.sender} vers {to}")
    return found


def _diagnostics(facts: Facts, ids: Ids) -> dict[int, str]:
    frame = among(_all(facts, "diagnostics"), "diagnostic", ids)
    theirs = among(_all(facts, "contributions"), "diagnostic", ids)
    structures = _codes(theirs, "diagnostic")
    return {
        int(row.diagnostic): _said(
            f"ouvert le {_day(row.opened)}", number, structures.get(int(row.diagnostic), "")
        )
        for row, number in zip(
            _each(frame), _parcours_numbers(facts, frame["parcours"]), strict=True
        )
    }


def _plans(facts: Facts, ids: Ids) -> dict[int, str]:
    frame = among(_all(facts, "plans"), "id", ids)
    structures = _codes(among(_all(facts, "actions"), "plan", ids), "plan")
    numbers = _parcours_numbers(facts, frame["parcours"])
    return {
        int(one): _said(number, structures.get(int(one), ""))
        for one, number in zip(frame["id"], numbers, strict=True)
    }


def _actions(facts: Facts, ids: Ids) -> dict[int, str]:
    frame = among(_all(facts, "actions"), "id", ids)
    numbers = _parcours_numbers(facts, frame["parcours"])
    return {
        int(row.id): _said(f"échéance le {_day(row.due)}" if _day(row.due) else "", number,
                           str(row.structure))
        for row, number in zip(_each(frame), numbers, strict=True)
    }  # fmt: skip


def _fundings(facts: Facts, ids: Ids) -> dict[int, str]:
    frame = among(_all(facts, "fundings"), "id", ids)
    labels = facts.lists.labels("funding_sources")
    numbers = _parcours_numbers(facts, frame["parcours"])
    return {
        int(row.id): _said(labels.get(str(row.source), ""), number)
        for row, number in zip(_each(frame), numbers, strict=True)
    }


def _assignments(facts: Facts, ids: Ids) -> dict[int, str]:
    return {
        int(row.id): _said(str(row.structure), f"{row.share} % d’un temps plein")
        for row in _each(among(facts.assignments, "id", ids))
    }


_DETAILS: dict[str, Callable[[Facts, Ids], dict[int, str]]] = {
    "act": _acts,
    "parcours": _parcours,
    "person": _persons,
    "orientation": _orientations,
    "diagnostic": _diagnostics,
    "plan": _plans,
    "action": _actions,
    "funding": _fundings,
    "assignment": _assignments,
}

__all__ = ["tell"]
