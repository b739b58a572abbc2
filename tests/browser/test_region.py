"""The Région's space, and the pages of programs: by keyboard, wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from ramsess.database import db
from ramsess.demo.loading import DemoSummary, load_demo
from ramsess.reports.period import Period
from ramsess.reports.period_code import period_of
from tests.browser.conftest import assert_accessible, screenshot, sign_in
from tests.conftest import empty_records
from tests.interface.sealed import PLAIN_FILES, seal


@pytest.fixture(scope="module")
def network(app: Flask) -> DemoSummary:
    """A demo network, its last two years and a quarter sealed."""
    with app.app_context():
        empty_records()
        summary = load_demo(db.session(), scale=0.04)
        db.session.commit()
        for year in (summary.last_year - 1, summary.last_year):
            seal(db.session(), "year", Period.of_year(year), files=PLAIN_FILES)
        quarter = period_of(f"{summary.last_year}-T1")
        assert quarter
        seal(db.session(), "quarter", quarter, files=PLAIN_FILES)
    return summary


@pytest.fixture(params=[1280, 360])
def view(
    request: pytest.FixtureRequest, browser: Browser, address: str, network: DemoSummary
) -> Iterator[Page]:
    """The Région, signed in."""
    context = browser.new_context(
        base_url=address, locale="fr-FR", viewport={"width": request.param, "height": 900}
    )
    page = context.new_page()
    funder = next(item for item in network.accounts if item.role == "funder")
    sign_in(page, funder.email, network.password, "**/region")
    yield page
    context.close()


def test_the_region_reads_and_verifies(
    view: Page, network: DemoSummary, request: pytest.FixtureRequest
) -> None:
    width = request.node.callspec.params["view"]
    assert_accessible(view)
    screenshot(view, f"region-{width}")
    view.get_by_role("link", name=f"Année {network.last_year}", exact=True).click()
    view.locator("#B01-tableau").wait_for()
    assert_accessible(view)
    screenshot(view, f"region-bilan-{width}")
    with view.expect_download() as download:
        view.get_by_role("link", name="PDF", exact=True).click()
    assert download.value.suggested_filename.endswith("-scelle-region.pdf")
    view.get_by_role("link", name="vérifier un fichier").click()
    view.locator("h1", has_text="Vérifier un bilan").wait_for()
    assert_accessible(view)


def test_a_token_is_made_and_the_pages_of_programs_are_accessible(
    view: Page, request: pytest.FixtureRequest
) -> None:
    width = request.node.callspec.params["view"]
    for name, path in (
        ("jetons", "/compte/jetons"),
        ("interface", "/interface"),
        ("correspondance", "/correspondance-dla"),
    ):
        view.goto(path)
        assert_accessible(view)
        screenshot(view, f"{name}-{width}")
    view.goto("/compte/jetons/nouveau")
    assert_accessible(view)
    view.get_by_role("button", name="Créer le jeton").click()
    view.locator(".invalid-feedback").first.wait_for()
    assert_accessible(view)
    view.get_by_label("Nom").fill("relevé mensuel")
    view.keyboard.press("Enter")
    secret = view.get_by_label("Jeton « relevé mensuel »").input_value()
    assert_accessible(view)
    screenshot(view, f"jeton-{width}")
    answer = view.request.get("/api/v1/periods", headers={"Authorization": f"Bearer {secret}"})
    assert len(answer.json()["items"]) == 3
    view.get_by_role("link", name="C’est noté").click()
    screenshot(view, f"jetons-un-{width}")
    view.get_by_role("button", name="Retirer").first.click()
    view.get_by_text("Le jeton est retiré").wait_for()
