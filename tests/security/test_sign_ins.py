"""A sign-in lives on the server: whatever ends it is felt at the next request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from ramsess.actions.accounts import Post, add_account, end_role, set_active
from ramsess.actions.sign_ins import describe_browser, purge_sign_ins, revoke_all
from ramsess.database import acting, db
from ramsess.models import Account, SignIn
from tests.conftest import SignIn as Enter
from tests.pages import send
from tests.security.people import PASSWORD, Person, mails, make_person

NEW = "huit tortues traversent le canal"


def change(app: Flask, work: Callable[[Account], object]) -> None:
    with app.app_context():
        work(db.session.query(Account).filter_by(email="ana@demo.example").one())
        db.session.commit()


def sql(app: Flask, statement: str) -> None:
    with app.app_context():
        db.session.execute(text(statement))
        db.session.commit()


def test_the_right_password_opens_a_sign_in_of_which_only_a_hash_is_kept(
    app: Flask, ana: Person
) -> None:
    answer = ana.sign_in()
    assert answer.status_code == 302
    assert answer.location == "/"
    assert ana.inside()
    with ana.client.session_transaction() as cookie:
        token = cookie["sign_in"]
    with app.app_context():
        row = db.session.query(SignIn).one()
        assert token not in (row.token_hash, str(row.id))
        assert len(row.token_hash) == 64


ENDS: dict[str, Callable[[Account], object]] = {
    "revoked": lambda account: revoke_all(db.session(), account.id),
    "disabled": lambda account: set_active(db.session(), account, active=False),
    "a role more": lambda account: add_account(
        db.session(), email=account.email, name=account.name, role="manager",
        posts=[Post("APEAS")], password_hash=None,
    ),
    "a role less": lambda account: end_role(db.session(), account, "adviser"),
}  # fmt: skip


@pytest.mark.parametrize("event", ENDS)
def test_what_ends_a_sign_in_is_felt_at_the_next_request(
    app: Flask, ana: Person, event: str
) -> None:
    ana.sign_in()
    assert ana.inside()
    change(app, ENDS[event])
    assert ana.client.get("/").location.startswith("/connexion")
    assert not ana.inside()


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/classeurs", 302),
        ("PUT", "/", 404),
        ("POST", "/", 401),
        ("GET", "/statique/absent.css", 404),
    ],
)
def test_nothing_looks_at_who_asks_before_her_sign_in_is_checked(
    app: Flask, ana: Person, method: str, path: str, code: int
) -> None:
    ana.sign_in()
    assert "Ana Fictive" in ana.client.open("/", method="PUT").text
    change(app, ENDS["revoked"])
    answer = ana.client.open(path, method=method)
    assert answer.status_code == code
    assert "Ana Fictive" not in answer.text


@pytest.mark.parametrize("column", ["idle_until", "expires_at"])
def test_a_sign_in_ends_by_idling_and_by_age(app: Flask, ana: Person, column: str) -> None:
    ana.sign_in()
    sql(app, f"UPDATE sign_ins SET {column} = now() + interval '1 minute'")
    assert ana.inside()
    sql(app, f"UPDATE sign_ins SET {column} = now() - interval '1 second'")
    assert not ana.inside()


def test_activity_pushes_idling_forward_but_never_the_end(app: Flask, ana: Person) -> None:
    ana.sign_in()
    sql(
        app,
        "UPDATE sign_ins SET seen_at = now() - interval '2 minutes', "
        "idle_until = now() + interval '1 minute', expires_at = now() + interval '5 minutes'",
    )
    assert ana.inside()
    with app.app_context():
        left = db.session.execute(
            text("SELECT idle_until - now() > interval '59 minutes',"
                 " expires_at - now() < interval '6 minutes' FROM sign_ins")
        ).one()  # fmt: skip
    assert tuple(left) == (True, True)


def test_a_request_asks_once_who_is_signed_in_and_as_what(app: Flask, ana: Person) -> None:
    ana.sign_in()
    statements: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(*about: Any) -> None:
        statements.append(about[2])

    event.listen(engine, "before_cursor_execute", note)
    assert "Ana Fictive" in ana.client.get("/absente").text
    event.remove(engine, "before_cursor_execute", note)
    known = [one for one in statements if "accounts" in one or "grants" in one or "sign_in" in one]
    assert len(known) == 2, known  # whose transaction it is, then the account with its roles
    assert "UPDATE" not in " ".join(statements)


def test_leaving_makes_a_copied_cookie_worthless(ana: Person) -> None:
    ana.sign_in()
    with ana.client.session_transaction() as cookie:
        copied = dict(cookie)
    send(ana.client, ana.client.get("/"), "/deconnexion")
    thief = ana.app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(copied)
    assert not ana.inside(thief)


def test_a_cookie_without_its_sign_in_is_worth_nothing(ana: Person) -> None:
    ana.sign_in()
    for forged in ("", "x" * 43):
        with ana.client.session_transaction() as cookie:
            cookie["sign_in"] = forged
            kept = dict(cookie)
        assert not ana.inside()
        with ana.client.session_transaction() as cookie:
            cookie.update(kept)


def test_a_sign_in_of_somebody_else_does_not_lend_her_name(app: Flask, ana: Person) -> None:
    bob = make_person(app, "bob@demo.example")
    ana.sign_in()
    bob.sign_in()
    with bob.client.session_transaction() as cookie:
        key = cookie["_user_id"]
    with ana.client.session_transaction() as cookie:
        cookie["_user_id"] = key
    assert not ana.inside()


def test_a_new_password_closes_the_other_browsers_and_is_told_by_mail(ana: Person) -> None:
    other = Person(ana.app, ana.email, ana.app.test_client())
    other.sign_in()
    ana.sign_in()
    page = ana.client.get("/mot-de-passe/changer")
    done = send(ana.client, page, password=PASSWORD, new_password=NEW, new_password_confirm=NEW)
    assert done.location == "/compte"
    assert ana.inside()
    assert not other.inside()
    assert other.sign_in(PASSWORD).status_code == 200
    assert other.sign_in(NEW).status_code == 302
    [(to, subject, body)] = mails(ana.app)
    assert to == ana.email
    assert "mot de passe est changé" in subject
    assert "vient d’être changé" in body


def test_one_sees_and_closes_ones_own_sign_ins(app: Flask, ana: Person) -> None:
    others = [Person(app, ana.email, app.test_client()) for _ in range(3)]
    for other in others:
        other.sign_in()
    ana.sign_in()
    page = ana.client.get("/compte/connexions")
    assert page.text.count("Fermer</button>") == 3
    assert page.text.count("cette connexion") == 1
    send(ana.client, page, "/fermer")
    assert sum(other.inside() for other in others) == 2
    send(ana.client, ana.client.get("/compte/connexions"), "/fermer-les-autres")
    assert not any(other.inside() for other in others)
    assert ana.inside()


def test_the_sign_in_of_another_person_cannot_be_closed(app: Flask, ana: Person) -> None:
    bob = make_person(app, "bob@demo.example")
    bob.sign_in()
    with app.app_context():
        his = db.session.query(SignIn).one().id
    ana.sign_in()
    page = ana.client.get("/compte/connexions")
    answer = ana.client.post(
        f"/compte/connexions/{his}/fermer",
        data={"csrf_token": page.text.split('name="csrf_token" value="')[1].split('"')[0]},
    )
    assert answer.status_code == 404
    assert bob.inside()


def test_no_name_is_left_acting_after_a_request(ana: Person) -> None:
    ana.sign_in()
    assert ana.inside()
    assert acting.get().account_id is None


def test_remembering_the_machine_is_not_offered_to_a_forged_form(ana: Person) -> None:
    page = ana.client.get("/connexion")
    token = page.text.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    answer = ana.client.post(
        "/connexion",
        data={"email": ana.email, "password": PASSWORD, "remember": "y", "csrf_token": token},
    )
    assert answer.status_code == 302
    assert ana.client.get_cookie("remember_token") is None


def test_no_token_opens_the_pages_without_a_sign_in(ana: Person) -> None:
    with ana.app.test_request_context():
        account = db.session.query(Account).one()
        token = account.get_auth_token()
    answer = ana.app.test_client().get("/compte", headers={"Authentication-Token": str(token)})
    assert answer.status_code == 302
    refused = ana.client.post("/connexion?include_auth_token", json={"email": ana.email})
    assert refused.status_code in (401, 404)


@pytest.mark.parametrize(
    "target",
    [
        "https://ailleurs.example",
        "//ailleurs.example",
        "/\\ailleurs.example",
        "javascript:alert(1)",
    ],
)
def test_signing_in_never_leads_elsewhere(ana: Person, target: str) -> None:
    answer = ana.sign_in(following=target)
    assert answer.status_code in (200, 302)
    location = answer.location or "/"
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


def test_signing_in_leads_where_one_was_going(ana: Person) -> None:
    assert ana.sign_in(following="/parcours").location == "/parcours"


def test_old_sign_ins_are_deleted(app: Flask, ana: Person, sign_in: Enter) -> None:
    ana.sign_in()
    sql(app, "UPDATE sign_ins SET expires_at = now() - interval '31 days'")
    with app.app_context():
        assert purge_sign_ins(db.session()) == 1
        db.session.commit()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
         "Firefox sur Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit Safari/604.1",
         "Safari sur iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/141.0 Safari/537.36 Edg/141.0",
         "Edge sur Windows"),
        ("", "Navigateur"),
    ],
)  # fmt: skip
def test_a_browser_is_told_without_version(agent: str, words: str) -> None:
    assert describe_browser(agent) == words
