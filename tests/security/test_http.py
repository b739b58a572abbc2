"""What comes with every answer, and what is refused before any view."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
import waitress
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ramsess import create_app
from ramsess.cli import server_options
from ramsess.config import Settings, SettingsError
from ramsess.database import close_connections, db
from ramsess.headers import HEADERS, STATIC
from ramsess.inputs import LONGEST_ADDRESS, MOST_HEADERS, MOST_IN_FORM, MOST_SENT
from ramsess.logs import init_logs
from ramsess.models import Act
from tests.conftest import SignIn
from tests.pages import form_of, send

VALUES = {"public_id": uuid.UUID(int=1), "reference": "P-2009-0001", "token": "0" * 32,
          "filename": "ramsess.css", "suffix": "json",
          "sign_in": uuid.UUID(int=2), "identifier": 1}  # fmt: skip


def other_app(app: Flask, *, proxies: int = 0, secure: bool = True) -> Flask:
    """The application of a deployment, on the same database."""
    settings: Settings = app.config["SETTINGS"]
    made = create_app(
        Settings(
            instance=settings.instance,
            database_url=app.config["SQLALCHEMY_DATABASE_URI"],
            secure_cookies=secure,
            hosts=("suivi.exemple.fr",),
            proxies=proxies,
        )
    )
    made.config["TESTING"] = True
    return made


@pytest.fixture
def deployed(app: Flask) -> Iterator[Flask]:
    """Behind HTTPS and one proxy."""
    made = other_app(app, proxies=1)
    yield made
    with made.app_context():
        close_connections()
    init_logs(app.config["SETTINGS"])


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


HTTPS = "https://suivi.exemple.fr"
PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}


def _session_cookie(answer: TestResponse) -> str:
    return next(line for line in answer.headers.getlist("Set-Cookie") if "ramsess" in line)


def test_the_cookie_behind_https(deployed: Flask) -> None:
    answer = deployed.test_client().get("/connexion", base_url=HTTPS)
    cookie = _session_cookie(answer)
    assert cookie.startswith("__Host-ramsess=")
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in cookie.split("; ")
    assert "Domain" not in cookie
    told = answer.headers["Strict-Transport-Security"]
    assert told == "max-age=31536000; includeSubDomains"


def test_the_cookie_without_https(app: Flask) -> None:
    answer = app.test_client().get("/connexion")
    cookie = _session_cookie(answer)
    assert cookie.startswith("ramsess=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "Strict-Transport-Security" not in answer.headers


def test_a_form_is_accepted_behind_https_without_referrer(deployed: Flask, sign_in: SignIn) -> None:
    sign_in("adviser", "APEAS", email="ana@demo.example")
    client = deployed.test_client()
    # As the proxy hands it over: plain HTTP, and what it says of the visitor.
    base = "http://suivi.exemple.fr"
    page = client.get("/connexion", base_url=base, headers=PROXY)
    cookie = _session_cookie(page).partition(";")[0]
    data = {**dict(form_of(page).fields), "email": "ana@demo.example", "password": "x" * 15}
    for origin, status in ((HTTPS, 200), ("null", 200), (base, 400), ("https://x.fr", 400)):
        answer = client.post(
            "/connexion",
            base_url=base,
            data=data,
            headers={**PROXY, "Origin": origin, "Cookie": cookie},
        )
        assert answer.status_code == status, origin
    assert "Adresse ou mot de passe incorrect." in client.post(
        "/connexion", base_url=base, data=data, headers={**PROXY, "Cookie": cookie}
    ).text  # fmt: skip


@pytest.mark.parametrize(
    ("proxies", "said", "seen"),
    [(0, "198.51.100.7", "127.0.0.1"), (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
     (2, "x, 203.0.113.9, 198.51.100.7", "203.0.113.9"), (2, "198.51.100.7", "127.0.0.1")],
)  # fmt: skip
def test_exactly_the_proxies_that_are_set_are_believed(
    app: Flask, proxies: int, said: str, seen: str
) -> None:
    from flask import request  # noqa: PLC0415

    other = other_app(app, proxies=proxies)
    told = []
    other.before_request_funcs.setdefault(None, []).append(
        lambda: told.append((request.remote_addr, request.host))
    )
    try:
        other.test_client().get(
            "/connexion",
            base_url="http://suivi.exemple.fr",
            headers={"X-Forwarded-For": said, "X-Forwarded-Host": "exemple.fr"},
        )
    finally:
        init_logs(app.config["SETTINGS"])
    assert told == [(seen, "suivi.exemple.fr")]


def test_settings_are_read_and_refused_in_french(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAMSESS_HOSTS", "Suivi.exemple.fr, ,autre.exemple.fr")
    monkeypatch.setenv("RAMSESS_PROXIES", "2")
    monkeypatch.setenv("RAMSESS_LOG", "json")
    read = Settings.from_environment(tmp_path)
    assert read.hosts == ("suivi.exemple.fr", "autre.exemple.fr")
    assert (read.proxies, read.json_logs) == (2, True)
    for name, value in (("RAMSESS_PROXIES", "-1"), ("RAMSESS_PROXIES", "²"), ("RAMSESS_LOG", "x")):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            with pytest.raises(SettingsError, match=name):
                Settings.from_environment(tmp_path)


@pytest.fixture
def connection(app: Flask) -> Iterator[HTTPConnection]:
    """A real server, as ``ramsess serve`` makes it."""
    options = server_options(app.config["SETTINGS"])
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=2, **options)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    opened = HTTPConnection("127.0.0.1", int(server.effective_port), timeout=20)
    yield opened
    opened.close()
    server.close()


def test_the_server_says_nothing_of_itself(connection: HTTPConnection) -> None:
    connection.request("GET", "/connexion", headers={"X-Forwarded-For": "198.51.100.7"})
    answer = connection.getresponse()
    assert answer.status == 200
    names = {name.lower() for name, _ in answer.getheaders()}
    assert not names & {"server", "via", "x-powered-by"}
    assert b"waitress" not in answer.read()


def test_the_server_refuses_endless_headers(connection: HTTPConnection) -> None:
    connection.request("GET", "/connexion", headers={"X-Long": "x" * 3 * MOST_HEADERS})
    assert connection.getresponse().status == 431


MALFORMED: list[tuple[str, bytes]] = [
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=", b"----\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\n" * 50),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="\\"\r\n\r\na\r\n--x--\r\n',
    ),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; filename="a"\r\n\r\na\r\n--x--\r\n',
    ),
    ("application/x-www-form-urlencoded", b"%ff%fe=%zz&&=&a"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"+AAA-=1"),
    ("application/json", b"{"),
    ("x/y; charset=\xe9".encode("latin-1").decode("latin-1"), b"\xff"),
]


@pytest.mark.parametrize(("kind", "body"), MALFORMED, ids=str)
def test_a_malformed_body_is_refused_not_a_fault(
    app: Flask, sign_in: SignIn, kind: str, body: bytes
) -> None:
    client: FlaskClient = sign_in("adviser", "APEAS")
    for path in ("/", "/connexion", "/classeurs", "/recherche/personnes"):
        answer = client.post(path, data=body, content_type=kind)
        assert 300 <= answer.status_code < 500, path
    assert acts(app) == 0
