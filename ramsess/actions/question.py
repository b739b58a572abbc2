"""What is searched for, by whom, and what answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.actions.ranking import Grade, Keys, Match, together
from ramsess.models import (
    Account,
)
from ramsess.models.names import normalise

LONGEST, MOST_WORDS = 200, 8
NEAR = "orthographe proche"


@dataclass(frozen=True)
class Hit:
    """Something found. *reason* says why; *target* an endpoint and its arguments.

    *recency* breaks ties: the greatest first.
    """

    title: str
    detail: str
    reason: str
    target: tuple[str, dict[str, Any]]
    match: Match
    recency: float = 0

    @property
    def order(self) -> tuple[Any, ...]:
        return (self.match.grade, self.match.off, -self.recency, self.title)


@dataclass
class Question:
    """What is asked, by whom; what one kind finds, another may use."""

    session: Session
    account: Account
    text: str
    most: int
    words: list[str] = field(default_factory=list)
    people: dict[int, Match] = field(default_factory=dict)
    people_by_word: list[dict[int, Match]] = field(default_factory=list)
    parcours: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text = self.text[:LONGEST].strip()
        self.words = normalise(self.text).split()[:MOST_WORDS]

    @property
    def own(self) -> set[int]:
        return policy.structure_ids(self.account)


def keys_of(session: Session, query: Select[int, str]) -> Keys:
    """The keys of the rows that row-level security shows, in one text: rows would cost as much as
    reading them. What is shown of them is asked for by its policy too.
    """
    said = query.subquery()
    number, key = said.c
    text = select(func.string_agg(cast(number, Text) + " " + key, "\n"))
    lines = (session.scalar(text) or "").splitlines()
    split = (line.partition(" ") for line in lines)
    return Keys((int(number), key) for number, _, key in split)


def best_of(matches: Mapping[int, Match], most: int) -> list[int]:
    return sorted(matches, key=lambda number: matches[number])[:most]


def why_found(match: Match, exact: str, otherwise: str) -> str:
    if match.grade is Grade.NEAR:
        return f"{otherwise}, {NEAR}"
    return exact if match.grade is Grade.NAME else otherwise


def titled(
    question: Question, rows: Iterable[Any], why: str, page: str, recency: Callable[[Any], float]
) -> Iterable[Hit]:
    known = {row.id: row for row in rows}
    keys = Keys((row.id, normalise(row.title)) for row in known.values())
    matches = together([keys.answering(word) for word in question.words], keys.words)
    for number, match in matches.items():
        row = known[number]
        yield Hit(
            row.title,
            row.detail,
            why_found(match, f"{why} exact", why),
            (page, {"public_id": row.public_id}),
            match,
            recency(row),
        )


def rest_of(hit: Hit) -> tuple[Any, ...]:
    return hit.reason, hit.target, hit.match, hit.recency
