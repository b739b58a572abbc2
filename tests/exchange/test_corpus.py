"""Every kind of bad workbook meets what it must, by the page where people hand it in.

In each check, one variant of each kind; with RAMSESS_WHOLE, all of them, and the figures printed.
"""

from __future__ import annotations

import gc
import io
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from ramsess.database import db
from ramsess.exchange import importing, reader
from ramsess.models import AuditEvent
from tests.conftest import SignIn
from tests.exchange.corpus import FAMILIES, of_family
from tests.exchange.corpus.making import KINDS, VARIANTS, Kind, good
from tests.exchange.test_upload import settled
from tests.pages import token_of

WHOLE = bool(os.environ.get("RAMSESS_WHOLE"))
MOST_GROWTH, MOST_SECONDS = 20 * 1024 * 1024, 30.0
# What a workbook may write.
WRITTEN = ("beneficiaries", "parcours", "acts", "group_sessions", "advisers", "exchange_keys")


@dataclass
class Met:
    """What a file met: R, W or N, what was said, and what it cost the application."""

    outcome: str
    said: str
    growth: int
    seconds: float
    written: int


@contextmanager
def watched() -> Iterator[list[int]]:
    """The most memory that this process held meanwhile, beyond what it held, in bytes."""
    process, over = psutil.Process(), threading.Event()
    before = process.memory_info().rss
    most = [0]

    def look() -> None:
        while not over.wait(0.004):
            most[0] = max(most[0], process.memory_info().rss - before)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()


def hand_in(app: Flask, client: FlaskClient, token: str, content: bytes) -> Met:
    """Hand a file in, and go to the end of what is made of it."""
    before = written(app)
    data = {"csrf_token": token, "files": [(io.BytesIO(content), "classeur.xlsx")]}
    with watched() as growth:
        start = time.monotonic()
        page = settled(client, client.post("/classeurs", data=data))
        seconds = time.monotonic() - start
    after = written(app)
    outcome = "?"
    if page.status_code == 413:
        outcome = "R"
    elif page.status_code == 200 and "Classeur vérifié" in page.text:
        outcome = "N"
    elif page.status_code == 422:
        # Rows of data are named from the second on; keys of the sheet Structure are rows too.
        listed = "<td>Actes</td><td>2</td>" in page.text or "<td>code_structure</td>" in page.text
        outcome = "W" if listed else "R"
    return Met(outcome, page.text, growth[0], seconds, after - before)


def written(app: Flask) -> int:
    """How many rows there are that a workbook writes."""
    counted = " + ".join(f"(SELECT count(*) FROM {table})" for table in WRITTEN)
    with app.app_context():
        return int(db.session.execute(text(f"SELECT {counted}")).scalar_one())


def faults_of(kind: Kind, variant: int, met: Met) -> list[str]:
    """What is not as it must be."""
    name = f"{kind.number} {kind.name} {variant}"
    due = kind.outcome(variant)
    found = [] if met.outcome == due else [f"{name}: {met.outcome}, not {due}"]
    if met.written:
        found.append(f"{name}: {met.written} rows written")
    if met.growth > MOST_GROWTH:
        found.append(f"{name}: {met.growth >> 20} MiB more")
    if met.seconds > MOST_SECONDS:
        found.append(f"{name}: {met.seconds:.0f} s")
    return found


@pytest.fixture
def manager(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Somebody who hands in more than one may in a day."""
    monkeypatch.setattr(importing, "MOST_A_DAY", 1_000)
    return sign_in("manager", "APEAS")


@pytest.mark.parametrize("family", FAMILIES)
def test_every_kind_meets_what_it_must(app: Flask, manager: FlaskClient, family: str) -> None:
    token = token_of(manager.get("/classeurs"))
    assert hand_in(app, manager, token, good()).outcome == "N"
    gc.collect()
    faults: list[str] = []
    met: Counter[str] = Counter()
    growth, seconds = 0, 0.0
    for kind in of_family(family):
        for variant in range(VARIANTS) if WHOLE else [kind.number % VARIANTS]:
            result = hand_in(app, manager, token, kind.content(variant))
            faults += faults_of(kind, variant, result)
            met[result.outcome] += 1
            growth, seconds = max(growth, result.growth), max(seconds, result.seconds)
    print(f"{family}: {met.total()} files {dict(met)}, {len(faults)} not as due, at most "
          f"{growth / (1 << 20):.1f} MiB more and {seconds:.1f} s")  # fmt: skip
    assert faults == []


def test_the_corpus_has_sixty_kinds_and_five_of_each() -> None:
    assert sorted(kind.number for kind in KINDS) == list(range(1, 61))
    assert len(KINDS) * VARIANTS >= 300


def test_the_corpus_finds_a_gate_left_open(
    app: Flask, manager: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ramsess.exchange.container.check", lambda _file: None)
    token = token_of(manager.get("/classeurs"))
    found = []
    for kind in KINDS:
        if kind.number in (9, 10, 16, 18, 47, 50):
            found += faults_of(kind, 0, hand_in(app, manager, token, kind.content(0)))
    assert len(found) >= 4, found
    assert reader.container.check(io.BytesIO(b"")) is None  # type: ignore[func-returns-value]


def test_a_workbook_of_another_structure_is_noted(app: Flask, manager: FlaskClient) -> None:
    token = token_of(manager.get("/classeurs"))
    kind = next(kind for kind in KINDS if kind.number == 59)
    assert hand_in(app, manager, token, kind.content(0)).outcome == "W"
    with app.app_context():
        actions = set(db.session.scalars(db.select(AuditEvent.action)))
    assert "refuse_workbook" in actions
