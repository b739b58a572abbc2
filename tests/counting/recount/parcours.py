"""The tables of parcours: B02, B06, B07, B15, B16."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from tests.counting.recount.cells import Cells, crossed
from tests.counting.recount.records import Period
from tests.counting.recount.views import (
    Stay,
    View,
    active_stays,
    acts_in,
    exit_stays,
    followed_stays,
)


def b02_stock_and_flow(view: View, period: Period) -> dict[str, float]:
    """Rules 4 and 5. end = start + entries − exits; followed = start + entries."""
    first, last = period.first, period.last
    stays = view.stays
    return {
        "start": sum(s.entered < first and (not s.exited or s.exited >= first) for s in stays),
        "entries": sum(s.entered in period for s in stays),
        "exits": sum(s.exited in period for s in stays),
        "end": sum(s.entered <= last and (not s.exited or s.exited > last) for s in stays),
        "followed": len(followed_stays(view, period)),
        "active": len(active_stays(view, period)),
    }


def b06_projects(view: View, period: Period) -> Cells:
    projects = [stay.parcours.project for stay in followed_stays(view, period)]
    return crossed((one["secteur"] or "NR", one["forme_juridique"] or "NR") for one in projects)


def phase_at_start(stay: Stay, period: Period) -> str:
    """Held on the eve of the first day; for who entered in the period, the entry phase (for a
    structure that joined later: the phase held on that day)."""
    if stay.entered < period.first:
        return stay.parcours.phase_on(period.first - dt.timedelta(days=1))
    if stay.entered == stay.parcours.entry:
        return stay.parcours.entry_phase
    return stay.parcours.phase_on(stay.entered)


def b07_phases(view: View, period: Period) -> Cells:
    """Rule 10: phase at the start × last phase reached by the last day."""
    return crossed(
        (phase_at_start(stay, period), stay.parcours.phase_on(period.last))
        for stay in followed_stays(view, period)
    )


def b15_exits(view: View, period: Period) -> Cells:
    """Exits in the period by outcome, jobs in full-time equivalents with two decimals."""
    cells: dict[tuple[str, str], Decimal] = {}
    for stay in exit_stays(view, period):
        project = stay.parcours.project
        for row in (project["motif_sortie"] or "NR", "TOTAL"):
            for column, number in (
                ("parcours", 1),
                ("jobs_created", project["emplois_créés"] or 0),
                ("jobs_consolidated", project["emplois_consolidés"] or 0),
            ):
                cells[row, column] = cells.get((row, column), Decimal(0)) + Decimal(str(number))
    return {key: float(number) for key, number in cells.items()}


def quantile(numbers: list[int], share: float) -> float:
    """Linear interpolation between the two nearest ranks, as `percentile_cont`."""
    ordered = sorted(numbers)
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def b16_intensity(view: View, period: Period) -> Cells:
    """Acts and minutes of each active parcours in the period; days of each exit's whole length."""
    acts = acts_in(view, period)
    of_parcours = [
        [act for act in acts if act.parcours is stay.parcours]
        for stay in active_stays(view, period)
    ]
    ended = [stay.parcours for stay in exit_stays(view, period)]
    cells: Cells = {}
    for row, numbers in (
        ("acts", [len(own) for own in of_parcours]),
        ("minutes", [sum(act.minutes for act in own) for own in of_parcours]),
        ("days", [(one.exit - one.entry).days for one in ended if one.exit]),
    ):
        if numbers:
            for column, share in (
                ("min", 0),
                ("q1", 0.25),
                ("median", 0.5),
                ("q3", 0.75),
                ("max", 1),
            ):
                cells[row, column] = quantile(numbers, share)
    return cells
