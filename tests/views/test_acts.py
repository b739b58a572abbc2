"""Acts on the pages: record, correct, duplicate, undo, and what goes wrong."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask

from ramsess.database import db
from ramsess.models import Act, ActType
from tests.conftest import SignIn
from tests.pages import send
from tests.views.conftest import Count, days_ago, enter_person, open_parcours


def test_an_act_is_recorded_from_the_home_page(sign_in: SignIn, count: Count) -> None:
    client = sign_in("adviser", "APEAS")
    done = send(client, client.get("/"), type="ACC1", minutes="45", note="Un mot")
    page = client.get(done.location)
    assert "Acte enregistré." in page.text
    assert "Annuler l’enregistrement" in page.text
    assert "45\u00a0min" in page.text
    assert count(Act) == 1


def test_without_duration_the_usual_one_of_the_type_is_kept(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    send(client, client.get("/"), type="DIA2")
    with app.app_context():
        act = db.session.query(Act).one()
        assert act.minutes == act.type.usual_minutes


@pytest.mark.parametrize(
    ("typed", "minutes"), [("90", 90), ("1h30", 90), ("1:30", 90), ("2 h", 120), ("45 min", 45)]
)
def test_a_duration_is_typed_as_people_say_it(
    app: Flask, sign_in: SignIn, typed: str, minutes: int
) -> None:
    client = sign_in("adviser", "APEAS")
    send(client, client.get("/"), type="CSL1", minutes=typed)
    with app.app_context():
        assert db.session.query(Act).one().minutes == minutes


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("done_on", days_ago(-2), "Cette date est dans le futur."),
        ("done_on", "1989-12-31", "Cette date est antérieure à 1990."),
        ("done_on", "", "Indiquez une date."),
        ("done_on", "hier", "valide"),
        ("minutes", "0", "La durée doit être d’au moins une minute."),
        ("minutes", "24h01", "La durée dépasse 24 heures."),
        ("minutes", "une heure", "Durée illisible"),
        ("parcours", "P-2009-9999", "Aucun de vos parcours"),
        ("type", "XYZ9", "choix"),
    ],
)
def test_a_refusal_says_why_and_loses_nothing(
    sign_in: SignIn, count: Count, field: str, value: str, message: str
) -> None:
    client = sign_in("adviser", "APEAS")
    answer = send(client, client.get("/"), **{"note": "Un long texte écrit à 18 h", field: value})
    assert answer.status_code == 422
    assert message in answer.text
    assert "Un long texte écrit à 18 h" in answer.text
    assert count(Act) == 0


def test_a_form_sent_twice_records_once(sign_in: SignIn, count: Count) -> None:
    client = sign_in("adviser", "APEAS")
    page = client.get("/")
    assert send(client, page, type="CSL1").status_code == 302
    assert send(client, page, type="CSL1").status_code == 302
    assert count(Act) == 1


def test_undo(sign_in: SignIn, count: Count) -> None:
    client = sign_in("adviser", "APEAS")
    done = send(client, client.get("/"), type="CSL1")
    assert send(client, client.get(done.location), "/annuler").status_code == 302
    assert count(Act) == 0


def test_an_act_is_corrected_with_everything_that_can_be_said(app: Flask, sign_in: SignIn) -> None:
    sign_in("adviser", "PLACE", email="bob@demo.example")
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"))
    send(client, client.get("/"), type="CSL1", parcours=reference)
    with app.app_context():
        address = f"/actes/{db.session.query(Act).one().public_id}"
    page = client.get(f"{address}/corriger?retour=parcours")
    assert reference in page.text
    place = re.search(r'value="(\d+:\d+)">Place — Ana', page.text)
    assert place
    done = send(
        client,
        page,
        type="DIA2",
        minutes="2h",
        commune="Aubagne",
        modality="P",
        others_0_post=place[1],
        others_0_minutes="1h30",
    )
    assert done.location == f"/parcours/{reference}"
    assert "Réunion de diagnostic partagé" in client.get(done.location).text
    with app.app_context():
        act = db.session.query(Act).one()
        assert [share.minutes for share in act.shares] == [120, 90]
        assert {share.structure.code for share in act.shares} == {"APEAS", "PLACE"}
        assert (act.type_code, act.commune_code, act.modality_code) == ("DIA2", "13005", "P")
    shown = client.get(address).text
    assert "Aubagne" in shown
    assert "1\u00a0h\u00a030" in shown


def test_the_second_of_two_who_correct_is_told(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    send(client, client.get("/"), type="CSL1", note="au début")
    with app.app_context():
        address = f"/actes/{db.session.query(Act).one().public_id}/corriger"
    page = client.get(address)
    assert send(client, page, note="la première").status_code == 302
    told = send(client, page, note="la seconde")
    assert told.status_code == 409
    assert "la première" in told.text
    assert "la seconde" in told.text
    assert send(client, told, note="les deux").status_code == 302
    with app.app_context():
        assert db.session.query(Act).one().note == "les deux"


def test_more_colleagues_than_the_form_has_lines_are_kept(app: Flask, sign_in: SignIn) -> None:
    for number in range(25):
        sign_in("adviser", "APEAS", email=f"collegue{number}@demo.example")
    client = sign_in("adviser", "APEAS")
    send(client, client.get("/"), type="PAR1")
    with app.app_context():
        act = db.session.query(Act).one()
        first = act.shares[0]
        for number, adviser in enumerate(
            db.session.execute(db.text("SELECT id FROM advisers ORDER BY id LIMIT 25")).scalars()
        ):
            db.session.execute(
                db.text(
                    "INSERT INTO act_advisers "
                    "(act_id, adviser_id, structure_id, recorded_by_id, position, minutes) "
                    "VALUES (:act, :adviser, :structure, :structure, :position, 30)"
                ),
                {
                    "act": act.id,
                    "adviser": adviser,
                    "structure": first.structure_id,
                    "position": number + 1,
                },
            )
        db.session.commit()
        address = f"/actes/{act.public_id}/corriger"
    assert send(client, client.get(address), note="relu").status_code == 302
    with app.app_context():
        assert len(db.session.query(Act).one().shares) == 26


def test_a_duplicate_is_a_new_act_of_today(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    send(client, client.get("/"), type="CSL7", minutes="75", done_on=days_ago(9))
    with app.app_context():
        address = f"/actes/{db.session.query(Act).one().public_id}/dupliquer"
    assert send(client, client.get(address), "/nouveau").status_code == 302
    with app.app_context():
        acts = db.session.query(Act).order_by(Act.id).all()
        assert [act.minutes for act in acts] == [75, 75]
        assert (acts[1].done_on - acts[0].done_on).days == 9


def test_a_reception_names_a_person_or_counts_the_anonymous(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    enter_person(client, "Fictif", birth_date="1980-05-04")
    done = send(
        client,
        client.get("/actes/nouveau"),
        type="ACC1",
        people="fictif zoe (1980)",
        anonymous_count="2",
    )
    assert done.status_code == 302
    with app.app_context():
        act = db.session.query(Act).one()
        assert act.anonymous_count == 2
        assert act.people[0].age == (act.done_on.year - 1980) - (
            (act.done_on.month, act.done_on.day) < (5, 4)
        )


def test_an_act_outside_the_involvement_is_refused(sign_in: SignIn, count: Count) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"))
    answer = send(client, client.get("/"), parcours=reference, done_on=days_ago(31))
    assert answer.status_code == 422
    assert "ne prenait pas part à ce parcours" in answer.text
    assert count(Act) == 0


def test_an_act_of_another_structure_does_not_exist(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    send(client, client.get("/"), type="CSL1")
    with app.app_context():
        address = f"/actes/{db.session.query(Act).one().public_id}"
    other = sign_in("adviser", "PLACE")
    for path in (address, f"{address}/corriger", f"{address}/dupliquer"):
        assert other.get(path).status_code == 404


def test_what_was_typed_survives_an_expired_sign_in(sign_in: SignIn, count: Count) -> None:
    client = sign_in("adviser", "APEAS")
    page = client.get("/")
    with client.session_transaction() as cookie:
        signed_in = {name: cookie[name] for name in ("_user_id", "_fresh", "sign_in")}
        cookie.clear()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    kept = send(client, page, note="Un long texte écrit à 18 h")
    assert kept.status_code == 401
    assert "Un long texte écrit à 18 h" in kept.text
    with client.session_transaction() as cookie:
        cookie.update(signed_in)
    assert send(client, kept).status_code == 302
    assert count(Act) == 1


def test_a_form_sent_from_another_site_is_not_offered_again(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "cross-site"
    answer = client.post("/", data={"note": "glissé de l’extérieur"})
    assert answer.status_code == 400
    assert "glissé de l’extérieur" not in answer.text


def test_a_manager_says_who_did_the_act(app: Flask, sign_in: SignIn) -> None:
    sign_in("adviser", "APEAS", email="bob@demo.example")
    client = sign_in("manager", "APEAS")
    assert "Noter un acte" not in client.get("/").text
    page = client.get("/actes/nouveau")
    assert "Qui a fait cet acte" in page.text
    assert "Indiquez qui l’a fait." in send(client, page, type="CSL1").text
    post = re.search(r'value="(\d+:\d+)">APEAS — Ana', page.text)
    assert post
    said = {"others_0_post": post[1], "others_0_minutes": "45"}
    assert send(client, page, type="CSL1", **said).status_code == 302
    with app.app_context():
        assert db.session.query(Act).one().minutes == 45


def test_an_act_of_a_closed_type_is_still_corrected(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    send(client, client.get("/"), type="CSL7", done_on="2009-03-02")
    with app.app_context():
        kind = db.session.get(ActType, "CSL7")
        assert kind
        kind.valid_to = dt.date(2010, 1, 1)
        db.session.commit()
        address = f"/actes/{db.session.query(Act).one().public_id}/corriger"
    try:
        assert "CSL7" not in client.get("/actes/nouveau").text
        assert send(client, client.get(address), note="relu").status_code == 302
    finally:
        with app.app_context():
            kind = db.session.get(ActType, "CSL7")
            assert kind
            kind.valid_to = None
            db.session.commit()
