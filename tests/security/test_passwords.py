"""Passwords: long, not common; the same answers to everybody; links that open once."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask_security.core import _default_messages
from sqlalchemy import text

from ramsess import create_app
from ramsess.actions.accounts import account_of, set_active
from ramsess.actions.invitations import invite
from ramsess.actions.passwords import COMMON, TOO_LONG, TOO_SHORT, password_faults
from ramsess.database import db
from ramsess.models import Account
from ramsess.views.sign_in_messages import MESSAGES, UNUSED
from tests.conftest import open_account
from tests.pages import send
from tests.security.people import PASSWORD, Person, mails

NEW = "huit tortues traversent le canal"


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("court", TOO_SHORT),
        ("a" * 14, TOO_SHORT),
        ("x" * 129, TOO_LONG),
        ("aaaaaaaaaaaaaaa", COMMON),
        ("azertyuiopqsdfgh", COMMON),
        ("123456789012345", COMMON),
        ("motdepassemotdepasse", COMMON),
        ("ramsess-paca-2009", COMMON),
        ("passwordpassword", COMMON),
        ("AnaFictiveAnaFictive", COMMON),
        ("APEASapeasAPEAS", COMMON),
    ],
)
def test_a_password_that_is_refused(password: str, fault: str) -> None:
    assert password_faults(password, ["Ana Fictive", "ana@demo.example", "APEAS"]) == [fault]


@pytest.mark.parametrize(
    "password",
    [PASSWORD, NEW, "x7Kq9vT2mLw4RzB", "839201748362915", "été brûlant naïf œuf garçon"],
)
def test_a_password_that_stands_needs_no_composition(password: str) -> None:
    assert password_faults(password, ["Ana Fictive", "APEAS"]) == []


def test_a_guess_costs_64_mib_and_three_rounds(app: Flask) -> None:
    address = app.config["DATABASE_ADDRESS"].render_as_string(hide_password=False)
    served = create_app(replace(app.config["SETTINGS"], database_url=address))
    kept = served.extensions["security"].pwd_context.hash(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_no_message_of_a_feature_in_use_is_left_in_english() -> None:
    missing = [
        name for name in _default_messages if name not in MESSAGES and not name.startswith(UNUSED)
    ]
    assert missing == []
    assert not any(MESSAGES[name][0] == _default_messages[name][0] for name in MESSAGES)


def ask_for_link(person: Person, email: str) -> str:
    page = person.client.get("/mot-de-passe/oublie")
    answer = send(person.client, page, email=email)
    assert answer.status_code == 200
    main = answer.text.split("<main")[1]
    return re.sub(r'value="[^"]*"', "", main)


def test_asking_for_a_link_answers_alike_known_unknown_or_disabled(app: Flask, ana: Person) -> None:
    known = ask_for_link(ana, ana.email)
    assert "Si un compte porte cette adresse" in known
    assert len(mails(app)) == 1
    assert ask_for_link(Person(app, "", app.test_client()), "inconnue@demo.example") == known
    with app.app_context():
        set_active(db.session(), account_of(db.session(), ana.email), active=False)
        db.session.commit()
    assert ask_for_link(Person(app, "", app.test_client()), ana.email) == known
    assert mails(app, wait=False) == []


def test_signing_in_answers_alike_known_or_unknown(app: Flask, ana: Person) -> None:
    with app.app_context():
        invited = open_account(db.session(), "adviser", "APEAS", email="bob@demo.example")
        invited.password = None
        db.session.commit()
    told = set()
    for email in (ana.email, "bob@demo.example", "inconnue@demo.example"):
        answer = Person(app, email, app.test_client()).sign_in("mauvais mot de passe")
        assert answer.status_code == 200
        told.add(re.sub(r'value="[^"]*"', "", answer.text))
    assert len(told) == 1


def test_a_disabled_account_is_not_told_from_a_wrong_password(app: Flask, ana: Person) -> None:
    with app.app_context():
        set_active(db.session(), account_of(db.session(), ana.email), active=False)
        db.session.commit()
    assert "incorrect" in ana.sign_in().text
    assert not ana.inside()


def link_in(body: str) -> str:
    found = re.search(r"http\S+", body)
    assert found
    return "/" + found[0].split("/", 3)[3]


def test_a_mailed_link_changes_the_password_once(app: Flask, ana: Person) -> None:
    other = Person(app, ana.email, app.test_client())
    other.sign_in()
    ask_for_link(ana, ana.email)
    [(to, subject, body)] = mails(app)
    assert to == ana.email
    assert "nouveau mot de passe" in subject
    link = link_in(body)
    page = ana.client.get(link)
    assert TOO_SHORT in send(ana.client, page, password="court", password_confirm="court").text
    assert "diffèrent" in send(ana.client, page, password=NEW, password_confirm=PASSWORD).text
    assert send(ana.client, page, password=NEW, password_confirm=NEW).location == "/connexion"
    assert not other.inside()
    assert "mot de passe est changé" in mails(app)[0][1]
    again = ana.client.get(link)
    assert again.location == "/mot-de-passe/oublie"
    assert "Ce lien n’est plus valable" in ana.client.get(again.location).text
    assert ana.sign_in(NEW).status_code == 302


@pytest.mark.parametrize("token", ["", "x", "WyJhIl0.aaaa.bbbb"])
def test_a_link_that_was_never_made_opens_nothing(ana: Person, token: str) -> None:
    answer = ana.client.get(f"/mot-de-passe/oublie/{token}")
    assert answer.status_code in (302, 404)


def test_changing_refuses_a_common_password(ana: Person) -> None:
    ana.sign_in()
    page = ana.client.get("/mot-de-passe/changer")
    answer = send(
        ana.client,
        page,
        password=PASSWORD,
        new_password="ramsess-paca-2009",
        new_password_confirm="ramsess-paca-2009",
    )
    assert "se devine trop vite" in answer.text


def invited(app: Flask) -> str:
    with app.app_context():
        account = open_account(db.session(), "adviser", "APEAS", email="bob@demo.example")
        account.password = None
        token = invite(db.session(), account)
        db.session.commit()
        assert token not in str(account.invitation_hash)
    return f"/invitation/{token}"


def test_an_invitation_opens_once(app: Flask, ana: Person) -> None:
    link = invited(app)
    bob = Person(app, "bob@demo.example", app.test_client())
    assert bob.sign_in(NEW).status_code == 200
    page = bob.client.get(link)
    assert "Bienvenue, Ana Fictive" in page.text
    assert TOO_SHORT in send(bob.client, page, password="court", password_confirm="court").text
    done = send(bob.client, page, password=NEW, password_confirm=NEW)
    assert done.location == "/connexion"
    assert bob.sign_in(NEW).status_code == 302
    assert bob.client.get(link).status_code == 404
    late = send(bob.client, page, password=PASSWORD, password_confirm=PASSWORD)
    assert late.status_code == 404
    other = Person(app, "bob@demo.example", app.test_client())
    assert other.sign_in(PASSWORD).status_code == 200


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE accounts SET invited_until = now() - interval '1 second'",
        "UPDATE accounts SET active = false",
        "UPDATE accounts SET invitation_hash = NULL",
    ],
)
def test_an_invitation_that_expired_or_was_withdrawn_opens_nothing(
    app: Flask, ana: Person, spoil: str
) -> None:
    link = invited(app)
    page = ana.client.get(link)
    assert page.status_code == 200
    with app.app_context():
        db.session.execute(text(spoil))
        db.session.commit()
    assert ana.client.get(link).status_code == 404
    assert send(ana.client, page, password=NEW, password_confirm=NEW).status_code == 404
    with app.app_context():
        assert db.session.query(Account).filter_by(email="bob@demo.example").one().password is None


def test_a_tampered_invitation_opens_nothing(app: Flask, ana: Person) -> None:
    link = invited(app)
    assert ana.client.get(link[:-1] + ("A" if link[-1] != "A" else "B")).status_code == 404
    assert ana.client.get("/invitation/" + "é" * 10).status_code == 404


def test_a_second_invitation_replaces_the_first(app: Flask, ana: Person) -> None:
    first = invited(app)
    with app.app_context():
        second = invite(db.session(), account_of(db.session(), "bob@demo.example"))
        db.session.commit()
    assert ana.client.get(first).status_code == 404
    assert ana.client.get(f"/invitation/{second}").status_code == 200
