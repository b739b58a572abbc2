"""Every route × method × principal × object, over HTTP: what the policy says, and nothing else."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from ramsess import create_app
from ramsess.config import Settings
from ramsess.database import close_connections
from tests.security.matrix.expected import (
    ABSENT,
    KINDS,
    ONLY_HALF_WAY,
    OPEN,
    SAYS_NOTHING,
    SET_UP,
    SIGN_IN,
    Principal,
    Thing,
    action_of,
    outcome,
)
from tests.security.matrix.principals import PRINCIPALS
from tests.security.matrix.world import World, build

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
# What a name in an address's question names: it is shut as in the path.
QUESTIONS = (
    ("parcours.new", "personne", "person"),
    ("reports.show", "structure", "structure"),
    ("reports.download", "structure", "structure"),
)
YEAR = "debut=2026-01-01&fin=2026-12-31"
# For each principal: nobody's share of the matrix shrinks without being told.
FEWEST = 700


@dataclass
class Case:
    """One request, and what it must meet."""

    rule: Rule
    action: str | None
    path: str
    method: str
    thing: Thing | None
    due: str

    def __str__(self) -> str:
        name = f" ({self.thing.kind} {self.thing.name})" if self.thing else ""
        return f"{self.method} {self.rule.rule}{name} : {self.due}"


@pytest.fixture(scope="module")
def world(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settings: Settings = app.config["SETTINGS"]
    strict = create_app(
        Settings(
            instance=settings.instance,
            database_url=app.config["DATABASE_ADDRESS"].render_as_string(hide_password=False),
            secure_cookies=False,
            second_factor="required",
        )
    )
    with build(app, strict, tmp_path_factory.mktemp("ledger")) as made:
        yield made
    with strict.app_context():
        close_connections()


def things_of(rule: Rule, world: World, principal: str) -> tuple[str, list[Thing | None]]:
    """The kind that the route's address names and what it is tried with; fails for a new one."""
    named = [name for name in rule.arguments if "any(" not in rule.rule or name != "suffix"]
    if not named:
        return "", [None]
    assert len(named) == 1, f"{rule.rule} : deux noms dans une adresse"
    kind = KINDS[rule.endpoint.partition(".")[0], named[0]]
    found = world.of_kind(kind, principal)
    assert found, f"{rule.rule} : le réseau d’essai n’a rien du genre « {kind} »"
    assert not found[0].there, f"{rule.rule} : rien d’absent du genre « {kind} »"
    return kind, [*found]


def paths_of(rule: Rule, thing: Thing | None) -> list[str]:
    choices = re.search(r"<any\(([^)]*)\):\w+>", rule.rule)
    words = [word.strip() for word in choices[1].split(",")] if choices else [""]
    return [
        re.sub(r"<[^>]*>", thing.address if thing else "", re.sub(r"<any[^>]*>", word, rule.rule))
        for word in words
    ]


def cases(world: World, principal: Principal) -> Iterator[list[Case]]:
    """The cases of each route, those of one route together."""
    views = dict(world.app.view_functions)
    rules = list(world.app.url_map.iter_rules())
    adapter = world.app.url_map.bind("localhost")
    for rule in rules:
        action = None
        if "static" not in rule.endpoint:
            action = action_of(rule, views)
        kind, found = things_of(rule, world, principal.name)
        group = [
            Case(rule, action, path, method, thing,
                 outcome(principal, rule.endpoint, action, kind, thing))
            for thing in found
            for path in paths_of(rule, thing)
            for method in METHODS
            if method in (rule.methods or ()) and method != "OPTIONS"
        ]  # fmt: skip
        group += [
            Case(rule, None, path, method, found[-1], ABSENT)
            for path in paths_of(rule, found[-1])[:1]
            for method in METHODS
            if method == "OPTIONS" or not adapter.test(path, method)
        ]
        group += questions(world, principal, rule, action)
        yield group


def questions(world: World, principal: Principal, rule: Rule, action: str | None) -> Iterator[Case]:
    for endpoint, name, kind in QUESTIONS:
        if rule.endpoint != endpoint:
            continue
        for thing in world.of_kind(kind, principal.name):
            for path in paths_of(rule, None):
                asked = f"{path}?{YEAR}&{name}={thing.address}"
                due = outcome(principal, endpoint, action, kind, thing)
                yield Case(rule, action, asked, "GET", thing, due)


