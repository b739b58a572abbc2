"""My week in Chromium: by keyboard alone, by mouse, without a script, on a phone."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from ramsess.forms.week import week_name
from ramsess.models import Act
from ramsess.models.calendar import today
from tests.browser.conftest import assert_accessible, open_account, sign_in
from tests.browser.test_recording import enter_person, open_parcours
from tests.exchange.test_calendar_file import calendar

MONDAY = today() - dt.timedelta(days=today().weekday() + 7)
WEEK = f"/ma-semaine?semaine={week_name(MONDAY)}"


@pytest.fixture
def adviser(page: Page, session: Session) -> Page:
    """Signed in as an adviser of APEAS."""
    sign_in(page, open_account(session, "ana@demo.example", "adviser", "APEAS"))
    return page


def acts(session: Session) -> list[tuple[int, str, int]]:
    """Day of the week, type and minutes of every act."""
    session.rollback()
    found = session.query(Act).order_by(Act.done_on, Act.id)
    return [((act.done_on - MONDAY).days, act.type_code, act.minutes) for act in found]


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what *selector* names has the focus."""
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} ne s’atteint pas au clavier")


def test_a_week_is_kept_with_the_keyboard_alone(adviser: Page, session: Session) -> None:
    press, typed = adviser.keyboard.press, adviser.keyboard.type
    enter_person(adviser, "Fictif", "Zoé")
    reference = open_parcours(adviser, "Épicerie")
    # The parcours began today: the week is this one, and what is typed stands on its days so far.
    adviser.goto(WEEK)
    told = adviser.locator("[data-week-status]")
    # Two lines: one on nothing, one on a parcours that began too late.
    tab_to(adviser, "select[name=added-0-type]")
    typed("Coordination")
    tab_to(adviser, "td[data-day]")
    typed("1h30")
    press("Enter")
    press("ArrowUp")
    press("ArrowRight")
    typed("45")
    press("Tab")
    expect(adviser.locator("[data-total]")).to_have_text("2 h 15")
    # Opened and given up, it is as before; so is what was emptied.
    press("ArrowLeft")
    press("F2")
    typed("9")
    press("Escape")
    press("Delete")
    press("Escape")
    expect(adviser.locator("[data-total]")).to_have_text(re.compile("1.h.30"))
    typed("45")
    press("Enter")
    press("Control+Enter")
    expect(adviser.locator(".alert")).to_contain_text("2 actes notés")
    assert acts(session) == [(0, "PAR1", 90), (1, "PAR1", 45)]
    assert_accessible(adviser)
    # Moved one day on, then one more; the third day is taken by what is moved after it.
    tab_to(adviser, "td[data-day]")
    press("ArrowRight")
    press("Alt+ArrowRight")
    expect(told).to_contain_text("déplacé à mercredi")
    press("ArrowLeft")
    press("ArrowLeft")
    press("Alt+ArrowRight")
    press("Alt+ArrowRight")
    expect(told).to_contain_text("Impossible : mercredi a déjà une durée")
    # Wednesday's day is copied to Friday; nothing is recorded before it is saved.
    tab_to(adviser, "select[name=copy_from]")
    typed("mercredi")
    press("Tab")
    typed("vendredi")
    press("Tab")
    press("Enter")
    expect(told).to_contain_text("1 durée copiée vers vendredi")
    assert acts(session) == [(0, "PAR1", 90), (1, "PAR1", 45)]
    press("Shift+Tab")
    tab_to_back = adviser.get_by_role("button", name="Enregistrer la semaine")
    tab_to_back.focus()
    press("Enter")
    expect(adviser.locator(".alert")).to_contain_text("1 acte noté, 2 actes corrigés")
    assert acts(session) == [(1, "PAR1", 90), (2, "PAR1", 45), (4, "PAR1", 45)]
    # Emptied, it is asked about; the answer has the focus.
    tab_to(adviser, "td[data-day]")
    press("End")
    press("ArrowLeft")
    press("ArrowLeft")
    press("Delete")
    press("Control+Enter")
    expect(adviser.locator(".alert")).to_contain_text("1 acte sera annulé")
    assert_accessible(adviser)
    expect(adviser.get_by_label("Oui, annuler ces actes")).to_be_focused()
    press("Space")
    press("Enter")
    expect(adviser.locator(".alert")).to_contain_text("1 acte annulé")
    assert acts(session) == [(1, "PAR1", 90), (2, "PAR1", 45)]
    # Two cells of a spreadsheet go into two days.
    adviser.locator("td[data-day='3']").first.focus()
    adviser.evaluate("""() => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", "10\\t20\\n");
        const pasted = new ClipboardEvent("paste", { clipboardData, bubbles: true });
        document.activeElement.dispatchEvent(pasted);
    }""")
    expect(told).to_contain_text("2 durées collées")
    press("Control+Enter")
    expect(adviser.locator(".alert")).to_contain_text("2 actes notés")
    assert acts(session)[-2:] == [(3, "PAR1", 10), (4, "PAR1", 20)]
    # What cannot be is told on its cell.
    tab_to(adviser, "select[name=added-0-type]")
    typed("Statut")
    press("Tab")
    typed(reference)
    adviser.locator("tr.new-line td[data-day='0']").first.focus()
    typed("1h")
    press("Enter")
    press("Control+Enter")
    expect(adviser.locator(".invalid-feedback")).to_contain_text("ne prenait pas part")
    expect(adviser.locator("tr.new-line td[data-day='0'] input").nth(3)).to_have_value("1h")
    assert_accessible(adviser)


