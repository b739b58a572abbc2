"""Mutualised posts on the pages: who sees them, shares against hours, missions."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from sqlalchemy import select

from ramsess.database import db
from ramsess.models import Adviser, Structure
from ramsess.models.calendar import today
from ramsess.reports.period import Period
from ramsess.reports.shared_post import Stay, lines_of
from tests.conftest import SignIn
from tests.counting.builder import Network
from tests.pages import send

YEAR = Period(dt.date(2009, 1, 1), dt.date(2009, 12, 31))


def test_shares_count_for_the_days_on_which_they_held() -> None:
    a, b = Stay("A", 50, None, dt.date(2009, 6, 30)), Stay("B", 50, None, None)
    more = Stay("A", 25, dt.date(2009, 7, 1), None)
    before, after = (Stay("A", None, None, dt.date(2008, 12, 31)),
                     Stay("A", 99, dt.date(2010, 1, 1), None))  # fmt: skip
    first, second = lines_of([b, a, more, before, after], {"A": 90, "B": 30}, YEAR)
    assert (first.structure, first.planned, first.recorded, first.gap) == ("A", 43, 75, 32)
    assert first.share == (50 * 181 + 25 * 184) / 365
    assert (second.share, second.planned, second.minutes, second.gap) == (50, 57, 30, -32)


def test_what_is_unknown_stays_unknown() -> None:
    unknown = [Stay("A", None, None, None), Stay("B", 40, None, None)]
    first, second = lines_of(unknown, {}, YEAR)
    assert (first.share, first.planned, first.recorded, first.gap) == (None, None, None, None)
    assert (second.share, second.planned, second.minutes) == (40, None, 0)
    assert lines_of([], {}, YEAR) == []
    nothing = lines_of([Stay("A", 40, dt.date(2010, 1, 1), None)], {"A": 5}, YEAR)
    assert (nothing[0].share, nothing[0].planned, nothing[0].recorded) == (0, None, 100)


def test_a_shared_post_is_shown_to_its_managers_and_the_coordinator(
    app: Flask, sign_in: SignIn
) -> None:
    sign_in("adviser", "APEAS:60", "PLACE:40", email="partagee@demo.example")
    sign_in("adviser", "INTERMADE:100", email="seule@demo.example")
    mine, theirs = sign_in("manager", "APEAS"), sign_in("manager", "PLACE")
    third, coordinator = sign_in("manager", "INTERMADE"), sign_in("coordinator")
    with app.app_context():
        session = db.session()
        adviser = session.scalars(
            select(Adviser).where(Adviser.email == "partagee@demo.example")
        ).one()
        adviser.last_name, place = "Partagée", f"/postes/{adviser.public_id}"
        alone = session.scalars(select(Adviser).where(Adviser.email == "seule@demo.example")).one()
        closed = f"/postes/{alone.public_id}"
        network = Network(session)
        network._advisers["partagee"] = adviser
        network.act(str(today()), by={"partagee/APEAS": 90, "bob/PLACE": 60})
        network.act(str(today()), "PAR1", by={"partagee/PLACE": 30})
        network.act("2009-03-01", by={"partagee/APEAS": 45})
        network.act(str(today()), "PAR1", by={"partagee/INTERMADE": 500})
        # Only prepared.
        tomorrow = str(today() + dt.timedelta(days=1))
        network.group_session(tomorrow, by={"partagee/PLACE": 600})
        session.commit()
        names = dict(session.execute(select(Structure.code, Structure.name)).all())
    for reader in (mine, theirs, coordinator):
        listed = reader.get("/postes").text
        assert "Partagée" in listed
        assert listed.count('<li>\n    <span class="what">') == 1
        page = reader.get(f"{place}?debut=2020-01-01&fin=2029-12-31").text
        for said in ("1\u00a0h\u00a030", "30\u00a0min", "2\u00a0h", "60\u202f%", "75\u202f%",
                     "+15", "−15", names["PLACE"]):  # fmt: skip
            assert said in page, said
        assert names["INTERMADE"] not in page.split("<main")[1]
        assert reader.get(closed).status_code == 404
        assert "45\u00a0min" in reader.get(f"{place}?debut=2009-01-01&fin=2009-12-31").text
        wrong = reader.get(f"{place}?debut=2009-02-01&fin=2009-01-01")
        assert wrong.status_code == 422
        assert "précède le premier" in wrong.text
    assert "Aucun poste n’est partagé" in third.get("/postes").text
    assert third.get(place).status_code == 404
    for role, *posts in (("adviser", "APEAS"), ("funder",), ("admin",), ("dpo",)):
        assert sign_in(role, *posts).get("/postes").status_code == 404
    stale = theirs.get(place)
    assert send(mine, mine.get(place), missions="Trois jours à l’APEAS.").status_code == 302
    assert "Trois jours à l’APEAS." in theirs.get(place).text
    told = send(theirs, stale, missions="Deux jours.")
    assert told.status_code == 409
    assert "Trois jours" in told.text
    assert "Deux jours." in told.text
    assert send(coordinator, coordinator.get(place), missions="Quatre.").status_code == 302
    assert "Quatre." in mine.get(place).text
    long = send(mine, mine.get(place), missions="x" * 20001)
    assert long.status_code == 422
