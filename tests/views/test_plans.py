"""Plans on the pages: from the needs typed to what was done, who is late, what is revised."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from ramsess.database import db
from ramsess.models import Act, Plan, PlanAction
from tests.conftest import SignIn
from tests.pages import form_of, send
from tests.security.together import ACTION, PLAN, tick_all
from tests.views.conftest import Count, days_ago, enter_person, join_parcours, open_parcours
from tests.views.test_diagnostics import Pair


@pytest.fixture
def pair(app: Flask, sign_in: SignIn) -> Pair:
    """A validated diagnostic, and no plan yet."""
    apeas, place = sign_in("adviser", "APEAS"), sign_in("adviser", "PLACE")
    reference = open_parcours(apeas, enter_person(apeas, "Fictif"))
    join_parcours(place, apeas, reference)
    made = Pair(app, apeas, place, reference)
    made.open()
    made.validate()
    return made


def address(pair: Pair) -> str:
    return f"/parcours/{pair.reference}/plan"


def actions(client: FlaskClient, pair: Pair) -> list[str]:
    """The addresses of the actions, in the order of the page."""
    return list(dict.fromkeys(ACTION.findall(client.get(address(pair)).text)))


def test_the_needs_typed_become_actions_and_a_plan_is_drawn_up_once(
    pair: Pair, count: Count
) -> None:
    page = pair.place.get(address(pair))
    for need in ("Un prévisionnel", "Un local"):
        assert need in page.text
    refused = send(pair.place, page, due_on="le 31 février")
    assert refused.status_code == 422
    assert "Un prévisionnel" in refused.text
    needs = re.findall(r'name="needs" value="(.*?)"', page.text)
    fields = {**dict(form_of(page).fields), "needs": needs}
    for _ in range(2):
        assert pair.place.post(address(pair), data=fields).status_code == 302
    assert (count(Plan), count(PlanAction)) == (1, 2)
    with pair.app.app_context():
        made = {one.objective: one for one in db.session.query(PlanAction)}
        assert made["Un local"].axis_code == "ECO"
        assert made["Un local"].structure.code == "PLACE"
    text = pair.apeas.get(address(pair)).text
    assert "0\xa0acte sur 1\xa0prévu" in text
    added = send(
        pair.apeas, pair.apeas.get(f"{PLAN.findall(text)[0]}/actions"),
        objective="Trouver <b>deux</b> prêts", planned_acts="3", planned_minutes="4h30",
        type="CSL5",
    )  # fmt: skip
    assert added.status_code == 302
    assert "Trouver &lt;b&gt;deux&lt;/b&gt; prêts" in pair.place.get(address(pair)).text


def test_without_a_validated_diagnostic_there_is_no_plan(sign_in: SignIn, count: Count) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"))
    page = client.get(f"/parcours/{reference}/plan")
    assert "Le plan suit un diagnostic validé" in page.text
    token = dict(form_of(client.get("/")).fields)["csrf_token"]
    sent = client.post(
        f"/parcours/{reference}/plan", data={"csrf_token": token, "due_on": days_ago(0)}
    )
    assert sent.status_code == 422
    assert count(Plan) == 0


def test_acts_done_for_an_action_show_its_progress(pair: Pair, app: Flask) -> None:
    tick_all(pair.apeas, address(pair), "needs")
    first = actions(pair.apeas, pair)[0]
    link = re.search(r'/actes/nouveau\?[^"]*action=\d+[^"]*', pair.apeas.get(address(pair)).text)
    assert link
    form = pair.apeas.get(link[0].replace("&amp;", "&"))
    chosen = dict(form_of(form).fields)["plan_action"]
    assert chosen
    assert send(pair.apeas, form, type="CSL3", minutes="45").status_code == 302
    # Another structure's act counts too, whoever answers for the action.
    form = pair.place.get(f"/actes/nouveau?parcours={pair.reference}")
    assert dict(form_of(form).fields)["plan_action"] == ""
    assert send(pair.place, form, type="CSL3", minutes="30", plan_action=chosen).status_code == 302
    for client in (pair.apeas, pair.place):
        text = client.get(address(pair)).text
        assert "2\xa0actes sur 1\xa0prévu, 1\xa0h\xa015" in text
        assert "en cours" in text
    # The form without a parcours keeps its few fields.
    assert "plan_action" not in pair.apeas.get("/actes/nouveau").text
    with app.app_context():
        act = next(one for one in db.session.query(Act) if one.minutes == 45)
        page = f"/actes/{act.public_id}"
    assert "Action du plan" in pair.apeas.get(page).text
    # Done, it is offered no more; the act that carried it out keeps it.
    done = send(pair.apeas, pair.apeas.get(f"{first}/corriger"), state="done")
    assert done.status_code == 302
    fields = dict(form_of(pair.apeas.get(f"{page}/corriger")).fields)
    assert fields["plan_action"] == chosen
    assert send(pair.apeas, pair.apeas.get(f"{page}/corriger"), note="relu").status_code == 302
    refused = send(pair.place, form, type="CSL3", minutes="31", plan_action=chosen)
    assert refused.status_code == 422
    assert "Not a valid choice" not in refused.text
    # An act that leaves the parcours leaves its plan.
    other = open_parcours(pair.apeas, enter_person(pair.apeas, "Inventée", "Léa"))
    moved = pair.apeas.get(f"{page}/corriger")
    assert send(pair.apeas, moved, parcours=other).status_code == 422
    assert send(pair.apeas, moved, parcours=other, plan_action="").status_code == 302
    assert "1\xa0acte sur 1\xa0prévu" in pair.apeas.get(address(pair)).text


def test_a_late_action_shows_to_whom_answers_for_it(pair: Pair) -> None:
    tick_all(pair.apeas, address(pair), "needs")
    assert "Actions en retard" not in pair.place.get("/").text
    theirs = next(
        one
        for one in actions(pair.place, pair)
        if "Un local" in pair.place.get(f"{one}/corriger").text
    )
    send(pair.apeas, pair.apeas.get(f"{theirs}/corriger"), due_on=days_ago(1))
    assert "Actions en retard" in pair.place.get("/").text
    assert "Actions en retard" not in pair.apeas.get("/").text
    assert "en retard" in pair.place.get("/echeances").text
    assert "Un prévisionnel" in pair.apeas.get("/echeances").text
    today = send(pair.apeas, pair.apeas.get(f"{theirs}/corriger"), due_on=days_ago(0))
    assert today.status_code == 302
    assert "Actions en retard" not in pair.place.get("/").text
    send(pair.apeas, pair.apeas.get(f"{theirs}/corriger"), due_on=days_ago(1), state="dropped")
    assert "Actions en retard" not in pair.place.get("/").text
    assert "abandonnée le" in pair.place.get(address(pair)).text


def test_two_who_change_an_action_are_told(pair: Pair) -> None:
    tick_all(pair.apeas, address(pair), "needs")
    first = actions(pair.apeas, pair)[0]
    page, board = pair.apeas.get(f"{first}/corriger"), pair.apeas.get(address(pair))
    send(pair.place, pair.place.get(f"{first}/corriger"), objective="Celui de Place")
    told = send(pair.apeas, page, objective="Celui d’APEAS")
    assert told.status_code == 409
    assert "Celui de Place" in told.text
    assert "Celui d’APEAS" in told.text
    assert send(pair.apeas, board, f"{first}/etat").status_code == 409
    assert send(pair.apeas, told, objective="Celui des deux").status_code == 302
    for wrong in (
        {"objective": ""}, {"objective": "x" * 501}, {"due_on": "0001-01-01"},
        {"planned_acts": "-1"}, {"planned_minutes": "beaucoup"}, {"structure": "999999"},
        {"state": "done", "closed_on": "2999-01-01"},
    ):  # fmt: skip
        page = pair.apeas.get(f"{first}/corriger")
        assert send(pair.apeas, page, **wrong).status_code == 422, wrong


def test_a_revision_carries_the_actions_over_with_what_was_done(pair: Pair) -> None:
    tick_all(pair.apeas, address(pair), "needs")
    text = pair.apeas.get(address(pair)).text
    before, chosen = PLAN.findall(text)[0], re.findall(r"action=(\d+)", text)[0]
    form = pair.apeas.get(f"/actes/nouveau?parcours={pair.reference}&action={chosen}")
    send(pair.apeas, form, type="CSL3", minutes="45")
    page = pair.apeas.get(f"{before}/reviser")
    assert (
        send(pair.place, pair.place.get(f"{before}/reviser"), reason="Vu à deux").status_code == 302
    )
    told = send(pair.apeas, page, reason="Vu seule")
    assert told.status_code == 409
    assert "Quelqu’un a déjà révisé ce plan" in told.text
    text = pair.apeas.get(address(pair)).text
    after = [one for one in dict.fromkeys(PLAN.findall(text)) if one != before]
    assert after
    assert "Vu à deux" in text
    assert "version 2" in text
    assert "1\xa0acte sur 1\xa0prévu" in text
    assert f"action={chosen}" in text
    old = pair.apeas.get(before).text
    assert "Cette version ne change plus" in old
    assert "Marquer faite" not in old
    # The superseded version takes nothing more, even by an address kept.
    refused = send(pair.apeas, pair.apeas.get(f"{before}/actions"), objective="Trop tard")
    assert "remplacée" in refused.text
    form = pair.apeas.get(f"/actes/nouveau?parcours={pair.reference}&action={chosen}")
    assert dict(form_of(form).fields)["plan_action"] == chosen
    send(pair.apeas, form, type="CSL3", minutes="15")
    assert "2\xa0actes sur 1\xa0prévu, 1\xa0h" in pair.apeas.get(address(pair)).text


def test_the_document_has_a_place_to_sign_for_everybody(pair: Pair) -> None:
    tick_all(pair.apeas, address(pair), "needs")
    text = pair.apeas.get(address(pair)).text
    plan = PLAN.findall(text)[0]
    send(
        pair.apeas, pair.apeas.get(f"{plan}/actions"),
        objective="L’œuvre « naîtra » à Noël ; " + "é" * 400,
    )  # fmt: skip
    answer = pair.place.get(f"{plan}/plan.pdf")
    reader = pypdf.PdfReader(io.BytesIO(answer.data))
    said = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for part in ("Signatures", "Zoé Fictif, le", "APEAS, le", "Place, le", "Un local", "Noël"):
        assert part in said, part
    assert said.count("é") > 400
