"""Behind HTTPS and proxies: the cookie, the forms, whom the proxies speak for; the settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from ramsess import create_app
from ramsess.config import Settings, SettingsError
from ramsess.database import close_connections
from ramsess.logs import init_logs
from tests.conftest import SignIn
from tests.pages import form_of


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
