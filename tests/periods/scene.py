"""A network whose first quarter and year of 2009 are open, and who works in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from ramsess.actions.standings import State, standings
from ramsess.database import db
from ramsess.models import HandIn, ReportingPeriod, Structure
from ramsess.reports.period import Period
from tests.pages import form_of, send
from tests.sealing.made import put_seal

FIRST = Period(dt.date(2009, 1, 1), dt.date(2009, 3, 31))
YEAR = Period.of_year(2009)
DUE = {"t1": "2009-04-21", "t2": "", "t3": "", "t4": "", "annee": "2010-01-31"}
OPEN = "/periodes/ouvrir?annee=2009"


@dataclass
class Scene:
    """APEAS followed two people in 2009; the first quarter and the year are open."""

    app: Flask
    manager: FlaskClient
    adviser: FlaskClient
    place: FlaskClient
    coordinator: FlaskClient
    quarter: str
    year: str

    def steps(self, code: str = "APEAS") -> list[HandIn]:
        """What was said of the first quarter, the latest first."""
        with self.app.app_context():
            return list(
                db.session.scalars(
                    select(HandIn)
                    .join(Structure, Structure.id == HandIn.structure_id)
                    .join(ReportingPeriod, ReportingPeriod.id == HandIn.period_id)
                    .where(Structure.code == code, ReportingPeriod.kind == "quarter")
                    .order_by(HandIn.number.desc())
                )
            )

    def states(self) -> dict[str, State]:
        """Of the first quarter, by structure."""
        with self.app.app_context():
            found = standings(db.session(), [first_quarter()])
            return {one.structure.code: one.state for one in found.values()}

    def hand_in_all(self, *but: str, only: str = "") -> None:
        """As if every other member had handed in the first quarter, or *only* one."""
        with self.app.app_context():
            period = first_quarter()
            account = db.session.scalar(text("SELECT min(id) FROM accounts"))
            db.session.add_all(
                HandIn(
                    period_id=period.id,
                    structure_id=one.structure.id,
                    number=one.number + 1,
                    step="handed_in",
                    account_id=account,
                )
                for one in standings(db.session(), [period]).values()
                if one.structure.code not in but
                and only in ("", one.structure.code)
                and not one.handed_in
            )
            db.session.commit()

    def seal(self) -> None:
        """A seal of the first quarter."""
        with self.app.app_context():
            put_seal(
                db.session(), db.session.scalar(text("SELECT min(id) FROM accounts")), days=FIRST
            )
            db.session.commit()

    def consolidate(self, **said: str) -> TestResponse:
        page = self.coordinator.get(self.quarter)
        return send(self.coordinator, page, "/consolider", **said)

    def comment(self, page: TestResponse, **texts: str) -> TestResponse:
        """Send the comments as *page* shows them, but for *texts*."""
        fields = dict(form_of(page).fields)
        changed = {f"texte-{table}": said for table, said in texts.items()}
        assert changed.keys() <= fields.keys()
        return self.coordinator.post(
            page.request.path, data={**fields, **changed, "tableau": next(iter(texts), "")}
        )


def first_quarter() -> ReportingPeriod:
    return db.session.scalars(
        select(ReportingPeriod).where(ReportingPeriod.kind == "quarter")
    ).one()
