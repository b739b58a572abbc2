"""What is sealed, and what is corrected of it, in a browser: wide and narrow, light and dark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select

from ramsess.actions.corrections import sealed_act
from ramsess.database import db
from ramsess.demo.corrections import make_corrections
from ramsess.demo.loading import DemoSummary, load_demo
from ramsess.models import Act, Correction, GroupSession, Parcours, Structure
from tests.browser.conftest import assert_accessible, screenshot, sign_in
from tests.conftest import empty_records
from tests.sealed.sealing import seal


@pytest.fixture(scope="module")
def network(app: Flask) -> DemoSummary:
    """A small demo network, the first quarter of which is sealed and corrected."""
    with app.app_context():
        empty_records()
        summary = load_demo(db.session(), scale=0.04)
        db.session.commit()
        seal(dt.date(summary.first_year, 1, 1))
        assert make_corrections(db.session(), summary.accounts) >= 2
        db.session.commit()
    return summary


@pytest.fixture(scope="module")
def addresses(app: Flask, network: DemoSummary) -> dict[str, str]:
    code, year = network.accounts[0].structures[0], network.first_year
    quarter = (dt.date(year, 1, 1), dt.date(year, 3, 31))
    with app.app_context():
        mine = Act.structure.has(Structure.code == code) & Act.done_on.between(*quarter)
        held = select(GroupSession.act_id)
        act = db.session.scalars(
            select(Act).where(mine, Act.id.not_in(held)).order_by(Act.id)
        ).first()
        workshop = db.session.scalars(select(Act).where(mine, Act.id.in_(held))).first()
        parcours = db.session.scalars(
            select(Parcours).where(
                Parcours.lead.has(code=code), Parcours.entered_on.between(*quarter)
            )
        ).first()
        assert act
        assert parcours
        assert sealed_act(db.session(), act)
        assert db.session.scalar(select(func.count()).select_from(Correction))
        found = {
            "corrections": "/corrections",
            "oubli": f"/corrections/oubli?jour={year}-03-31",
            "acte-scelle": f"/actes/{act.public_id}",
            "acte-correction": f"/corrections/acte/{act.public_id}",
            "acte-duree": f"/corrections/acte/{act.public_id}?quoi=duration",
            "parcours-scelle": f"/parcours/{parcours.reference}",
            "parcours-correction": f"/corrections/parcours/{parcours.reference}?quoi=entry",
            "bilan": f"/bilan?debut={dt.date.today().year}-01-01&fin={dt.date.today().year}-12-31",
        }
        if workshop:
            found["seance-scellee"] = f"/seances/{workshop.public_id}"
            found["seance-correction"] = f"/corrections/seance/{workshop.public_id}?quoi=heads"
        return found


@pytest.fixture(params=[1280, 360])
def view(
    request: pytest.FixtureRequest, browser: Browser, address: str, network: DemoSummary
) -> Iterator[Page]:
    context = browser.new_context(
        base_url=address, locale="fr-FR", viewport={"width": request.param, "height": 800}
    )
    page = context.new_page()
    sign_in(page, network.accounts[0].email, network.password)
    yield page
    context.close()


def test_what_is_sealed_and_its_corrections_are_accessible(
    view: Page, addresses: dict[str, str], request: pytest.FixtureRequest
) -> None:
    width = request.node.callspec.params["view"]
    for name, path in addresses.items():
        view.goto(path)
        assert_accessible(view)
        screenshot(view, f"{name}-{width}")
    view.goto(addresses["acte-duree"])
    view.get_by_role("button", name="Enregistrer la correction").click()
    view.locator(".invalid-feedback, .alert-danger").first.wait_for()
    assert_accessible(view)
    screenshot(view, f"refus-{width}")
