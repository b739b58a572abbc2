"""What no action records, whatever form or program asks for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ramsess.actions.acts import Work, correct_act, record_act
from ramsess.actions.beneficiaries import PersonDraft, record_beneficiary
from ramsess.actions.parcours import (
    ExitDraft,
    ParcoursDraft,
    change_phase,
    close_parcours,
    join_parcours,
    leave_parcours,
    open_parcours,
    reopen_parcours,
)
from ramsess.actions.refusals import ConflictError, RefusedError
from ramsess.actions.sessions import SessionDraft, hold_session, note_attendance
from ramsess.models import Act, Parcours
from tests.actions.conftest import DAY, House


def refused(work: Any, *args: Any, **named: Any) -> dict[str, str]:
    with pytest.raises(RefusedError) as caught:
        work(*args, **named)
    return caught.value.reasons


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"type_code": "XXX"}, "type"),
        ({"scheme_code": "XXX"}, "scheme"),
        ({"modality_code": "X"}, "modality"),
        ({"anonymous_count": -1}, "anonymous_count"),
        ({"work": []}, "others"),
        ({"done_on": None}, "done_on"),
        ({"done_on": dt.date(2008, 12, 31)}, "done_on"),
    ],
)
def test_an_act_that_breaks_a_rule(house: House, said: dict[str, Any], field: str) -> None:
    assert field in refused(record_act, house.session, house.ana, house.draft(**said))
    assert house.session.query(Act).count() == 0


def test_an_act_in_the_name_of_another_structure(house: House) -> None:
    reasons = refused(record_act, house.session, house.bob, house.draft())
    assert reasons["structure"] == "Choisissez une de vos structures."


def test_an_act_on_a_parcours_of_others(house: House) -> None:
    assert house.bob.adviser
    work = [Work(house.bob.adviser.id, house.place, 60)]
    draft = house.draft(structure_id=house.place, work=work)
    assert "ne prend pas part" in refused(record_act, house.session, house.bob, draft)["parcours"]


def test_an_adviser_for_a_structure_that_is_not_hers(house: House) -> None:
    assert house.ana.adviser
    draft = house.draft(work=[Work(house.ana.adviser.id, house.place, 60)])
    assert "affecté" in refused(record_act, house.session, house.ana, draft)["minutes"]
    unknown = house.draft(work=[Work(0, house.apeas, 60)])
    assert "Cette personne" in refused(record_act, house.session, house.ana, unknown)["minutes"]


def test_an_adviser_named_twice_for_one_structure(house: House) -> None:
    assert house.ana.adviser
    twice = [Work(house.ana.adviser.id, house.apeas, 60)] * 2
    reasons = refused(record_act, house.session, house.ana, house.draft(work=twice))
    assert "deux fois" in reasons["others"]


def test_every_reason_is_told_at_once(house: House) -> None:
    draft = house.draft(type_code="XXX", scheme_code="XXX", done_on=None)
    reasons = refused(record_act, house.session, house.ana, draft)
    assert {"type", "scheme", "done_on"} <= set(reasons)


def test_a_correction_of_what_somebody_changed(house: House) -> None:
    act = record_act(house.session, house.ana, house.draft())
    correct_act(house.session, house.ana, act, house.draft(note="vu"), version=act.version)
    with pytest.raises(ConflictError):
        correct_act(house.session, house.ana, act, house.draft(), version=1)


def test_a_person_in_the_name_of_another_structure(house: House) -> None:
    draft = PersonDraft("Inventée", "Léa")
    reasons = refused(record_beneficiary, house.session, house.bob, draft, structure_id=house.apeas)
    assert "structure" in reasons


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": " "}, "title"),
        ({"people": []}, "people"),
        ({"phase_code": "XXX"}, "phase"),
        ({"entered_on": None}, "entered_on"),
        ({"structure_id": 0}, "structure"),
    ],
)
def test_a_parcours_that_breaks_a_rule(house: House, said: dict[str, Any], field: str) -> None:
    known: dict[str, Any] = {
        "title": "Autre",
        "people": house.parcours.beneficiaries,
        "structure_id": house.apeas,
        "entered_on": DAY,
        "phase_code": "EME",
    }
    draft = ParcoursDraft(**{**known, **said})
    assert field in refused(open_parcours, house.session, house.ana, draft)
    assert house.session.query(Parcours).count() == 1


def test_joining_for_another_structure_or_after_the_exit(house: House) -> None:
    close_parcours(
        house.session, house.parcours, ExitDraft(DAY, "CRE"), version=house.parcours.version
    )
    reference = house.parcours.reference
    for structure_id, day, field in (
        (house.apeas, DAY, "structure"),
        (house.place, DAY + dt.timedelta(days=1), "joined_on"),
        (house.place, None, "joined_on"),
    ):
        assert field in refused(
            join_parcours,
            house.session,
            house.bob,
            reference=reference,
            code=house.parcours.join_code,
            structure_id=structure_id,
            joined_on=day,
        )


def test_the_lead_does_not_leave(house: House) -> None:
    reasons = refused(
        leave_parcours,
        house.session,
        house.ana,
        house.parcours,
        structure_id=house.apeas,
        left_on=DAY,
    )
    assert "référente" in reasons["left_on"]


def test_leaving_before_an_act_of_ones_structure(house: House) -> None:
    assert house.bob.adviser
    join_parcours(
        house.session,
        house.bob,
        reference=house.parcours.reference,
        code=house.parcours.join_code,
        structure_id=house.place,
        joined_on=dt.date(2009, 2, 2),
    )
    work = [Work(house.bob.adviser.id, house.place, 60)]
    record_act(house.session, house.bob, house.draft(structure_id=house.place, work=work))
    leaving = (house.session, house.bob, house.parcours)
    eve = DAY - dt.timedelta(days=1)
    reasons = refused(leave_parcours, *leaving, structure_id=house.place, left_on=eve)
    assert "02/03/2009" in reasons["left_on"]
    leave_parcours(*leaving, structure_id=house.place, left_on=DAY)
    assert "left_on" in refused(leave_parcours, *leaving, structure_id=house.place, left_on=DAY)


def test_a_phase_that_is_unknown_or_after_the_exit(house: House) -> None:
    parcours = house.parcours
    assert "phase" in refused(
        change_phase, house.session, parcours, phase_code="XXX", reached_on=DAY
    )
    close_parcours(house.session, parcours, ExitDraft(DAY, None), version=parcours.version)
    after = DAY + dt.timedelta(days=1)
    assert (
        "suit la sortie"
        in refused(change_phase, house.session, parcours, phase_code="MON", reached_on=after)[
            "reached_on"
        ]
    )


def test_the_phase_already_held_is_no_change(house: House) -> None:
    change_phase(house.session, house.parcours, phase_code="EME", reached_on=DAY)
    assert house.parcours.phase_changes == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"outcome_code": "XXX"}, "outcome"),
        ({"jobs_created": -1}, "jobs_created"),
        ({"fundings": [("REGION", 0)]}, "fundings"),
        ({"exited_on": None}, "exited_on"),
    ],
)
def test_an_exit_that_breaks_a_rule(house: House, said: dict[str, Any], field: str) -> None:
    known: dict[str, Any] = {"exited_on": DAY, "outcome_code": "CRE"}
    draft = ExitDraft(**{**known, **said})
    version = house.parcours.version
    assert field in refused(close_parcours, house.session, house.parcours, draft, version=version)


def test_an_exit_or_a_return_of_what_somebody_changed(house: House) -> None:
    with pytest.raises(ConflictError):
        close_parcours(house.session, house.parcours, ExitDraft(DAY, None), version=0)
    with pytest.raises(ConflictError):
        reopen_parcours(house.session, house.parcours, version=0)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"structure_id": 0}, "structure"),
        ({"title": " "}, "title"),
        ({"type_code": "CSL1"}, "type"),
        ({"type_code": "XXX"}, "type"),
        ({"scheme_code": "XXX"}, "scheme"),
        ({"minutes": 0}, "minutes"),
    ],
)
def test_a_session_that_breaks_a_rule(house: House, said: dict[str, Any], field: str) -> None:
    assert house.ana.adviser
    known: dict[str, Any] = {
        "title": "Atelier",
        "done_on": DAY,
        "type_code": "COL1",
        "minutes": 120,
        "structure_id": house.apeas,
        "work": [Work(house.ana.adviser.id, house.apeas, 120)],
    }
    draft = SessionDraft(**{**known, **said})
    assert field in refused(hold_session, house.session, house.ana, draft)


def test_attendance_noted_by_who_does_not_hold_the_session(house: House) -> None:
    assert house.ana.adviser
    work = [Work(house.ana.adviser.id, house.apeas, 120)]
    act = hold_session(
        house.session,
        house.ana,
        SessionDraft("Atelier", DAY, "COL1", 120, house.apeas, work),
    )
    people = house.parcours.beneficiaries
    assert "people" in refused(
        note_attendance,
        house.session,
        act,
        structure_id=house.place,
        people=people,
        anonymous_count=0,
    )
    assert "anonymous_count" in refused(
        note_attendance,
        house.session,
        act,
        structure_id=house.apeas,
        people=people,
        anonymous_count=-1,
    )
