"""Second factors in a real browser; every page of an account read by axe-core."""

from __future__ import annotations

import re
import time

from flask import Flask
from passlib.totp import TOTP
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from ramsess.actions.invitations import invite
from ramsess.database import db
from ramsess.models import Account, SecurityKey
from tests.browser.conftest import PASSWORD, assert_accessible, open_account, screenshot, sign_in


def add_authenticator(page: Page) -> None:
    """A security key that answers by itself, as Chromium simulates it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "usb",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def local(page: Page, address: str, path: str) -> str:
    """The page by the name ``localhost``: a key belongs to a name, never to a number."""
    return address.replace("127.0.0.1", "localhost") + path


def enter(page: Page, address: str, email: str) -> None:
    page.goto(local(page, address, "/connexion"))
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")


def test_a_security_key_is_registered_then_asked(
    page: Page, address: str, session: Session
) -> None:
    email = open_account(session, "ana@demo.example", "adviser", "APEAS")
    add_authenticator(page)
    enter(page, address, email)
    page.wait_for_url("**/")
    page.goto(local(page, address, "/second-facteur/cles"))
    assert_accessible(page)
    page.get_by_label("Nom de la clé").fill("clé du bureau")
    page.get_by_role("button", name="Ajouter").click()
    page.get_by_text("La clé « clé du bureau » est enregistrée.").wait_for()
    assert_accessible(page)
    assert session.query(SecurityKey).one().name == "clé du bureau"
    page.get_by_role("button", name="Se déconnecter").click()
    enter(page, address, email)
    page.wait_for_url(re.compile("/second-facteur/cle\\b"))
    assert_accessible(page)
    page.goto(local(page, address, "/"))
    page.wait_for_url(re.compile("/connexion"))
    enter(page, address, email)
    page.get_by_role("button", name="Utiliser ma clé").click()
    page.get_by_role("link", name="Ana Fictive").wait_for()
    page.goto(local(page, address, "/second-facteur/cles"))
    page.get_by_role("button", name="Retirer").click()
    page.get_by_text("est retirée").wait_for()


def test_the_key_of_somebody_else_does_not_open_an_account(
    page: Page, address: str, session: Session
) -> None:
    ana = open_account(session, "ana@demo.example", "adviser", "APEAS")
    bob = open_account(session, "bob@demo.example", "adviser", "APEAS")
    add_authenticator(page)
    enter(page, address, ana)
    page.wait_for_url("**/")
    page.goto(local(page, address, "/second-facteur/cles"))
    page.get_by_label("Nom de la clé").fill("clé")
    page.get_by_role("button", name="Ajouter").click()
    page.get_by_text("est enregistrée").wait_for()
    page.get_by_role("button", name="Se déconnecter").click()
    # Bob has a key of his own; whoever holds his password holds only Ana's.
    owner = session.query(Account).filter_by(email=ana).one()
    his = session.query(Account).filter_by(email=bob).one()
    session.refresh(owner)
    [key] = owner.webauthn
    his.fs_webauthn_user_handle = "b" * 32
    his.webauthn.append(
        SecurityKey(
            name="la sienne", credential_id=b"autre", public_key=key.public_key, sign_count=0,
            transports=[], backup_state=False, device_type="single_device", usage="secondary",
            lastuse_datetime=key.lastuse_datetime,
        )
    )  # fmt: skip
    session.commit()
    enter(page, address, bob)
    page.wait_for_url(re.compile("/second-facteur/cle\\b"))
    # The browser would only offer Bob's key: the page is made to accept any.
    page.route("**/webauthn.js", _accept_any_key)
    page.get_by_role("button", name="Utiliser ma clé").click()
    page.get_by_text("La clé n’a pas été reconnue").wait_for()
    page.goto(local(page, address, "/"))
    page.wait_for_url(re.compile("/connexion"))


def _accept_any_key(route: object) -> None:
    answer = route.fetch()  # type: ignore[attr-defined]
    changed = answer.text().replace(
        "options.allowCredentials = known(options.allowCredentials);",
        "options.allowCredentials = [];",
    )
    assert changed != answer.text()
    route.fulfill(response=answer, body=changed)  # type: ignore[attr-defined]


def test_an_app_is_set_up_then_asked_and_every_page_is_accessible(
    page: Page, session: Session
) -> None:
    email = open_account(session, "ana@demo.example", "adviser", "APEAS", "PLACE")
    for path in ("/mot-de-passe/oublie", "/connexion"):
        page.goto(path)
        assert_accessible(page)
    sign_in(page, email)
    page.goto("/second-facteur/application")
    assert_accessible(page)
    page.get_by_role("button", name="Commencer").click()
    assert_accessible(page)
    screenshot(page, "second-facteur-application")
    key = page.locator(".secret-key").inner_text()
    otp = TOTP(key=key.replace("-", "").replace(" ", ""), format="base32")
    page.get_by_label("Code à six chiffres").fill(otp.generate(time.time() - 30).token)
    page.get_by_role("button", name="Mettre en place").click()
    page.wait_for_url("**/compte")
    assert_accessible(page)
    screenshot(page, "compte")
    page.goto("/second-facteur/codes-de-secours")
    assert_accessible(page)
    page.get_by_role("button", name=re.compile("dix codes")).click()
    assert_accessible(page)
    code = page.locator(".recovery-codes code").first.inner_text()
    for path in ("/compte/connexions", "/mot-de-passe/changer", "/connexion/encore"):
        page.goto(path)
        assert_accessible(page)
    page.get_by_role("button", name="Se déconnecter").click()
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/second-facteur/code\\b"))
    assert_accessible(page)
    page.get_by_label("Code à six chiffres").fill("000000")
    page.keyboard.press("Enter")
    page.get_by_text("Code refusé").wait_for()
    assert_accessible(page)
    page.get_by_role("link", name="Utiliser un code de secours").click()
    assert_accessible(page)
    page.get_by_label("Code de secours").fill(code)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Ana Fictive").wait_for()


def test_the_header_and_the_invitation_hold_on_a_small_dark_screen(
    app: Flask, page: Page, session: Session
) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.emulate_media(color_scheme="dark")
    invited = session.get(Account, _invited(session))
    assert invited
    token = invite(session, invited)
    session.commit()
    page.goto(f"/invitation/{token}")
    assert_accessible(page)
    page.get_by_role("button", name="Enregistrer").click()
    page.locator(".invalid-feedback").first.wait_for()
    assert_accessible(page)
    page.goto("/invitation/rien")
    assert_accessible(page)
    sign_in(page, open_account(session, "ana@demo.example", "adviser", "APEAS", "PLACE"))
    for path in ("/", "/compte", "/compte/connexions", "/second-facteur/application"):
        page.goto(path)
        assert_accessible(page)
    screenshot(page, "compte-360-sombre")
    page.get_by_role("button", name="Commencer").click()
    assert_accessible(page)


def _invited(session: Session) -> int:
    open_account(session, "bob@demo.example", "adviser", "APEAS")
    account = session.query(Account).filter_by(email="bob@demo.example").one()
    account.password = None
    db.session.commit()
    return account.id
