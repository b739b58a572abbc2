"""Fifty people noted at the keyboard; a whole room in one tick."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.models import (
    Account,
    Acquaintance,
    Act,
    ActAdviser,
    Attendance,
    Beneficiary,
    Enrolment,
    GroupSession,
    SessionHost,
    SessionSlot,
)
from ramsess.models.calendar import today
from tests.browser.conftest import assert_accessible, open_account, sign_in

PEOPLE = 50
# Milliseconds: somebody who types without hurry.
A_KEY = 60
MOST_KEYS = 110


def prepare(session: Session, account: Account, people: list[Beneficiary], *slots: int) -> str:
    """A session of today at which *people* are expected; returns its address."""
    assert account.adviser
    structure = account.structures()[0].id
    act = Act(done_on=today(), type_code="COL1", structure_id=structure)
    act.shares = [
        ActAdviser(
            adviser_id=account.adviser.id, structure_id=structure, recorded_by_id=structure,
            minutes=180,
        )
    ]  # fmt: skip
    act.group_session = GroupSession(title="Atelier de démonstration", minutes=180)
    act.group_session.hosts = [SessionHost(structure_id=structure)]
    act.group_session.slots = [
        SessionSlot(starts_at=dt.time(start), ends_at=dt.time(start + 2)) for start in slots
    ]
    session.add(act)
    session.flush()
    session.add_all(
        Enrolment(act_id=act.id, beneficiary_id=person.id, structure_id=structure)
        for person in people
    )
    session.flush()
    return f"/seances/{act.public_id}"


@pytest.fixture
def places(page: Page, session: Session) -> list[str]:
    """Signed in as who holds two sessions of fifty people, the second in two slots."""
    email = open_account(session, "ana@demo.example", "adviser", "APEAS")
    account = session.scalars(select(Account).where(Account.email == email)).one()
    people = [
        Beneficiary(last_name=f"Fictif{number:02d}", first_name="Zoé") for number in range(PEOPLE)
    ]
    session.add_all(people)
    session.flush()
    session.add_all(
        Acquaintance(
            beneficiary_id=person.id, structure_id=account.structures()[0].id, since=today()
        )
        for person in people
    )
    found = [prepare(session, account, people), prepare(session, account, people, 9, 14)]
    session.commit()
    sign_in(page, email)
    return found


def test_fifty_people_are_noted_one_by_one_in_a_hundred_keys(
    page: Page, session: Session, places: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    keys = 0

    def press(key: str) -> None:
        nonlocal keys
        keys += 1
        page.keyboard.press(key, delay=A_KEY)

    page.goto(places[0])
    expect(page.get_by_label("Tout le monde est là")).to_be_focused()
    began = time.perf_counter()
    for _ in range(PEOPLE):
        press("Tab")
        press("Space")
    expect(page.get_by_label("Tout le monde est là")).to_be_checked()
    press("Space")
    expect(page.get_by_label("Tout le monde est là")).not_to_be_checked()
    press("Enter")
    expect(page.get_by_role("status")).to_have_text("Présences notées.")
    with capsys.disabled():
        print(f"\n{PEOPLE} personnes : {keys} touches, {time.perf_counter() - began:.1f} s")
    assert keys <= MOST_KEYS
    assert session.query(Attendance).count() == PEOPLE - 1


def test_a_whole_room_is_one_tick_and_who_left_early_another(
    page: Page, session: Session, places: list[str]
) -> None:
    page.goto(places[1])
    expect(page.get_by_label("Tout le monde est là")).to_be_focused()
    page.keyboard.press("Space")
    boxes = page.locator("#presents input")
    expect(boxes).to_have_count(2 * PEOPLE)
    expect(boxes.last).to_be_checked()
    boxes.nth(1).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Présences notées.")
    assert session.query(Attendance).count() == PEOPLE
    expect(page.locator("#presents input:not(:checked)")).to_have_count(1)
    page.set_viewport_size({"width": 360, "height": 900})
    assert_accessible(page)
