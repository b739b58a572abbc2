"""The journey of a report: twelve structures hand in, one is sent back, comments, consolidation,
seal; the Région downloads it and verifies it.

One scene, in named steps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.seal_keys import SigningKey, register_key
from ramsess.database import db
from ramsess.models import Structure
from ramsess.models.calendar import today
from ramsess.models.structure import members_between
from ramsess.reports.consolidation import make_report
from ramsess.reports.period import Period
from tests.browser.conftest import assert_accessible, open_account, screenshot, sign_in
from tests.conftest import client_of
from tests.conftest import open_account as open_locked_account
from tests.counting.builder import Network
from tests.pages import forms_in
from tests.sealing.conftest import key

__all__ = ["key"]

YEAR = today().year - 1
FIRST_QUARTER = f"1er trimestre {YEAR}"
#: Those whose manager hands in in Chromium; the others send the same form over HTTP.
IN_CHROMIUM = ("PLACE",)
SENT_BACK = "PLACE"
REMARK = "Trois séances de mars n’ont aucune présence : est-ce un oubli ?"
COMMENTS = {"B02": "Les entrées suivent le forum de février.", "B08": "Moins d’actes en mars."}


@dataclass
class Scene:
    """The network, its managers by structure, and whoever opens a page."""

    app: Flask
    session: Session
    browser: Browser
    address: str
    managers: dict[str, str]
    coordinator: str
    funder: str
    downloads: Path
    #: The period's address, once it is open.
    period: str = ""

    @contextmanager
    def page_of(self, email: str, lands: str = "**/") -> Iterator[Page]:
        """A page signed in as somebody; it fails on a script error."""
        context = self.browser.new_context(
            base_url=self.address, locale="fr-FR", viewport={"width": 1280, "height": 900}
        )
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        sign_in(page, email, lands=lands)
        yield page
        context.close()
        assert errors == []

    def send_hand_in(self, code: str) -> None:
        """Hand in for a structure, by the form of its page, without drawing it."""
        name = self.app.config["SESSION_COOKIE_NAME"]
        cookie = client_of(self.app, self.managers[code]).get_cookie(name)
        assert cookie
        context = self.browser.new_context(base_url=self.address)
        context.add_cookies([{"name": name, "value": cookie.value, "url": self.address}])
        shown = context.request.get(self.period).text()
        form = next(one for one in forms_in(shown) if one.action.endswith("/rendre"))
        sent = context.request.post(form.action, form=dict(form.fields), max_redirects=0)
        assert sent.status == 302, code
        context.close()


@pytest.fixture
def scene(
    browser: Browser,
    address: str,
    session: Session,
    app: Flask,
    key: SigningKey,
    tmp_path: Path,
) -> Scene:
    """Twelve structures with a manager each, an act and a parcours of last year's first quarter."""
    first, last = Period.of_year(YEAR).first, Period.of_year(YEAR).last
    codes = session.scalars(
        select(Structure.code)
        .where(Structure.id.in_(members_between(first, last)))
        .order_by(Structure.id)
    ).all()
    assert len(codes) == 12
    network = Network(session)
    for number, code in enumerate(codes):
        parcours = network.parcours(network.person(), lead=code, entered=f"{YEAR}-02-01")
        network.act(
            f"{YEAR}-03-{number + 1:02d}", parcours=parcours, by={f"ana{number}/{code}": 60}
        )
    managers = {code: f"{code.lower()}@demo.example" for code in codes}
    for code, email in managers.items():
        if code in IN_CHROMIUM:
            open_account(session, email, "manager", code)
        else:
            open_locked_account(session, "manager", code, email=email)
    coordinator = open_account(session, "coordination@demo.example", "coordinator")
    funder = open_account(session, "region@demo.example", "funder")
    register_key(session, key)
    session.commit()
    return Scene(app, session, browser, address, managers, coordinator, funder, tmp_path)


def test_a_report_from_the_hand_ins_to_the_region(scene: Scene) -> None:
    the_coordinator_opens_the_quarter(scene)
    twelve_structures_hand_in(scene)
    one_is_sent_back(scene)
    it_completes_and_hands_in_again(scene)
    the_coordinator_comments_two_tables(scene)
    the_coordinator_consolidates(scene)
    the_report_says_it(scene)
    the_coordinator_seals(scene)
    the_region_downloads_and_verifies(scene)


def the_coordinator_opens_the_quarter(scene: Scene) -> None:
    with scene.page_of(scene.coordinator) as page:
        page.goto("/periodes")
        assert_accessible(page)
        page.get_by_role("link", name="Ouvrir des périodes").press("Enter")
        page.goto(f"/periodes/ouvrir?annee={YEAR}")
        assert_accessible(page)
        for label in ("2e trimestre", "3e trimestre", "4e trimestre", "Année"):
            page.get_by_role("textbox", name=label).fill("")
        page.get_by_role("button", name="Enregistrer").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Périodes enregistrées")
        page.get_by_role("link", name=FIRST_QUARTER).press("Enter")
        expect(page.locator("h1")).to_have_text(FIRST_QUARTER)
        assert_accessible(page)
        scene.period = page.url.removeprefix(scene.address)


def twelve_structures_hand_in(scene: Scene) -> None:
    for code, email in scene.managers.items():
        if code not in IN_CHROMIUM:
            scene.send_hand_in(code)
            continue
        with scene.page_of(email) as page:
            page.get_by_role("link", name=re.compile(f"{FIRST_QUARTER} :")).press("Enter")
            expect(page.get_by_text("Vous pouvez rendre, mais sachez-le")).to_be_visible()
            if code == SENT_BACK:
                assert_accessible(page)
            page.get_by_role("button", name=f"Rendre le {FIRST_QUARTER}").press("Enter")
            expect(page.get_by_role("status")).to_contain_text("C’est rendu")


