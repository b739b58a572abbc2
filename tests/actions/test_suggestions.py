"""Who can help: best first, and why."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.suggestions import Fit, structures_that_can_help
from ramsess.database import Acting, act_as
from ramsess.models import Positioning, Presentation, Structure

AIX, GAP = "13001", "05061"


def place(
    session: Session, code: str, *lines: str, commune: str | None = None, confirmed: bool = True
) -> Structure:
    """A structure's line: ``FIN-ECO-3``, phase, speciality, degree."""
    structure = session.scalars(select(Structure).where(Structure.code == code)).one()
    said = Presentation(
        structure_id=structure.id,
        commune_code=commune,
        confirmed_on=dt.date(2009, 1, 5) if confirmed else None,
    )
    for line in lines:
        phase, speciality, degree = line.split("-")
        said.positionings.append(
            Positioning(phase_code=phase, speciality_code=speciality, degree_code=degree)
        )
    session.add(said)
    session.flush()
    return structure


def names(session: Session, phase: str = "MON", what: str = "ECO", **more: object) -> list[str]:
    found = structures_that_can_help(session, phase_code=phase, speciality_code=what, **more)  # type: ignore[arg-type]
    return [item.structure.code for item in found]


def test_the_exact_answer_comes_before_the_nearest_phase_and_the_nearest_before_reception(
    session: Session,
) -> None:
    place(session, "PLATEFORME", "MON-ACC-3", "EME-ACC-3")
    place(session, "AGODIS", "DEV-ECO-3")
    place(session, "ACCES", "FIN-ECO-1", "DEV-ECO-3")
    place(session, "BABALEX", "MON-ECO-1", "DEV-ECO-3", "MON-ACC-3")
    place(session, "PSPORT13", "MON-SPO-3")
    found = structures_that_can_help(session, phase_code="MON", speciality_code="ECO")
    assert [item.structure.code for item in found] == ["BABALEX", "ACCES", "AGODIS", "PLATEFORME"]
    assert [item.fit for item in found] == [
        Fit.EXACT, Fit.OTHER_PHASE, Fit.OTHER_PHASE, Fit.RECEPTION
    ]  # fmt: skip
    assert found[0].why == [
        "Intervient sur « Modèle économique » à la phase « Montage » (degré : ponctuel)."
    ]
    assert "à une autre phase : « Financement »" in found[1].why[0]
    assert found[3].why == ["Accueille et oriente à la phase « Montage »."]
    assert names(session, limit=2) == ["BABALEX", "ACCES"]


def test_being_near_counts_as_much_as_one_degree(session: Session) -> None:
    place(session, "ACCES", "MON-ECO-2", commune=AIX)
    place(session, "ENERGIE", "MON-ECO-3", commune=GAP)
    place(session, "APEAS", "MON-ECO-1", commune=AIX)
    place(session, "PLACE", "MON-ECO-3")
    assert names(session) == ["ENERGIE", "PLACE", "ACCES", "APEAS"]
    # Equal: by name, as people look names up.
    assert names(session, department_code="13") == ["ACCES", "ENERGIE", "PLACE", "APEAS"]
    assert names(session, department_code="05")[0] == "ENERGIE"
    near = structures_that_can_help(
        session, phase_code="MON", speciality_code="ECO", department_code="05"
    )[0]
    assert near.why[1:] == ["Dans votre département."]


def test_who_asks_and_who_is_no_member_that_day_are_left_out(session: Session) -> None:
    asking = place(session, "ACCES", "MON-ECO-3")
    place(session, "APEAS", "MON-ECO-3")
    # Kado is not of the twelve.
    place(session, "KADO", "MON-ECO-3")
    assert names(session) == ["ACCES", "APEAS"]
    assert names(session, but=frozenset({asking.id})) == ["APEAS"]
    assert names(session, day=dt.date(2008, 12, 31)) == []


def test_a_line_that_is_only_proposed_counts_when_it_is_asked_for(session: Session) -> None:
    place(session, "ACCES", "MON-ECO-3", confirmed=False)
    assert names(session) == []
    assert names(session, confirmed=False) == ["ACCES"]
    # Nobody's sight reaches it.
    session.commit()
    act_as(session, Acting(role="door"))
    assert names(session, confirmed=False) == []


@pytest.mark.parametrize(("phase", "what"), [("RIEN", "ECO"), ("MON", "RIEN")])
def test_a_code_of_no_list_finds_nobody_exactly(session: Session, phase: str, what: str) -> None:
    place(session, "ACCES", "MON-ECO-3")
    found = structures_that_can_help(session, phase_code=phase, speciality_code=what)
    assert all(item.fit is Fit.OTHER_PHASE for item in found)
