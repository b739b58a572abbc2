"""Workbooks that name what others have: people, parcours, sessions, advisers, identifiers."""

from __future__ import annotations

import datetime as dt
import io
import time
from pathlib import Path

from sqlalchemy import text
from werkzeug.test import TestResponse

from tests.conftest import administrator
from tests.exchange.workbooks import Book
from tests.security.canary.answers import Reader
from tests.security.canary.crawler import token_of
from tests.security.canary.network import ago
from tests.security.canary.words import A

ANA = "ana@demo.example"


def hand_in(reader: Reader, folder: Path) -> None:
    """One that stands, of which only the remarks are shown, and one that is refused."""
    codes = sorted(reader.principal.structures("manager")) or [A]
    token = token_of(reader)
    for book, met in ((well_made(reader, codes[0]), 200), (badly_made(reader, codes[0]), 422)):
        path = book.save(folder)
        files = [(io.BytesIO(path.read_bytes()), "classeur.xlsx")]
        typed = " ".join(str(rows) for rows in book.tables().values())
        data = {"csrf_token": token, "files": files}
        answer = settled(reader, reader.ask("/classeurs", "POST", data, typed=typed), typed)
        assert answer.status_code == met, answer.text
    # What she typed stands on its page, for her colleagues too: it is not what they must not read.
    with reader.world.app.app_context(), administrator() as admin:
        admin.execute(text("DELETE FROM imports WHERE digest <> :planted"), {"planted": "0" * 64})


def settled(reader: Reader, answer: TestResponse, typed: str = "") -> TestResponse:
    """The page of the import, once nothing is under way."""
    for _ in range(100):
        if answer.status_code == 302:
            answer = reader.ask(answer.location, typed=typed)
        if "data-progress" not in answer.text:
            return answer
        time.sleep(0.1)
        answer = reader.ask(answer.request.path, typed=typed)
    raise AssertionError("the import does not end")


def well_made(reader: Reader, code: str) -> Book:
    """Everybody in the network by name, without her birth date; sessions of others held together.

    The coordinator takes part in every parcours too; a manager would be refused.
    """
    book = Book(code).adviser(ANA)
    words = reader.world.words
    for number, person in enumerate(reader.world.of_kind("person")):
        named = words.of(person, "beneficiaries.last_name", "beneficiaries.first_name")
        book.person(f"N{number}", *named)
    for number, parcours in enumerate(reader.world.of_kind("parcours")):
        if code not in parcours.concerned and reader.principal.holds("coordinator"):
            book.parcours(
                f"R{number}", "N0", _day(), référence_réseau=parcours.address,
                secteur="CUL", forme_juridique="SCOP",
            )  # fmt: skip
    for number, said in enumerate(_all(reader, "group_sessions.reference")):
        book.group(f"S{number}", ago(15), ANA, référence_séance=said)
    return book


def badly_made(reader: Reader, code: str) -> Book:
    """What others' workbooks call their records, and who works for them."""
    book = Book(code).adviser(ANA)
    for number, key in enumerate(_all(reader, "exchange_keys.local_id")):
        book.act(f"A{number}", _day(), ANA, parcours=key)
        book.parcours(f"P{number}", key, _day())
    for number, said in enumerate(_all(reader, "advisers.email")):
        book.act(f"B{number}", _day(), f"{said}@demo.example")
    return book


def _day() -> dt.date:
    return ago(10)


def _all(reader: Reader, column: str) -> list[str]:
    known = reader.world.words.known
    return [said for said, word in known.items() if word.column == column]