def one_is_sent_back(scene: Scene) -> None:
    with scene.page_of(scene.coordinator) as page:
        page.goto(scene.period)
        expect(page.get_by_text("12 structures sur 12 ont rendu")).to_be_visible()
        page.get_by_label("Structure", exact=True).select_option(SENT_BACK)
        page.get_by_label("Ce qu’elle doit revoir").fill(REMARK)
        page.get_by_role("button", name="Renvoyer avec cette remarque").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Renvoyé")
        assert_accessible(page)
        screenshot(page, "periode-renvoyee")
        # Nobody is left out by mistake.
        page.get_by_role("button", name="Consolider").press("Enter")
        expect(page.locator(".invalid-feedback")).to_contain_text("N’ont pas rendu")
        assert_accessible(page)


def it_completes_and_hands_in_again(scene: Scene) -> None:
    with scene.page_of(scene.managers[SENT_BACK]) as page:
        page.get_by_role("link", name=re.compile("renvoyé par la coordination")).press("Enter")
        expect(page.get_by_text(REMARK).first).to_be_visible()
        assert_accessible(page)
        screenshot(page, "periode-a-revoir")
        page.get_by_role("link", name="Date de naissance").press("Enter")
        page.get_by_role("link", name=re.compile("Fictif")).first.press("Enter")
        asked = page.url.rpartition("#")[2]
        page.locator(f'[id="{asked}"]').fill("1980-05-01")
        page.get_by_role("button", name="Enregistrer").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("complétée")
        page.goto(scene.period)
        page.get_by_label("Un mot pour la coordination").fill("Vu, complété.")
        page.get_by_role("button", name=f"Rendre le {FIRST_QUARTER}").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("C’est rendu")
        page.set_viewport_size({"width": 360, "height": 740})
        assert_accessible(page)


def the_coordinator_comments_two_tables(scene: Scene) -> None:
    with scene.page_of(scene.coordinator) as page:
        page.goto(scene.period)
        expect(page.get_by_text("Vu, complété.")).to_be_visible()
        page.get_by_role("link", name="Commenter les tableaux").press("Enter")
        assert_accessible(page)
        for table, said in COMMENTS.items():
            page.get_by_label(f"Commentaire de {table}").fill(said)
        page.get_by_role("button", name=f"Enregistrer ({list(COMMENTS)[-1]})").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Commentaires enregistrés")
        for table, said in COMMENTS.items():
            expect(page.get_by_label(f"Commentaire de {table}")).to_have_value(said)
        page.set_viewport_size({"width": 360, "height": 740})
        assert_accessible(page)
        screenshot(page, "periode-commentaires-etroit")


def the_coordinator_consolidates(scene: Scene) -> None:
    with scene.page_of(scene.coordinator) as page:
        page.goto(scene.period)
        page.get_by_role("button", name="Consolider").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Période consolidée")
        assert_accessible(page)
        screenshot(page, "periode-consolidee")
        page.goto("/periodes")
        page.set_viewport_size({"width": 360, "height": 740})
        assert_accessible(page)
        expect(page.locator(".state", has_text="consolidé")).to_have_count(12)


def the_report_says_it(scene: Scene) -> None:
    scene.session.rollback()
    quarter = Period(
        Period.of_year(YEAR).first, Period.of_year(YEAR).first.replace(month=3, day=31)
    )
    report = make_report(db.engines["report"], quarter)
    assert dict(report.comments) == COMMENTS
    assert len(report.members) == 12
    assert not any(member.mention for member in report.members)
    assert report.table("B08").value("TOTAL", "TOTAL") == 12


def the_coordinator_seals(scene: Scene) -> None:
    with scene.page_of(scene.coordinator) as page:
        page.goto(scene.period)
        page.get_by_role("link", name="Sceller…").press("Enter")
        expect(page.get_by_text("toutes les structures ont remis leurs chiffres")).to_be_visible()
        assert_accessible(page)
        page.get_by_role("link", name="voir ce qu’elle lira, et ce qui lui est caché").press(
            "Enter"
        )
        expect(page.locator("h1")).to_contain_text("Secret statistique")
        assert_accessible(page)
        page.go_back()
        page.get_by_role("button", name="Sceller pour toujours").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("La période est scellée")
        page.goto(scene.period)
        assert_accessible(page)
        screenshot(page, "periode-scellee")


def the_region_downloads_and_verifies(scene: Scene) -> None:
    with scene.page_of(scene.funder, "**/region") as page:
        expect(page.locator("h1")).to_contain_text("Bilans scellés")
        assert_accessible(page)
        page.get_by_role("link", name=re.compile(FIRST_QUARTER, re.IGNORECASE)).first.press("Enter")
        expect(page.get_by_text(COMMENTS["B02"]).first).to_be_visible()
        assert_accessible(page)
        screenshot(page, "region-bilan")
        taken = {}
        for suffix in ("pdf", "xlsx", "json"):
            with page.expect_download() as download:
                page.locator(f'a[href$="ramsess.{suffix}"]').first.click()
            taken[suffix] = scene.downloads / f"bilan.{suffix}"
            download.value.save_as(taken[suffix])
        page.goto("/verifier")
        assert_accessible(page)
        for file in taken.values():
            page.get_by_label("Le fichier à vérifier").set_input_files(file)
            page.get_by_role("button", name="Vérifier", exact=True).press("Enter")
            expect(page.get_by_role("heading", name="Fichier authentique")).to_be_visible()
        assert_accessible(page)
