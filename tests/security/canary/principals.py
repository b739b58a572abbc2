"""Who asks, and the accounts that they ask with: a canary in every text of an account."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ramsess.actions.accounts import Post, add_account
from ramsess.actions.sign_ins import open_sign_in
from ramsess.actions.tokens import make_token
from ramsess.database import db
from ramsess.models import Account, Adviser, Grant, SecurityKey
from ramsess.models.calendar import today
from ramsess.policy import ACTIONS
from tests.security.canary.words import NETWORK, STRUCTURES, A, B, C, Thing, Words
from tests.security.people import PASSWORD


@dataclass(frozen=True)
class Principal:
    """Somebody: her roles, each with its structure, today."""

    name: str
    posts: tuple[tuple[str, str], ...] = ()

    def structures(self, *roles: str) -> set[str]:
        return {code for role, code in self.posts if code and (not roles or role in roles)}

    def holds(self, *roles: str) -> bool:
        return any(role in roles for role, _ in self.posts)

    @property
    def works(self) -> bool:
        """Whoever works in the network knows who else does."""
        return self.holds("adviser", "manager", "coordinator", "dpo")


PRINCIPALS = {
    item.name: item
    for item in (
        Principal("anonymous"),
        Principal("left"),
        *(Principal(f"adviser_{code}", (("adviser", code),)) for code in STRUCTURES),
        *(Principal(f"manager_{code}", (("manager", code),)) for code in STRUCTURES),
        Principal("mutualised", (("adviser", A), ("adviser", B))),
        Principal("mixed", (("manager", B), ("adviser", C))),
        Principal("coordinator", (("coordinator", NETWORK),)),
        Principal("funder", (("funder", NETWORK),)),
        Principal("admin", (("admin", NETWORK),)),
        Principal("dpo", (("dpo", NETWORK),)),
    )
}


def structure_of(principal: Principal) -> str:
    """The structure that an account's texts belong to."""
    return principal.posts[0][1] if principal.posts else A


def open_accounts(session: Session, words: Words) -> dict[str, Account]:
    """An account for each principal but the visitor, and one that sleeps in each structure."""
    accounts = {}
    for principal in PRINCIPALS.values():
        if principal.name != "anonymous":
            posts = principal.posts or (("adviser", A),)
            accounts[principal.name] = _open(session, words, principal.name, posts)
    session.execute(
        update(Grant)
        .where(Grant.account_id == accounts["left"].id)
        .values(until=today() - dt.timedelta(days=1))
    )
    for code in STRUCTURES:
        accounts[f"dormant_{code}"] = _open(session, words, f"dormant_{code}", (("adviser", code),))
    session.flush()
    session.expire_all()
    return accounts


def _open(session: Session, words: Words, name: str, posts: tuple[tuple[str, str], ...]) -> Account:
    code = posts[0][1]
    thing = Thing("account", name, frozenset({code} - {NETWORK}), owner=name)
    email = f"{words.make('accounts.email', code, thing)}@demo.example"
    said = f"Ana {words.make('accounts.name', code, thing)}"
    for role in dict.fromkeys(role for role, _ in posts):
        add_account(
            session,
            email=email,
            name=said,
            role=role,
            posts=[Post(place) for one, place in posts if one == role and place],
            password_hash=hash_password(PASSWORD) if name == "adviser_" + A else "!",
            since=dt.date(2000, 1, 1),
        )
    account = session.scalars(select(Account).where(Account.email == email)).one()
    adviser = session.scalars(select(Adviser).where(Adviser.account_id == account.id)).first()
    if adviser:
        adviser.last_name = words.make("advisers.last_name", code, thing)
        adviser.first_name = words.make("advisers.first_name", code, thing)
        adviser.email = f"{words.make('advisers.email', code, thing)}@demo.example"
    session.flush()
    return account


def add_keys(session: Session, words: Words, code: str, accounts: dict[str, Account]) -> None:
    """A security key in use for the adviser of a structure, which she alone sees."""
    name = f"adviser_{code}"
    thing = Thing("account", name, frozenset({code}), owner=name)
    session.add(
        SecurityKey(
            account_id=accounts[name].id,
            name=words.make("security_keys.name", code, thing),
            credential_id=f"clé de {code}".encode(),
            public_key=b"publique",
            transports=["usb"],
            backup_state=False,
            device_type="single_device",
            extensions="{}",
            usage="secondary",
            lastuse_datetime=func.now(),
        )
    )
    session.flush()


def new_secret(app: Flask, words: Words, name: str, address: str, structure: str) -> str:
    """What her program shows, its name a canary; empty for who may have none."""
    thing = Thing("account", name, frozenset({structure} - {NETWORK}), owner=name)
    roles = [one for one, _ in PRINCIPALS[name].posts if one in ACTIONS["manage_tokens"]]
    if not roles:
        return ""
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.email == address)).one()
        said = words.make("api_tokens.name", structure, thing)
        _, secret = make_token(db.session(), account, name=said, role=roles[0], days=30)
        db.session.commit()
        db.session.remove()
    return secret


def enter(app: Flask, words: Words, name: str, address: str, structure: str) -> FlaskClient:
    """A browser signed in to the account of that address, described by a canary."""
    thing = Thing("account", name, frozenset({structure} - {NETWORK}), owner=name)
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.email == address)).one()
        browser = f"Firefox {words.make('sign_ins.browser', structure, thing)}"
        token = open_sign_in(db.session(), account, browser)
        db.session.commit()
        key = account.fs_uniquifier
        db.session.remove()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"], cookie["fs_paa"] = key, True, time.time()
        cookie["sign_in"] = token
    return client
