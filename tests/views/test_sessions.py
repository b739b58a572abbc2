"""Collective sessions on the pages: hold, attendance, co-animation."""

from __future__ import annotations

import re

from flask import Flask

from ramsess.database import db
from ramsess.models import Act, Attendance
from tests.conftest import SignIn
from tests.pages import cells_of, send
from tests.views.conftest import Count, days_ago, enter_person, open_parcours


def hold(client, **more: str):  # type: ignore[no-untyped-def]
    said = {"title": "Atelier statuts", "type": "COL1", "minutes": "3h", **more}
    return send(client, client.get("/seances/nouvelle"), **said)


def test_a_session_is_held_and_attendance_noted(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    one = enter_person(client, "Fictif")
    open_parcours(client, one)
    enter_person(client, "Inventée", "Léa")
    place = hold(client).location
    page = client.get(place)
    assert "Fictif Zoé" in page.text
    assert "Inventée Léa" not in page.text
    noted = send(
        client,
        page,
        "/presences",
        present=[one.rsplit("/", 1)[-1]],
        added="inventee lea",
        anonymous_count="3",
    )
    assert noted.status_code == 302
    with app.app_context():
        held = db.session.query(Act).one().group_session
        assert held
        assert {person.last_name for person in held.participants} == {"Fictif", "Inventée"}
        assert held.anonymous_count == 3
    page = client.get("/seances")
    assert (cells_of(page, "Présent·es"), cells_of(page, "Anonymes")) == (["2"], ["3"])
    less = send(client, client.get(place), "/presences", present=[], anonymous_count="0")
    assert less.status_code == 302
    with app.app_context():
        assert db.session.query(Attendance).count() == 0


def test_somebody_unknown_is_refused_and_the_ticks_stay(sign_in: SignIn, count: Count) -> None:
    client = sign_in("adviser", "APEAS")
    one = enter_person(client, "Fictif")
    open_parcours(client, one)
    page = client.get(hold(client).location)
    answer = send(
        client, page, "/presences", present=[one.rsplit("/", 1)[-1]], added="Personne Inconnue"
    )
    assert answer.status_code == 422
    assert "personne de ce nom" in answer.text
    assert f'value="{one.rsplit("/", 1)[-1]}" checked' in answer.text
    assert count(Attendance) == 0


def test_a_session_held_by_two_structures_is_one_session(app: Flask, sign_in: SignIn) -> None:
    other = sign_in("adviser", "PLACE")
    client = sign_in("adviser", "APEAS")
    page = client.get("/seances/nouvelle")
    post = re.search(r'value="(\d+:\d+)">Place — Ana', page.text)
    assert post
    place = send(
        client, page, title="Atelier", type="COL1", minutes="2h", others_0_post=post[1]
    ).location
    with app.app_context():
        act = db.session.query(Act).one()
        assert [share.minutes for share in act.shares] == [120, 120]
        assert act.group_session
        assert len(act.group_session.hosts) == 2
    theirs = other.get(place)
    assert theirs.status_code == 200
    assert "Supprimer la séance" not in theirs.text
    assert send(other, theirs, "/presences", anonymous_count="4").status_code == 302
    send(client, client.get(place), "/presences", anonymous_count="5")
    with app.app_context():
        held = db.session.query(Act).one().group_session
        assert held
        assert held.anonymous_count == 9
    corrected = send(client, client.get(f"{place}/corriger"), title="Atelier corrigé")
    assert corrected.status_code == 302
    with app.app_context():
        act = db.session.query(Act).one()
        assert len(act.shares) == 2
        assert act.group_session
        assert act.group_session.anonymous_count == 9


def test_the_second_of_two_who_correct_is_told(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    page = client.get(f"{hold(client).location}/corriger")
    assert send(client, page, title="La première").status_code == 302
    told = send(client, page, title="La seconde")
    assert told.status_code == 409
    assert "La première" in told.text
    assert "La seconde" in told.text


def test_a_refusal_holds_nothing(sign_in: SignIn, count: Count) -> None:
    client = sign_in("adviser", "APEAS")
    for said, message in (
        ({"title": ""}, "Donnez un intitulé"),
        ({"done_on": days_ago(-800)}, "dans le futur"),
        ({"slots": "le matin"}, "Tranche illisible"),
        ({"slots": "9h-25h"}, "n’existe pas"),
        ({"slots": "12h-9h"}, "finit avant"),
        ({"slots": "9h-12h ; 11h-13h"}, "se chevauchent"),
        ({"slots": ";".join(f"{n}h-{n}h30" for n in range(9, 18))}, "8 tranches"),
        ({"minutes": "25h"}, "24 heures"),
        ({"type": "CSL1"}, "choix"),
        ({"commune": "Trifouillis"}, "Commune inconnue"),
    ):
        answer = hold(client, **said)
        assert answer.status_code == 422
        assert message in answer.text
    assert count(Act) == 0


def test_sent_twice_it_is_held_once_and_it_can_be_undone(sign_in: SignIn, count: Count) -> None:
    client = sign_in("adviser", "APEAS")
    page = client.get("/seances/nouvelle")
    first = send(client, page, title="Atelier", type="COL1")
    assert send(client, page, title="Atelier", type="COL1").location == first.location
    assert count(Act) == 1
    send(client, client.get(first.location), "/annuler")
    assert count(Act) == 0
    assert "Aucune séance pour l’instant" in client.get("/seances").text


def test_a_session_of_another_structure_does_not_exist(sign_in: SignIn) -> None:
    place = hold(sign_in("adviser", "APEAS")).location
    other = sign_in("adviser", "PLACE")
    assert other.get(place).status_code == 404
    assert other.get(f"{place}/corriger").status_code == 404
    assert "Atelier statuts" not in other.get("/seances").text


def test_a_host_who_noted_somebody_is_not_let_go(app: Flask, sign_in: SignIn) -> None:
    other = sign_in("adviser", "PLACE")
    client = sign_in("adviser", "APEAS")
    page = client.get("/seances/nouvelle")
    post = re.search(r'value="(\d+:\d+)">Place — Ana', page.text)
    assert post
    said = {"title": "Atelier", "type": "COL1", "minutes": "2h", "others_0_post": post[1]}
    place = send(client, page, **said).location
    send(other, other.get(place), "/presences", anonymous_count="4")
    refused = send(client, client.get(f"{place}/corriger"), others_0_post="", others_0_minutes="")
    assert "Place a noté des présences" in refused.text
    kept = client.get(send(client, client.get(place), "/annuler").location)
    assert "Place a noté des présences" in kept.text
    send(other, other.get(place), "/presences", anonymous_count="0")
    alone = send(client, client.get(f"{place}/corriger"), others_0_post="", others_0_minutes="")
    assert alone.status_code == 302
    assert other.get(place).status_code == 404


def test_an_animator_there_for_a_part_keeps_her_minutes(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    place = hold(client, minutes="3h").location
    with app.app_context():
        db.session.query(Act).one().shares[0].minutes = 50
        db.session.commit()
    send(client, client.get(f"{place}/corriger"), title="Atelier corrigé")
    with app.app_context():
        assert db.session.query(Act).one().minutes == 50
    send(client, client.get(f"{place}/corriger"), minutes="2h")
    with app.app_context():
        assert db.session.query(Act).one().minutes == 120
