"""Every request to send for a principal, and what each must meet."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from werkzeug.routing import Rule

from tests.security.matrix.expected import ABSENT, KINDS, OPEN, SET_UP, Principal, Thing, outcome
from tests.security.matrix.principals import PRINCIPALS
from tests.security.matrix.world import World

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
# What our pages may send: nothing looks at who asks by another method.
SENT = ("GET", "HEAD", "POST")
# A day's report is shut to the same people as a year's, and sooner made.
DAY = "debut=2026-01-05&fin=2026-01-05"
QUESTIONS = {"reports.show": DAY, "reports.download": DAY, "disclosure.show": DAY}
# Long to make, and open to the same people as the page: each is made for one of them.
LONG = {"pdf": "adviser", "xlsx": "coordinator"}
# What a name in an address's question names: it is shut as in the path.
NAMED_IN_QUESTION = {
    "parcours.new": ("personne", "person"),
    "reports.show": ("structure", "structure"),
    "reports.download": ("structure", "structure"),
}
# The same for what is sent: the page knows structures by their number.
NAMED_IN_FORM = {"account.work_for": ("structure", "structure")}


@dataclass
class Case:
    """One request, and what it must meet; *action* is None where no route answers."""

    rule: Rule
    action: str | None
    path: str
    method: str
    thing: Thing | None
    due: str
    data: dict[str, str] = field(default_factory=dict)
    with_token: bool = True

    @property
    def form(self) -> str:
        """What makes two answers comparable: the method, and what kind of file is asked for."""
        suffix = self.path.rpartition(".")[2] if "any(" in self.rule.rule else ""
        return f"{self.method} {suffix}"

    def __str__(self) -> str:
        name = f" ({self.thing.kind} {self.thing.name})" if self.thing else ""
        token = "" if self.with_token else " sans jeton"
        return f"{self.method} {self.rule.rule}{name}{token} : {self.due}"


def cases(
    world: World, principal: Principal, endpoints: Collection[str] | None = None
) -> Iterator[list[Case]]:
    """The cases of each route (of *endpoints* alone when given), those of one route together."""
    tried: set[tuple[str, str]] = set()
    for rule in world.app.url_map.iter_rules():
        if endpoints is None or rule.endpoint in endpoints:
            group = [*_answered(world, principal, rule), *_named(world, principal, rule)]
            group += _without_token(group)
            group += [
                case
                for case in _unanswered(world, principal, rule)
                if (case.path, case.method) not in tried
            ]
            tried |= {(case.path, case.method) for case in group if not case.action}
            yield group


def _answered(world: World, principal: Principal, rule: Rule) -> Iterator[Case]:
    """What the route answers, for each thing that its address may name."""
    action = world.actions[rule.endpoint]
    kind, found = things_of(rule, world, principal.name)
    once: set[tuple[str, str, bool]] = set()
    for thing in found:
        due = outcome(principal, rule.endpoint, action, kind, thing)
        data = {}
        if rule.endpoint in NAMED_IN_FORM and thing:
            name, _ = NAMED_IN_FORM[rule.endpoint]
            data[name] = str(world.structures.get(thing.address, 0))
        there = thing is not None and thing.name != "absent"
        for number, path in enumerate(paths_of(rule, thing)):
            for method in SENT:
                # One function answers GET and HEAD, and gives every kind of file: once is enough
                # for what is open, for what is refused, and for what is absent.
                again = number > 0 or method == "HEAD"
                form = (f"{method} {number}", due, there)
                if method not in (rule.methods or ()) or (again and form in once):
                    continue
                if due == OPEN and _too_long(rule, path, principal):
                    continue
                once.add(form)
                yield Case(rule, action, path, method, thing, due, data)


def _too_long(rule: Rule, path: str, principal: Principal) -> bool:
    suffix = path.partition("?")[0].rpartition(".")[2]
    return rule.endpoint == "reports.download" and principal.name != LONG.get(
        suffix, principal.name
    )


def _named(world: World, principal: Principal, rule: Rule) -> Iterator[Case]:
    """The same address when its question names a thing."""
    if rule.endpoint not in NAMED_IN_QUESTION or "GET" not in (rule.methods or ()):
        return
    name, kind = NAMED_IN_QUESTION[rule.endpoint]
    action = world.actions[rule.endpoint]
    path = paths_of(rule, None)[0]
    for thing in world.of_kind(kind, principal.name):
        due = outcome(principal, rule.endpoint, action, kind, thing)
        asked = f"{path}{'&' if '?' in path else '?'}{name}={thing.address}"
        yield Case(rule, action, asked, "GET", thing, due)


def _without_token(group: list[Case]) -> list[Case]:
    """A form without its token is refused whatever it names, even what is open."""
    posts = [case for case in group if case.method == "POST"]
    return [
        Case(case.rule, case.action, case.path, "POST", case.thing, case.due, case.data, False)
        for case in sorted(posts, key=lambda case: case.due != OPEN)[:1]
    ]


def _unanswered(world: World, principal: Principal, rule: Rule) -> Iterator[Case]:
    """The methods that no route answers at that address: there is nothing.

    Those that no page of ours sends are refused before anybody looks at who asks: who is not
    signed in sends them all, and the others share them out, so that each is sent by several.
    """
    turn = [*PRINCIPALS].index(principal.name) + list(world.actions).index(rule.endpoint)
    foreign = METHODS[len(SENT) :]
    mine = foreign if principal.gate == "out" else (foreign[turn % len(foreign)],)
    adapter = world.app.url_map.bind("localhost")
    _, found = things_of(rule, world, principal.name)
    path = paths_of(rule, found[-1])[0]
    for method in (*SENT, *mine):
        if method == "OPTIONS" or not adapter.test(path.partition("?")[0], method):
            shut = principal.gate == "set up" and method in SENT
            yield Case(rule, None, path, method, found[-1], SET_UP if shut else ABSENT)


def things_of(rule: Rule, world: World, principal: str) -> tuple[str, list[Thing | None]]:
    """The kind that the route's address names and what it is tried with; fails for a new one."""
    named = [name for name in rule.arguments if "any(" not in rule.rule or name != "suffix"]
    if rule.endpoint in NAMED_IN_FORM:
        kind = NAMED_IN_FORM[rule.endpoint][1]
    elif not named:
        return "", [None]
    else:
        assert len(named) == 1, f"{rule.rule} : deux noms dans une adresse"
        kind = KINDS[rule.endpoint.partition(".")[0], named[0]]
    found = world.of_kind(kind, principal)
    assert found, f"{rule.rule} : le réseau d’essai n’a rien du genre « {kind} »"
    assert not found[0].there, f"{rule.rule} : rien d’absent du genre « {kind} »"
    return kind, [*found]


def paths_of(rule: Rule, thing: Thing | None) -> list[str]:
    """The addresses of *thing* by that route: one for each kind of file that it gives."""
    choices = re.search(r"<any\(([^)]*)\):\w+>", rule.rule)
    words = sorted(word.strip() for word in choices[1].split(",")) if choices else [""]
    question = f"?{QUESTIONS[rule.endpoint]}" if rule.endpoint in QUESTIONS else ""
    return [
        re.sub(r"<[^>]*>", thing.address if thing else "", re.sub(r"<any[^>]*>", word, rule.rule))
        + question
        for word in words
    ]
