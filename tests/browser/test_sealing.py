"""In a browser: the coordinator seals, takes a file; a visitor verifies it, and another."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from ramsess.actions.seal_keys import SigningKey
from tests.browser.conftest import PASSWORD, assert_accessible, open_account, sign_in
from tests.sealing.conftest import consolidated_year, data_alone, key

__all__ = ["data_alone", "key"]


@pytest.mark.usefixtures("data_alone")
@pytest.mark.parametrize("look", ["wide", "narrow"])
def test_a_year_is_sealed_downloaded_and_verified(
    app: Flask, session: Session, page: Page, key: SigningKey, tmp_path: Path, look: str
) -> None:
    if look == "narrow":
        page.set_viewport_size({"width": 360, "height": 800})
        page.emulate_media(color_scheme="dark")
    email = open_account(session, "coordination@demo.example", "coordinator")
    period = consolidated_year(session, key).public_id
    sign_in(page, email, PASSWORD)
    page.goto(f"/periodes/{period}/sceller")
    assert_accessible(page)
    page.get_by_role("button", name="Sceller pour toujours").click()
    expect(page.get_by_role("status")).to_contain_text("La période est scellée")
    if look == "narrow":
        # The same tables as the report's own page, long to look at.
        assert_accessible(page)
    with page.expect_download() as taken:
        page.get_by_role("link", name="JSON scellé, édition du réseau", exact=True).click()
    sealed = tmp_path / "bilan.json"
    taken.value.save_as(sealed)
    page.goto("/bilan/?debut=2009-01-01&fin=2009-12-31")
    page.get_by_role("link", name="bilan scellé", exact=True).click()
    page.get_by_role("button", name="Se déconnecter").click()

    page.get_by_role("link", name="Vérifier un bilan scellé").click()
    assert_accessible(page)
    altered = tmp_path / "altéré.json"
    altered.write_bytes(sealed.read_bytes().replace(b"2009-12-31", b"2009-12-30"))
    unknown = tmp_path / "autre.json"
    unknown.write_text("{}")
    for file, said in (
        (sealed, "Fichier authentique"), (altered, "Fichier altéré"), (unknown, "Fichier inconnu"),
    ):  # fmt: skip
        page.get_by_label("Le fichier à vérifier").set_input_files(file)
        page.get_by_role("button", name="Vérifier", exact=True).click()
        expect(page.get_by_role("heading", name=said)).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Le fichier à vérifier").set_input_files(sealed)
    page.get_by_role("button", name="Vérifier", exact=True).click()
    page.locator("section.alert a").click()
    expect(page.locator("h1")).to_contain_text("Sceau")
    assert_accessible(page)
    overflow = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(overflow)
