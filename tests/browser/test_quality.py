"""« Ce qui manque » in a browser: from the home page to the field, by keyboard."""

from __future__ import annotations

import re

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from ramsess.models.calendar import today
from tests.browser.conftest import assert_accessible, open_account, screenshot, sign_in
from tests.counting.builder import Network


def test_from_the_reminder_to_the_field(page: Page, session: Session, app: Flask) -> None:
    open_account(session, "responsable@demo.example", "manager", "APEAS")
    network = Network(session)
    start = f"{today().year}-01-01"
    parcours = network.parcours(
        network.person(), network.person(), entered=start, commune_code="13055"
    )
    network.act(start, parcours=parcours)
    session.commit()
    sign_in(page, "responsable@demo.example")
    page.get_by_role("link", name=re.compile("fiches à compléter")).press("Enter")
    expect(page.locator("h1")).to_have_text("Ce qui manque avant de rendre")
    assert_accessible(page)
    screenshot(page, "ce-qui-manque")
    page.get_by_role("link", name="Date de naissance").press("Enter")
    assert_accessible(page)
    screenshot(page, "ce-qui-manque-fiches")
    page.get_by_role("link", name="Fictif1").press("Enter")
    asked = page.url.rpartition("#")[2]
    expect(page.locator(f'[id="{asked}"]')).to_be_in_viewport()
    page.set_viewport_size({"width": 360, "height": 740})
    assert_accessible(page)
    screenshot(page, "completer")
    page.locator(f'[id="{asked}"]').fill("1980-05-01")
    page.get_by_label("Secteur").select_option("AGR")
    page.get_by_role("button", name="Enregistrer").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("complétée")
    page.goto("/qualite")
    assert_accessible(page)
    screenshot(page, "ce-qui-manque-etroit")
    expect(page.get_by_role("link", name="Secteur")).to_have_count(0)
