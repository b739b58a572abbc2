"""Every route names its action."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from ramsess import policy
from ramsess.actions.reference_data import ROLES
from ramsess.config import Settings
from ramsess.views import guard


def test_every_route_names_an_action_of_the_policy(app: Flask) -> None:
    guard.check(app)
    named = {view.action for view in app.view_functions.values() if hasattr(view, "action")}
    assert named <= set(policy.ACTIONS)
    assert len(named) >= 8


def test_a_route_without_action_stops_the_application(app: Flask) -> None:
    other = Flask("other")
    other.add_url_rule("/sans-action", "bare", lambda: "")
    with pytest.raises(RuntimeError, match="sans-action"):
        guard.check(other)


def test_every_known_role_is_spelled_as_in_the_policy() -> None:
    assert set().union(*policy.ACTIONS.values()) == set(policy.ROLES) == {*ROLES, "anonymous"}


def test_a_route_of_a_library_that_nobody_declared_stops_the_application() -> None:
    other = Flask("other")
    other.add_url_rule("/inscription", "security.register", lambda: "")
    with pytest.raises(RuntimeError, match="inscription"):
        guard.check(other)


def test_every_route_of_the_library_has_an_action_or_is_closed(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    library = {name for name in routes if name.startswith("security.")}
    assert library == set(guard.LIBRARY_ACTIONS)
    assert {name for name in guard.LIBRARY_ACTIONS.values() if name} <= set(policy.ACTIONS)


def test_what_needs_an_account_sends_a_visitor_to_sign_in(app: Flask) -> None:
    visitor = app.test_client()
    for rule in app.url_map.iter_rules():
        if guard.LIBRARY_ACTIONS.get(rule.endpoint) == "manage_own_account":
            path = rule.rule.replace("<token>", "x")
            answer = visitor.get(path) if "GET" in (rule.methods or ()) else None
            assert answer is None or answer.location.startswith("/connexion?next=")


def test_a_library_route_answers_no_json(app: Flask) -> None:
    visitor = app.test_client()
    assert visitor.get("/connexion", json={}).status_code == 404
    page = visitor.get("/connexion", headers={"Accept": "application/json"})
    assert page.mimetype == "text/html"


def test_a_setting_without_sense_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RAMSESS_SECOND_FACTOR", "peut-être")
    with pytest.raises(ValueError, match="RAMSESS_SECOND_FACTOR"):
        Settings.from_environment(tmp_path)
