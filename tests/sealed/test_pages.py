"""Every page that writes something dated, tried on the sealed quarter and on the open one."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from ramsess.database import db
from ramsess.forms.week import week_name
from ramsess.models import Act, Attendance, Change, Parcours, Plan, PlanAction
from tests.conftest import SignIn
from tests.pages import forms_of, send
from tests.sealed.sealing import SENTENCE, seal
from tests.views.conftest import Count, enter_person, join_parcours, open_parcours
from tests.views.test_week import plain

SEALED, OPEN = "2009-03-15", "2009-04-15"
# The last Monday of the quarter: the week goes on in the next.
BORDER = dt.date(2009, 3, 30)


def says_sealed(answer: TestResponse) -> bool:
    return SENTENCE in html.unescape(plain(answer)).replace(" ", " ")


def is_refused(answer: TestResponse) -> None:
    assert answer.status_code == 422, (answer.status_code, answer.location)
    assert says_sealed(answer), answer.text


@dataclass
class Sealed:
    """The addresses of what was recorded before the quarter was sealed."""

    client: FlaskClient
    lead: FlaskClient
    coordinator: FlaskClient
    parcours: str
    ended: str
    act: str
    session: str
    person: str


@pytest.fixture
def sealed(sign_in: SignIn, app: Flask) -> Sealed:
    coordinator = sign_in("coordinator")
    lead = sign_in("adviser", "PLACE")
    client = sign_in("adviser", "APEAS")
    person = enter_person(client, "Fictif")
    parcours = open_parcours(client, person, entered_on="2009-02-01")
    ended = open_parcours(client, person, entered_on="2009-02-01")
    send(client, client.get(f"/parcours/{ended}/sortie"), exited_on=SEALED, outcome="CRE")
    noted(client, SEALED, parcours)
    session = held(client, SEALED).location
    send(client, client.get(session), "/presences", present=[person.rsplit("/", 1)[-1]])
    with app.app_context():
        act = db.session.scalars(select(Act).where(Act.type_code == "CSL1")).one()
        address = f"/actes/{act.public_id}"
        seal()
    return Sealed(client, lead, coordinator, parcours, ended, address, session, person)


def noted(client: FlaskClient, day: str, parcours: str = "", **more: str) -> TestResponse:
    said = {"done_on": day, "type": "CSL1", "parcours": parcours, "minutes": "60", **more}
    return send(client, client.get("/actes/nouveau"), **said)


def held(client: FlaskClient, day: str) -> TestResponse:
    page = client.get("/seances/nouvelle")
    return send(client, page, title="Atelier", type="COL1", minutes="3h", done_on=day)


def test_an_act_is_recorded_in_the_open_quarter_alone(sealed: Sealed, count: Count) -> None:
    refused = noted(sealed.client, SEALED, sealed.parcours, note="Ce que j’écrivais")
    is_refused(refused)
    assert "Ce que j’écrivais" in refused.text
    assert f"/corrections/oubli?jour={SEALED}" in refused.text
    home = sealed.client.get("/")
    is_refused(send(sealed.client, home, done_on=SEALED, type="CSL1", minutes="60"))
    assert count(Act) == 2
    assert noted(sealed.client, OPEN, sealed.parcours).status_code == 302
    assert count(Act) == 3


def test_of_an_act_the_note_alone_changes(sealed: Sealed, app: Flask) -> None:
    page = sealed.client.get(f"{sealed.act}/corriger")
    for said in ({"minutes": "90"}, {"type": "CSL2"}, {"done_on": OPEN}, {"parcours": ""},
                 {"scheme": "DLA"}, {"modality": "T"}, {"anonymous_count": "3"}):  # fmt: skip
        answer = send(sealed.client, page, **said)
        is_refused(answer)
        assert f"/corrections/acte/{sealed.act.rsplit('/', 1)[-1]}" in answer.text
    assert send(sealed.client, page, note="Point d’étape").status_code == 302
    with app.app_context():
        act = db.session.scalars(select(Act).where(Act.type_code == "CSL1")).one()
        assert (act.note, act.minutes, act.version) == ("Point d’étape", 60, 2)
    moved = noted(sealed.client, OPEN).status_code
    assert moved == 302


def test_an_act_of_the_open_quarter_does_not_move_into_the_sealed_one(
    sealed: Sealed, app: Flask
) -> None:
    noted(sealed.client, OPEN)
    with app.app_context():
        act = db.session.scalars(select(Act).where(Act.done_on == dt.date(2009, 4, 15))).one()
        address = f"/actes/{act.public_id}/corriger"
    is_refused(send(sealed.client, sealed.client.get(address), done_on=SEALED))
    assert send(sealed.client, sealed.client.get(address), done_on="2009-04-16").status_code == 302


def test_an_act_or_a_session_is_not_removed_and_that_is_not_offered(
    sealed: Sealed, count: Count
) -> None:
    for address, ending in ((sealed.act, "/annuler"), (sealed.session, "/annuler")):
        page = sealed.client.get(address)
        assert says_sealed_without_advice(page)
        assert "Supprimer" not in page.text
        token = dict(forms_of(page)[0].fields)["csrf_token"]
        gone = sealed.client.post(f"{address}{ending}", data={"csrf_token": token})
        assert says_sealed(sealed.client.get(gone.location))
    assert count(Act) == 2


def says_sealed_without_advice(answer: TestResponse) -> bool:
    return SENTENCE.replace(" Faites une correction.", "") in html.unescape(plain(answer))


def test_a_session_keeps_its_attendance(sealed: Sealed, count: Count) -> None:
    is_refused(held(sealed.client, SEALED))
    page = sealed.client.get(sealed.session)
    assert not [one for one in forms_of(page) if one.action.endswith("/presences") and
                "anonymous_count" in dict(one.fields)]  # fmt: skip
    token = dict(forms_of(page)[0].fields)["csrf_token"]
    answer = sealed.client.post(
        f"{sealed.session}/presences",
        data={"csrf_token": token, "version": "2", "anonymous_count": "5"},
    )
    is_refused(answer)
    assert count(Attendance) == 1
    edit = sealed.client.get(f"{sealed.session}/corriger")
    for said in ({"minutes": "2h"}, {"done_on": OPEN}, {"type": "COL2"}, {"scheme": "DLA"},
                 {"slots": "9h-12h"}):  # fmt: skip
        is_refused(send(sealed.client, edit, **said))
    assert send(sealed.client, edit, title="Autre titre", note="Mot").status_code == 302
    place = held(sealed.client, OPEN).location
    done = send(sealed.client, sealed.client.get(place), "/presences", anonymous_count="5")
    assert done.status_code == 302
    repeated = send(sealed.client, sealed.client.get(sealed.session), "/repeter", times="2")
    assert repeated.status_code in (302, 422)


def test_a_parcours_is_entered_and_ended_in_the_open_quarter_alone(sealed: Sealed) -> None:
    client = sealed.client
    page = client.get(f"/parcours/nouveau?personne={sealed.person.rsplit('/', 1)[-1]}")
    is_refused(send(client, page, title="Projet", entered_on=SEALED))
    # Entered before and going on, it would be in the stock of the sealed report.
    is_refused(send(client, page, title="Projet", entered_on="2008-12-01"))
    assert open_parcours(client, sealed.person, entered_on=OPEN)
    exit_page = client.get(f"/parcours/{sealed.parcours}/sortie")
    is_refused(send(client, exit_page, exited_on="2009-03-31", outcome="CRE"))
    ended = client.get(f"/parcours/{sealed.ended}/sortie")
    for said in ({"outcome": "ABA"}, {"jobs_created": "2"}, {"exited_on": "2009-03-16"},
                 {"exited_on": OPEN}):  # fmt: skip
        is_refused(send(client, ended, **said))
    assert send(client, ended).status_code == 302, "nothing changed"
    is_refused(send(client, client.get(f"/parcours/{sealed.ended}"), "/reouvrir"))
    done = send(client, exit_page, exited_on="2009-06-30", outcome="CRE")
    assert done.status_code == 302
    assert send(client, client.get(f"/parcours/{sealed.parcours}"), "/reouvrir").status_code == 302


def test_a_phase_and_a_stay_are_noted_in_the_open_quarter_alone(sealed: Sealed) -> None:
    client, lead = sealed.client, sealed.lead
    page = client.get(f"/parcours/{sealed.parcours}")
    is_refused(send(client, page, "/phase", phase="FAI", reached_on=SEALED))
    for code in ("FAI", "MON"):
        assert send(client, page, "/phase", phase=code, reached_on=OPEN).status_code == 302
    assert "Annuler l’enregistrement" in client.get(f"/parcours/{sealed.parcours}/historique").text
    is_refused(join_parcours(lead, client, sealed.parcours, joined_on="2009-03-31"))
    assert join_parcours(lead, client, sealed.parcours, joined_on="2009-04-01").status_code == 302
    theirs = lead.get(f"/parcours/{sealed.parcours}")
    assert send(lead, theirs, "/depart", left_on="2009-04-30").status_code == 302


def test_what_was_unknown_at_the_entry_is_completed_no_more(sealed: Sealed, app: Flask) -> None:
    client = sealed.client
    assert "/completer" not in client.get(f"/parcours/{sealed.parcours}").text
    page = client.get(f"/parcours/{sealed.parcours}/completer")
    is_refused(send(client, page, entry_sector_code="AGR"))
    with app.app_context():
        found = db.session.scalars(select(Parcours.entry_sector_code)).all()
        assert found == [None, None]
    fresh = open_parcours(client, sealed.person, entered_on=OPEN)
    page = client.get(f"/parcours/{fresh}/completer")
    assert send(client, page, entry_sector_code="AGR").status_code == 302


def test_a_week_across_the_border_changes_in_its_open_days(sealed: Sealed, app: Flask) -> None:
    client, address = sealed.client, f"/ma-semaine?semaine={week_name(BORDER)}"
    noted(client, "2009-04-02")
    page = client.get(address)
    fields = dict(next(one for one in forms_of(page) if "/ma-semaine" in one.action).fields)
    for day in (0, 1, 4):
        # From Thursday, in April, to another day of the same week.
        cell = f"lines-0-days-{day}"
        names = ("act", "version", "was", "minutes")
        moved = {f"lines-0-days-3-{name}": "" for name in names}
        moved |= {f"{cell}-{name}": fields[f"lines-0-days-3-{name}"] for name in names}
        answer = send(client, page, "/ma-semaine", **moved)
        is_refused(answer) if day < 2 else None
        assert answer.status_code == (422 if day < 2 else 302), day
    page = client.get(address)
    is_refused(send(client, page, "/ma-semaine", added_0_type="PAR1",
                    added_0_days_0_minutes="60", added_0_days_2_minutes="30"))  # fmt: skip
    assert send(client, page, "/ma-semaine", added_0_type="PAR1",
                added_0_days_2_minutes="30").status_code == 302  # fmt: skip
    with app.app_context():
        days = db.session.scalars(select(Act.done_on).where(Act.type_code == "PAR1")).all()
        assert days == [dt.date(2009, 4, 1)]


def test_a_series_does_not_reach_into_the_quarter(sealed: Sealed, count: Count) -> None:
    client = sealed.client
    page = client.get(f"/actes/serie?type=CSL1&parcours={sealed.parcours}")
    seen = send(client, page, minutes="60", every="semaine", done_on="2009-03-25",
                until="2009-04-08")  # fmt: skip
    days = re.findall(r'name="days"[^>]*value="([^"]+)"', seen.text)
    assert days
    is_refused(send(client, seen, days=days))
    assert count(Act) == 2
    assert send(client, seen, days=[day for day in days if day > "2009-03-31"]).status_code in (
        200, 302,
    )  # fmt: skip
    assert count(Act) == 4


def test_undoing_is_not_offered_and_is_refused(sealed: Sealed, app: Flask, count: Count) -> None:
    """What was recorded before the seal stays; what was recorded after goes."""
    client = sealed.client
    history = client.get(f"{sealed.act}/historique")
    assert "/annuler" not in history.text
    assert "Revenir" not in history.text
    past = client.get(f"/parcours/{sealed.ended}/historique")
    assert "Annuler l’enregistrement" not in past.text
    token = dict(forms_of(client.get("/"))[0].fields)["csrf_token"]
    with app.app_context():
        operations = set(db.session.scalars(select(Change.operation).where(
            Change.noun.in_(["acts", "parcours", "attendances"]))))  # fmt: skip
    for operation in operations:
        answer = client.post("/annuler", data={"csrf_token": token, "operation": str(operation)})
        assert says_sealed(client.get(answer.location)), operation
    assert count(Act) == 2
    noted(client, OPEN)
    done = client.get("/")
    assert "Annuler l’enregistrement" in done.text
    assert client.post("/annuler", data={
        "csrf_token": token,
        "operation": dict(next(one for one in forms_of(done) if one.action == "/annuler").fields)[
            "operation"
        ],
    }).status_code == 302  # fmt: skip
    assert count(Act) == 2


def test_a_quarter_sealed_while_one_writes_is_told_the_same(
    sealed: Sealed, count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check saw no seal; the database did, and nothing typed is lost."""
    monkeypatch.setattr("ramsess.actions.sealed.sealed_periods", lambda _session: [])
    refused = noted(sealed.client, SEALED, note="Ce que j’écrivais")
    is_refused(refused)
    assert "Ce que j’écrivais" in refused.text
    page = sealed.client.get(f"/ma-semaine?semaine={week_name(BORDER)}")
    is_refused(send(sealed.client, page, "/ma-semaine", added_0_type="PAR1",
                    added_0_days_0_minutes="60", added_0_days_2_minutes="30"))  # fmt: skip
    assert count(Act) == 2


