"""What comes with every answer, and what is refused before any view."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from ramsess.database import db
from ramsess.headers import HEADERS, STATIC
from ramsess.inputs import LONGEST_ADDRESS, MOST_HEADERS, MOST_IN_FORM, MOST_SENT
from ramsess.models import Act
from tests.conftest import SignIn
from tests.pages import form_of, send

VALUES = {"period": "2009", "table": "B01", "name": "phases",
          "public_id": uuid.UUID(int=1), "reference": "P-2009-0001", "token": "0" * 32,
          "filename": "ramsess.css", "suffix": "json",
          "sign_in": uuid.UUID(int=2), "person_id": uuid.UUID(int=3),
          "action_id": uuid.UUID(int=4), "identifier": 1, "code": "APEAS",
          "session_id": uuid.UUID(int=5), "act_id": uuid.UUID(int=8),
          "diagnostic_id": uuid.UUID(int=6),
          "mapping_id": uuid.UUID(int=7), "address": "7KQ2-M9XD"}  # fmt: skip


def acts(app: Flask) -> int:
    """How many acts there are."""
    with app.app_context():
        return db.session.query(Act).count()


def addresses(app: Flask) -> list[tuple[str, str, str]]:
    """An address for each method of each route: (method, address, endpoint)."""
    adapter = app.url_map.bind("localhost")
    return [
        (method, adapter.build(rule.endpoint, VALUES, method=None), rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in ("GET", "HEAD", "POST", "OPTIONS", "TRACE", "PUT", "BIDON")
    ]


def check_headers(answer: TestResponse, *, static: bool = False) -> None:
    told = f"{answer.request.method} {answer.request.path} {answer.status}"
    for name, value in HEADERS.items():
        assert answer.headers.getlist(name) == [value], told
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    if not static or answer.status_code >= 400:
        assert answer.headers["Cache-Control"] == "no-store", told
    assert "Server" not in answer.headers
    assert answer.status_code < 500, told


@pytest.mark.parametrize("role", ["anonymous", "manager", "coordinator"])
def test_every_answer_of_every_route_has_every_header(
    app: Flask, sign_in: SignIn, role: str
) -> None:
    posts = () if role == "coordinator" else ("APEAS",)
    enter = sign_in("manager" if role == "anonymous" else role, *posts)
    client = app.test_client() if role == "anonymous" else enter
    seen = set()
    for method, path, endpoint in addresses(app):
        answer = client.open(path, method=method)
        check_headers(answer, static=endpoint in STATIC)
        seen.add(answer.status_code)
        if method not in ("GET", "HEAD", "POST"):
            assert answer.status_code == 404
            assert "Allow" not in answer.headers
    assert {200, 401, 404} <= seen


def test_refusals_have_every_header_and_are_french(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    token = dict(form_of(client.get("/")).fields)["csrf_token"]
    refused = {
        client.get("/rien"): (404, "n’existe pas"),
        client.delete("/"): (404, "n’existe pas"),
        client.post("/bilan/"): (404, "n’existe pas"),
        client.post("/", data={"note": "x" * (MOST_IN_FORM + 1)}): (413, "trop lourd"),
        client.post("/", data={"note": "x" * (MOST_SENT + 1)}): (413, "trop lourd"),
        client.post(
            "/", data={"csrf_token": token, "x": ["a"] * 1100}, content_type="multipart/form-data"
        ): (413, "trop lourd"),
        client.get("/?q=" + "x" * LONGEST_ADDRESS): (414, "Adresse trop longue"),
        client.get("/", headers={"X-Long": "x" * MOST_HEADERS}): (431, "Demande trop longue"),
        client.get("/?q=%00"): (400, "n’a pas pu être comprise"),
        client.post("/", data={"note": "x"}): (401, "Rien n’a été enregistré"),
    }
    for answer, (status, words) in refused.items():
        assert (answer.status_code, words in answer.text) == (status, True), words
        assert "<h1>" in answer.text
        check_headers(answer)


def test_a_fault_has_every_header(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("adviser", "APEAS")

    def fail() -> str:
        raise RuntimeError("panne")

    monkeypatch.setitem(app.view_functions, "sessions.index", fail)
    answer = client.get("/seances")
    assert answer.status_code == 500
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_fault_without_database_still_shows_its_reference(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("adviser", "APEAS")

    def gone(*_args: object, **_kwargs: object) -> None:
        raise ConnectionError("secret")

    monkeypatch.setattr("sqlalchemy.orm.Session.execute", gone)
    monkeypatch.setattr("sqlalchemy.orm.Session.scalars", gone)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Référence à communiquer" in answer.text
    assert "secret" not in answer.text
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_record_removed_while_it_is_shown_is_absent(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("adviser", "APEAS")
    send(client, client.get("/"), type="CSL1")

    def show() -> str:
        act = db.session.query(Act).one()
        with db.engines["batch"].begin() as other:
            for table in ("act_advisers", "act_beneficiaries", "acts"):
                other.execute(db.text(f"DELETE FROM {table}"))
        db.session.expire(act)
        return str(act.note)

    monkeypatch.setitem(app.view_functions, "sessions.index", show)
    answer = client.get("/seances")
    assert answer.status_code == 404
    assert "n’existe pas" in answer.text


@pytest.mark.parametrize(
    "host", ["exemple.fr", "localhost.exemple.fr", "localhost@exemple.fr", "exemple.fr:80", "é", ""]
)
def test_another_host_is_refused_and_not_repeated(app: Flask, host: str) -> None:
    answer = app.test_client().get(
        "/connexion", environ_overrides={"HTTP_HOST": host, "SERVER_NAME": "autre.fr"}
    )
    assert answer.status_code == 400
    assert answer.text == "Adresse inconnue.\n"
    assert "Set-Cookie" not in answer.headers
    check_headers(answer)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:5000", "127.0.0.1:5000", "[::1]:5000", "[::1]"]
)
def test_this_machine_answers_under_its_names(app: Flask, host: str) -> None:
    assert app.test_client().get("/connexion", headers={"Host": host}).status_code == 200


ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    {"Origin": "https://exemple.fr"},
    {"Origin": "http://localhost:81"},
    {"Origin": "https://localhost"},
    {"Origin": "http://localhost.exemple.fr"},
    {"Origin": "http://["},
    {"Origin": "http://localhost:x"},
    {"Origin": "x"},
]


OURS: list[dict[str, str]] = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Origin": "http://localhost"},
]


@pytest.mark.parametrize("headers", [*ELSEWHERE, *OURS], ids=str)
def test_a_form_from_another_site_is_refused_even_with_its_token(
    app: Flask, sign_in: SignIn, headers: dict[str, str]
) -> None:
    client = sign_in("adviser", "APEAS")
    form = form_of(client.get("/"))
    data = {**dict(form.fields), "type": "CSL1"}
    answer = client.post("/", data=data, headers=headers)
    expected = 400 if headers in ELSEWHERE else 302
    assert answer.status_code == expected, answer.text
    assert acts(app) == (expected == 302)


def test_signing_out_clears_what_the_browser_kept(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    answer = send(client, client.get("/"), "/deconnexion")
    assert answer.status_code == 302
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.get("/connexion").headers
