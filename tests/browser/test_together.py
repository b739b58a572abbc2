"""A diagnostic in Chromium: kept as one types, read on a telephone, agreed with by a link."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy.orm import Session

from ramsess.actions.beneficiaries import PersonDraft, record_beneficiary
from ramsess.actions.diagnostics import open_diagnostic
from ramsess.actions.parcours import ParcoursDraft, join_parcours, open_parcours
from ramsess.models import Account, Appraisal, Diagnostic, Structure
from ramsess.models.calendar import today
from tests.browser.conftest import assert_accessible, open_account, sign_in


def prepare(session: Session) -> Diagnostic:
    """A diagnostic that APEAS and PLACE have just opened."""
    open_account(session, "ana@demo.example", "adviser", "APEAS", "PLACE")
    account = session.query(Account).one()
    ids = {one.code: one.id for one in session.query(Structure)}
    person = record_beneficiary(
        session, account, PersonDraft("Fictif", "Zoé"), structure_id=ids["APEAS"]
    )
    draft = ParcoursDraft(
        title="Épicerie de démonstration", people=[person], structure_id=ids["APEAS"],
        entered_on=today(), phase_code="EME",
    )  # fmt: skip
    parcours = open_parcours(session, account, draft)
    join_parcours(
        session, account, reference=parcours.reference, code=parcours.join_code,
        structure_id=ids["PLACE"], joined_on=today(),
    )  # fmt: skip
    diagnostic = open_diagnostic(session, account, parcours, [ids["PLACE"]])
    session.commit()
    return diagnostic


def test_a_diagnostic_from_the_first_word_to_the_last_agreement(
    page: Page, browser: Browser, session: Session, address: str
) -> None:
    diagnostic = prepare(session)
    here = f"/diagnostics/{diagnostic.public_id}"
    sign_in(page, "ana@demo.example")
    page.goto(f"{here}?pour=APEAS")
    # What is typed is kept without a click, and the next words too.
    needs, status = page.get_by_label("Besoins").first, page.locator("[data-autosave-status]")
    page.get_by_label("Maturité").first.select_option("3")
    expect(status).to_contain_text("Enregistré à")
    for words in ("Un prévisionnel", "Un prévisionnel à trois ans"):
        needs.fill(words)
        needs.blur()
        expect(status).to_contain_text("Enregistré à")
        page.wait_for_function("!document.querySelector('[data-autosave-status]').textContent"
                               ".endsWith('…')")  # fmt: skip
    session.rollback()
    assert session.query(Appraisal).one().needs == "Un prévisionnel à trois ans"
    # Without network what is typed stays, and goes with the next try.
    page.context.set_offline(True)
    needs.fill("Un prévisionnel et un local")
    needs.blur()
    expect(status).to_contain_text("Pas de réseau")
    page.context.set_offline(False)
    expect(status).to_contain_text("Enregistré à")
    # A colleague on the same axis: both texts are shown, after the button.
    other = page.context.new_page()
    other.goto(f"{here}?pour=APEAS")
    other.get_by_label("Besoins").first.fill("Celui de la collègue")
    other.get_by_role("button", name="Enregistrer la colonne").click()
    expect(other.get_by_role("status").first).to_contain_text("Contribution enregistrée")
    needs.fill("Le mien")
    needs.blur()
    expect(status).to_contain_text("enregistrez pour voir les deux textes")
    page.get_by_role("button", name="Enregistrer la colonne").click()
    expect(page.get_by_text("Celui de la collègue")).to_be_visible()
    expect(page.get_by_label("Besoins").first).to_have_value("Le mien")
    assert_accessible(page)
    page.get_by_role("button", name="Enregistrer la colonne").click()
    expect(page.get_by_role("status").first).to_contain_text("Contribution enregistrée")
    # What was just typed goes before the other buttons of the page do what they say.
    page.get_by_label("Points forts").first.fill("Écrit au dernier moment")
    page.get_by_role("button", name="Remettre la contribution").click()
    expect(page.get_by_text("La contribution de APEAS est remise")).to_be_visible()
    expect(page.get_by_text("Écrit au dernier moment")).to_be_visible()
    page.goto(f"{here}?pour=PLACE")
    page.get_by_label("Maturité").first.select_option("1")
    page.get_by_role("button", name="Remettre la contribution").click()
    expect(page.get_by_text("La contribution de Place est remise")).to_be_visible()
    page.get_by_label("Ce que toutes les structures").fill("Un beau projet")
    page.get_by_role("button", name="Enregistrer la synthèse").click()
    expect(page.get_by_text("Synthèse enregistrée")).to_be_visible()
    page.get_by_role("button", name="Faire un lien").click()
    assert_accessible(page)
    link = page.locator("code").inner_text()
    # A telephone, without account nor JavaScript.
    context = browser.new_context(
        locale="fr-FR", viewport={"width": 360, "height": 740}, java_script_enabled=False
    )
    visitor = context.new_page()
    visitor.goto(link)
    visitor.get_by_role("button", name="Je suis d’accord").click()
    expect(visitor.get_by_role("heading", name="Merci")).to_be_visible()
    context.close()
    page.goto(here)
    for name in ("APEAS", "Place"):
        page.get_by_role("button", name=f"Valider pour {name}").click()
        expect(page.get_by_text("Validation notée")).to_be_visible()
    expect(page.get_by_text("Le diagnostic est validé par tous")).to_be_visible()
    page.get_by_role("link", name="Établir le plan").click()
    assert_accessible(page)
    page.get_by_role("button", name="Établir le plan").click()
    expect(page.get_by_role("heading", name="Le mien")).to_be_visible()


def test_what_is_typed_before_the_script_comes_is_not_lost(page: Page, session: Session) -> None:
    here = f"/diagnostics/{prepare(session).public_id}?pour=APEAS"
    sign_in(page, "ana@demo.example")
    late: list[Route] = []
    page.route("**/ramsess.js", lambda route: late.append(route))  # noqa: PLW0108  # no builtin is taken
    page.goto(here, wait_until="commit")
    page.get_by_label("Points forts").first.fill("Écrit très vite")
    late[0].continue_()
    page.wait_for_load_state("load")
    page.unroute("**/ramsess.js")
    page.get_by_role("button", name="Remettre la contribution").click()
    expect(page.get_by_text("La contribution de APEAS est remise")).to_be_visible()
    expect(page.get_by_text("Écrit très vite")).to_be_visible()
