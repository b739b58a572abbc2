"""What hostile requests act on: people signed in, a few records, the forms of the pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.routing import Rule

from ramsess.database import db
from tests.conftest import SignIn
from tests.pages import forms_of, send
from tests.views.conftest import enter_person, open_parcours

Fields = list[tuple[str, str]]
# What a refused request may not touch. Not what is noted about requests themselves.
RECORDS = (
    "accounts", "act_advisers", "act_beneficiaries", "acts", "attendances", "beneficiaries",
    "grants", "group_sessions", "involvements", "parcours", "parcours_beneficiaries",
)  # fmt: skip
PEOPLE: dict[str, tuple[str, ...]] = {
    "adviser": ("APEAS", "PLACE"),
    "manager": ("APEAS",),
    "coordinator": (),
    "funder": (),
    "admin": (),
}


@dataclass
class World:
    """Cookies and tokens by person, the routes, names that exist, forms by the page's path."""

    app: Flask
    rules: list[Rule]
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    forms: dict[str, list[Fields]] = field(default_factory=dict)

    def forms_for(self, rule: Rule) -> list[Fields]:
        """The forms that pages send to *rule*, by its pattern; a search's when there is none."""
        return self.forms.get(rule.rule) or [[("q", "a")]]

    def enter(self, sign_in: SignIn) -> dict[str, FlaskClient]:
        """Sign everybody in, anew; returns their clients."""
        clients = {
            role: sign_in(role, *structures, email=f"{role}@demo.example")
            for role, structures in PEOPLE.items()
        }
        clients["anonymous"] = self.app.test_client()
        for who, client in clients.items():
            path = "/connexion" if who == "anonymous" else "/"
            found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get(path).text)
            assert found, who
            self.tokens[who] = found[1]
            cookie = client.get_cookie("ramsess")
            assert cookie, who
            self.cookies[who] = f"ramsess={cookie.value}"
        return clients


def build(app: Flask, sign_in: SignIn) -> World:
    """Make the records, read the forms."""
    world = World(app, [rule for rule in app.url_map.iter_rules() if "static" not in rule.endpoint])
    world.rules += [rule for rule in app.url_map.iter_rules() if rule.endpoint == "static"]
    clients = world.enter(sign_in)
    adviser = clients["adviser"]
    person = enter_person(adviser, "Fictif")
    reference = open_parcours(adviser, person)
    answer = send(adviser, adviser.get(f"/?parcours={reference}"), type="CSL1")
    assert answer.status_code == 302, answer.text
    act = str(answer.location).rpartition("=")[2]
    answer = send(adviser, adviser.get("/seances/nouvelle"), title="Atelier fictif")
    assert answer.status_code == 302, answer.text
    meeting = str(answer.location).rpartition("/")[2]
    world.names = {
        "public_id": [act, meeting, person.rpartition("/")[2]],
        "reference": [reference],
        "token": ["0" * 32],
        "filename": ["ramsess.css", "../config.py", "absent.css"],
    }
    for page in pages(world):
        for client in clients.values():
            for form in forms_of(client.get(page)):
                path = (form.action or page).partition("?")[0]
                world.forms.setdefault(pattern(world, path), []).append(form.fields)
    assert len(world.forms) >= 15, sorted(world.forms)
    return world


def pages(world: World) -> list[str]:
    """An address for each page and each name that exists."""
    found = []
    for rule in world.rules:
        if "GET" in (rule.methods or ()) and "any(" not in rule.rule and "." not in rule.rule:
            name = next(iter(rule.arguments), None)
            for value in world.names[name] if name else [""]:
                found.append(re.sub("<.*>", value, rule.rule))
    return found


def pattern(world: World, path: str) -> str:
    """The pattern of the route that a form is sent to."""
    adapter = world.app.url_map.bind("localhost")
    rule, _ = adapter.match(path, method="POST" if path != "/bilan/" else "GET", return_rule=True)
    return rule.rule


def digest(world: World) -> list[tuple[str, int, int]]:
    """A fingerprint of the records: per table, how many rows and a sum of their contents."""
    parts = [
        f"SELECT '{table}', count(*), coalesce(sum(hashtext(t::text)::bigint), 0) FROM {table} t"
        for table in RECORDS
    ]
    with world.app.app_context(), db.engines["batch"].connect() as connection:
        rows = connection.execute(text(" UNION ALL ".join(parts))).all()
    return [(str(name), int(count), int(total)) for name, count, total in rows]
