"""Whatever is sent, the application answers: no fault, no leak, no change by what it refuses.

``RAMSESS_ATTACK=50000`` sends that many requests (``make attack``); ``RAMSESS_ATTACK_SEED`` draws
the same ones again.
"""

from __future__ import annotations

import logging
import os
import random
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, abort, request
from hypothesis import HealthCheck, Phase, given, seed, settings
from werkzeug.test import run_wsgi_app

from ramsess.database import act_for_the_network, db
from ramsess.views import errors
from tests.attack.hostile import PLANS, Hostile, Plan, hostile
from tests.attack.world import LEAVING, World, world_of
from tests.conftest import SignIn

# Some eleven for each route.
BUDGET = int(os.environ.get("RAMSESS_ATTACK") or 1600)
# The long run tries something else each time; the short one is part of every change's tests.
SEED = int(
    os.environ.get("RAMSESS_ATTACK_SEED")
    or (random.randrange(2**32) if "RAMSESS_ATTACK" in os.environ else 2009)
)
SLOWEST = 10.0
# Requests between two signings in of everybody; few on the one route that has a fault.
ROUND, SHORT_ROUND = 250, 40
SIGNS = ("Traceback (most recent", "sqlalchemy.exc", "psycopg.errors", "site-packages", "FROM act")
MANY = settings(
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def world(app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    quiet = [logging.getLogger(name) for name in ("ramsess", "py.warnings")]
    levels = [logger.level for logger in quiet]
    for logger in quiet:
        logger.setLevel(logging.CRITICAL)
    with world_of(app, sign_in) as made:

        def remember(error: BaseException) -> None:
            """What neither the error page nor the log tells."""
            frames = traceback.extract_tb(error.__traceback__)
            places = [
                f"{Path(frame.filename).name}:{frame.lineno}"
                for frame in frames
                if "/ramsess/" in frame.filename or frame is frames[-1]
            ]
            made.fault = f"{type(error).__name__} {str(error)[:300]!r} at {', '.join(places)}"

        monkeypatch.setattr(errors, "log_fault", remember)
        yield made
    for logger, level in zip(quiet, levels, strict=True):
        logger.setLevel(level)


class Attack:
    """Sends requests to the world and keeps what should not be."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.found: list[str] = []
        self.answers: Counter[str] = Counter()
        self.inside: Counter[str] = Counter()
        self.spent: Counter[str] = Counter()
        self.before = world.changes()

    def send(self, request: Hostile) -> None:
        begun = time.perf_counter()
        endpoint = request.rule.endpoint
        try:
            chunks, status, headers = run_wsgi_app(self.world.app, request.wsgi(), buffered=True)
        except Exception as error:
            self.answers["5xx"] += 1
            self.found.append(f"{type(error).__name__}: {error}: {request}")
            return
        code = int(status.split()[0])
        spent = time.perf_counter() - begun
        self.spent[endpoint] += int(spent * 1e6)
        location, kind = headers.get("Location", ""), headers.get("Content-Type", "")
        body = b"".join(chunks).decode("utf-8", "replace") if "text/" in kind else ""
        self.answers[f"{code // 100}xx"] += 1
        # 409, 422: the form was read.
        if code in (409, 422) or (code < 400 and not location.startswith("/connexion")):
            self.inside[endpoint] += 1
            self.world.entered.add(endpoint)
        after = self.world.changes()
        if code >= 500:
            self.found.append(f"{code}: {self.world.fault}: {request}")
        if spent > SLOWEST:
            self.found.append(f"lent: {request}")
        if any(sign in body for sign in SIGNS):
            self.found.append(f"fuite: {request}")
        if 400 <= code < 500 and after != self.before:
            self.found.append(f"{code} écrit: {request}")
        if code < 500:
            path = str(request.environ["PATH_INFO"])
            self.world.learn(request.who, path, location + body)
        if endpoint.startswith(LEAVING):
            self.world.mend()
            after = self.world.changes()
        self.before = after


def attack(
    world: World,
    budget: int,
    number: int,
    enough: Callable[[Attack], bool],
    round_of: int = ROUND,
) -> Attack:
    """Send *budget* requests, or until there is *enough*; everybody signs in at each round."""
    work = Attack(world)
    for turn in range(0, budget, round_of):
        if enough(work):
            break

        @seed(number + turn)
        @settings(MANY, max_examples=min(round_of, budget - turn))
        @given(PLANS)
        def send(plan: Plan) -> None:
            work.send(hostile(world, plan))

        send()
        said = f"{work.answers.total()} sent, {work.inside.total()} inside"
        print(f"{said}, {len(work.found)} found {dict(sorted(work.answers.items()))}", flush=True)
        world.enter()
        work.before = world.changes()
    return work


def test_no_hostile_request_is_a_fault(world: World) -> None:
    world.look()
    assert len(world.forms) >= 25, sorted(world.forms)
    work = attack(world, BUDGET, SEED, lambda work: len(work.found) > 20)
    sent, inside = work.answers.total(), work.inside.total()
    print(f"{sent} hostile requests, seed {SEED}: {dict(sorted(work.answers.items()))}")
    slow = ", ".join(f"{name} {spent / 1e6:.1f} s" for name, spent in work.spent.most_common(8))
    print(f"{work.spent.total() / 1e6:.0f} s in answers: {slow}")
    print(f"{inside} past the door, on {len(work.inside)} routes")
    assert work.found == [], f"RAMSESS_ATTACK_SEED={SEED}\n" + "\n".join(work.found[:20])
    assert sent >= BUDGET * 0.9
    assert inside > sent * 0.4
    # The interface opens to tokens, not to cookies: tests/interface/test_description.py attacks it.
    doors = {rule.endpoint for rule in world.rules if not rule.endpoint.startswith("api.")}
    assert len(work.inside) > len(doors) * 0.8


def overflows(**_args: str) -> str:
    if any(value.isdigit() and len(value) > 20 for value in request.values.values()):
        raise OverflowError(max(request.values.values()))
    return ""


def leaks(**_args: str) -> str:
    return "Traceback (most recent call last)" if "'" in str(request.values) else ""


def writes_and_refuses(**_args: str) -> str:
    act_for_the_network(db.session())
    db.session.execute(db.text("UPDATE accounts SET name = name || '.'"))
    db.session.commit()
    abort(404)


@pytest.mark.parametrize(
    ("plant", "sign"),
    [(overflows, "500: OverflowError"), (leaks, "fuite"), (writes_and_refuses, "404 écrit")],
)
def test_a_planted_fault_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch, plant: Callable[..., str], sign: str
) -> None:
    monkeypatch.setitem(world.app.view_functions, "lookups.communes", plant)
    world.rules = [rule for rule in world.rules if rule.endpoint == "lookups.communes"]
    work = attack(world, 400, 1, lambda work: bool(work.found), SHORT_ROUND)
    assert any(found.startswith(sign) for found in work.found), work.answers
