"""My week on the page: read, type, correct, undo, move, copy; totals by hand."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ramsess.database import db
from ramsess.forms.week import week_name
from ramsess.models import Act
from ramsess.models.calendar import today
from tests.conftest import SignIn
from tests.pages import send
from tests.views.conftest import enter_person, open_parcours

MONDAY = today() - dt.timedelta(days=today().weekday() + 7)
WEEK = f"/ma-semaine?semaine={week_name(MONDAY)}"


def write(client: FlaskClient, **said: str) -> TestResponse:
    return send(client, client.get(WEEK), "/ma-semaine", **said)


def acts(app: Flask) -> list[tuple[int, str, int]]:
    """Day of the week, type and minutes of every act."""
    with app.app_context():
        found = db.session.query(Act).order_by(Act.done_on, Act.id)
        return [((act.done_on - MONDAY).days, act.type_code, act.minutes) for act in found]


def test_a_week_is_typed_corrected_and_undone(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"))
    assert "Rien n’est noté cette semaine" in client.get(WEEK).text
    done = write(client, **{
        "added-0-type": "CSL3", "added-0-parcours": reference, "added-0-days-0-minutes": "1h30",
        "added-0-days-2-minutes": "45", "added-1-type": "PAR1", "added-1-days-4-minutes": "2 h",
    })  # fmt: skip
    assert done.status_code == 302, done.text
    assert acts(app) == [(0, "CSL3", 90), (2, "CSL3", 45), (4, "PAR1", 120)]
    page = client.get(done.location)
    assert "3\u00a0actes notés" in page.text


def paste(client: FlaskClient, text: str, **said: str) -> TestResponse:
    page = client.get(f"/ma-semaine/coller?semaine={week_name(MONDAY)}")
    return send(client, page, "/ma-semaine/coller", text=text, **said)
