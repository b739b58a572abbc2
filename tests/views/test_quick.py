"""The quick line by the pages: understood as one types, recorded once, nothing shown of others."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ramsess.database import db
from ramsess.models import Act, AuditEvent
from ramsess.models.calendar import today
from tests.conftest import SignIn
from tests.pages import form_of, send
from tests.views.conftest import Count, enter_person, open_parcours


def token(client: FlaskClient) -> str:
    return dict(form_of(client.get("/")).fields)["csrf_token"]


def test_a_phrase_fills_in_the_form(sign_in: SignIn, app: Flask) -> None:
    ana = sign_in("adviser", "APEAS")
    print(ana.get("/").text)
    person = enter_person(ana, "Mirageon", "Stéphane")
    reference = open_parcours(ana, person)
    asked = {"csrf_token": token(ana), "phrase": "1h30 prévisionnel mirageon hier", "structure": ""}
    answer = ana.post("/ligne/comprendre", data=asked)
    print(answer.json)
    assert answer.json["settled"]
