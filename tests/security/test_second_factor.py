"""Second factors: compulsory where it is said so, a code once, recovery, nothing around them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from ramsess import create_app
from ramsess.actions.second_factors import accept_counter, remove_second_factors
from ramsess.config import Settings
from ramsess.database import Acting, acting, close_connections, db
from ramsess.models import Account, SignIn
from tests.pages import send
from tests.security.people import Person, account_in, set_up_app, start_app


@pytest.fixture(scope="module")
def strict(app: Flask) -> Iterator[Flask]:
    """A second application on the same database, where a second factor is required."""
    settings: Settings = app.config["SETTINGS"]
    other = create_app(
        Settings(
            instance=settings.instance,
            database_url=app.config["SQLALCHEMY_DATABASE_URI"],
            secure_cookies=False,
        )
    )
    other.config["TESTING"] = True
    yield other
    with other.app_context():
        close_connections()


def give_code(client: FlaskClient, code: str | None) -> TestResponse:
    return send(client, client.get("/second-facteur/code"), code=code or "")


def recovery_codes(client: FlaskClient) -> list[str]:
    page = client.get("/second-facteur/codes-de-secours")
    shown = send(client, page)
    return re.findall(r"<code>([^<]+)</code>", shown.text)


def forget_counter(app: Flask) -> None:
    with app.app_context():
        db.session.execute(text("UPDATE accounts SET totp_counter = NULL"))
        db.session.commit()


def test_where_it_is_required_nothing_opens_before_a_factor_is_set_up(
    strict: Flask, ana: Person
) -> None:
    ana = Person(strict, ana.email, strict.test_client())
    assert ana.sign_in().location == "/second-facteur/application"
    assert not ana.inside()
    assert ana.client.get("/compte").status_code == 302
    with strict.app_context():
        assert db.session.query(SignIn).count() == 0
    set_up_app(ana.client)
    assert ana.inside()
    assert account_in(strict, ana.email).tf_primary_method == "authenticator"


def test_a_sign_in_without_factor_opens_nothing_where_one_is_required(
    app: Flask, strict: Flask, ana: Person
) -> None:
    ana.sign_in()
    assert ana.inside()
    with ana.client.session_transaction() as cookie:
        kept = dict(cookie)
    there = strict.test_client()
    with there.session_transaction() as cookie:
        cookie.update(kept)
    assert there.get("/").location == "/second-facteur/application"
    assert there.get("/second-facteur/application").status_code == 200


def test_the_code_is_asked_after_the_password_and_only_then_is_one_in(
    app: Flask, ana: Person
) -> None:
    ana.sign_in()
    otp = ana.set_up_app()
    again = Person(app, ana.email, app.test_client())
    assert again.sign_in(following="/parcours").location.startswith("/second-facteur/code")
    assert not again.inside()
    assert "Code refusé" in give_code(again.client, "000000").text
    assert not again.inside()
    page = again.client.get("/second-facteur/code?next=/parcours")
    assert send(again.client, page, code=otp.generate().token).location == "/parcours"
    assert again.inside()


def test_a_code_is_accepted_once(app: Flask, strict: Flask, ana: Person) -> None:
    ana.sign_in()
    code = ana.set_up_app().generate().token
    first = Person(app, ana.email, app.test_client())
    first.sign_in()
    assert give_code(first.client, code).status_code == 302
    for elsewhere in (app, strict):
        second = Person(elsewhere, ana.email, elsewhere.test_client())
        second.sign_in()
        assert "Code refusé" in give_code(second.client, code).text
        assert not second.inside()


def test_the_code_of_a_step_before_is_refused_once_a_later_one_was_used(
    app: Flask, ana: Person
) -> None:
    ana.sign_in()
    otp = ana.set_up_app()
    now = time.time()
    first = Person(app, ana.email, app.test_client())
    first.sign_in()
    assert give_code(first.client, otp.generate(now).token).status_code == 302
    second = Person(app, ana.email, app.test_client())
    second.sign_in()
    assert "Code refusé" in give_code(second.client, otp.generate(now - 30).token).text


def test_of_many_who_hold_one_code_at_once_one_is_let_in(app: Flask, ana: Person) -> None:
    number = account_in(app, ana.email).id

    def take(_: int) -> bool:
        acting.set(Acting(role="batch"))
        with app.app_context():
            accepted = accept_counter(db.session(), number, 1000)
            time.sleep(0.02)
            db.session.commit()
            return accepted

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take, range(8))) == 1


def test_the_secret_and_the_recovery_codes_are_not_kept_in_clear(app: Flask, ana: Person) -> None:
    ana.sign_in()
    otp = ana.set_up_app()
    codes = recovery_codes(ana.client)
    account = account_in(app, ana.email)
    assert otp.base32_key not in str(account.tf_totp_secret)
    assert len(codes) == 10
    kept = " ".join(account.mf_recovery_codes or [])
    for code in codes:
        assert code not in kept
        assert code.replace("-", "") not in kept


def test_a_recovery_code_opens_once(app: Flask, ana: Person) -> None:
    ana.sign_in()
    ana.set_up_app()
    code = recovery_codes(ana.client)[3]
    assert "Il vous en reste 10." in ana.client.get("/second-facteur/codes-de-secours").text
    for typed, enters in ((code.upper().replace("-", " "), True), (code, False)):
        other = Person(app, ana.email, app.test_client())
        other.sign_in()
        answer = send(other.client, other.client.get("/second-facteur/secours"), code=typed)
        assert (answer.status_code == 302) == enters
        assert other.inside() == enters
    assert "Il vous en reste 9." in ana.client.get("/second-facteur/codes-de-secours").text


def test_new_recovery_codes_replace_the_old_ones(app: Flask, ana: Person) -> None:
    ana.sign_in()
    ana.set_up_app()
    old = recovery_codes(ana.client)[0]
    recovery_codes(ana.client)
    other = Person(app, ana.email, app.test_client())
    other.sign_in()
    assert (
        "a déjà servi"
        in send(other.client, other.client.get("/second-facteur/secours"), code=old).text
    )


@pytest.mark.parametrize(
    "path",
    [
        "/second-facteur/application",
        "/second-facteur/codes-de-secours",
        "/second-facteur/cles",
    ],
)
def test_what_protects_the_account_asks_the_password_again(ana: Person, path: str) -> None:
    ana.sign_in()
    assert ana.client.get(path).status_code == 200
    with ana.client.session_transaction() as cookie:
        cookie["fs_paa"] = time.time() - 3600
        cookie.pop("fs_gexp", None)
    answer = ana.client.get(path)
    assert answer.location.startswith("/connexion/encore")
    page = ana.client.get(answer.location)
    assert "incorrect" in send(ana.client, page, password="autre chose").text
    assert send(ana.client, page, password="sept mouettes repeignent la gare").location == path


def test_setting_up_needs_a_right_code(app: Flask, ana: Person) -> None:
    ana.sign_in()
    _, shown = start_app(ana.client)
    action = re.search(r'<form class="narrow" action="([^"]+)"', shown.text)
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown.text)
    assert action
    assert token
    answer = ana.client.post(action[1], data={"code": "000000", "csrf_token": token[1]})
    assert "Code refusé" in ana.client.get(answer.location).text
    assert account_in(app, ana.email).tf_primary_method is None


def test_where_it_is_optional_the_app_may_be_taken_away(app: Flask, ana: Person) -> None:
    ana.sign_in()
    ana.set_up_app()
    page = ana.client.get("/second-facteur/application")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    gone = ana.client.post(
        "/second-facteur/application", data={"setup": "disable", "csrf_token": token}
    )
    assert gone.location == "/compte"
    assert account_in(app, ana.email).tf_totp_secret is None
    other = Person(app, ana.email, app.test_client())
    assert other.sign_in().location == "/"


def test_where_it_is_required_the_app_may_only_be_replaced(strict: Flask, ana: Person) -> None:
    ana = Person(strict, ana.email, strict.test_client())
    ana.sign_in()
    set_up_app(ana.client)
    page = ana.client.get("/second-facteur/application")
    assert "Retirer" not in page.text
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    ana.client.post("/second-facteur/application", data={"setup": "disable", "csrf_token": token})
    assert account_in(strict, ana.email).tf_totp_secret is not None


def test_forgetting_a_factor_signs_out_and_asks_for_another(strict: Flask, ana: Person) -> None:
    ana = Person(strict, ana.email, strict.test_client())
    ana.sign_in()
    set_up_app(ana.client)
    with strict.app_context():
        remove_second_factors(db.session(), db.session.query(Account).one())
        db.session.commit()
    assert not ana.inside()
    forget_counter(strict)
    again = Person(strict, ana.email, strict.test_client())
    assert again.sign_in().location == "/second-facteur/application"


def test_what_follows_the_password_needs_the_password(app: Flask, ana: Person) -> None:
    visitor = app.test_client()
    for path in ("/second-facteur/code", "/second-facteur/secours", "/second-facteur"):
        assert visitor.get(path).location == "/connexion"
    assert visitor.get("/second-facteur/cle").status_code == 404
    assert visitor.get("/second-facteur/application").location == "/connexion"
    assert visitor.get("/second-facteur/aide").status_code == 404


def test_a_new_password_by_mail_does_not_spare_the_second_factor(app: Flask, ana: Person) -> None:
    ana.sign_in()
    ana.set_up_app()
    with app.test_request_context():
        from flask_security.recoverable import generate_reset_link  # noqa: PLC0415

        link, _ = generate_reset_link(db.session.query(Account).one())
    visitor = Person(app, ana.email, app.test_client())
    page = visitor.client.get(link)
    new = "huit tortues traversent le canal"
    assert send(visitor.client, page, password=new, password_confirm=new).location == "/connexion"
    assert not ana.inside()
    assert visitor.sign_in(new).location.startswith("/second-facteur/code")
    assert not visitor.inside()
