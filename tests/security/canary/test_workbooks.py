"""What a workbook says gives no sight: a manager's, of parcours that others lead."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from ramsess.exchange.applying import import_sheets
from tests.exchange.workbooks import Book, day
from tests.security.canary.answers import Reader
from tests.security.canary.crawler import token_of
from tests.security.canary.network import ago
from tests.security.canary.principals import PRINCIPALS
from tests.security.canary.words import A, B, C, Thing
from tests.security.canary.workbooks import ANA, settled
from tests.security.canary.world import World

ABSENT = Thing("parcours", "absent", frozenset(), address="P-2020-9999")
COLUMN = "référence_réseau"


def reader_of(world: World, name: str) -> Reader:
    world.sign_in(name)
    return Reader(world, PRINCIPALS[name])


def hand_in(
    reader: Reader, code: str, parcours: Thing, folder: Path, *, until: Any = None
) -> TestResponse:
    """The answer to a workbook whose structure takes part in *parcours*."""
    book = Book(code).adviser(ANA).person("N1", "Fictif")
    book.parcours(
        f"R-{parcours.address}", "N1", ago(39), référence_réseau=parcours.address,
        date_sortie=until,
    )  # fmt: skip
    files = [(io.BytesIO(book.save(folder).read_bytes()), "classeur.xlsx")]
    data = {"csrf_token": token_of(reader), "files": files}
    return settled(reader, reader.ask("/classeurs", "POST", data))


def parcours_named(world: World, name: str) -> Thing:
    return next(one for one in [*world.of_kind("parcours"), ABSENT] if one.name == name)


@pytest.mark.parametrize("name", ["own APEAS", "shared", "share ended", "absent"])
def test_who_knows_a_reference_does_not_enter_by_a_workbook(
    world: World, name: str, tmp_path: Path
) -> None:
    """References follow each other: the code that the référente gives is what lets in."""
    reader, parcours = reader_of(world, f"manager_{C}"), parcours_named(world, name)
    answer = hand_in(reader, C, parcours, tmp_path)
    settled(reader, reader.ask(answer.request.path, "POST", {"csrf_token": token_of(reader)}))
    assert reader.ask(f"/parcours/{parcours.address}").status_code == 404
    assert answer.status_code == 422
    assert "introuvable, ou votre structure n’y prend pas part" in answer.text
    assert reader.leaks == []


@pytest.mark.parametrize(
    ("who", "code", "name", "until"),
    [
        (f"manager_{B}", B, "shared", None),  # it takes part
        (f"manager_{C}", C, "share ended", 2),  # it took part, and the days are over
        ("coordinator", B, f"own {A}", None),
        ("coordinator", C, "share ended", None),
    ],
)
def test_who_takes_part_or_answers_for_all_says_so_in_a_workbook(
    world: World, who: str, code: str, name: str, until: int | None, tmp_path: Path
) -> None:
    reader = reader_of(world, who)
    ended = None if until is None else ago(until)
    answer = hand_in(reader, code, parcours_named(world, name), tmp_path, until=ended)
    assert answer.status_code == 200, re.sub(r"<[^>]*>", "", answer.text)
    assert reader.leaks == []


def problems(session: Session, books: Sequence[Book], allowed: set[str]) -> list[str]:
    result = import_sheets(session, [book.sheets() for book in books], allowed=allowed)
    return [str(problem.column) for problem in result.problems]


def test_a_manager_of_both_lets_one_take_part_with_the_other(session: Session) -> None:
    lead = Book(A).adviser(ANA).person("B1").parcours("P1", "B1", day("2009-03-01"))
    guest = Book(B).adviser(ANA).person("N1")
    guest.parcours("R1", "N1", day("2009-03-02"), référence_réseau=f"{A}/P1")
    assert problems(session, [lead], {A, B}) == []
    assert problems(session, [guest], {B}) == [COLUMN]
    assert problems(session, [guest], {A, B}) == []
