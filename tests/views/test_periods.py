"""Periods on the pages: opened once, handed in, sent back, commented, consolidated."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from ramsess.actions.standings import State, standings
from ramsess.database import db
from ramsess.models import HandIn, ReportingPeriod, Structure
from ramsess.reports.period import Period
from tests.conftest import SignIn
from tests.counting.builder import Network
from tests.pages import send

FIRST = Period(dt.date(2009, 1, 1), dt.date(2009, 3, 31))
DUE = {"t1": "2009-04-21", "t2": "", "t3": "", "t4": "", "annee": "2010-01-31"}


@dataclass
class Scene:
    """APEAS followed somebody in 2009; the first quarter and the year are open."""

    app: Flask
    manager: FlaskClient
    adviser: FlaskClient
    place: FlaskClient
    coordinator: FlaskClient
    quarter: str
    year: str

    def last_step(self, code: str = "APEAS", address: str = "") -> HandIn | None:
        with self.app.app_context():
            return db.session.scalars(
                select(HandIn)
                .join(Structure, Structure.id == HandIn.structure_id)
                .join(ReportingPeriod, ReportingPeriod.id == HandIn.period_id)
                .where(Structure.code == code)
                .where(ReportingPeriod.public_id == (address or self.quarter).rsplit("/", 1)[-1])
                .order_by(HandIn.number.desc())
            ).first()

    def states(self) -> dict[str, State]:
        """Of the first quarter, by structure."""
        with self.app.app_context():
            period = db.session.scalars(
                select(ReportingPeriod).where(ReportingPeriod.kind == "quarter")
            ).one()
            found = standings(db.session(), [period])
            return {one.structure.code: one.state for one in found.values()}

    def hand_in_all(self, but: tuple[str, ...] = ()) -> None:
        """As if every other member had handed in."""
        with self.app.app_context():
            period = db.session.scalars(
                select(ReportingPeriod).where(ReportingPeriod.kind == "quarter")
            ).one()
            account = db.session.scalar(text("SELECT min(id) FROM accounts"))
            for one in standings(db.session(), [period]).values():
                if one.structure.code not in but and not one.handed_in:
                    db.session.add(
                        HandIn(
                            period_id=period.id,
                            structure_id=one.structure.id,
                            number=one.number + 1,
                            step="handed_in",
                            account_id=account,
                        )
                    )
            db.session.commit()


@pytest.fixture
def scene(app: Flask, sign_in: SignIn) -> Scene:
    clients = [sign_in(*who) for who in (("manager", "APEAS"), ("adviser", "APEAS"),
                                         ("manager", "PLACE"), ("coordinator",))]  # fmt: skip
    with app.app_context():
        network = Network(db.session())
        parcours = network.parcours(network.person(), network.person(), entered="2009-02-01")
        network.act("2009-02-03", parcours=parcours)
        db.session.commit()
    coordinator = clients[-1]
    answer = send(coordinator, coordinator.get("/periodes/ouvrir?annee=2009"), **DUE)
    assert answer.status_code == 302
    with app.app_context():
        found = db.session.execute(select(ReportingPeriod.kind, ReportingPeriod.public_id)).all()
    addresses = {kind: f"/periodes/{public_id}" for kind, public_id in found}
    return Scene(app, *clients, addresses["quarter"], addresses["year"])


def test_smoke(scene: Scene) -> None:
    for who in (scene.manager, scene.adviser, scene.coordinator):
        for path in ("/periodes", scene.quarter, scene.year):
            assert who.get(path).status_code == 200, path
    assert scene.coordinator.get(f"{scene.quarter}/commentaires").status_code == 200
    page = scene.manager.get(scene.quarter)
    answer = send(scene.manager, page, "/rendre", remark="voilà")
    assert answer.status_code == 302, answer.text
    print(scene.states())
    assert scene.last_step().figures