def test_an_act_is_dragged_to_another_day_and_a_phone_shows_days(
    adviser: Page, session: Session
) -> None:
    adviser.goto(WEEK)
    adviser.locator("select[name=added-0-type]").select_option("PAR1")
    adviser.locator("tr.new-line td[data-day='0'] input:not([type=hidden])").first.fill("30")
    adviser.get_by_role("button", name="Enregistrer la semaine").click()
    row = adviser.locator("tbody tr").first
    row.locator("td[data-day='0']").hover()
    row.locator("td[data-day='0'] .grip").drag_to(row.locator("td[data-day='3']"))
    expect(adviser.locator("[data-week-status]")).to_contain_text("déplacé à jeudi")
    adviser.get_by_role("button", name="Enregistrer la semaine").click()
    expect(adviser.locator(".alert")).to_contain_text("1 acte corrigé")
    assert acts(session) == [(3, "PAR1", 30)]
    adviser.set_viewport_size({"width": 360, "height": 800})
    adviser.goto(WEEK)
    assert_accessible(adviser)
    expect(adviser.locator("tr.new-line").first).to_be_hidden()
    adviser.locator("td.filled input:visible").fill("35")
    adviser.get_by_role("button", name="Enregistrer la semaine").click()
    expect(adviser.locator(".alert")).to_contain_text("1 acte corrigé")
    assert acts(session) == [(3, "PAR1", 35)]
    adviser.get_by_role("link", name="Noter un acte mardi").click()
    tuesday = (MONDAY + dt.timedelta(days=1)).isoformat()
    expect(adviser.get_by_label("Date")).to_have_value(tuesday)


def test_what_is_pasted_and_what_a_calendar_says_are_read_then_recorded(
    adviser: Page, session: Session
) -> None:
    adviser.goto("/ma-semaine/coller?semaine=" + week_name(MONDAY))
    box = adviser.get_by_label("Lignes copiées")
    box.fill("Date\tActe\tDurée\nlundi\tPAR1\t1h\nmardi\tpoterie\t1h\n")
    adviser.get_by_role("button", name="Lire").click()
    expect(adviser.locator(".alert")).to_contain_text("1 ligne à corriger")
    assert_accessible(adviser)
    box.fill("Date\tActe\tDurée\nlundi\tPAR1\t1h\nmardi\tPAR1\t1h\n")
    adviser.get_by_role("button", name="Lire").click()
    adviser.get_by_role("button", name="Enregistrer 2 actes").click()
    expect(adviser.get_by_role("heading", level=1)).to_have_text("2 actes notés")
    assert_accessible(adviser)
    adviser.get_by_role("button", name="Annuler l’enregistrement").click()
    expect(adviser.locator(".alert")).to_contain_text("L’enregistrement est annulé.")
    adviser.goto("/ma-semaine/calendrier?semaine=" + week_name(MONDAY))
    event = f"UID:1|DTSTART:{MONDAY:%Y%m%d}T080000Z|DURATION:PT1H|SUMMARY:Coordination"
    adviser.locator("input[type=file]").set_input_files(
        {"name": "agenda.ics", "mimeType": "text/calendar", "buffer": calendar(event)}
    )
    adviser.get_by_role("button", name="Lire le calendrier").click()
    adviser.get_by_role("checkbox", name=re.compile("Coordination$")).check()
    adviser.get_by_role("button", name="Noter ce qui est coché").click()
    expect(adviser.locator(".invalid-feedback")).to_contain_text("Choisissez un type.")
    assert_accessible(adviser)
    adviser.get_by_label("Type d’acte").select_option("PAR1")
    adviser.get_by_role("button", name="Noter ce qui est coché").click()
    expect(adviser.get_by_role("heading", level=1)).to_have_text("1 acte noté")
    adviser.goto("/actes/serie?type=PAR1")
    adviser.get_by_label("Rythme").select_option("semaine")
    adviser.get_by_label("Premier jour").fill(str(today() - dt.timedelta(days=14)))
    adviser.get_by_role("button", name="Voir ce qui sera noté").click()
    expect(adviser.get_by_role("heading", name="3 actes seront notés")).to_be_visible()
    assert_accessible(adviser)
    session.rollback()
    assert session.query(Act).count() == 1


def test_the_grid_is_a_plain_form_without_scripts(adviser: Page, session: Session) -> None:
    adviser.context.route("**/*.js", lambda route: route.abort())
    adviser.goto(WEEK)
    adviser.locator("select[name=added-0-type]").select_option("PAR1")
    adviser.locator("input[name=added-0-days-1-minutes]").fill("1h")
    adviser.get_by_role("button", name="Copier le jour").scroll_into_view_if_needed()
    adviser.get_by_label("Copier", exact=True).select_option(index=1)
    adviser.get_by_label("vers").select_option(index=2)
    adviser.get_by_role("button", name="Copier le jour").click()
    expect(adviser.locator(".alert")).to_contain_text("1 durée copiée")
    adviser.locator("input[name=added-0-days-1-minutes]").press("Enter")
    expect(adviser.locator(".alert")).to_contain_text("2 actes notés")
    adviser.get_by_label("Jour de l’acte").first.select_option(index=4)
    adviser.get_by_role("button", name="Enregistrer la semaine").click()
    expect(adviser.locator(".alert")).to_contain_text("1 acte corrigé")
    assert acts(session) == [(2, "PAR1", 60), (4, "PAR1", 60)]
