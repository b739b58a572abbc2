"""« Secret statistique »: what the Région would receive, what it would not, and why."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ramsess.database import db
from ramsess.models import DisclosureLimit
from ramsess.reports.disclosure import DisclosureError
from tests.conftest import SignIn
from tests.counting.builder import Network

YEAR = "debut=2009-01-01&fin=2009-12-31"


@pytest.fixture
def coordinator(app: Flask, sign_in: SignIn) -> FlaskClient:
    """Seven women and two men are accompanied."""
    client = sign_in("coordinator")
    with app.app_context():
        network = Network(db.session())
        for number in range(9):
            network.parcours(network.person(sex_code="F" if number < 7 else "M"))
        db.session.commit()
    return client


def test_the_coordinator_sees_what_is_hidden_and_why(coordinator: FlaskClient) -> None:
    page = coordinator.get(f"/bilan/secret?{YEAR}").text
    assert "cellules masquées" in page
    assert '<td class="number secret-cell">2 <abbr' in page
    assert "Nombre de personnes inférieur au seuil" in page
    assert "Protège : B03" in page
    assert "B17 — Postes mutualisés" in page
    assert 'href="/bilan/?debut=2009-01-01&amp;fin=2009-12-31"' in page


def test_the_report_leads_there(coordinator: FlaskClient) -> None:
    assert "/bilan/secret?debut=2009-01-01" in coordinator.get(f"/bilan/?{YEAR}").text
    limited = coordinator.get(f"/bilan/?{YEAR}&dispositif=DRA").text
    assert "/bilan/secret" not in limited


def test_nothing_is_hidden_of_nothing(coordinator: FlaskClient) -> None:
    page = coordinator.get("/bilan/secret?debut=2001-01-01&fin=2001-03-31").text
    assert "cellules masquées" in page or "cellule masquée" in page


def test_the_threshold_of_the_database_is_told(app: Flask, coordinator: FlaskClient) -> None:
    with app.app_context():
        db.session.get_one(DisclosureLimit, "PERSONS").amount = 11
        db.session.commit()
    try:
        assert "de 1 à 10 n’est pas publié" in coordinator.get(f"/bilan/secret?{YEAR}").text
    finally:
        with app.app_context():
            db.session.get_one(DisclosureLimit, "PERSONS").amount = 5
            db.session.commit()


def test_a_wrong_period_is_told(coordinator: FlaskClient) -> None:
    answer = coordinator.get("/bilan/secret?debut=2009-12-31&fin=2009-01-01")
    assert answer.status_code == 422
    assert "précède le premier" in answer.text


def test_a_refusal_is_told(coordinator: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise DisclosureError("Cette période en chevauche une autre.")

    monkeypatch.setattr("ramsess.views.disclosure.region_edition", refuse)
    answer = coordinator.get(f"/bilan/secret?{YEAR}")
    assert answer.status_code == 422
    assert "Cette période en chevauche une autre." in answer.text


@pytest.mark.parametrize("role", ["adviser", "manager", "funder", "admin", "dpo"])
def test_nobody_else_sees_it(sign_in: SignIn, role: str) -> None:
    posts = ("APEAS",) if role in ("adviser", "manager") else ()
    assert sign_in(role, *posts).get("/bilan/secret").status_code == 404
