"""The scene of these tests."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from ramsess.database import db
from ramsess.models import ReportingPeriod
from tests.conftest import SignIn
from tests.counting.builder import Network
from tests.pages import send
from tests.periods.scene import DUE, OPEN, Scene


@pytest.fixture
def scene(app: Flask, sign_in: SignIn) -> Scene:
    manager, adviser = sign_in("manager", "APEAS"), sign_in("adviser", "APEAS")
    place, coordinator = sign_in("manager", "PLACE"), sign_in("coordinator")
    with app.app_context():
        network = Network(db.session())
        parcours = network.parcours(network.person(), network.person(), entered="2009-02-01")
        network.act("2009-02-03", parcours=parcours)
        network.parcours(network.person(), lead="PLACE", entered="2009-02-01")
        db.session.commit()
    assert send(coordinator, coordinator.get(OPEN), **DUE).status_code == 302
    with app.app_context():
        found = db.session.execute(select(ReportingPeriod.kind, ReportingPeriod.public_id)).all()
    addresses = {kind: f"/periodes/{public_id}" for kind, public_id in found}
    return Scene(app, manager, adviser, place, coordinator, addresses["quarter"], addresses["year"])