class Matrix:
    """Sends the cases of one principal and keeps what should not be."""

    def __init__(self, world: World, principal: Principal) -> None:
        self.world, self.principal = world, principal
        self.browser = world.browsers[principal.name]
        self.met: Counter[str] = Counter()
        self.faults: list[str] = []

    def run(self) -> None:
        for group in cases(self.world, self.principal):
            self.absences: dict[str, tuple[int, str, str]] = {}
            before = self.world.digest()
            for case in group:
                if case.method == "POST" and case.method in (case.rule.methods or ()):
                    self.send(case, csrf=False)
                if case.due != OPEN:
                    self.send(case)
            if self.world.digest() != before:
                self.faults.append(f"{group[0].rule.rule} : un refus a changé la base")
            for case in group:
                if case.due == OPEN:
                    self.send(case)
            if any(case.due == OPEN for case in group):
                self.world.restore(before)
                self.world.put_deposits_back()

    def send(self, case: Case, *, csrf: bool = True) -> None:
        data = {}
        if case.rule.endpoint == "account.work_for":
            codes = sorted(self.principal.structures("adviser", "manager"))
            data["structure"] = str(self.world.structures[codes[0]]) if codes else ""
        answer = self.browser.ask(case.path, case.method, data, csrf)
        self.met[case.due if csrf else "sans jeton"] += 1
        fault = self.fault(case, answer, csrf)
        if fault:
            self.faults.append(f"{case} ; {fault} (jeton : {csrf})")

    def fault(self, case: Case, answer: TestResponse, csrf: bool) -> str:
        code, target = answer.status_code, answer.location or ""
        if code >= 500:
            return f"{code}"
        if not csrf:
            return "" if code == 401 else f"{code} sans jeton"
        if case.due == OPEN:
            return self.not_open(case, code, target)
        if case.due == SET_UP:
            return (
                "" if (code, target) == (302, "/second-facteur/application") else f"{code} {target}"
            )
        seen = (
            code,
            text_of(case, answer),
            target.replace(case.thing.address if case.thing else "|", "@"),
        )
        if any(word in answer.text.lower() for word in self.world.canaries):
            if not target.startswith("/connexion?next="):
                return "un canari dans un refus"
        if case.due == SIGN_IN:
            if case.method == "POST":
                return "" if code == 401 else f"{code}"
            return (
                "" if code == 302 and target.startswith("/connexion?next=") else f"{code} {target}"
            )
        wanted = SAYS_NOTHING.get(case.rule.endpoint, 404) if case.action else 404
        if case.thing and case.thing.name == "absent" and case.action:
            self.absences[
                f"{case.method} {case.path.rpartition('.')[2] if 'any(' in case.rule.rule else ''}"
            ] = seen
        if code not in (wanted, 404):
            return f"{code} {target}"
        key = f"{case.method} {case.path.rpartition('.')[2] if 'any(' in case.rule.rule else ''}"
        if case.action and key in self.absences and seen != self.absences[key]:
            return "autre chose qu’une absence"
        return ""

    def not_open(self, case: Case, code: int, target: str) -> str:
        if code in (404, 401) and case.rule.endpoint not in ONLY_HALF_WAY:
            return f"{code}"
        # What lets in leads to the door; nothing else does.
        if target.startswith("/connexion") and case.action != "sign_in":
            return f"{code} {target}"
        return ""


def text_of(case: Case, answer: TestResponse) -> str:
    """The page without what each request draws, and without the address asked for."""
    if case.method == "HEAD":
        return ""
    text = re.sub(r'(name="csrf_token"[^>]* value=")[^"]+', r"\1", answer.text)
    return text.replace(case.thing.address, "@") if case.thing else text


@pytest.mark.parametrize("name", PRINCIPALS)
def test_every_address_answers_as_the_policy_says(world: World, name: str) -> None:
    matrix = Matrix(world, PRINCIPALS[name])
    matrix.run()
    total = matrix.met.total()
    print(f"{name}: {total} requests {dict(matrix.met)}")
    assert matrix.faults == [], "\n".join(itertools.islice(matrix.faults, 40))
    assert total >= FEWEST
