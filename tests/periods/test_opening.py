"""Periods are opened once, and withdrawn as long as nobody touched them."""

from __future__ import annotations

import datetime as dt

import pytest

from ramsess.database import db
from ramsess.models import ReportingPeriod
from tests.conftest import SignIn
from tests.pages import send
from tests.periods.scene import OPEN, Scene, first_quarter


def test_a_form_sent_twice_opens_once(scene: Scene) -> None:
    page = scene.coordinator.get(OPEN)
    first = send(scene.coordinator, page, t2="2009-07-21")
    again = send(scene.coordinator, page, t2="2009-07-21")
    assert first.status_code == again.status_code == 302
    with scene.app.app_context():
        assert db.session.query(ReportingPeriod).count() == 3
    assert "Rien n’a changé" in scene.coordinator.get("/periodes").text


def test_the_second_who_changes_a_due_date_is_told_and_shown_both(scene: Scene) -> None:
    page = scene.coordinator.get(OPEN)
    assert send(scene.coordinator, page, t1="2009-04-30").status_code == 302
    late = send(scene.coordinator, page, t1="2009-05-15")
    assert late.status_code == 409
    assert "30\u00a0avril\u00a02009" in late.text
    assert 'value="2009-05-15"' in late.text
    # Having seen both, she decides.
    assert send(scene.coordinator, late).status_code == 302
    with scene.app.app_context():
        assert first_quarter().due_on == dt.date(2009, 5, 15)


def test_a_period_without_date_is_withdrawn_as_long_as_nobody_touched_it(scene: Scene) -> None:
    scene.hand_in_all(only="APEAS")
    refused = send(scene.coordinator, scene.coordinator.get(OPEN), t1="", annee="")
    assert refused.status_code == 422
    assert "gardez une échéance" in refused.text
    assert send(scene.coordinator, scene.coordinator.get(OPEN), annee="").status_code == 302
    with scene.app.app_context():
        assert [one.kind for one in db.session.query(ReportingPeriod)] == ["quarter"]


@pytest.mark.parametrize(
    ("said", "told"),
    [("2009-06-29", "précède la fin"), ("2012-01-01", "deux ans"), ("hier", "date")],
)
def test_a_due_date_that_cannot_be_is_refused_and_still_there(
    scene: Scene, said: str, told: str
) -> None:
    answer = send(scene.coordinator, scene.coordinator.get(OPEN), t2=said, t3="2009-10-21")
    assert answer.status_code == 422
    assert told in answer.text
    assert f'value="{said}"' in answer.text
    assert 'value="2009-10-21"' in answer.text
    with scene.app.app_context():
        assert db.session.query(ReportingPeriod).count() == 2


def test_a_year_that_cannot_be_does_not_exist(scene: Scene) -> None:
    for year in ("1200", "9999", "an"):
        path = f"/periodes/ouvrir?annee={year}"
        assert scene.coordinator.get(path).status_code == (200 if year == "an" else 404)
    assert scene.coordinator.get("/periodes?annee=1999").status_code == 404


def test_nothing_open_says_what_to_do(sign_in: SignIn) -> None:
    manager, coordinator = sign_in("manager", "APEAS"), sign_in("coordinator")
    assert "ce qui manque à vos fiches" in manager.get("/periodes").text
    assert "Ouvrez les trimestres" in coordinator.get("/periodes").text
    # The usual dates of a year are proposed.
    assert 'value="2027-01-21"' in coordinator.get("/periodes/ouvrir?annee=2026").text
