"""The network's public pages as visitors meet them, and the grid by keyboard, without script."""

from __future__ import annotations

import io

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from ramsess.demo.network import present_structures, share_resources
from ramsess.models.calendar import today
from tests.browser.conftest import assert_accessible, open_account, screenshot, sign_in

ANSWER = "/reseau/qui-peut-m-aider?phase=FIN&besoin=FIN&departement=13"


@pytest.fixture
def network(session: Session) -> Session:
    """Structures that said what they do."""
    present_structures(session, today())
    share_resources(session)
    session.commit()
    return session


def test_the_public_pages_are_accessible_and_print_on_one_page(
    browser: Browser, address: str, network: Session
) -> None:
    for width in (1280, 360):
        context = browser.new_context(
            base_url=address, locale="fr-FR", viewport={"width": width, "height": 900}
        )
        page = context.new_page()
        for name, path in (("reseau", "/reseau?specialite=FIN"), ("reponse", ANSWER)):
            page.goto(path)
            page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = 1)")
            assert_accessible(page)
            screenshot(page, f"{name}-{width}")
            shown = page.locator(".schema svg:visible")
            expect(shown).to_have_count(0 if path == ANSWER else 1)
        if width == 1280:
            page.emulate_media(media="print", color_scheme="light")
            for path in ("/reseau", "/reseau?specialite=FIN", ANSWER):
                page.goto(path)
                printed = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
                assert len(printed.pages) == 1, path
                text = printed.pages[0].extract_text()
                # Nobody chooses in a list of choices on paper.
                assert "Se connecter" not in text
                if path != ANSWER:
                    assert "Profession Sport 13" in text
                    assert "Aucune année" in text
        context.close()


def test_the_check_of_one_page_finds_what_does_not_fit(page: Page) -> None:
    page.goto("/reseau")
    page.evaluate("document.querySelector('h1').style.marginBottom = '30cm'")
    assert len(pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages) > 1


def test_the_grid_is_filled_by_keyboard_on_a_telephone_without_script(
    browser: Browser, address: str, network: Session
) -> None:
    context = browser.new_context(
        base_url=address,
        locale="fr-FR",
        viewport={"width": 360, "height": 800},
        java_script_enabled=False,
    )
    page = context.new_page()
    sign_in(page, open_account(network, "responsable@demo.example", "manager", "APEAS"))
    page.goto("/reseau")
    page.get_by_role("link", name="Mettre à jour la ligne de APEAS").click()
    cell = page.get_by_label("Sport, Développement")
    cell.focus()
    page.keyboard.press("3")
    expect(cell).to_have_value("3")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Environnement, Émergence")).to_be_focused()
    page.get_by_role("button", name="Enregistrer et publier").press("Enter")
    page.wait_for_url("**/reseau")
    page.get_by_label("Spécialité", exact=True).select_option("SPO")
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator("desc").first).to_contain_text("APEAS : Développement central.")
    page.get_by_label("Où en est votre projet").select_option("DEV")
    page.get_by_label("De quoi avez-vous").select_option("SPO")
    page.get_by_role("button", name="Trouver qui").click()
    expect(page.locator(".suggestions li").first).to_contain_text("APEAS")
    context.close()
