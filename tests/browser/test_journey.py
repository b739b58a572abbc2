"""Three people in three structures at once, from an orientation to the figures of the report."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.beneficiaries import PersonDraft, record_beneficiary
from ramsess.actions.parcours import ParcoursDraft, join_parcours, open_parcours
from ramsess.database import db
from ramsess.models import Account, Structure
from ramsess.models.calendar import today
from ramsess.reports.consolidation import make_report
from ramsess.reports.period import Period
from ramsess.reports.report import Report
from tests.browser.conftest import open_account, sign_in
from tests.counting.builder import column, row

POSTS = {"ana": ("APEAS",), "bob": ("PLACE:60", "BABALEX:40"), "eve": ("AGODIS",)}


@pytest.fixture
def people(browser: Browser, address: str, session: Session) -> Iterator[dict[str, Page]]:
    """Ana of APEAS, Bob of Place (his post is shared with Babalex), Ève of Agodis: each signed in
    in a browser of her own."""
    pages = {}
    for name, posts in POSTS.items():
        open_account(session, f"{name}@demo.example", "adviser", *posts)
        context = browser.new_context(base_url=address, locale="fr-FR")
        pages[name] = context.new_page()
        sign_in(pages[name], f"{name}@demo.example")
    yield pages
    for page in pages.values():
        page.context.close()


def open_for(session: Session, name: str, code: str, title: str, *, guest: str = "") -> str:
    """A parcours that somebody leads for a structure, with a guest; returns its reference."""
    ids = {one.code: one.id for one in session.scalars(select(Structure))}
    account = session.scalars(select(Account).where(Account.email == f"{name}@demo.example")).one()
    person = record_beneficiary(
        session, account, PersonDraft("Fictif", f"Zoé {title}"), structure_id=ids[code]
    )
    draft = ParcoursDraft(
        title=title, people=[person], structure_id=ids[code], entered_on=today(), phase_code="MON"
    )
    parcours = open_parcours(session, account, draft)
    if guest:
        other = session.scalars(select(Account).where(Account.email == "bob@demo.example")).one()
        join_parcours(
            session, other, reference=parcours.reference, code=parcours.join_code,
            structure_id=ids[guest], joined_on=today(),
        )  # fmt: skip
    session.commit()
    return parcours.reference


def orient(page: Page, reference: str, to: str) -> None:
    page.goto(f"/parcours/{reference}/orienter")
    page.get_by_label("Vers").select_option(label=to)
    page.get_by_label("Motif").fill("Cherche un premier prévisionnel")
    page.get_by_label("est d’accord pour que").check()
    page.get_by_role("button", name="Proposer l’orientation").click()
    expect(page.get_by_role("status").first).to_contain_text("enregistrée")


def choose(page: Page, label: str, words: str) -> None:
    """The first option that holds these words."""
    field = page.get_by_role("combobox", name=label, exact=True)
    value = field.locator("option", has_text=words).first.get_attribute("value")
    field.select_option(value)


def report(session: Session) -> Report:
    session.rollback()
    return make_report(db.engines["report"], Period(today(), today()))


def test_three_structures_work_together_and_each_figure_is_theirs(
    people: dict[str, Page], session: Session
) -> None:
    ana, bob, eve = people.values()
    shared = open_for(session, "ana", "APEAS", "Épicerie", guest="PLACE")
    other = open_for(session, "bob", "PLACE", "Garage")

    # Two orientations to Agodis: one is refused, unseen; one is accepted, and opens at that moment.
    orient(ana, shared, "Agodis")
    orient(bob, other, "Agodis")
    eve.goto(f"/parcours/{shared}")
    expect(eve.get_by_role("heading", level=1)).to_have_text("Page introuvable")
    eve.goto("/")
    expect(eve.locator(".reminders")).not_to_contain_text("Fictif")
    eve.get_by_role("link", name="Répondre à APEAS").click()
    eve.get_by_role("button", name="Accepter").click()
    expect(eve.get_by_role("heading", level=1)).to_have_text("Orientation vers Agodis")
    eve.goto(f"/parcours/{shared}")
    expect(eve.get_by_role("heading", level=1)).to_contain_text("Épicerie")
    eve.goto("/")
    eve.get_by_role("link", name="Répondre à Place").click()
    eve.get_by_text("Refuser").first.click()
    eve.get_by_label("Pourquoi").fill("Permanences complètes")
    eve.get_by_role("button", name="Refuser").click()
    eve.goto(f"/parcours/{other}")
    expect(eve.get_by_role("heading", level=1)).to_have_text("Page introuvable")

    # The three write in the diagnostic at once, each in her column; then all agree.
    ana.goto(f"/parcours/{shared}/diagnostic")
    ana.get_by_label("Place").check()
    ana.get_by_label("Agodis").check()
    ana.get_by_role("button", name="Ouvrir le diagnostic").click()
    here = ana.url
    for page in (bob, eve):
        page.goto(here)
    for page, level in ((ana, "3"), (bob, "1"), (eve, "2")):
        page.get_by_label("Maturité").first.select_option(level)
        page.get_by_label("Besoins").first.fill(f"Besoin vu au niveau {level}")
    for page in (ana, bob, eve):
        page.get_by_role("button", name="Remettre la contribution").click()
        expect(page.get_by_text("est remise depuis")).to_be_visible()
    ana.goto(here)
    ana.get_by_label("Ce que toutes les structures").fill("Un projet à trois")
    ana.get_by_role("button", name="Enregistrer la synthèse").click()
    ana.get_by_role("button", name="Noter son accord").click()
    for page in (ana, bob, eve):
        page.goto(here)
        page.get_by_role("button", name="Valider pour").click()
    expect(eve.get_by_text("Le diagnostic est validé par tous")).to_be_visible()

    # The plan follows: one need becomes an action, and Ève's act carries it out.
    ana.goto(f"/parcours/{shared}/plan")
    for need in ana.get_by_role("checkbox").all():
        need.set_checked("niveau 2" in (need.locator("xpath=..").inner_text()))
    ana.get_by_role("button", name="Établir le plan").click()
    expect(ana.get_by_role("heading", name="Besoin vu au niveau 2")).to_be_visible()
    ana.get_by_role("link", name="Modifier : Besoin vu au niveau 2").first.click()
    ana.get_by_label("Structure responsable").select_option(label="Agodis")
    ana.get_by_label("Échéance").fill(today().isoformat())
    ana.get_by_label("Actes prévus").fill("2")
    ana.get_by_label("Temps prévu en tout").fill("3h")
    ana.get_by_role("button", name="Enregistrer").click()
    eve.goto(f"/actes/nouveau?parcours={shared}")
    eve.get_by_label("Type d’acte").select_option("CSL3")
    eve.get_by_label("Durée").first.fill("1h30")
    choose(eve, "Pour l’action du plan", "niveau 2")
    eve.get_by_role("button", name="Enregistrer").first.click()
    expect(eve.get_by_role("status").first).to_be_visible()

    # A session of two structures: each notes its own people.
    ana.goto("/seances/nouvelle")
    ana.get_by_label("Intitulé").fill("Atelier commun")
    ana.get_by_label("Type", exact=True).select_option("COL1")
    ana.get_by_label("Durée").first.fill("2h")
    ana.locator("summary", has_text="Animée avec").click()
    choose(ana, "Collègue 1", "Place")
    ana.get_by_role("button", name="Enregistrer").click()
    expect(ana).to_have_url(re.compile(r"/seances/[0-9a-f-]{36}"))
    held = ana.url
    ana.get_by_label("Fictif Zoé Épicerie").first.check()
    ana.get_by_role("button", name="Enregistrer les présences").click()
    bob.goto(held)
    bob.get_by_label("Fictif Zoé Garage").first.check()
    bob.get_by_label("Personnes anonymes").fill("2")
    bob.get_by_role("button", name="Enregistrer les présences").click()
    expect(bob.get_by_role("status").first).to_have_text("Présences notées.")

    made = report(session)
    # One session: two people known, two not; two hours of each of its two advisers.
    assert row(made, "B11", "COL1") == {
        "sessions": 1, "known": 2, "anonymous": 2, "distinct": 2, "minutes": 240
    }  # fmt: skip
    # Agodis was asked twice, the same day: once yes, once no; it has already taken one up.
    assert row(made, "B12", "TOTAL") == {
        "proposed": 2, "accepted": 1, "refused": 1, "taken_up": 1
    }  # fmt: skip
    # One parcours of three structures, one of a single one.
    assert column(made, "B13", "TOTAL") == {"1": 1, "3": 1, "TOTAL": 2}
    assert row(made, "B13S", "APEAS") == {"PLACE": 1, "AGODIS": 1, "SHARED": 1, "TOTAL": 1}
    # One diagnostic validated by three; two acts and three hours planned, one and a half done.
    assert column(made, "B14", "TOTAL") == {
        "diagnostics": 1, "validated": 1, "validations": 1, "plans": 1, "actions_planned": 1,
        "acts_planned": 2, "acts_done": 1, "minutes_planned": 180, "minutes_done": 90,
    }  # fmt: skip
    # Bob's post: 60 % and 40 %; today's two hours were for Place.
    assert column(made, "B17", "minutes") == {
        "PLACE+BABALEX.1": 120, "PLACE+BABALEX.1/PLACE": 120, "TOTAL": 120
    }  # fmt: skip
    assert row(made, "B17", "PLACE+BABALEX.1/BABALEX") == {"share": 40}
