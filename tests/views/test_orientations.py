"""Orientations on the pages: proposed, answered without knowing whom, opened by accepting."""

from __future__ import annotations

import datetime as dt
import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from ramsess.actions.orientations import ANSWER_WITHIN
from ramsess.database import db
from ramsess.models import (
    Acquaintance,
    AuditDetail,
    AuditEvent,
    Beneficiary,
    Involvement,
    Orientation,
    Structure,
)
from ramsess.models.calendar import today
from tests.conftest import SignIn
from tests.pages import send
from tests.views.conftest import Count, days_ago, enter_person, join_parcours, open_parcours
from tests.views.test_together import at_once, same_session


def code_id(app: Flask, code: str) -> str:
    with app.app_context():
        return str(db.session.scalar(select(Structure.id).where(Structure.code == code)))


def propose(
    client: FlaskClient, about: str, to: str, reason: str = "Cherche un local", **more: str
) -> TestResponse:
    """Propose from the page of a parcours (its reference) or of a person (her address)."""
    path = about if about.startswith("/") else f"/parcours/{about}"
    said = {"to": to, "reason": reason, "consent": "y", **more}
    form = client.get(f"{path}/orienter")
    return client.post(f"{path}/orienter", data={**fields(form), **said})


def fields(page: TestResponse) -> dict[str, str]:
    assert page.status_code == 200, page.text
    from tests.pages import form_of

    return dict(form_of(page).fields)


def test_accepting_opens_the_parcours_at_that_moment(app: Flask, sign_in: SignIn) -> None:
    sender, place = sign_in("adviser", "APEAS"), sign_in("adviser", "PLACE")
    person = enter_person(sender, "Fictif", commune="Aubagne")
    reference = open_parcours(sender, person, commune="Aubagne", sector="NUM", phase="MON")
    made = propose(sender, reference, code_id(app, "PLACE"))
    assert made.status_code == 302, made.text
    shown = sender.get(made.location)
    for word in ("Orientation vers Place", "Zoé Fictif", "Cherche un local", "en attente"):
        assert word in shown.text
    listed = place.get("/orientations")
    offer = re.search(r"/orientations/recues/[0-9a-f-]{36}", listed.text)
    assert offer
    asked = place.get(offer[0])
    assert "Cherche un local" in asked.text
    print(asked.text)
    for word in ("Montage", "Numérique", "13", "APEAS", "Ana Fictive"):
        assert word in asked.text, word
    for page in (listed, asked, place.get("/")):
        for word in ("Zoé", "Épicerie", reference, "Aubagne"):
            assert word not in page.text.replace("Ana Fictive", "")
    assert place.get(f"/parcours/{reference}").status_code == 404
    assert place.get(made.location).status_code == 404
    accepted = place.post(f"{offer[0]}/reponse", data={**token(asked), "answer": "accepted"})
    assert accepted.status_code == 302, accepted.text
    page = place.get(accepted.location)
    assert "Zoé Fictif" in page.text
    assert place.get(f"/parcours/{reference}").status_code == 200


def token(page: TestResponse) -> dict[str, str]:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found
    return {"csrf_token": found[1]}
