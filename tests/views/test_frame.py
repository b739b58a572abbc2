"""What every page has: headers, French, sign-in, error pages."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import SignIn

PAGES = (
    "/",
    "/actes/nouveau",
    "/bilan/",
    "/parcours",
    "/parcours/nouveau",
    "/parcours/rejoindre",
    "/personnes",
    "/personnes/nouvelle",
    "/ressources",
    "/ressources/nouvelle",
    "/seances",
    "/seances/nouvelle",
)


def test_a_visitor_is_sent_to_sign_in(app: Flask) -> None:
    for path in PAGES:
        answer = app.test_client().get(path)
        assert answer.status_code == 302
        assert answer.location.startswith("/connexion?next=")


@pytest.mark.parametrize("path", [*PAGES, "/connexion"])
def test_no_page_is_kept_framed_or_runs_inline_code(sign_in: SignIn, path: str) -> None:
    client = sign_in("adviser", "APEAS") if path != "/connexion" else None
    answer = (client or _visitor(sign_in)).get(path)
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert " style=" not in answer.text
    assert "<script>" not in answer.text
    assert '<html lang="fr">' in answer.text
    assert answer.text.count("<h1>") == 1


def _visitor(sign_in: SignIn) -> FlaskClient:
    client = sign_in("adviser", "APEAS")
    with client.session_transaction() as cookie:
        cookie.clear()
    return client


def test_an_unknown_page_is_said_in_french(sign_in: SignIn) -> None:
    answer = sign_in("adviser", "APEAS").get("/rien")
    assert answer.status_code == 404
    assert "n’existe pas, ou vous n’y avez pas accès" in answer.text


def test_a_form_without_its_token_writes_nothing(sign_in: SignIn) -> None:
    answer = sign_in("adviser", "APEAS").post("/", data={"type": "CSL1"})
    assert answer.status_code == 401
    assert "Rien n’a été enregistré" in answer.text


def test_an_unexpected_fault_shows_the_reference_that_is_logged(
    app: Flask, sign_in: SignIn, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("adviser", "APEAS")

    def fail() -> str:
        raise RuntimeError("panne d’essai")

    monkeypatch.setitem(app.view_functions, "sessions.index", fail)
    answer = client.get("/seances")
    assert answer.status_code == 500
    assert "Rien n’a été enregistré" in answer.text
    told = next(record.msg for record in caplog.records if record.name == "ramsess.faults")
    assert isinstance(told, dict)
    assert told["request"] in answer.text
    assert "panne d’essai" not in answer.text


def test_a_wrong_password_and_an_unknown_address_answer_alike(app: Flask, sign_in: SignIn) -> None:
    sign_in("adviser", "APEAS", email="ana@demo.example")
    told = []
    for email in ("ana@demo.example", "inconnue@demo.example"):
        client = app.test_client()
        page = client.get("/connexion")
        token = page.text.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
        answer = client.post(
            "/connexion", data={"email": email, "password": "x" * 15, "csrf_token": token}
        )
        told.append("Adresse ou mot de passe incorrect." in answer.text)
    assert told == [True, True]
