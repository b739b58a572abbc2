"""Network meetings on the pages: acts that count, a record that the whole network reads."""

from __future__ import annotations

import datetime as dt
import re

from flask import Flask
from sqlalchemy import func, select

from ramsess.actions.erasure import erase_person
from ramsess.actions.ledger import Ledger
from ramsess.database import db
from ramsess.models import Act, Beneficiary, Decision, Meeting
from ramsess.models.calendar import today
from ramsess.reports.consolidation import make_report
from ramsess.reports.period import Period
from tests.conftest import SignIn
from tests.pages import send
from tests.views.conftest import Count, days_ago, enter_person
from tests.views.test_sessions import hold


def test_a_meeting_is_an_act_whose_record_everybody_reads(
    app: Flask, sign_in: SignIn, count: Count
) -> None:
    other, third = sign_in("adviser", "PLACE"), sign_in("manager", "INTERMADE")
    ana, coordinator = sign_in("adviser", "APEAS"), sign_in("coordinator")
    assert "Aucune réunion" in coordinator.get("/reunions").text
    page = ana.get("/reunions/nouvelle")
    assert 'value="COL1"' not in page.text
    post = re.search(r'value="(\d+:\d+)"> Place — Ana', page.text)
    assert post
    said = {
        "title": "Rencontre de printemps",
        "type": "RES2",
        "minutes": "2h",
        "summary": "Point sur les parcours croisés.\nUn tour de table.",
        "decisions_0_text": "Préparer la feuille de route",
        "decisions_0_due": days_ago(-20),
    }
    for wrong, message in (
        ({"title": ""}, "Donnez un intitulé"),
        ({"decisions_1_due": days_ago(-2)}, "Écrivez ce qui est décidé"),
        ({"decisions_0_due": "bientôt"}, "date"),
    ):
        refused = send(ana, page, **{**said, **wrong})
        assert refused.status_code == 422
        assert message in refused.text
        assert "Un tour de table." in refused.text
    assert count(Act) == 0
    place = send(ana, page, **said, participants=[post[1]]).location
    assert send(ana, page, **said, participants=[post[1]]).location == place
    assert (count(Act), count(Meeting), count(Decision)) == (1, 1, 1)
    for reader in (other, third, coordinator):
        shown = reader.get(place)
        assert "Un tour de table." in shown.text
        assert "Ana Fictive (APEAS), Ana Fictive (Place)" in shown.text
        assert "tout le réseau, pour le" in shown.text
        assert "Compléter le compte rendu" not in shown.text
        assert "Rencontre de printemps" in reader.get("/reunions").text
        assert "Préparer la feuille de route" in reader.get("/reunions").text
        assert reader.get(f"{place}/compte-rendu").status_code == 404
    page = ana.get(f"{place}/compte-rendu")
    assert 'value="Préparer la feuille de route"' in page.text
    assert send(ana, page, decisions_2_text="Une autre").status_code == 302
    assert "2\u00a0décisions" in third.get("/reunions").text
    assert third.get(place.replace("reunions", "seances")).status_code == 404
    for role in ("funder", "admin", "dpo"):
        assert sign_in(role).get("/reunions").status_code == 404
    with app.app_context():
        period = Period(today() - dt.timedelta(days=1), today() + dt.timedelta(days=1))
        report = make_report(db.engines["report"], period)
        b08, b09 = report.table("B08"), report.table("B09")
        assert b08.value("RES2", "TOTAL") == 1
        assert (b09.value("RES2", "APEAS"), b09.value("RES2", "PLACE")) == (120, 120)


def test_the_record_is_completed_by_its_structure_and_nothing_is_lost(
    app: Flask, sign_in: SignIn
) -> None:
    ana = sign_in("adviser", "APEAS")
    session = hold(ana, title="Coordination", type="PAR1").location
    place = session.replace("seances", "reunions")
    assert ana.get(place).status_code == 404
    assert f"{place}/compte-rendu" in ana.get(session).text
    first = ana.get(f"{place}/compte-rendu")
    assert "montre la réunion à tout le réseau" in first.text
    assert send(ana, first, summary="La première", decisions_2_text="Une").status_code == 302
    told = send(ana, first, summary="La seconde")
    assert told.status_code == 409
    assert "La première" in told.text
    assert "La seconde" in told.text
    again = send(ana, told, summary="Les deux")
    assert again.status_code == 302
    assert "Les deux" in ana.get(place).text
    other = hold(ana, title="Atelier", type="COL1").location.replace("seances", "reunions")
    assert ana.get(f"{other}/compte-rendu").status_code == 404
    enter_person(ana, "Fictif")
    page = ana.get(f"{place}/compte-rendu")
    send(ana, page, summary="Zoé Fictif a témoigné.", decisions_0_text="Remercier Zoé Fictif")
    with app.app_context():
        person = db.session.scalars(select(Beneficiary)).one()
        erase_person(db.session(), person, ledger=Ledger(app.config["SETTINGS"].instance))
        db.session.commit()
        assert db.session.scalars(select(Meeting.summary)).one() == "… … a témoigné."
        assert "Fictif" not in str(db.session.scalars(select(Decision.text)).all())
    send(ana, ana.get(session), "/annuler")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Meeting)) == 0
