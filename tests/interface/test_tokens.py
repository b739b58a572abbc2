"""A token acts for its account in one role, as long as both are good, and opens no page."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from ramsess import create_app
from ramsess.actions.accounts import account_of, add_account, end_role, set_active
from ramsess.actions.refusals import RefusedError
from ramsess.actions.sign_ins import hash_of, revoke_all
from ramsess.actions.throttle import CLIENT, INTERFACE, key_of
from ramsess.actions.tokens import MOST, end_token, live_tokens, make_token, purge_tokens
from ramsess.config import Settings
from ramsess.database import close_connections, db
from ramsess.models import ApiToken, Attempt, AuditEvent
from tests.conftest import SignIn, client_of, open_account
from tests.interface.conftest import MakeProgram, new_token
from tests.pages import send, token_of

PROBLEM = "application/problem+json"


def test_a_program_without_token_is_told_how_to_get_one(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/code-lists")
    assert answer.status_code == 401
    assert answer.mimetype == PROBLEM
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "Authorization: Bearer" in answer.get_json()["detail"]


def test_the_interface_looks_at_no_cookie_and_the_pages_at_no_token(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("adviser", "APEAS", email="ana@demo.example")
    assert client.get("/api/v1/code-lists").status_code == 401
    with app.app_context():
        secret = new_token("ana@demo.example", "adviser")
    shown = {"Authorization": f"Bearer {secret}"}
    stranger = app.test_client()
    assert stranger.get("/api/v1/code-lists", headers=shown).status_code == 200
    assert stranger.get("/actes", headers=shown).location.startswith("/connexion")
    assert stranger.get("/compte/jetons", headers=shown).location.startswith("/connexion")
    # In the cookie's place it is worth no more.
    with client.session_transaction() as cookie:
        cookie["sign_in"] = secret
    assert client.get("/compte").location.startswith("/connexion")


def test_a_cookie_adds_nothing_to_a_token(app: Flask, program: MakeProgram) -> None:
    region = program("funder")
    with app.app_context():
        open_account(db.session(), "adviser", "APEAS", email="bea@demo.example")
        db.session.commit()
    client = client_of(app, "bea@demo.example")
    answer = client.get("/api/v1/acts", headers={"Authorization": f"Bearer {region.secret}"})
    assert answer.status_code == 404


def test_a_token_reads_in_its_role_alone(app: Flask, program: MakeProgram) -> None:
    """Of an account that is an adviser and the coordinator, each token has one of both rights."""
    adviser = program("adviser", "APEAS", email="ana@demo.example")
    with app.app_context():
        add_account(
            db.session(),
            email="ana@demo.example",
            name="Ana Fictive",
            role="coordinator",
            posts=[],
            password_hash=None,
        )
        adviser.secret = new_token("ana@demo.example", "adviser")
        coordinator = new_token("ana@demo.example", "coordinator")
    assert adviser.get("/acts").status_code == 200
    adviser.secret = coordinator
    assert adviser.get("/acts").status_code == 404
    assert adviser.get("/code-lists").status_code == 200


@pytest.mark.parametrize("how", ["role", "disabled", "revoked", "signed out", "over", "password"])
def test_a_token_ends_with_what_gave_it(app: Flask, program: MakeProgram, how: str) -> None:
    ours = program("adviser", "APEAS")
    assert ours.get("/acts").status_code == 200
    with app.app_context():
        session = db.session()
        account = account_of(session, ours.email)
        (token,) = live_tokens(session, account)
        if how == "role":
            end_role(session, account, "adviser")
        elif how == "disabled":
            set_active(session, account, active=False)
        elif how == "revoked":
            assert end_token(session, account, token.id)
            assert not end_token(session, account, token.id)
        elif how == "signed out":
            revoke_all(session, account.id)
        elif how == "password":
            revoke_all(session, account.id, but_token="celle-ci")
        else:
            token.expires_at = func.now() - dt.timedelta(seconds=1)
        session.commit()
    assert ours.get("/acts").status_code == 401


def test_a_role_that_comes_back_does_not_bring_its_tokens_back(
    app: Flask, program: MakeProgram
) -> None:
    ours = program("coordinator")
    with app.app_context():
        session = db.session()
        account = account_of(session, ours.email)
        end_role(session, account, "coordinator")
        add_account(
            session, email=ours.email, name="Ana", role="coordinator", posts=[], password_hash=None
        )
        session.commit()
    assert ours.get("/periods").status_code == 401


def test_a_role_that_ended_by_itself_ends_its_tokens_at_once(
    app: Flask, program: MakeProgram
) -> None:
    ours = program("coordinator")
    with app.app_context():
        account = account_of(db.session(), ours.email)
        account.grants[0].until = dt.date(2020, 1, 1)
        db.session.commit()
    assert ours.get("/periods").status_code == 401


def test_where_a_second_factor_is_required_a_token_without_one_opens_nothing(
    app: Flask, program: MakeProgram
) -> None:
    ours = program("funder")
    address = app.config["DATABASE_ADDRESS"].render_as_string(hide_password=False)
    strict = create_app(
        Settings(
            instance=app.config["SETTINGS"].instance,
            database_url=address,
            secure_cookies=False,
            second_factor="required",
        )
    )
    ours.app = strict
    refused = ours.get("/code-lists").status_code
    with app.app_context():
        account = account_of(db.session(), ours.email)
        account.tf_primary_method, account.tf_totp_secret = "authenticator", "secret"
        db.session.commit()
    opened = ours.get("/code-lists").status_code
    with strict.app_context():
        close_connections()
    assert (refused, opened) == (401, 200)


def test_only_the_digest_of_a_token_is_kept_and_its_use_is_noted(
    app: Flask, program: MakeProgram
) -> None:
    ours = program("funder")
    with app.app_context():
        (token,) = db.session.scalars(select(ApiToken)).all()
        assert token.token_hash == hash_of(ours.secret)
        assert ours.secret not in repr(vars(token))
        assert token.used_at is None
    ours.get("/code-lists")
    with app.app_context():
        used = db.session.scalars(select(ApiToken.used_at)).one()
        assert used is not None
    ours.get("/code-lists")
    with app.app_context():
        assert db.session.scalars(select(ApiToken.used_at)).one() == used


def test_a_token_that_asks_too_often_is_told_to_wait(app: Flask, program: MakeProgram) -> None:
    ours, other = program("funder"), None
    with app.app_context():
        key = _key(app, hash_of(ours.secret))
        db.session.add_all(Attempt(kind="interface", key=key) for _ in range(INTERFACE[0].number))
        other = new_token(ours.email, "funder")
        db.session.commit()
    answer = ours.get("/code-lists")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.mimetype == PROBLEM
    ours.secret = other
    assert ours.get("/code-lists").status_code == 200


def test_tokens_tried_in_vain_are_counted_by_client(app: Flask, program: MakeProgram) -> None:
    ours = program("funder")
    good, ours.secret = ours.secret, "ramsess_" + "x" * 43
    tried = [ours.get("/code-lists").status_code for _ in range(CLIENT[0].number + 1)]
    assert tried == [401] * CLIENT[0].number + [429]
    # Whoever shows a good one from there is not kept waiting.
    ours.secret = good
    assert ours.get("/code-lists").status_code == 200


def _key(app: Flask, text: str) -> str:
    return key_of(app.config["SETTINGS"].secret("throttle"), text)


def test_a_token_is_made_on_ones_page_shown_once_and_revoked(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager", "APEAS")
    assert "Aucun jeton" in client.get("/compte/jetons").text
    page = client.get("/compte/jetons/nouveau")
    made = send(client, page, name="  relevé   mensuel ", days="365")
    assert made.status_code == 200
    secret = made.text.partition('value="ramsess_')[2].partition('"')[0]
    assert len(secret) == 43
    shown = {"Authorization": f"Bearer ramsess_{secret}"}
    assert app.test_client().get("/api/v1/acts", headers=shown).status_code == 200
    listed = client.get("/compte/jetons")
    assert "relevé mensuel — Responsable de structure" in listed.text
    assert secret not in listed.text
    again = send(client, page, name="  relevé   mensuel ", days="365")
    assert again.status_code == 422
    assert "déjà créé" in again.text
    gone = send(client, listed, "retirer")
    assert "retiré" in client.get(gone.location).text
    assert app.test_client().get("/api/v1/acts", headers=shown).status_code == 401
    with app.app_context():
        noted = db.session.scalars(select(AuditEvent.action)).all()
        assert [one for one in noted if "token" in one] == ["make_token", "revoke_token"]


def test_a_password_given_long_ago_is_asked_again_before_a_token_is_made(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("manager", "APEAS")
    with client.session_transaction() as cookie:
        cookie["fs_paa"] = 0
        cookie.pop("fs_gexp", None)
    answer = client.get("/compte/jetons/nouveau")
    assert answer.location.startswith("/connexion/encore")


def test_another_ones_token_cannot_be_revoked_nor_seen(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager", "APEAS", email="ana@demo.example")
    with app.app_context():
        open_account(db.session(), "manager", "APEAS", email="bea@demo.example")
        db.session.commit()
        new_token("bea@demo.example", "manager")
        other = db.session.scalars(select(ApiToken.id)).one()
    page = client.get("/compte/jetons")
    assert "Aucun jeton" in page.text
    token = client.get("/compte/jetons/nouveau")
    answer = send(client, token, name="essai")
    assert answer.status_code == 200
    listed = client.get("/compte/jetons")
    address = f"/compte/jetons/{other}/retirer"
    assert client.post(address, data={"csrf_token": token_of(listed)}).status_code == 404


def test_a_token_is_refused_with_the_reason(app: Flask, program: MakeProgram) -> None:
    ours = program("adviser", "APEAS")
    with app.app_context():
        session = db.session()
        account = account_of(session, ours.email)
        with pytest.raises(RefusedError) as refused:
            make_token(session, account, name=" ", role="coordinator", days=400)
        assert set(refused.value.reasons) == {"name", "role", "days"}
        for _ in range(MOST - 1):
            make_token(session, account, name="essai", role="adviser", days=30)
        with pytest.raises(RefusedError, match="10 jetons"):
            make_token(session, account, name="essai", role="adviser", days=30)
        session.rollback()


def test_tokens_that_ended_long_ago_are_deleted(app: Flask, program: MakeProgram) -> None:
    ours = program("funder")
    with app.app_context():
        new_token(ours.email, "funder")
        first = db.session.scalars(select(ApiToken.id).order_by(ApiToken.created_at)).first()
        db.session.execute(
            update(ApiToken)
            .where(ApiToken.id == first)
            .values(revoked_at=func.now() - dt.timedelta(days=31))
        )
        assert purge_tokens(db.session()) == 1
        db.session.commit()
        assert db.session.scalar(select(func.count(ApiToken.id))) == 1
