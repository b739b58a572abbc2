"""What a report is about: the whole network, what one scheme pays, or one structure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from tests.counting.recount.records import Act, Network, Parcours, Period, Person
from tests.counting.workbooks import Row


@dataclass(frozen=True)
class Stay:
    """A parcours as the network, or one structure (rule 5), had it.

    `exit` is the parcours' own exit, when the network or the structure was still there.
    """

    parcours: Parcours
    entered: dt.date
    exited: dt.date | None
    exit: dt.date | None


@dataclass(frozen=True)
class View:
    """What one report, or one column, counts: the whole network's, or one structure's."""

    stays: list[Stay]
    acts: list[Act]


def limited_to_scheme(network: Network, scheme: str, period: Period) -> Network:
    """Rule 14: only its acts, and the parcours that its acts of the period concern."""
    acts = [act for act in network.acts if act.scheme == scheme]
    concerned = {act.parcours for act in acts if act.date in period}
    return replace(
        network, acts=acts, parcours=[one for one in network.parcours if one in concerned]
    )


def whole(network: Network) -> View:
    """Rule 1: everything, once."""
    stays = [Stay(one, one.entry, one.exit, one.exit) for one in network.parcours]
    return View(stays, network.acts)


def of_structure(network: Network, code: str, period: Period) -> View:
    """Rules 2 and 5: its own minutes, the acts in which its advisers took part for it, the
    parcours in which it took part, from the day it joined to the day it left or the exit.

    Having left and come back within the period, it has one parcours, from the first arrival to
    the last departure.
    """
    stays = []
    for parcours in network.parcours:
        dates = [
            (joined, left if left is not None else parcours.exit)
            for joined, left in parcours.stays.get(code, [])
        ]
        dates = [one for one in dates if is_there(*one, period)]
        if dates:
            ends = [left for _, left in dates if left is not None]
            exited = max(ends) if len(ends) == len(dates) else None
            there_at_exit = parcours.exit and (exited is None or exited >= parcours.exit)
            stays.append(
                Stay(
                    parcours,
                    entered=min(joined for joined, _ in dates),
                    exited=exited,
                    exit=parcours.exit if there_at_exit else None,
                )
            )
    acts = []
    for act in network.acts:
        own = tuple(work for work in act.work if work.structure == code)
        if own:
            acts.append(replace(act, work=own))
    return View(stays, acts)


def is_there(entered: dt.date, exited: dt.date | None, period: Period) -> bool:
    """Entered on the last day at the latest, and not exited before the first."""
    return entered <= period.last and (exited is None or exited >= period.first)


def followed_stays(view: View, period: Period) -> list[Stay]:
    return [stay for stay in view.stays if is_there(stay.entered, stay.exited, period)]


def acts_in(view: View, period: Period) -> list[Act]:
    """Rule 3."""
    return [act for act in view.acts if act.date in period]


def sessions_in(view: View, period: Period) -> list[Act]:
    return [act for act in acts_in(view, period) if act.is_session]


def active_stays(view: View, period: Period) -> list[Stay]:
    """Followed, with an act in the period (attendance does not make active)."""
    with_act = {act.parcours for act in acts_in(view, period)}
    return [stay for stay in followed_stays(view, period) if stay.parcours in with_act]


def exit_stays(view: View, period: Period) -> list[Stay]:
    """Parcours whose own exit is in the period."""
    return [stay for stay in view.stays if stay.exit in period]


@dataclass(frozen=True)
class Accompanied:
    """A person accompanied, as she was at the entry of her earliest parcours of the period."""

    row: Row
    on: dt.date

    def value(self, heading: str) -> str:
        """Rule 9: unknown is a value."""
        return self.row[heading] or "NR"


def accompanied(view: View, period: Period) -> dict[Person, Accompanied]:
    """Rules 6 and 8: the persons on a followed parcours."""
    found: dict[Person, Accompanied] = {}
    followed = [stay.parcours for stay in followed_stays(view, period)]
    for parcours in sorted(followed, key=lambda one: (one.entry, one.lead, one.id_local)):
        for person, row in parcours.people.items():
            found.setdefault(person, Accompanied(row, parcours.entry))
    return found
