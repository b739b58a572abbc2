"""What an adviser does all day, in Chromium."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from ramsess.models import Act, Parcours
from ramsess.models.calendar import today
from tests.browser.conftest import assert_accessible, open_account, sign_in


@pytest.fixture
def adviser(page: Page, session: Session) -> Page:
    """Signed in as an adviser of APEAS."""
    sign_in(page, open_account(session, "ana@demo.example", "adviser", "APEAS"))
    return page


def enter_person(page: Page, last: str, first: str) -> None:
    page.goto("/personnes/nouvelle")
    page.get_by_label("Nom", exact=True).fill(last)
    page.get_by_label("Prénom").fill(first)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{first} {last}")


def open_parcours(page: Page, title: str) -> str:
    """From the page of a person; returns the reference."""
    page.get_by_role("link", name="Ouvrir un parcours").click()
    page.get_by_label("Intitulé du projet").fill(title)
    page.get_by_role("button", name="Ouvrir le parcours").click()
    expect(page.get_by_role("status")).to_contain_text("ouvert")
    return page.url.rsplit("/", 1)[-1]


def test_an_act_is_recorded_with_the_keyboard_alone(adviser: Page, session: Session) -> None:
    enter_person(adviser, "Fictif", "Zoé")
    reference = open_parcours(adviser, "Épicerie de démonstration")
    adviser.goto("/")
    press, typed = adviser.keyboard.press, adviser.keyboard.type
    expect(adviser.get_by_label("Type d’acte")).to_be_focused()
    typed("Statut")
    press("Tab")
    typed(reference)
    press("Tab")
    typed("1h15")
    press("Tab")
    for _ in range(5):
        # Day, month, year and calendar of the date stay as they are: today.
        press("Tab")
        if adviser.evaluate("document.activeElement.name") == "note":
            break
    typed("Choix entre SCOP et SCIC")
    press("Enter")
    expect(adviser.get_by_role("status")).to_have_text("Acte enregistré.")
    line = adviser.locator(".record-list li").first
    expect(line).to_contain_text("Statut juridique")
    expect(line).to_contain_text(reference)
    act = session.query(Act).one()
    assert (act.type_code, act.minutes, act.done_on) == ("CSL4", 75, today())
    assert act.note == "Choix entre SCOP et SCIC"
    adviser.get_by_role("button", name="Annuler l’enregistrement").focus()
    press("Enter")
    expect(adviser.get_by_role("status")).to_contain_text("annulé")
    session.rollback()
    assert session.query(Act).count() == 0


def test_a_parcours_is_suggested_as_one_types(adviser: Page) -> None:
    enter_person(adviser, "Fictif", "Zoé")
    reference = open_parcours(adviser, "Épicerie de démonstration")
    adviser.goto("/")
    adviser.get_by_label("Parcours", exact=True).press_sequentially("epicerie")
    option = adviser.locator("datalist option")
    expect(option).to_have_attribute("value", re.compile(f"^{reference} — Épicerie"))
    adviser.get_by_label("Parcours", exact=True).fill(option.get_attribute("value") or "")
    adviser.get_by_role("button", name="Enregistrer l’acte").click()
    expect(adviser.get_by_role("status")).to_have_text("Acte enregistré.")
    expect(adviser.locator(".record-list li").first).to_contain_text(reference)


def test_a_parcours_is_lived_from_entry_to_exit(adviser: Page, session: Session) -> None:
    enter_person(adviser, "Fictif", "Zoé")
    reference = open_parcours(adviser, "Épicerie de démonstration")
    adviser.get_by_role("link", name="Noter un acte").click()
    adviser.get_by_label("Type d’acte").select_option("DIA1")
    adviser.get_by_role("button", name="Enregistrer").click()
    expect(adviser).to_have_url(re.compile(f"/parcours/{reference}$"))
    expect(adviser.locator(".timeline")).to_contain_text("Entretien de diagnostic")
    adviser.get_by_label("Phase atteinte").select_option("MON")
    adviser.get_by_role("button", name="Noter la phase").click()
    expect(adviser.locator(".timeline")).to_contain_text("Phase montage")
    adviser.get_by_role("link", name="Noter la sortie").click()
    adviser.get_by_label("Motif de sortie").select_option("CRE")
    adviser.get_by_label("Emplois créés (ETP)").fill("1,5")
    adviser.get_by_role("button", name="Enregistrer la sortie").click()
    expect(adviser.locator(".timeline")).to_contain_text("Sortie : création")
    parcours = session.query(Parcours).one()
    assert (parcours.outcome_code, float(parcours.jobs_created)) == ("CRE", 1.5)


def test_a_session_is_run_with_its_attendance(adviser: Page, session: Session) -> None:
    enter_person(adviser, "Fictif", "Zoé")
    open_parcours(adviser, "Épicerie de démonstration")
    enter_person(adviser, "Inventé", "Paul")
    adviser.goto("/seances")
    adviser.get_by_role("link", name="Nouvelle séance").click()
    adviser.get_by_label("Intitulé").fill("Atelier statuts")
    adviser.get_by_label("Type").select_option("COL1")
    adviser.get_by_label("Durée").first.fill("3h")
    adviser.get_by_role("button", name="Enregistrer").click()
    adviser.get_by_label("Filtrer la liste").first.fill("zoe")
    adviser.get_by_label("Fictif Zoé").first.check()
    adviser.get_by_label("Ajouter des personnes").first.fill("paul invente")
    adviser.get_by_label("Personnes anonymes").fill("4")
    adviser.get_by_role("button", name="Enregistrer les présences").click()
    expect(adviser.get_by_role("status")).to_have_text("Présences notées.")
    held = session.query(Act).one().group_session
    assert held
    assert (len(held.participants), held.anonymous_count) == (2, 4)
    assert_accessible(adviser)


def test_it_all_works_without_scripts(adviser: Page, session: Session) -> None:
    adviser.context.route("**/*.js", lambda route: route.abort())
    enter_person(adviser, "Fictif", "Zoé")
    reference = open_parcours(adviser, "Épicerie de démonstration")
    adviser.goto("/")
    adviser.get_by_label("Parcours", exact=True).fill(reference)
    adviser.get_by_role("button", name="Enregistrer l’acte").click()
    expect(adviser.get_by_role("status")).to_have_text("Acte enregistré.")
    assert session.query(Act).one().parcours


def test_what_was_typed_survives_an_expired_sign_in(adviser: Page, session: Session) -> None:
    adviser.goto("/")
    adviser.get_by_label("Note").fill("Un long texte écrit à 18 h")
    adviser.context.clear_cookies()
    adviser.get_by_role("button", name="Enregistrer l’acte").click()
    expect(adviser.get_by_role("heading", level=1)).to_have_text("Votre session a expiré")
    assert_accessible(adviser)
    with adviser.context.expect_page() as opened:
        adviser.get_by_role("link", name="Connectez-vous").click()
    sign_in(opened.value, "ana@demo.example")
    adviser.get_by_role("button", name="Envoyer de nouveau").click()
    expect(adviser.get_by_role("status")).to_have_text("Acte enregistré.")
    assert session.query(Act).one().note == "Un long texte écrit à 18 h"