def test_a_plan_made_since_plans_nothing_in_the_quarter(sealed: Sealed, app: Flask) -> None:
    with app.app_context():
        parcours = db.session.scalars(
            select(Parcours).where(Parcours.reference == sealed.parcours)
        ).one()
        db.session.execute(
            db.text(
                "INSERT INTO diagnostics (parcours_id, number, opened_on, contributed_on, "
                "validated_on, synthesis, wording, beneficiary_agreed_on, beneficiary_manner_code, "
                "version) SELECT :id, 1, DATE '2009-04-02', DATE '2009-04-02', DATE '2009-04-02', "
                "'', 1, DATE '2009-04-02', min(code), 1 FROM agreement_manners"
            ),
            {"id": parcours.id},
        )
        db.session.execute(
            db.text(
                "INSERT INTO plans (parcours_id, diagnostic_id, number, opened_on, reason, version)"
                " SELECT parcours_id, id, 1, '2009-04-02', '', 1 FROM diagnostics"
            )
        )
        db.session.commit()
        plan = db.session.scalars(select(Plan)).one().public_id
    client = sealed.client
    page = client.get(f"/plans/{plan}/actions")
    said = {"objective": "But", "planned_acts": "1", "planned_hours": "1"}
    fields = {name for one in forms_of(page) for name, _ in one.fields}
    said = {name: value for name, value in said.items() if name in fields}
    is_refused(send(client, page, **said, due_on=SEALED))
    assert send(client, page, **said, due_on=OPEN).status_code == 302
    with app.app_context():
        action = db.session.scalars(select(PlanAction)).one()
        assert action.due_on == dt.date(2009, 4, 15)
