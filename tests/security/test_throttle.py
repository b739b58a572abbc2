"""Whoever tries too often waits; counted in the database, true for every process."""

from __future__ import annotations

import subprocess
import sys

import pytest
from flask import Flask
from sqlalchemy import text

from ramsess.actions.throttle import Limit, allow, forgive, key_of, purge_attempts
from ramsess.database import db
from ramsess.models import Attempt
from tests.pages import send
from tests.security.people import PASSWORD, Person, mails

LIMIT = (Limit(5, 60),)


def test_the_sixth_wrong_password_in_a_minute_waits_known_or_not(app: Flask, ana: Person) -> None:
    told = []
    for email in (ana.email, "inconnue@demo.example"):
        person = Person(app, email, app.test_client())
        for _ in range(5):
            assert "incorrect" in person.sign_in("faux").text
        last = person.sign_in("faux")
        assert last.status_code == 429
        assert 0 < int(last.headers["Retry-After"]) <= 60
        assert "Trop de tentatives. Réessayez dans" in last.text
        told.append(last.text.split("<main")[1].split("Réessayez")[0])
    assert told[0] == told[1]
    assert ana.sign_in().status_code == 429


def test_nobody_is_locked_out_for_good(app: Flask, ana: Person) -> None:
    for _ in range(9):
        ana.sign_in("faux")
    with app.app_context():
        assert db.session.query(Attempt).filter_by(kind="password").count() == 5
        db.session.execute(text("UPDATE attempts SET at = at - interval '61 seconds'"))
        db.session.commit()
    assert ana.sign_in().status_code == 302


def test_twenty_wrong_passwords_in_an_hour_wait_longer(app: Flask, ana: Person) -> None:
    for _ in range(4):
        for _ in range(5):
            ana.sign_in("faux")
        with app.app_context():
            db.session.execute(text("UPDATE attempts SET at = at - interval '10 minutes'"))
            db.session.commit()
    answer = ana.sign_in()
    assert answer.status_code == 429
    assert "minutes" in answer.text


def test_right_passwords_do_not_count(ana: Person) -> None:
    for _ in range(7):
        ana.client = ana.app.test_client()
        assert ana.sign_in().status_code == 302


def test_one_client_that_tries_many_addresses_waits(app: Flask, ana: Person) -> None:
    statuses = [
        Person(app, f"p{number}@demo.example", app.test_client()).sign_in("faux").status_code
        for number in range(31)
    ]
    assert statuses == [200] * 30 + [429]


def test_wrong_codes_wait_too(app: Flask, ana: Person) -> None:
    ana.sign_in()
    ana.set_up_app()
    other = Person(app, ana.email, app.test_client())
    other.sign_in()
    statuses = []
    for path in ("code", "secours", "code", "secours", "code", "secours"):
        page = other.client.get(f"/second-facteur/{path}")
        statuses.append(send(other.client, page, code="000000").status_code)
    assert statuses == [200] * 5 + [429]


def test_the_present_password_cannot_be_guessed_inside_either(ana: Person) -> None:
    ana.sign_in()
    page = ana.client.get("/mot-de-passe/changer")
    new = "huit tortues traversent le canal"
    statuses = [
        send(
            ana.client, page, password="faux", new_password=new, new_password_confirm=new
        ).status_code
        for _ in range(6)
    ]
    assert statuses == [200] * 5 + [429]


def test_three_links_an_hour(ana: Person) -> None:
    statuses = []
    for _ in range(4):
        page = ana.client.get("/mot-de-passe/oublie")
        statuses.append(send(ana.client, page, email=ana.email).status_code)
    assert statuses == [200] * 3 + [429]
    assert len(mails(ana.app)) == 3


def test_nothing_personal_is_kept(app: Flask, ana: Person) -> None:
    ana.sign_in("faux")
    with app.app_context():
        rows = db.session.query(Attempt).all()
        assert {row.kind for row in rows} == {"client", "password"}
        for row in rows:
            assert len(row.key) == 64
            assert "ana" not in row.key
            assert "127" not in row.kind


def test_one_address_has_one_key_however_it_is_typed(app: Flask) -> None:
    assert key_of("s", " Ana@Demo.Example") == key_of("s", "ana@demo.example")
    assert key_of("s", "ana@demo.example") != key_of("t", "ana@demo.example")


def test_an_attempt_that_succeeded_is_forgiven_alone(app: Flask, ana: Person) -> None:
    with app.app_context():
        verdicts = [allow(db.session(), "essai", "k", LIMIT) for _ in range(5)]
        assert all(verdict.allowed for verdict in verdicts)
        assert not allow(db.session(), "essai", "k", LIMIT).allowed
        assert allow(db.session(), "essai", "other", LIMIT).allowed
        forgive(db.session(), [verdicts[0].attempt])
        assert allow(db.session(), "essai", "k", LIMIT).allowed
        assert not allow(db.session(), "essai", "k", LIMIT).allowed


def test_old_attempts_are_deleted(app: Flask, ana: Person) -> None:
    ana.sign_in("faux")
    with app.app_context():
        assert purge_attempts(db.session()) == 0
        db.session.execute(text("UPDATE attempts SET at = at - interval '2 days'"))
        assert purge_attempts(db.session()) == 2


TRIES = """
import sys
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from ramsess.actions.throttle import Limit, allow
engine = create_engine(sys.argv[1])
allowed = 0
for _ in range(20):
    with Session(engine) as session:
        allowed += allow(session, "essai", "k", (Limit(7, 600),)).allowed
        session.commit()
print(allowed)
"""


@pytest.mark.usefixtures("ana")
def test_the_limit_holds_over_two_processes(app: Flask) -> None:
    running = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                TRIES,
                app.config["SQLALCHEMY_DATABASE_URI"].render_as_string(hide_password=False),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    counts = [int(process.communicate(timeout=60)[0]) for process in running]
    assert sum(counts) == 7


def test_a_right_password_after_a_wrong_one_still_opens(ana: Person) -> None:
    assert ana.sign_in("faux").status_code == 200
    assert ana.sign_in(PASSWORD).status_code == 302
