"""People who sign in by the pages themselves."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from passlib.totp import TOTP
from werkzeug.test import TestResponse

from ramsess.database import db
from ramsess.models import Account
from tests.conftest import open_account
from tests.pages import send

PASSWORD = "sept mouettes repeignent la gare"


@dataclass
class Person:
    """Somebody with an account and a browser."""

    app: Flask
    email: str
    client: FlaskClient

    def sign_in(self, password: str = PASSWORD, following: str = "") -> TestResponse:
        """Send the sign-in form."""
        page = self.client.get("/connexion" + (f"?next={following}" if following else ""))
        return send(self.client, page, email=self.email, password=password)

    def inside(self, client: FlaskClient | None = None) -> bool:
        """True when the home page opens."""
        return (client or self.client).get("/").status_code == 200

    def set_up_app(self) -> TOTP:
        """Set an authenticator app up, being signed in; returns the app."""
        return set_up_app(self.client)


def make_person(app: Flask, email: str = "ana@demo.example", role: str = "adviser") -> Person:
    """Open an account whose password is known."""
    with app.app_context():
        posts = ["APEAS"] if role in ("adviser", "manager") else []
        account = open_account(db.session(), role, *posts, email=email)
        account.password = hash_password(PASSWORD)
        db.session.commit()
    return Person(app, email, app.test_client())


def start_app(client: FlaskClient) -> tuple[TOTP, TestResponse]:
    """Ask for a key; returns the app that holds it and the page that awaits a code."""
    page = client.get("/second-facteur/application")
    assert page.status_code == 200, page.location
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    shown = client.post(
        "/second-facteur/application", data={"setup": "authenticator", "csrf_token": token[1]}
    )
    key = re.search(r'class="secret-key">([^<]+)<', shown.text)
    assert key, shown.text
    return TOTP(key=key[1].replace("-", "").replace(" ", ""), format="base32"), shown


def set_up_app(client: FlaskClient) -> TOTP:
    """Set an app up with a code of the step before, so that the present one is still good."""
    otp, shown = start_app(client)
    data = re.search(r'<form class="narrow" action="([^"]+)"', shown.text)
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown.text)
    assert data
    assert token
    code = otp.generate(time.time() - 30).token
    done = client.post(data[1], data={"code": code, "csrf_token": token[1]})
    assert done.status_code == 302, done.text
    return otp


def account_in(app: Flask, email: str) -> Account:
    """The account, apart from any session."""
    with app.app_context():
        account = db.session.query(Account).filter_by(email=email).one()
        db.session.expunge(account)
        return account


def mails(app: Flask, wait: bool = True) -> list[tuple[str, str, str]]:
    """The mails written, as (to, subject, text), the oldest first; then they are taken away."""
    folder: Path = app.config["SETTINGS"].instance / "mail"
    for _ in range(100 if wait else 1):
        if list(folder.glob("*.eml")):
            break
        time.sleep(0.05)
    time.sleep(0.1 if wait else 0)
    found = []
    for path in sorted(folder.glob("*.eml"), key=lambda item: item.stat().st_mtime):
        assert path.stat().st_mode & 0o077 == 0
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body()
        assert body
        found.append((str(message["To"]), str(message["Subject"]), body.get_content()))
        path.unlink()
    return found
