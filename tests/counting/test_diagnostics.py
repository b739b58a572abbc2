"""B14: diagnostics by state, actions by their dates, what was planned beside what was done."""

from __future__ import annotations

from typing import Any

import pytest

from ramsess.reports.report import Report
from tests.counting.builder import Network, column, row
from tests.counting.together import action, diagnose, plan


def test_a_diagnostic_counts_in_the_state_that_held_on_the_last_day(network: Network) -> None:
    parcours = network.parcours(others={"PLACE": ("2009-02-15", None)})
    diagnose(
        network, parcours, "APEAS", "PLACE",
        opened="2009-03-01", contributed="2009-04-01", validated="2009-05-01",
    )  # fmt: skip
    for last, state in (
        ("2009-02-28", None),
        ("2009-03-01", "draft"),
        ("2009-03-31", "draft"),
        ("2009-04-01", "contributed"),
        ("2009-04-30", "contributed"),
        ("2009-05-01", "validated"),
    ):
        report = network.report("2009-01-01", last)
        found = {key: row(report, "B14", key) for key in ("draft", "contributed", "validated")}
        held = {"APEAS": 1, "PLACE": 1, "SHARED": 1, "TOTAL": 1}
        assert {key: cells for key, cells in found.items() if cells} == (
            {state: held} if state else {}
        )
        assert row(report, "B14", "diagnostics") == (held if state else {})
        assert row(report, "B14", "validations") == (held if state == "validated" else {})
    assert row(network.report("2009-06-01"), "B14", "validations") == {}


def test_a_parcours_counts_once_in_a_state_and_a_revision_beside_what_it_revises(
    network: Network,
) -> None:
    parcours = network.parcours()
    diagnose(network, parcours, "APEAS", validated="2009-03-10")
    diagnose(network, parcours, "APEAS", opened="2009-04-01", validated="2009-05-01", number=2)
    diagnose(network, parcours, "APEAS", opened="2009-06-01", number=3)
    figures = column(network.report(), "B14", "TOTAL")
    assert figures == {"diagnostics": 1, "validated": 1, "draft": 1, "validations": 2}


def test_only_parcours_followed_in_the_period_are_counted(network: Network) -> None:
    old = network.parcours(entered="2008-02-01", exited="2008-12-31")
    made = diagnose(network, old, "APEAS", opened="2008-03-01", validated="2008-04-01")
    action(network, plan(network, made, "2008-04-02"), "APEAS", "2009-03-01")
    assert column(network.report(), "B14", "TOTAL") == {}
    before = column(network.report("2008-01-01", "2008-12-31"), "B14", "TOTAL")
    assert before == {"diagnostics": 1, "validated": 1, "validations": 1, "plans": 1}


@pytest.fixture
def planned(network: Network) -> Network:
    """Two structures' actions: due, done, late, dropped, and acts done for two of them."""
    parcours = network.parcours(others={"PLACE": ("2009-02-15", None)})
    made = plan(network, diagnose(network, parcours, "APEAS", "PLACE", validated="2009-03-30"))
    first = action(network, made, "APEAS", "2009-06-30", acts=3, minutes=180)
    done = action(network, made, "PLACE", "2009-05-01", acts=2, minutes=90, closed="2009-07-15")
    action(network, made, "PLACE", "2009-06-01", closed="2009-06-01", state="dropped")
    action(network, made, "APEAS", "2010-02-01", acts=9, minutes=900)
    together = {"ana/APEAS": 60, "bob/PLACE": 20}
    network.act("2009-05-02", parcours=parcours, by=together, plan_action_id=first.id)
    network.act("2009-06-02", parcours=parcours, plan_action_id=done.id, scheme_code="DLA")
    network.act("2009-07-02", parcours=parcours)
    return network


def figures(report: Report) -> dict[str, dict[str, Any]]:
    wanted = ("plans", "actions_planned", "actions_done", "actions_late", "acts_planned",
              "acts_done", "minutes_planned", "minutes_done")  # fmt: skip
    return {key: row(report, "B14", key) for key in wanted}


def test_actions_by_their_dates_and_the_plan_beside_what_was_done(planned: Network) -> None:
    assert figures(planned.report("2009-01-01", "2009-06-30")) == {
        "plans": {"APEAS": 1, "PLACE": 1, "SHARED": 1, "TOTAL": 1},
        "actions_planned": {"APEAS": 1, "PLACE": 2, "TOTAL": 3},
        "actions_done": {},
        # Due on the last day it is not late yet; a dropped one never is.
        "actions_late": {"PLACE": 1, "TOTAL": 1},
        "acts_planned": {"APEAS": 3, "PLACE": 3, "TOTAL": 6},
        "acts_done": {"APEAS": 2, "PLACE": 1, "SHARED": 1, "TOTAL": 2},
        "minutes_planned": {"APEAS": 180, "PLACE": 150, "TOTAL": 330},
        "minutes_done": {"APEAS": 120, "PLACE": 20, "TOTAL": 140},
    }
    second = figures(planned.report("2009-07-01", "2009-12-31"))
    assert second["actions_done"] == {"PLACE": 1, "TOTAL": 1}
    assert second["actions_late"] == {"APEAS": 1, "TOTAL": 1}
    assert second["actions_planned"] == second["acts_done"] == {}
    table = planned.report().table("B14")
    assert {kind: len(ids) for kind, ids in table.records("minutes_done", "PLACE").items()} == {
        "act": 1
    }


def test_a_report_limited_to_a_scheme_or_a_structure(planned: Network) -> None:
    other = planned.parcours()
    diagnose(planned, other, "APEAS", validated="2009-03-10")
    assert column(planned.report(), "B14", "TOTAL")["validated"] == 2
    limited = column(planned.report(scheme="DLA"), "B14", "TOTAL")
    assert (limited["validated"], limited["acts_done"], limited["minutes_done"]) == (1, 1, 60)
    beside = planned.report(structure="PLACE")
    assert row(beside, "B14", "validated") == {"PLACE": 1, "TOTAL": 2}
    assert row(beside, "B14", "minutes_done") == {"PLACE": 20, "TOTAL": 140}


def test_a_revised_plan_counts_each_action_once_and_keeps_what_was_done(
    network: Network,
) -> None:
    parcours = network.parcours()
    made = diagnose(network, parcours, "APEAS", validated="2009-03-30")
    before = plan(network, made, "2009-04-01", superseded="2009-06-01")
    first = action(network, before, "APEAS", "2009-05-01")
    network.act("2009-04-15", parcours=parcours, plan_action_id=first.id)
    after = plan(network, made, "2009-06-01", number=2)
    action(network, after, "APEAS", "2009-05-01", closed="2009-06-10", first_id=first.id)
    assert column(network.report("2009-01-01", "2009-05-31"), "B14", "TOTAL")["actions_late"] == 1
    year = column(network.report(), "B14", "TOTAL")
    assert (year["plans"], year["actions_planned"], year["actions_done"]) == (1, 1, 1)
    assert (year["acts_done"], year["minutes_done"]) == (1, 60)
    assert "actions_late" not in year


def test_who_answers_for_an_action_has_a_column_though_it_left(network: Network) -> None:
    parcours = network.parcours(entered="2008-01-01", others={"KADO": ("2008-01-02", "2008-06-01")})
    made = diagnose(network, parcours, "APEAS", "KADO", opened="2008-02-01", validated="2008-03-01")
    action(network, plan(network, made, "2008-03-02"), "KADO", "2009-02-01", acts=2)
    assert row(network.report(), "B14", "acts_planned") == {"KADO": 2, "TOTAL": 2}
