"""B17 — mutualised posts: the time worked for each structure, beside the planned shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ramsess.reports.behind import Measure, PartOf
from ramsess.reports.facts import Facts
from ramsess.reports.period import Period
from ramsess.reports.persons import Persons
from ramsess.reports.rounding import percentages
from ramsess.reports.table import Column, Keys, Number, Row, RowKind, Table, Tally, Unit

COLUMNS = (
    Column("share", "Quotité prévue (temps plein)", Unit.PERCENT),
    Column("minutes", "Heures", Unit.MINUTES),
    Column("planned", "Part prévue", Unit.PERCENT, derived=True),
    Column("recorded", "Part constatée", Unit.PERCENT, derived=True),
)


@dataclass(frozen=True)
class Post:
    """One adviser's assignments that overlap the period, and what was worked in it.

    *key* names its structures and, among the posts of the same ones, its place by shares and
    minutes: no adviser is named, and the order in which records came does not matter.
    """

    key: str
    structures: tuple[str, ...]
    assignments: pd.DataFrame
    work: pd.DataFrame


def build(facts: Facts, structures: Sequence[str], *, shared: bool = True) -> Table:
    """Posts and their structures × planned share of full time, minutes (Rule 2).

    A post is mutualised when, on some day of the period, one adviser is assigned to two
    structures. *share* is the mean over the days of the period; an unknown share adds nothing.
    """
    posts = [
        post for post in _posts(facts) if shared or not set(structures).isdisjoint(post.structures)
    ]
    names = {item.code: item.label for item in facts.lists.structures}
    tally = Tally(list(_rows(posts, names)), COLUMNS)
    for post in posts:
        planned, work = post.assignments, post.work
        for row in ("TOTAL", post.key, None):
            tally.add(
                "assignment", planned["id"], planned["days"] * planned["share"].clip(lower=0),
                row or _lines(post, planned), "share",
            )  # fmt: skip
            tally.add("act", work["act"], work["minutes"], row or _lines(post, work), "minutes")
    days = facts.last - facts.first + 1

    def scale(_row: str, column: str, total: int) -> Number:
        return total if column == "minutes" else _rounded(total, days)

    values = tally.values(scale)
    shares, measures = _parts_of_posts(posts, values)
    return Table(
        id="B17",
        title="Postes mutualisés",
        rule=(
            "Postes dont la personne est affectée à deux structures ou plus en même temps. "
            "Quotité prévue : moyenne sur les jours de la période, en part d’un temps plein. "
            "Heures : celles qui ont été faites pour chaque structure. Les parts se lisent dans "
            "le poste ; elles s’écartent quand le temps réel n’est pas le temps prévu."
        ),
        row_heading="Poste",
        columns=COLUMNS,
        rows=tally.rows,
        values=values | shares,
        parts=tally.parts,
        measures=measures,
        scale=scale,
    )


def _posts(facts: Facts) -> list[Post]:
    there = facts.assignments
    first = there["since"].clip(lower=facts.first)
    last = there["until"].clip(upper=facts.last)
    there = there.assign(days=last - first + 1, first=first, last=last)
    found = []
    for adviser, assignments in there.groupby("adviser"):
        if _at_once(assignments):
            work = facts.shares[facts.shares["adviser"] == adviser]
            found.append((_order(facts, assignments, work), assignments, work))
    found.sort(key=lambda item: item[0])
    numbers: dict[tuple[str, ...], int] = {}
    posts = []
    for (codes, *_), assignments, work in found:
        numbers[codes] = numbers.get(codes, 0) + 1
        posts.append(Post(f"{'+'.join(codes)}.{numbers[codes]}", codes, assignments, work))
    return posts


def _at_once(assignments: pd.DataFrame) -> bool:
    """Two assignments share a day: those of one structure never do."""
    days = assignments.sort_values("first")
    return bool((days["first"].iloc[1:].to_numpy() <= np.maximum.accumulate(
        days["last"].to_numpy())[:-1]).any())  # fmt: skip


def _order(
    facts: Facts, assignments: pd.DataFrame, work: pd.DataFrame
) -> tuple[tuple[str, ...], list[int], list[int]]:
    """The structures in the network's order, then the planned and the worked time of each."""
    used = set(assignments["structure"]) | set(work["structure"])
    codes = tuple(item.code for item in facts.lists.structures if item.code in used)
    planned = (assignments["days"] * assignments["share"].clip(lower=0)).groupby(
        assignments["structure"].astype(str)
    )
    worked = work["minutes"].groupby(work["structure"].astype(str))
    return (
        codes,
        [-int(planned.sum().get(code, 0)) for code in codes],
        [-int(worked.sum().get(code, 0)) for code in codes],
    )


def _rows(posts: list[Post], names: dict[str, str]) -> Iterator[Row]:
    for post in posts:
        number = post.key.rpartition(".")[2]
        label = " + ".join(post.structures) + (f" ({number})" if number != "1" else "")
        yield Row(post.key, label, RowKind.SUBTOTAL)
        for code in post.structures:
            yield Row(f"{post.key}/{code}", names[code], level=1)
    yield Row("TOTAL", "Total des postes mutualisés", RowKind.TOTAL)


def _lines(post: Post, frame: pd.DataFrame) -> Keys:
    """The row of the post's structure that each record belongs to."""
    return pd.Categorical([f"{post.key}/{code}" for code in frame["structure"]])


def _rounded(share_days: int, days: int) -> Number:
    """Per cent of full time over the period, to two decimals, halves up."""
    hundredths = (200 * share_days + days) // (2 * days)
    return hundredths // 100 if hundredths % 100 == 0 else hundredths / 100


def _parts_of_posts(
    posts: list[Post], values: dict[tuple[str, str], Number]
) -> tuple[dict[tuple[str, str], Number], dict[tuple[str, str], Measure]]:
    """What part of the post each structure has, planned and recorded: they add up to 100.

    The planned parts are told only when every share is known.
    """
    found: dict[tuple[str, str], Number] = {}
    measures: dict[tuple[str, str], Measure] = {}
    for post in posts:
        lines = [f"{post.key}/{code}" for code in post.structures]
        for column, of in (("planned", "share"), ("recorded", "minutes")):
            cells = tuple((line, of) for line in lines)
            parts = percentages([values.get(cell, 0) for cell in cells])
            told = column == "recorded" or (post.assignments["share"] >= 0).all()
            if told and any(parts):
                for cell, part in zip(cells, parts, strict=True):
                    found[cell[0], column] = part
                    measures[cell[0], column] = PartOf(cells, cell, (post.key, of))
                found[post.key, column] = 100
                measures[post.key, column] = PartOf(cells, None, (post.key, of))
    return found, measures


def persons(table: Table, period: Period) -> Persons:
    """A post is one adviser's: the Région's edition has none of it."""
    declared = Persons(table, period)
    declared.absent = True
    return declared
