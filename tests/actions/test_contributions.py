"""What no form of ours says is refused all the same: positions and resources."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.positioning import PositioningDraft, take_position
from ramsess.actions.refusals import RefusedError
from ramsess.actions.resources import ResourceDraft, record_resource
from ramsess.models import Presentation, Resource, Structure
from tests.conftest import open_account


def structure_of(session: Session, code: str) -> Structure:
    return session.scalars(select(Structure).where(Structure.code == code)).one()


@pytest.mark.parametrize(
    ("role", "degrees", "told"),
    [
        ("adviser", {}, "responsable"),
        ("manager", {("RIEN", "ACC"): "1"}, "inconnu"),
        ("manager", {("EME", "RIEN"): "1"}, "inconnu"),
        ("manager", {("EME", "ACC"): "9"}, "inconnu"),
    ],
)
def test_a_position_that_no_form_says(
    session: Session, role: str, degrees: dict[tuple[str, str], str], told: str
) -> None:
    account = open_account(session, role, "APEAS")
    draft = PositioningDraft(degrees=degrees)
    with pytest.raises(RefusedError, match=told):
        take_position(session, account, structure_of(session, "APEAS"), draft, version=0)
    assert session.scalars(select(Presentation)).all() == []


def test_a_resource_that_no_form_says(session: Session) -> None:
    account = open_account(session, "adviser", "APEAS")
    own = ResourceDraft("Guide", "GUIDE", "ACC", structure_of(session, "APEAS").id, "Une page.")
    for change, told in (
        ({"structure_id": structure_of(session, "PLACE").id}, "une de vos structures"),
        ({"kind_code": "RIEN"}, "Genre inconnu"),
        ({"theme_code": "RIEN"}, "Thème inconnu"),
        ({"phase_codes": ["EME", "RIEN"]}, "Phase inconnue"),
    ):
        with pytest.raises(RefusedError, match=told):
            record_resource(session, account, replace(own, **change))  # type: ignore[arg-type]
    assert session.scalars(select(Resource)).all() == []
    assert record_resource(session, account, own).title == "Guide"
