"""The search box by keyboard, as one types; a list renamed."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.demo.loading import load_demo
from ramsess.models import Beneficiary, Parcours, ParcoursBeneficiary
from tests.browser.conftest import assert_accessible, sign_in


def test_the_box_answers_as_one_types_by_keyboard_alone(page: Page, session: Session) -> None:
    summary = load_demo(session, scale=0.04)
    person = session.scalars(
        select(Beneficiary)
        .join(ParcoursBeneficiary)
        .join(Parcours)
        .where(Parcours.lead.has(code=summary.accounts[0].structures[0]))
        .order_by(Beneficiary.id)
    ).first()
    assert person
    last = person.search_key.split()[0]
    session.commit()
    sign_in(page, summary.accounts[0].email, summary.password)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/parcours")
        page.keyboard.press("/")
        box = page.get_by_role("combobox", name="Chercher partout")
        expect(box).to_be_focused()
        expect(box).to_have_attribute("aria-expanded", "false")
        page.keyboard.type(last)
        options = page.locator("[role=option]")
        options.first.wait_for()
        expect(box).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
        chosen = page.locator("[role=option][aria-selected=true]")
        expect(chosen).to_have_count(1)
        expect(box).to_have_attribute("aria-activedescendant", str(chosen.get_attribute("id")))
        assert_accessible(page)
        page.keyboard.press("ArrowUp")
        expect(chosen).to_have_count(0)
        page.keyboard.press("ArrowUp")
        expect(options.last).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Escape")
        expect(page.locator("[role=listbox]")).to_be_hidden()
        expect(box).to_have_value(last)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/personnes/[0-9a-f-]{36}"))
        page.goto("/")
        page.keyboard.press("Tab")
        page.locator("#chercher").fill(last)
        page.locator("#chercher").press("Enter")
        page.wait_for_url("**/chercher")
        expect(page.get_by_role("heading", name="Personnes")).to_be_visible()
        # A click chooses too; a letter typed in a field is a letter.
        page.locator("#chercher").fill(last)
        options.first.click()
        page.wait_for_url(re.compile("/personnes/[0-9a-f-]{36}"))
    page.goto("/listes")
    page.locator("main summary").first.click()
    page.get_by_label("Nom de la liste").first.fill("")
    page.get_by_role("button", name="Renommer").first.click()
    page.locator(".invalid-feedback").first.wait_for()
    assert_accessible(page)
    assert not [url for url in asked if last.lower() in url.lower()]
