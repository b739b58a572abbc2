"""What is typed survives a closed tab, a lost network, an expired sign-in; nobody else reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.models import Act, Draft
from tests.browser.conftest import assert_accessible, open_account, screenshot, sign_in

SAID = "Un long texte écrit à 18 h"


@pytest.fixture
def adviser(page: Page, session: Session) -> Iterator[Page]:
    sign_in(page, open_account(session, "ana@demo.example", "adviser", "APEAS"))
    return page


def kept(session: Session) -> list[str]:
    session.rollback()
    return [draft.text for draft in session.scalars(select(Draft))]


def notes(session: Session) -> list[str]:
    session.rollback()
    return [act.note for act in session.scalars(select(Act))]


def stored(page: Page) -> str:
    return str(page.evaluate("JSON.stringify({...localStorage})"))


def visit(page: Page, path: str) -> None:
    """Until the script has its key."""
    with page.expect_response("**/brouillons/lire"):
        page.goto(path)


def test_a_closed_tab_loses_nothing(adviser: Page, session: Session) -> None:
    adviser.goto("/actes/nouveau")
    adviser.get_by_label("Note").fill(SAID)
    adviser.get_by_label("Modalité").select_option("T")
    expect(adviser.locator(".draft-status")).to_have_text(
        re.compile(r"Brouillon gardé à \d\d:\d\d")
    )
    assert SAID in kept(session)[0]
    assert "brouillon" not in stored(adviser)
    tab = adviser.context.new_page()
    adviser.close()
    tab.goto("/actes/nouveau")
    offer = tab.locator(".draft-offer")
    expect(offer).to_contain_text("Brouillon de")
    assert_accessible(tab)
    screenshot(tab, "brouillon")
    offer.get_by_role("button", name="Reprendre").click()
    expect(tab.get_by_label("Note")).to_have_value(SAID)
    expect(tab.get_by_label("Modalité")).to_have_value("T")
    tab.get_by_role("button", name="Enregistrer").click()
    expect(tab.get_by_role("status")).to_have_text("Acte enregistré.")
    assert notes(session) == [SAID]
    assert kept(session) == []
    assert "brouillon" not in stored(tab)
    tab.goto("/actes/nouveau")
    tab.get_by_label("Note").fill("Autre chose")
    expect(tab.locator(".draft-status")).to_contain_text("gardé")
    expect(tab.locator(".draft-offer")).to_have_count(0)
    tab.reload()
    with tab.expect_response("**/brouillons/jeter"):
        tab.get_by_role("button", name="Jeter").click()
    assert kept(session) == []


def test_a_lost_network_and_an_expired_sign_in_lose_nothing(
    adviser: Page, session: Session
) -> None:
    visit(adviser, "/actes/nouveau")
    adviser.context.set_offline(True)
    adviser.get_by_label("Note").fill(SAID)
    expect(adviser.locator(".draft-status")).to_contain_text("Pas de réseau")
    held = stored(adviser)
    assert "brouillon:" in held
    assert SAID not in held
    assert "actes" not in held
    adviser.context.set_offline(False)
    adviser.goto("/actes/nouveau")
    adviser.get_by_role("button", name="Reprendre").click()
    expect(adviser.get_by_label("Note")).to_have_value(SAID)
    expect(adviser.locator(".draft-status")).to_contain_text("gardé à")
    adviser.context.clear_cookies()
    adviser.get_by_label("Note").fill(SAID + " bien passées")
    expect(adviser.locator(".draft-status")).to_contain_text("session a expiré")
    assert SAID not in stored(adviser)
    # Somebody else at the same screen is offered nothing of it.
    sign_in(adviser, open_account(session, "bob@demo.example", "adviser", "PLACE"))
    visit(adviser, "/actes/nouveau")
    expect(adviser.locator(".draft-offer")).to_have_count(0)
    adviser.context.clear_cookies()
    sign_in(adviser, "ana@demo.example")
    adviser.goto("/actes/nouveau")
    adviser.get_by_role("button", name="Reprendre").click()
    expect(adviser.get_by_label("Note")).to_have_value(SAID + " bien passées")
    adviser.get_by_role("button", name="Se déconnecter").click()
    expect(adviser.get_by_role("heading", level=1)).to_have_text("Connexion")
    assert "brouillon" not in stored(adviser)


def test_an_act_sent_without_network_waits_for_it(adviser: Page, session: Session) -> None:
    visit(adviser, "/")
    adviser.get_by_label("Note").fill(SAID)
    adviser.context.set_offline(True)
    adviser.get_by_role("button", name="Enregistrer l’acte").click()
    expect(adviser.locator(".draft-status")).to_contain_text("En attente du réseau")
    assert notes(session) == []
    adviser.context.set_offline(False)
    expect(adviser.locator("main .alert[role=status]")).to_contain_text("enregistré à")
    expect(adviser.locator(".record-list").last).to_contain_text(SAID)
    assert notes(session) == [SAID]
    assert "brouillon" not in stored(adviser)
    # The line, which nobody could understand meanwhile, is looked at again first.
    visit(adviser, "/")
    adviser.context.set_offline(True)
    adviser.get_by_label("En une ligne").press_sequentially("accueil 20 min 1 personne")
    adviser.keyboard.press("Enter")
    expect(adviser.locator(".draft-status")).to_contain_text("En attente du réseau")
    adviser.context.set_offline(False)
    expect(adviser.get_by_label("Durée")).to_have_value("20")
    expect(adviser.locator(".draft-status")).to_contain_text("demande votre attention")
    adviser.get_by_label("En une ligne").press("Enter")
    expect(adviser.locator(".record-list").last.locator("li")).to_have_count(2)
    assert notes(session) == [SAID, ""]
