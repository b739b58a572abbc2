"""Every table of a report, and the key figures that quote them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from tests.counting.recount.activity import (
    b05_territory,
    b08_acts,
    b09_minutes,
    b10_months,
    b11_sessions,
    b21_schemes,
)
from tests.counting.recount.cells import Cells
from tests.counting.recount.parcours import (
    b02_stock_and_flow,
    b06_projects,
    b07_phases,
    b15_exits,
    b16_intensity,
)
from tests.counting.recount.persons import (
    b03_sex_and_age,
    b04_situation_and_education,
    b18_reception,
)
from tests.counting.recount.quality import b19_quality
from tests.counting.recount.reading import read
from tests.counting.recount.records import Network, Period
from tests.counting.recount.together import b13_by_number, b13_pairs, b17_posts
from tests.counting.recount.views import (
    View,
    accompanied,
    limited_to_scheme,
    of_structure,
    whole,
)
from tests.counting.workbooks import Workbook


def recount(
    workbooks: Iterable[Workbook],
    first: dt.date,
    last: dt.date,
    scheme: str | None = None,
    structure: str | None = None,
) -> dict[str, Cells]:
    """Every table of the report on [first, last], limited to a scheme, beside a structure."""
    recorded = read(workbooks)
    period = Period(first, last)

    def network_of(some: Period) -> Network:
        return limited_to_scheme(recorded, scheme, some) if scheme else recorded

    def view_of(some: Period) -> View:
        network = network_of(some)
        return of_structure(network, structure, some) if structure else whole(network)

    network, view, previous = network_of(period), view_of(period), period.year_before()
    return {
        "B01": {
            (row, column): figure
            for column, figures in (
                ("current", b01_key_figures(view, period)),
                ("previous", b01_key_figures(view_of(previous), previous)),
            )
            for row, figure in figures.items()
        },
        "B02": by_structure(network, structure, period, b02_stock_and_flow),
        "B03": b03_sex_and_age(view, period),
        "B04": b04_situation_and_education(view, period),
        "B05": b05_territory(view, period),
        "B06": b06_projects(view, period),
        "B07": b07_phases(view, period),
        "B08": by_structure(network, structure, period, b08_acts),
        "B09": by_structure(network, structure, period, b09_minutes),
        "B10": b10_months(view, period),
        "B11": b11_sessions(view, period),
        "B13": b13_by_number(network, structure, period),
        "B13S": b13_pairs(network, structure, period),
        "B15": b15_exits(view, period),
        "B16": b16_intensity(view, period),
        "B17": b17_posts(network, structure, period),
        "B18": b18_reception(view, period),
        "B19": b19_quality(network, structure, period),
        "B21": b21_schemes(view, period),
    }


def by_structure(
    network: Network,
    structure: str | None,
    period: Period,
    count: Callable[[View, Period], dict[str, float]],
) -> Cells:
    """Rule 1: a column for each structure, `TOTAL` unduplicated, `SHARED` = sum − total.

    Beside one structure: its column and the network's total.
    """
    total = count(whole(network), period)
    columns = {
        code: count(of_structure(network, code, period), period)
        for code in ([structure] if structure else network.structures)
    }
    cells: Cells = {}
    for row in total:
        cells[row, "TOTAL"] = total[row]
        for code, column in columns.items():
            cells[row, code] = column.get(row, 0)
        if structure is None:
            cells[row, "SHARED"] = sum(col.get(row, 0) for col in columns.values()) - total[row]
    return cells


def b01_key_figures(view: View, period: Period) -> dict[str, float]:
    """Key figures, each as in the table of its own."""
    flow, exits = b02_stock_and_flow(view, period), b15_exits(view, period)
    reception, months = b18_reception(view, period), b10_months(view, period)
    return {
        "parcours_followed": flow["followed"],
        "parcours_entries": flow["entries"],
        "parcours_exits": flow["exits"],
        "persons_accompanied": len(accompanied(view, period)),
        "persons_received": reception.get(("TOTAL", "persons"), 0),
        "anonymous_received": reception.get(("TOTAL", "anonymous"), 0),
        "acts": months.get(("TOTAL", "acts"), 0),
        "minutes": months.get(("TOTAL", "minutes"), 0),
        "sessions": months.get(("TOTAL", "sessions"), 0),
        "attendances": months.get(("TOTAL", "attendances"), 0),
        "jobs_created": exits.get(("TOTAL", "jobs_created"), 0),
        "jobs_consolidated": exits.get(("TOTAL", "jobs_consolidated"), 0),
    }
