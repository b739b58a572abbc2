"""What no action makes of an orientation, whatever form or program asks for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select

from ramsess.actions.memberships import find_structure, join_network, leave_network
from ramsess.actions.offers import answer_orientation, offers
from ramsess.actions.orientations import OrientationDraft, close_orientation, propose_orientation
from ramsess.actions.refusals import ConflictError
from ramsess.models import Orientation, ParcoursBeneficiary, Structure
from ramsess.models.calendar import today
from tests.actions.conftest import House
from tests.actions.test_refusals import refused


def draft(house: House, **said: Any) -> OrientationDraft:
    known: dict[str, Any] = {
        "from_structure_id": house.apeas,
        "to_structure_id": house.place,
        "parcours": house.parcours,
        "reason": "Cherche un local",
        "consent_on": today(),
    }
    return OrientationDraft(**{**known, **said})


def test_an_orientation_that_breaks_a_rule(house: House) -> None:
    session = house.session
    kado = session.scalars(select(Structure.id).where(Structure.code == "KADO")).one()
    for account, said, field in (
        (house.bob, {}, "structure"),
        (
            house.bob,
            {"from_structure_id": house.place, "to_structure_id": house.apeas},
            "structure",
        ),
        (house.ana, {"to_structure_id": kado}, "to"),
        (house.ana, {"to_structure_id": 999_999}, "to"),
        (house.ana, {"to_structure_id": house.apeas}, "to"),
        (house.ana, {"to_structure_id": None}, "to"),
        (house.ana, {"to_structure_id": None, "partner_code": "RIEN"}, "to"),
    ):
        assert field in refused(propose_orientation, session, account, draft(house, **said))
    made = propose_orientation(session, house.ana, draft(house))
    # Before it is asked, the structure came by itself.
    made.parcours.involvements[0].structure_id = house.place  # type: ignore[union-attr]
    session.flush()
    reasons = refused(propose_orientation, session, house.ana, draft(house))
    assert "ne prend pas part" in reasons["structure"]
    session.rollback()


def test_a_structure_that_takes_part_is_not_asked(house: House) -> None:
    session = house.session
    made = propose_orientation(session, house.ana, draft(house))
    (asked,) = offers(session, house.bob)
    assert "answer" in refused(answer_orientation, session, asked, "closed")
    answer_orientation(session, asked, "accepted")
    reasons = refused(propose_orientation, session, house.ana, draft(house))
    assert reasons["to"] == "Cette structure prend déjà part au parcours."
    with pytest.raises(ConflictError):
        close_orientation(
            session, made, answer="closed", answered_on=None, why="", version=made.version
        )


def test_who_left_her_parcours_orients_her_as_somebody_known(house: House) -> None:
    session = house.session
    person = session.scalars(select(ParcoursBeneficiary)).one().beneficiary
    alone = draft(house, parcours=None, person=person, to_structure_id=None, partner_code="ADIE")
    assert "orientez depuis lui" in refused(propose_orientation, session, house.ana, alone)[""]
    house.parcours.involvements[0].left_on = today() - dt.timedelta(1)
    session.flush()
    assert propose_orientation(session, house.ana, alone).beneficiary is person


def test_a_partner_answers_one_of_three_things(house: House) -> None:
    session = house.session
    made = propose_orientation(
        session, house.ana, draft(house, to_structure_id=None, partner_code="ADIE")
    )
    reasons = refused(
        close_orientation, session, made, answer="peut-être", answered_on=today(), why="", version=1
    )
    assert reasons == {"answer": "Choisissez une réponse."}
    assert session.scalar(select(func.count()).select_from(Orientation)) == 1


def test_a_stay_in_the_network_has_its_dates(house: House) -> None:
    session = house.session
    kado = find_structure(session, " kado ")
    assert "day" in refused(join_network, session, kado, None)
    assert "day" in refused(leave_network, session, kado, None)
