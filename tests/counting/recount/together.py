"""The tables of working together: B13, B13S, B17."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from tests.counting.recount.cells import Cells
from tests.counting.recount.records import Network, Parcours, Period, Post
from tests.counting.recount.views import followed_stays, is_there, of_structure, whole


def structures_of(parcours: Parcours, period: Period) -> set[str]:
    """Who took part at some moment of the period."""
    return {
        code
        for code, stays in parcours.stays.items()
        if any(
            is_there(joined, left if left is not None else parcours.exit, period)
            for joined, left in stays
        )
    }


def b13_by_number(network: Network, structure: str | None, period: Period) -> Cells:
    """Parcours followed by number of structures; a column adds up to its line *suivis* of B02."""
    cells: Counter[tuple[str, str]] = Counter()
    shown = [structure] if structure else network.structures
    for column in [*shown, "TOTAL"]:
        view = whole(network) if column == "TOTAL" else of_structure(network, column, period)
        for stay in followed_stays(view, period):
            number = str(len(structures_of(stay.parcours, period)))
            cells[number, column] += 1
            cells["TOTAL", column] += 1
    return with_shared(cells, structure)


def b13_pairs(network: Network, structure: str | None, period: Period) -> Cells:
    """For each pair, the parcours in which both took part."""
    cells: Counter[tuple[str, str]] = Counter()
    followed = {stay.parcours for stay in followed_stays(whole(network), period)}
    for parcours in network.parcours:
        there = structures_of(parcours, period)
        if len(there) < 2:
            continue
        for one, other in combinations(sorted(there), 2):
            cells[one, other] += 1
            cells[other, one] += 1
        for one in there:
            cells[one, "TOTAL"] += 1
            cells["TOTAL", one] += 1
        cells["TOTAL", "TOTAL"] += parcours in followed
    if structure:
        cells = Counter({key: n for key, n in cells.items() if key[1] in (structure, "TOTAL")})
    return with_shared(cells, structure)


def with_shared(cells: Counter[tuple[str, str]], structure: str | None) -> Cells:
    """Rule 1: *Partagés* = sum of the structures − total; not beside one structure."""
    if structure is None:
        for row in {row for row, _ in cells}:
            columns = {column: n for (at, column), n in cells.items() if at == row}
            total = columns.pop("TOTAL", 0)
            cells[row, "SHARED"] = sum(columns.values()) - total
    return dict(cells)


def b17_posts(network: Network, structure: str | None, period: Period) -> Cells:
    """Who is assigned to two structures on one day of the period: share of full time (mean over
    its days), minutes; the posts of the same structures by their shares, then their minutes."""
    found = []
    for mail in {post.mail for post in network.posts}:
        assigned = [post for post in network.posts if post.mail == mail]
        days = {post: days_in(post, period) for post in assigned}
        if not any(
            one.structure != other.structure and set(days[one]) & set(days[other])
            for one, other in combinations(assigned, 2)
        ):
            continue
        shares, minutes = Counter[str](), Counter[str]()
        for post in assigned:
            if days[post]:
                shares[post.structure] += len(days[post]) * (post.share or 0)
        for act in network.acts:
            for work in act.work:
                if act.date in period and work.mail == mail:
                    minutes[work.structure] += work.minutes
        codes = [code for code in NETWORK_ORDER if code in shares or code in minutes]
        found.append((codes, [-shares[one] for one in codes], [-minutes[one] for one in codes]))
    cells: Counter[tuple[str, str]] = Counter()
    place = Counter[str]()
    for codes, shares_, minutes_ in sorted(found):
        name = "+".join(codes)
        place[name] += 1
        if structure and structure not in codes:
            continue
        for code, share, worked in zip(codes, shares_, minutes_, strict=True):
            for row in (f"{name}.{place[name]}/{code}", f"{name}.{place[name]}", "TOTAL"):
                cells[row, "share"] -= share
                cells[row, "minutes"] -= worked
    length = Decimal((period.last - period.first).days + 1)
    return {
        (row, column): n
        if column == "minutes"
        else float((n / length).quantize(Decimal("0.01"), ROUND_HALF_UP))
        for (row, column), n in cells.items()
    }


def days_in(post: Post, period: Period) -> list[dt.date]:
    """The days of the period on which an assignment holds."""
    first = max(period.first, post.since or period.first)
    last = min(period.last, post.until or period.last)
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


#: The founding members' order in the network (data/structures_2009.csv).
NETWORK_ORDER = (
    "APEAS", "INTERMADE", "ACCES", "ESSOR13", "ENERGIE", "PLACE", "TETESART", "PSPORT13", "AGODIS",
    "BABALEX", "FSPVA", "PLATEFORME", "KADO",
)  # fmt: skip
