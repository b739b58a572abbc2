"""Who asks: every role, and every way of being no longer, or not yet, somebody."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from ramsess.actions.accounts import Post, add_account
from ramsess.actions.sign_ins import hash_of, open_sign_in, revoke_token
from ramsess.actions.tokens import make_token
from ramsess.models import Account, ApiToken, Grant, SignIn
from ramsess.models.calendar import today
from tests.pages import send
from tests.security.matrix.expected import WORDS, Principal
from tests.security.people import PASSWORD

A, B, C = "APEAS", "PLACE", "INTERMADE"

PRINCIPALS = {
    item.name: item
    for item in (
        Principal("anonymous", gate="out"),
        Principal("adviser", (("adviser", A),)),
        Principal("adviser_of_another", (("adviser", B),)),
        Principal("adviser_of_a_third", (("adviser", C),)),
        Principal("adviser_who_left"),
        Principal("mutualised", (("adviser", A), ("adviser", B))),
        Principal("manager", (("manager", A),)),
        Principal("manager_of_another", (("manager", B),)),
        Principal("manager_and_adviser", (("manager", A), ("adviser", B))),
        Principal("coordinator", (("coordinator", ""),)),
        Principal("funder", (("funder", ""),)),
        Principal("admin", (("admin", ""),)),
        Principal("dpo", (("dpo", ""),)),
        Principal("dpo_and_adviser", (("dpo", ""), ("adviser", B))),
        Principal("disabled", gate="out"),
        Principal("second_factor_pending", gate="out"),
        Principal("second_factor_missing", (("adviser", A),), gate="set up"),
        Principal("revoked", gate="out"),
        Principal("expired", gate="out"),
    )
}
# What the account of those who are let in no further once held.
ONCE = {
    "adviser_who_left": (("adviser", A),),
    "disabled": (("adviser", A),),
    "second_factor_pending": (("adviser", A),),
    "revoked": (("adviser", A),),
    "expired": (("adviser", A),),
}


@dataclass
class Browser:
    """A cookie and a form's token that never change: each request starts from the same place."""

    app: Flask
    cookie: str
    token: str
    #: What her program shows; the cookie goes with it, and must count for nothing.
    secret: str = ""

    def ask(
        self,
        path: str,
        method: str = "GET",
        data: dict[str, str] | None = None,
        csrf: bool = True,
        *,
        program: bool = False,
    ) -> TestResponse:
        sent = dict(data or {})
        if csrf and method == "POST":
            sent["csrf_token"] = self.token
        client = self.app.test_client(use_cookies=False)
        headers = {"Cookie": f"ramsess={self.cookie}"}
        if program and self.secret:
            headers["Authorization"] = f"Bearer {self.secret}"
        return client.open(
            path, method=method, data=sent if method == "POST" else None, headers=headers
        )


def open_accounts(session: Session) -> dict[str, Account]:
    """An account for each principal but the visitor."""
    accounts = {}
    for principal in PRINCIPALS.values():
        if principal.name == "anonymous":
            continue
        email = f"{principal.name}@demo.example"
        posts = principal.posts or ONCE[principal.name]
        for role in dict.fromkeys(role for role, _ in posts):
            add_account(
                session,
                email=email,
                name=f"Ana {principal.name}",
                role=role,
                posts=[Post(code) for one, code in posts if one == role and code],
                password_hash="!",
                since=dt.date(2000, 1, 1),
            )
        accounts[principal.name] = session.scalars(
            select(Account).where(Account.email == email)
        ).one()
    return accounts


def sign_everybody_in(
    app: Flask, strict: Flask, session: Session, accounts: dict[str, Account]
) -> dict[str, Browser]:
    """Everybody with a browser, then what happens to some of them."""
    found = {}
    for name, principal in PRINCIPALS.items():
        site = strict if principal.gate == "set up" else app
        client = site.test_client()
        if name == "second_factor_pending":
            continue
        secret = ""
        if name in accounts:
            secret = _new_secret(session, accounts[name])
            token = open_sign_in(session, accounts[name], "Firefox sur Linux")
            session.commit()
            _enter(client, accounts[name].fs_uniquifier, token)
            _end(session, name, accounts[name], token)
        found[name] = _browser(site, client)
        found[name].secret = secret
    return found


def _new_secret(session: Session, account: Account) -> str:
    """Her program's, in the first of her roles that a program may act in."""
    for grant in account.grants:
        if grant.role_name in WORDS["manage_tokens"]:
            _, secret = make_token(session, account, name="essai", role=grant.role_name, days=30)
            session.commit()
            return secret
    return ""


def _enter(client: FlaskClient, key: str, token: str) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"], cookie["fs_paa"] = key, True, time.time()
        cookie["sign_in"] = token


def _end(session: Session, name: str, account: Account, token: str) -> None:
    if name == "disabled":
        account.active = False
    if name == "revoked":
        revoke_token(session, token)
        session.execute(
            update(ApiToken).where(ApiToken.account_id == account.id).values(revoked_at=func.now())
        )
    if name == "expired":
        session.execute(
            update(SignIn)
            .where(SignIn.token_hash == hash_of(token))
            .values(idle_until=func.now() - dt.timedelta(seconds=1))
        )
        session.execute(
            update(ApiToken)
            .where(ApiToken.account_id == account.id)
            .values(expires_at=func.now() - dt.timedelta(seconds=1))
        )
    if name == "adviser_who_left":
        session.execute(
            update(Grant)
            .where(Grant.account_id == account.id)
            .values(until=today() - dt.timedelta(days=1))
        )
    session.commit()


def protect(session: Session, account: Account) -> None:
    """A password and an authenticator app."""
    account.password = hash_password(PASSWORD)
    account.tf_primary_method = "authenticator"
    account.tf_totp_secret = "pas lu avant le code"
    session.commit()


def half_way_in(app: Flask) -> Browser:
    """Right password given, no code yet; no context may be open, requests would share it."""
    client = app.test_client()
    page = client.get("/connexion")
    answer = send(client, page, email="second_factor_pending@demo.example", password=PASSWORD)
    assert answer.location.startswith("/second-facteur"), answer.location
    return _browser(app, client)


def _browser(app: Flask, client: FlaskClient) -> Browser:
    raw = uuid.uuid4().hex
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = raw
    held = client.get_cookie("ramsess")
    assert held
    signer = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token")
    return Browser(app, held.value, str(signer.dumps(raw)))
