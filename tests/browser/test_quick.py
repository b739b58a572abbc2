"""Ten acts of a day, said in one line each, by keyboard; and the same by the whole form."""

from __future__ import annotations

import datetime as dt
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.models import Act
from ramsess.models.calendar import today
from tests.browser.conftest import assert_accessible, open_account, sign_in
from tests.counting.builder import Network

PEOPLE = {"Mirageon": "Menuiserie d’insertion", "Tournemistral": "Ressourcerie du Luberon",
          "Lavandrier": "Café associatif", "Cigalou": "Conserverie coopérative",
          "Romarinès": "Atelier vélo"}  # fmt: skip
# Milliseconds a key: how fast people type; the suite types faster, and counts the keys.
HUMAN = 60
TYPING = float(os.environ.get("RAMSESS_TYPING", "3"))
# The phrase; in the whole form, field by field, what is typed of each (of a list, its first
# letters; of a date, its eight figures).
DAY: tuple[tuple[str, dict[str, str]], ...] = (
    ("accueil 20 min 2 personnes tél",
     {"type": "Premier", "minutes": "20", "modality": "T", "anonymous_count": "2"}),
    ("1h30 prévisionnel mirageon", {"type": "Mod", "minutes": "1h30", "parcours": "mirageon"}),
    ("statut lavandrier 1h hier", {"type": "Statut", "done_on": "-1", "minutes": "1h",
                                   "parcours": "lavandrier"}),
    ("cigalou financement 45' visio", {"type": "Recherche", "minutes": "45",
                                       "parcours": "cigalou", "modality": "V"}),
    ("coordination 2h", {"type": "Coord", "minutes": "2h"}),
    ("csl6 romarines 1h : deux scénarios",
     {"type": "Gouv", "minutes": "1h", "parcours": "romarines", "note": "deux scénarios"}),
    ("30 min tél tournemistral suivi", {"type": "Suivi", "minutes": "30",
                                        "parcours": "tournemistral", "modality": "T"}),
    ("diag mirageon 1h30 avant-hier", {"type": "Entretien de d", "done_on": "-2",
                                       "minutes": "1h30", "parcours": "mirageon"}),
    ("mise en relation cigalou 15 min", {"type": "Mise", "minutes": "15", "parcours": "cigalou"}),
    ("emploi lavandrier 1h", {"type": "Emploi", "minutes": "1h", "parcours": "lavandrier"}),
)  # fmt: skip


@dataclass
class Keyboard:
    """Types as a person, and counts."""

    page: Page
    keys: int = 0
    counts: list[int] = field(default_factory=list)

    def type(self, text: str) -> None:
        self.keys += len(text)
        self.page.keyboard.type(text, delay=TYPING)

    def press(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)

    def count(self) -> None:
        self.counts.append(self.keys - sum(self.counts))

    def go_to(self, selector: str) -> None:
        """Tab until what is looked for."""
        for _ in range(60):
            if self.page.evaluate("at => document.activeElement.matches(at)", selector):
                return
            self.press("Tab")
        raise AssertionError(f"rien ne répond à {selector}")


@pytest.fixture
def adviser(page: Page, session: Session) -> Iterator[Page]:
    """Signed in as an adviser of APEAS, who accompanies five people."""
    email = open_account(session, "ana@demo.example", "adviser", "APEAS")
    network = Network(session)
    for name, title in PEOPLE.items():
        person = network.person()
        person.last_name = name
        parcours = network.parcours(person, entered=f"{today() - dt.timedelta(days=90)}")
        parcours.project.title = title
    session.commit()
    sign_in(page, email)
    return page


def recorded(session: Session) -> list[tuple[object, ...]]:
    """What is recorded, in its order."""
    session.rollback()
    acts = session.scalars(select(Act).order_by(Act.id))
    return [(act.type_code, act.minutes, act.done_on, act.parcours_id, act.modality_code,
             act.anonymous_count, act.note) for act in acts]  # fmt: skip


