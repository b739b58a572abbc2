"""A report limited to a scheme, a territory, a sector, a type of act, or several of these.

Every limit is a pure function ``Facts → Facts``; in whatever order they come, the facts are the
same. A limit on acts (scheme, type) keeps these acts, and the parcours and persons that they
concern (Rule 14). A limit on projects (territory, sector) keeps a parcours whole, with all its
acts and persons, or leaves it out whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ramsess.reports.columns import or_nr
from ramsess.reports.corrections import of_scheme
from ramsess.reports.facts import BY_PARCOURS, Facts, among, among_parcours
from ramsess.reports.lists import Item, Lists
from ramsess.reports.orientations import concerned
from ramsess.reports.tables.axes import NR, departments, epcis, families, with_nr

Limit = Callable[[Facts, str], Facts]


class UnknownCodeError(LookupError):
    """A structure, a scheme or another code that does not exist; the message is French."""


def to_scheme(facts: Facts, code: str) -> Facts:
    """The acts that the scheme pays, and the parcours and persons that they concern (Rule 14)."""
    limited = _to_acts(facts, np.asarray(facts.acts["scheme"] == code))
    parcours = limited.acts["parcours"]
    return replace(limited, corrections=of_scheme(facts.corrections, code, parcours))


def to_type(facts: Facts, code: str) -> Facts:
    """The acts of a type or a family, and the parcours and persons that they concern."""
    types = facts.acts["type"]
    return _to_acts(facts, np.asarray((types == code) | (families(facts, types) == code)))


def to_sector(facts: Facts, code: str) -> Facts:
    """The parcours of the sector at entry (Rule 8), ``NR`` unknown, with their acts and persons.

    An act without parcours belongs to no sector.
    """
    return _to_parcours(
        facts,
        lambda parcours: np.asarray(or_nr(parcours["sector"]) == code),
        np.zeros(len(facts.acts), dtype=bool),
    )


def to_territory(facts: Facts, code: str) -> Facts:
    """The parcours whose project is in the département or EPCI, with their acts and persons, and
    the acts without parcours done there.

    *code* is a row of table B05: ``HR`` is outside the region, ``NR`` unknown.
    """

    def there(communes: pd.Series) -> npt.NDArray[np.bool_]:
        return np.asarray((departments(facts, communes) == code) | (epcis(facts, communes) == code))

    acts = facts.acts
    alone = (acts["parcours"].to_numpy() < 0) & there(acts["commune"])
    return _to_parcours(facts, lambda parcours: there(parcours["commune"]), alone)


def _to_acts(facts: Facts, held: npt.NDArray[np.bool_]) -> Facts:
    acts = facts.acts[held]
    return _only(facts, acts, acts["parcours"])


def _to_parcours(
    facts: Facts,
    held: Callable[[pd.DataFrame], npt.NDArray[np.bool_]],
    alone: npt.NDArray[np.bool_],
) -> Facts:
    """The parcours *held*, their acts, and the acts *alone*."""
    frames = (facts.parcours, facts.beyond["parcours"])
    ids = pd.concat([frame.loc[held(frame), "id"] for frame in frames])
    return _only(facts, facts.acts[facts.acts["parcours"].isin(ids).to_numpy() | alone], ids)


def _only(facts: Facts, acts: pd.DataFrame, parcours: pd.Series) -> Facts:
    """The *acts* and the *parcours* (ids), and the persons, orientations and corrections that they
    concern: of a correction, what it is about may be known by its parcours alone."""
    ids = acts["id"]
    return replace(
        facts,
        acts=acts,
        shares=among(facts.shares, "act", ids),
        involvements=among(facts.involvements, "parcours", parcours),
        named=among(facts.named, "act", ids),
        attendances=among(facts.attendances, "act", ids),
        orientations=concerned(facts, ids, parcours),
        corrections=among(facts.corrections, "parcours", parcours[parcours >= 0]),
        quiet=among(facts.quiet, "parcours", parcours),
        beyond=among_parcours(facts.beyond, parcours),
        **among_parcours({name: getattr(facts, name) for name in BY_PARCOURS}, parcours),
    )


#: What a report may be limited to, and how; the name is that of the JSON report.
LIMITS: dict[str, Limit] = {
    "scheme": to_scheme,
    "territory": to_territory,
    "sector": to_sector,
    "type": to_type,
}
UNKNOWN = {
    "scheme": "Dispositif inconnu",
    "territory": "Territoire inconnu",
    "sector": "Secteur inconnu",
    "type": "Type d’acte inconnu",
}


def choices(lists: Lists, name: str) -> tuple[Item, ...]:
    """The codes that the limit *name* takes; a ``parent`` is what an item stands under."""
    if name == "territory":
        places = [Item(item.code, f"{item.code} {item.label}") for item in lists.departments]
        return (*places, *lists.epcis, Item("HR", "Hors région"), NR)
    if name == "sector":
        return tuple(with_nr(lists.codes["sectors"]))
    if name == "type":
        types = [
            Item(item.code, f"{item.code} {item.label}", item.parent)
            for item in lists.codes["act_types"]
        ]
        return (*lists.codes["act_families"], *types)
    return lists.codes["schemes"]


def told(lists: Lists, asked: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The code and label of each limit that is *asked*; UnknownCodeError for one unknown."""
    found = {}
    for name in LIMITS:
        code = asked.get(name)
        if code:
            labels = {item.code: item.label for item in choices(lists, name)}
            if code not in labels:
                raise UnknownCodeError(f"{UNKNOWN[name]} : « {code} ».")
            found[name] = (code, labels[code])
    return found


def limited(facts: Facts, asked: Mapping[str, tuple[str, str]]) -> Facts:
    """*facts* under every limit that is *asked* (see told)."""
    for name, (code, _) in asked.items():
        facts = LIMITS[name](facts, code)
    return facts


__all__ = [
    "LIMITS", "UnknownCodeError", "choices", "limited", "to_scheme", "to_sector",
    "to_territory", "to_type", "told",
]  # fmt: skip
