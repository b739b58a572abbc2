"""What structures do together, asked for by whatever form or program: refused all the same."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ramsess.actions.acts import Work
from ramsess.actions.enrolment import enrol, expect_again
from ramsess.actions.meetings import DecisionDraft, write_record
from ramsess.actions.messages import About, write_message
from ramsess.actions.refusals import ConflictError
from ramsess.actions.repetition import repeat_session
from ramsess.actions.sessions import SessionDraft, hold_session
from ramsess.actions.signed_sheets import file_sheet
from ramsess.models import Act, Enrolment, Message, SignedSheet
from tests.actions.conftest import DAY, House
from tests.actions.test_refusals import refused

PDF = b"%PDF-1.4 %%EOF"


@pytest.fixture
def held(house: House) -> Act:
    """A session of Ana's at which nobody is expected."""
    assert house.ana.adviser
    work = [Work(house.ana.adviser.id, house.apeas, 60)]
    draft = SessionDraft("Rencontre", DAY, "RES2", 60, house.apeas, work)
    return hold_session(house.session, house.ana, draft)


def test_a_session_is_prepared_by_its_hosts(house: House, held: Act) -> None:
    session, people = house.session, house.parcours.beneficiaries
    by = {"structure_id": house.place}
    assert "n’anime pas" in refused(enrol, session, held, people=people, **by)["people"]
    assert "n’anime pas" in refused(file_sheet, session, held, content=PDF, **by)["file"]
    with pytest.raises(ConflictError):
        enrol(session, held, structure_id=house.apeas, people=people, version=9)
    said = {"with_people": True}
    asked = refused(repeat_session, session, house.ana, held, every="siècle", times=99, **said)
    assert set(asked) == {"every", "times"}
    (again,) = repeat_session(session, house.ana, held, every="mois", times=1, **said)
    expect_again(session, held, again)
    assert session.scalars(select(Enrolment)).all() == []


def test_a_sheet_sent_twice_is_kept_once(house: House, held: Act) -> None:
    key = house.parcours.beneficiaries[0].public_id
    one, two = (
        file_sheet(house.session, held, structure_id=house.apeas, content=PDF, request_key=key)
        for _ in range(2)
    )
    assert one is two
    assert house.session.query(SignedSheet).count() == 1


def test_what_is_told_of_a_meeting(house: House, held: Act) -> None:
    record = {"summary": "Dit.", "version": 0}
    unknown = [DecisionDraft("Faire", 9999)]
    assert set(refused(write_record, house.session, held, decisions=unknown, **record)) == {
        "decisions"
    }
    held.type_code = "COL1"
    house.session.flush()
    house.session.refresh(held)
    assert set(refused(write_record, house.session, held, decisions=[], **record)) == {""}


def test_a_message_says_something_to_who_may_read_it(house: House) -> None:
    session, about = house.session, About(house.parcours)
    assert set(refused(write_message, session, house.ana, about, " ", [house.bob.id])) == {
        "text", "mentions",
    }  # fmt: skip
    said = write_message(session, house.ana, about, "Bonjour.", [house.ana.id])
    assert said.structure_id == house.apeas
    assert house.session.query(Message).count() == 1