def by_line(page: Page, keyboard: Keyboard) -> float:
    """Record the ten acts; returns the seconds waited between Enter and the act shown."""
    waited = 0.0
    for number, (phrase, _) in enumerate(DAY, 1):
        expect(page.get_by_label("En une ligne")).to_be_focused()
        keyboard.type(phrase)
        begun = time.monotonic()
        keyboard.press("Enter")
        expect(page.locator("main .alert[role=status]")).to_have_text("Acte enregistré.")
        expect(page.locator(".record-list").last.locator("li")).to_have_count(number)
        expect(page.get_by_label("En une ligne")).to_be_focused()
        waited += time.monotonic() - begun
        keyboard.count()
    return waited


def by_form(page: Page, keyboard: Keyboard) -> int:
    """Record the same ten by the whole form, each field as an adviser types it.

    Returns how many keys open that form from the home page; they are counted each time.
    """
    order = ("type", "done_on", "minutes", "parcours", "modality", "anonymous_count", "note")
    page.goto("/")
    keyboard.go_to("[href='/actes/nouveau']")
    opening = keyboard.keys + 1
    keyboard.keys = 0
    for _, fields in DAY:
        page.goto("/actes/nouveau")
        keyboard.keys += opening
        for name in order:
            if name not in fields:
                continue
            keyboard.go_to(f"[name={name}]")
            said = fields[name]
            if name == "done_on":
                wanted = today() + dt.timedelta(days=int(said))
                keyboard.type(f"{wanted:%d%m%Y}")
                # Day and month stand in the order of the machine's own language.
                page.locator("[name=done_on]").fill(wanted.isoformat())
            else:
                keyboard.type(said)
        # Enter sends from a field of one line; from a list or a long text the next stop does.
        if page.evaluate("document.activeElement.tagName") != "INPUT":
            keyboard.press("Tab")
        keyboard.press("Enter")
        expect(page.locator("main .alert[role=status]")).to_have_text("Acte enregistré.")
        keyboard.count()
    return opening


def test_ten_acts_are_said_in_less_than_a_minute(adviser: Page, session: Session) -> None:
    line, form = Keyboard(adviser), Keyboard(adviser)
    waited = by_line(adviser, line)
    said = recorded(session)
    assert len(said) == len(DAY)
    opening = by_form(adviser, form)
    assert recorded(session)[len(DAY) :] == said
    spent = line.keys * HUMAN / 1000 + waited
    print()
    for (phrase, _), few, many in zip(DAY, line.counts, form.counts, strict=True):
        print(f"  {few:3} touches, {many:3} par la fiche complète : {phrase}")
    print(f"  dix actes : {line.keys} touches, {spent:.1f} s à {HUMAN} ms la touche"
          f" (dont {waited:.1f} s d’attente) ; par la fiche :"
          f" {form.keys} touches, dont {opening} chaque fois pour l’ouvrir")  # fmt: skip
    assert spent < 60
    assert line.keys < form.keys


def test_what_may_be_several_is_settled_by_keyboard(adviser: Page, session: Session) -> None:
    press = adviser.keyboard.press
    adviser.get_by_label("En une ligne").press_sequentially("rdv exemple 1h")
    parcours = adviser.locator("[data-mark=parcours]")
    expect(parcours).to_contain_text("À choisir : plusieurs parcours répondent")
    expect(adviser.locator("[data-said]")).to_contain_text("À vérifier")
    assert_accessible(adviser)
    # First the type, which is only likely; it stands. Then one of the parcours.
    press("Enter")
    expect(adviser.get_by_label("Type d’acte")).to_be_focused()
    press("Enter")
    first = parcours.get_by_role("button").first
    expect(first).to_be_focused()
    press("Enter")
    expect(adviser.get_by_label("Parcours", exact=True)).to_have_value(re.compile("^P-"))
    expect(adviser.get_by_role("button", name="Enregistrer l’acte")).to_be_focused()
    assert recorded(session) == []
    press("Enter")
    expect(adviser.locator(".record-list").last.locator("li")).to_have_count(1)
    assert [act[:2] for act in recorded(session)] == [("CSL1", 60)]
    # At once, it can be undone, on a telephone too.
    adviser.set_viewport_size({"width": 360, "height": 740})
    assert_accessible(adviser)
    adviser.get_by_role("button", name="Annuler l’enregistrement").first.click()
    expect(adviser.locator("main .alert[role=status]")).to_contain_text("annulé")
    assert recorded(session) == []
