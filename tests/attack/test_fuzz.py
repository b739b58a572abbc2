"""Whatever is sent, the application answers: no fault, no leak, no change by what it refuses.

``RAMSESS_ATTACK=50000`` sends that many requests (``make attack``); ``RAMSESS_ATTACK_SEED`` repeats
a run.
"""

from __future__ import annotations

import logging
import os
import random
import time
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask, abort, request
from hypothesis import HealthCheck, Phase, given, seed, settings
from werkzeug.test import run_wsgi_app

from ramsess.database import db
from tests.attack.hostile import Hostile, requests
from tests.attack.world import World, build, digest
from tests.conftest import SignIn

BUDGET = int(os.environ.get("RAMSESS_ATTACK") or 1500)
SEED = int(os.environ.get("RAMSESS_ATTACK_SEED") or random.randrange(2**32))
SLOWEST = 10.0
ROUND = 250
SIGNS = ("Traceback (most recent", "sqlalchemy.exc", "psycopg.errors", "site-packages", "FROM act")
MANY = settings(
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def world(app: Flask, sign_in: SignIn) -> World:
    logging.getLogger("ramsess").setLevel(logging.CRITICAL)
    return build(app, sign_in)


class Attack:
    """Sends requests to the world and keeps what should not be."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.found: list[str] = []
        self.answers: Counter[str] = Counter()
        self.before = digest(world)

    def send(self, request: Hostile) -> None:
        begun = time.perf_counter()
        try:
            chunks, status, headers = run_wsgi_app(self.world.app, request.wsgi(), buffered=True)
        except Exception as error:
            self.found.append(f"{type(error).__name__}: {error}: {request}")
            return
        code = int(status.split()[0])
        body = b"".join(chunks).decode("utf-8", "replace")
        self.answers[f"{code // 100}xx"] += 1
        after = digest(self.world)
        if code >= 500:
            self.found.append(f"{code}: {request}")
        if time.perf_counter() - begun > SLOWEST:
            self.found.append(f"lent: {request}")
        if "text/" in headers.get("Content-Type", "") and any(sign in body for sign in SIGNS):
            self.found.append(f"fuite: {request}")
        if 400 <= code < 500 and after != self.before:
            self.found.append(f"{code} écrit: {request}")
        self.before = after


def attack(
    world: World, sign_in: SignIn, budget: int, number: int, enough: Callable[[Attack], bool]
) -> Attack:
    """Send *budget* requests, or until there is *enough*; everybody signs in at each round."""
    work = Attack(world)
    for turn in range(0, budget, ROUND):
        if enough(work):
            break

        @seed(number + turn)
        @settings(MANY, max_examples=min(ROUND, budget - turn))
        @given(requests(world))
        def send(request: Hostile) -> None:
            work.send(request)

        send()
        print(f"{work.answers.total()} sent, {len(work.found)} found", flush=True)
        world.enter(sign_in)
        work.before = digest(world)
    return work


def test_no_hostile_request_is_a_fault(world: World, sign_in: SignIn) -> None:
    work = attack(world, sign_in, BUDGET, SEED, lambda work: len(work.found) > 20)
    sent = work.answers.total()
    print(f"{sent} hostile requests, seed {SEED}: {dict(sorted(work.answers.items()))}")
    assert work.found == [], f"RAMSESS_ATTACK_SEED={SEED}\n" + "\n".join(work.found[:20])
    assert sent >= BUDGET * 0.9
    # It gets past the door: pages answered, forms accepted.
    assert work.answers["2xx"] > sent / 20
    assert work.answers["3xx"] > sent / 50


def test_planted_faults_are_found(
    app: Flask, world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overflows(**_args: str) -> str:
        if any(value.isdigit() and len(value) > 20 for value in request.values.values()):
            raise OverflowError(max(request.values.values()))
        return ""

    def leaks(**_args: str) -> str:
        return "Traceback (most recent call last)" if "'" in str(request.values) else ""

    def writes_and_refuses(**_args: str) -> str:
        db.session.execute(db.text("UPDATE accounts SET name = name || '.'"))
        db.session.commit()
        abort(404)

    for plant, sign in ((overflows, "500"), (leaks, "fuite"), (writes_and_refuses, "404 écrit")):
        with monkeypatch.context() as patch:
            patch.setitem(app.view_functions, "lookups.communes", plant)

            def enough(work: Attack, sign: str = sign) -> bool:
                return any(found.startswith(sign) for found in work.found)

            work = attack(world, sign_in, 20 * BUDGET if BUDGET < 5000 else BUDGET, 1, enough)
            assert enough(work), plant.__name__
