"""Drafts by their addresses: one's own, for seven days, until the form is recorded."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from ramsess.actions.access import gather
from ramsess.actions.drafts import MOST, drafts_of, forget_old, keep_draft
from ramsess.actions.erasure import erase_person
from ramsess.actions.ledger import Ledger
from ramsess.actions.refusals import RefusedError
from ramsess.actions.retention import put_away
from ramsess.database import db
from ramsess.models import Draft
from ramsess.models.calendar import today
from ramsess.models.draft import LONGEST
from tests.conftest import SignIn, open_account
from tests.counting.builder import Network
from tests.pages import form_of
from tests.security.audited import sign_in_more

NOTE = [["note", "Un texte"], ["type", "CSL1"]]


@pytest.fixture
def ana(sign_in: SignIn) -> FlaskClient:
    return sign_in("adviser", "APEAS")


def post(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    token = dict(form_of(client.get("/")).fields)["csrf_token"]
    return client.post(f"/brouillons/{path}", data={"csrf_token": token, **fields})


def keep(client: FlaskClient, form: str = "/actes/nouveau", text: object = NOTE) -> TestResponse:
    return post(client, "garder", form=form, text=json.dumps(text))


def read(client: FlaskClient, *forms: str) -> Any:
    return post(client, "lire", form=list(forms or ["/actes/nouveau"])).json


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Draft).count()


def test_what_is_kept_is_given_back_to_its_author_alone(ana: FlaskClient, app: Flask) -> None:
    bob = sign_in_more(app, "adviser", "PLACE")
    answer = keep(ana, text=[*NOTE, ["csrf_token", "secret"], ["password", "secret"]])
    assert len(answer.json["at"]) == 5
    (draft,) = read(ana)["drafts"]
    assert (draft["form"], draft["fields"]) == ("/actes/nouveau", NOTE)
    assert read(ana, "/")["drafts"] == []
    assert read(bob)["drafts"] == []
    assert read(ana)["key"] == read(ana)["key"] != read(bob)["key"]
    keep(ana, text=[["note", "Un autre"]])
    (draft,) = read(ana)["drafts"]
    assert draft["fields"] == [["note", "Un autre"]]
    assert post(bob, "jeter", form="/actes/nouveau").status_code == 204
    assert count(app) == 1
    assert post(ana, "jeter", form="/actes/nouveau").status_code == 204
    assert count(app) == 0


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("actes", "[]"),
        ("/" + "x" * 200, "[]"),
        ("/", json.dumps([["note", "x" * LONGEST]])),
        ("/", "{}"),
        ("/", "["),
        ("/", '["note"]'),
        ("/", '[["note", 1]]'),
        ("/", '[["note", "\\u0000"]]'),
        ("/", '[["note", "\\ud800"]]'),
        ("/", json.dumps([["a", ""]] * 1001)),
    ],
)
def test_what_no_form_holds_is_not_kept(ana: FlaskClient, app: Flask, form: str, text: str) -> None:
    assert post(ana, "garder", form=form, text=text).status_code == 400
    assert count(app) == 0


def test_a_draft_without_text_is_not_one(ana: FlaskClient) -> None:
    assert post(ana, "garder", form="/").status_code == 400


def test_a_recorded_form_leaves_no_draft(ana: FlaskClient, app: Flask) -> None:
    keep(ana, "/")
    keep(ana, "/actes/nouveau")
    mark = str(uuid.uuid4())
    fields = dict(form_of(ana.get("/")).fields)
    refused = ana.post("/", data={**fields, "draft": mark, "minutes": "illisible"})
    assert refused.status_code == 422
    assert count(app) == 2
    answer = ana.post("/", data={**fields, "draft": mark})
    assert answer.status_code == 302
    assert f"enregistre={mark}" in answer.headers["Set-Cookie"]
    assert [one["form"] for one in read(ana, "/", "/actes/nouveau")["drafts"]] == ["/actes/nouveau"]
    # The same form, sent again by the script that waited for the network.
    again = ana.post("/", data={**fields, "draft": mark})
    assert again.location == answer.location
    strange = ana.post("/", data={**fields, "note": "Autre", "draft": "x"})
    assert strange.status_code == 302
    assert "enregistre=" not in str(strange.headers.getlist("Set-Cookie"))


def test_drafts_last_seven_days_and_are_few(session: Session) -> None:
    ana = open_account(session, "adviser", "APEAS")
    for number in range(MOST + 2):
        keep_draft(session, ana, f"/{number}", [("note", "x")])
        session.execute(
            update(Draft)
            .where(Draft.form == f"/{number}")
            .values(updated_at=func.now() - func.make_interval(0, 0, 0, 0, MOST - number))
        )
    kept = set(session.scalars(select(Draft.form)))
    assert len(kept) == MOST
    assert "/0" not in kept
    session.execute(
        update(Draft)
        .where(Draft.form.in_(["/5", "/6"]))
        .values(updated_at=func.now() - func.make_interval(0, 0, 0, 7))
    )
    assert not drafts_of(session, ana, ["/5", "/6"])
    assert forget_old(session) == 2
    with pytest.raises(RefusedError):
        keep_draft(session, ana, "", [])


def test_drafts_go_with_their_account(session: Session) -> None:
    ana = open_account(session, "coordinator")
    keep_draft(session, ana, "/", [("note", "x")])
    session.delete(ana)
    session.flush()
    assert session.query(Draft).count() == 0


@pytest.fixture
def house(session: Session) -> dict[str, Any]:
    """A person with a name, on a parcours with an act; drafts about her, or not."""
    network = Network(session)
    ana = open_account(session, "adviser", "APEAS")
    her, other = network.person(), network.person()
    her.last_name, her.first_name = "Mirageon", "Solène"
    other.last_name, other.first_name = "Fontinventée", "Éloïse"
    parcours = network.parcours(her, other)
    act = network.act("2009-03-02", parcours=parcours)
    for form, text in (
        ("/actes/nouveau", "Vu MIRAGEON ce matin"),
        ("/", "statuts 1h @" + parcours.reference),
        (f"/parcours/{parcours.reference}/messages", "À relire"),
        (f"/actes/{act.public_id}/corriger", "Corrigé"),
        (f"/personnes/{her.public_id}/corriger", "06"),
        ("/seances/nouvelle", "Rien sur elle"),
        ("/ressources/nouvelle", "Mirageonnerie, une fiche"),
    ):
        keep_draft(session, ana, form, [("note", text)])
    session.commit()
    return {"her": her, "other": other, "account": ana}


@pytest.mark.parametrize("away", [False, True])
def test_who_is_erased_leaves_no_draft(
    session: Session, house: dict[str, Any], tmp_path: Path, away: bool
) -> None:
    if away:
        put_away(session, house["her"], day=today())
    else:
        erase_person(session, house["her"], ledger=Ledger(tmp_path))
    session.commit()
    forms = set(session.scalars(select(Draft.form)))
    assert forms == {"/seances/nouvelle", "/ressources/nouvelle"}


def test_her_drafts_are_in_what_is_held_on_her(session: Session, house: dict[str, Any]) -> None:
    keep_draft(session, house["account"], "/x", [("note", "Mirageon avec Fontinventée")])
    told = gather(session, house["her"]).records["drafts"]
    assert len(told) == 6
    assert "Vu MIRAGEON ce matin" in str(told)
    assert "Fontinventée" not in str(told)
    assert "account_id" not in told[0]
    assert "Mirageonnerie" not in str(told)
