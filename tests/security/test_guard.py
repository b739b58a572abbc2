"""Every route names its action."""

from __future__ import annotations

import pytest
from flask import Flask

from ramsess import policy
from ramsess.actions.reference_data import ROLES
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
