"""Possible duplicates, on the pages: asked when entering, settled side by side, matched blindly."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ramsess.actions.duplicates import search_duplicates
from ramsess.database import db
from ramsess.models import Beneficiary, DuplicatePair
from ramsess.models.calendar import today
from tests.conftest import SignIn
from tests.pages import form_of, send
from tests.views.conftest import Count, enter_person, open_parcours

PAGE = "/doublons"


def look(app: Flask) -> None:
    """What the command does every night."""
    with app.app_context():
        search_duplicates(db.session())
        db.session.commit()
        db.session.remove()


def entered(client: FlaskClient, last: str, first: str = "Zoé", **more: str) -> str:
    """Enter a person, saying that she is none of those who are near."""
    return enter_person(client, last, first, birth_date="1980-05-04", confirmed="y", **more)


def link(client: FlaskClient, kind: str) -> str:
    found = re.search(rf'href="(/{kind}/[0-9a-f-]{{36}})"', client.get(PAGE).text)
    assert found
    return found[1]


def forget_who_said(app: Flask) -> None:
    """As if both had come by workbooks: nobody was asked."""
    with app.app_context():
        db.session.query(DuplicatePair).delete()
        db.session.commit()
        db.session.remove()


def test_who_enters_somebody_near_is_told_why_and_is_not_asked_again(
    app: Flask, sign_in: SignIn, count: Count
) -> None:
    client = sign_in("adviser", "APEAS")
    enter_person(client, "Dupont", "Zoé", birth_date="1980-05-04", phone="04 00 00 00 00")
    warned = send(
        client,
        client.get("/personnes/nouvelle"),
        last_name="Dupond",
        first_name="Zoe",
        birth_date="1980-05-04",
        phone="0400000000",
    )
    assert warned.status_code == 422
    why = ("noms qui se prononcent pareil", "même prénom", "même date de naissance")
    assert "\u202f; ".join([*why, "même téléphone"]) in warned.text
    assert send(client, warned, confirmed="y").status_code == 302
    assert count(Beneficiary) == 2
    look(app)
    assert "Aucune de vos fiches ne ressemble" in client.get(PAGE).text


def test_two_records_are_compared_and_merged_field_by_field(
    app: Flask, sign_in: SignIn, count: Count
) -> None:
    client, other = sign_in("adviser", "APEAS"), sign_in("adviser", "PLACE")
    first = entered(client, "Dupont", phone="04 00 00 00 00")
    second = entered(client, "Dupond", email="zoe@demo.example")
    reference = open_parcours(client, second)
    forget_who_said(app)
    look(app)
    listed = client.get(PAGE).text
    assert "Dupont Zoé et Dupond Zoé" in listed
    assert "presque sûr" in listed
    address = link(client, "doublons")
    assert other.get(address).status_code == 404
    shown = client.get(address)
    assert address in client.get(first).text
    odd = send(client, shown, "fusionner", last_name="third")
    assert odd.status_code == 422
    assert "Un choix manque" in odd.text
    assert "noms qui se prononcent pareil" in shown.text
    assert re.search(r"<th scope=\"row\">Parcours</th><td>0</td><td>1</td><td>1</td>", shown.text)
    assert ("email", "second") in form_of(shown, "fusionner").fields
    merged = send(client, shown, "fusionner", last_name="second")
    assert merged.status_code == 302
    assert merged.location == first
    page = client.get(first).text
    assert "Zoé Dupond" in page
    assert "zoe@demo.example" in page
    assert reference in page
    assert client.get(second).status_code == 404
    assert "Dupond Zoé" in client.get(PAGE).text
    settled = client.get(address)
    assert f'{address}">la défaire' in page
    assert "n’en font plus qu’une" in settled.text
    # Sent again, it is over; nothing is written.
    assert send(client, shown, "fusionner").status_code == 409
    assert count(DuplicatePair) == 1
    # Undone, each has its own again; something that changed since is told instead.
    assert send(client, settled, "defaire").status_code == 302
    assert "zoe@demo.example" in client.get(second).text
    assert reference in client.get(second).text
    assert "zoe@demo.example" not in client.get(first).text
    assert send(client, settled, "defaire").status_code == 409
    assert "deux personnes" in client.get(address).text


def test_a_merge_that_something_touched_since_says_why_it_stays(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("adviser", "APEAS")
    first = entered(client, "Dupont")
    entered(client, "Dupond")
    forget_who_said(app)
    look(app)
    address = link(client, "doublons")
    shown = client.get(address)
    assert send(client, shown, "fusionner", last_name="second").status_code == 302
    send(client, client.get(f"{first}/corriger"), phone="04 11 11 11 11")
    told = send(client, client.get(address), "defaire")
    assert told.status_code == 422
    assert "Depuis, quelqu’un a modifié ou retiré la fiche d’une personne" in told.text
    assert "04 11 11 11 11" in client.get(first).text


def test_what_changed_meanwhile_is_shown_before_merging(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    first = entered(client, "Dupont")
    entered(client, "Dupond")
    forget_who_said(app)
    look(app)
    shown = client.get(link(client, "doublons"))
    send(client, client.get(f"{first}/corriger"), phone="04 11 11 11 11")
    told = send(client, shown, "fusionner")
    assert told.status_code == 409
    assert "04 11 11 11 11" in told.text
    assert send(client, told, "fusionner").status_code == 302


def test_two_people_are_told_apart_once(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager", "APEAS")
    entered(client, "Dupont")
    entered(client, "Dupond")
    forget_who_said(app)
    look(app)
    address = link(client, "doublons")
    shown = client.get(address)
    assert send(client, shown, "distinctes").status_code == 302
    assert "deux personnes" in client.get(address).text
    assert send(client, shown, "distinctes").status_code == 409
    look(app)
    assert "Aucune de vos fiches ne ressemble" in client.get(PAGE).text


@pytest.fixture
def two_sides(app: Flask, sign_in: SignIn) -> tuple[FlaskClient, FlaskClient, str, str]:
    """APEAS and PLACE each know her, under names that sound alike; both are told."""
    apeas, place = sign_in("adviser", "APEAS"), sign_in("adviser", "PLACE")
    mine = entered(apeas, "Dupont", phone="04 00 00 00 00", situation="SAL")
    theirs = entered(place, "Dupond", email="secrete@demo.example", situation="ETU")
    look(app)
    return apeas, place, mine, theirs


def test_each_side_confirms_for_its_own_record_and_sees_no_other(
    two_sides: tuple[FlaskClient, FlaskClient, str, str],
) -> None:
    apeas, place, mine, theirs = two_sides
    assert "1 personne que connaît peut-être une autre structure" in apeas.get("/").text.replace(
        "\xa0", " "
    )
    listed = apeas.get(PAGE).text
    assert "nom et prénom pareils ou proches" in listed
    assert "même date de naissance" in listed
    address = link(apeas, "rapprochements")
    shown = apeas.get(address)
    for page in (listed, shown.text):
        for secret in ("Dupond", "secrete", "PLACE", "Étudiant"):
            assert secret not in page
    assert apeas.get(address.replace("rapprochements", "doublons")).status_code == 404
    refused = send(apeas, shown, consent_on="")
    assert refused.status_code == 422
    assert "Sans l’accord de la personne" in refused.text
    assert send(apeas, shown, consent_on=today().isoformat()).location == PAGE
    assert "attend l’autre structure" in apeas.get(PAGE).text
    assert send(apeas, shown, consent_on=today().isoformat()).status_code == 409
    assert place.get(mine).status_code == apeas.get(theirs).status_code == 404
    done = send(place, place.get(address), consent_on=today().isoformat())
    assert done.status_code == 302
    assert done.location == mine
    for client in (apeas, place):
        page = client.get(mine).text
        assert "Zoé Dupont" in page
        assert "04 00 00 00 00" in page
        assert "secrete@demo.example" in page
        assert "Salarié" in page
        assert "Fusionnées" in client.get(PAGE).text
        assert client.get(address).status_code == 404
    assert place.get(theirs).status_code == 404


def test_one_side_refusing_ends_it_and_tells_nothing(
    app: Flask, two_sides: tuple[FlaskClient, FlaskClient, str, str]
) -> None:
    apeas, place, *_ = two_sides
    address = link(apeas, "rapprochements")
    send(apeas, apeas.get(address), consent_on=today().isoformat())
    assert send(place, place.get(address), answer="refused").status_code == 302
    for client in (apeas, place):
        assert client.get(address).status_code == 404
        assert "Rien à rapprocher" in client.get(PAGE).text
    look(app)
    assert "Rien à rapprocher" in apeas.get(PAGE).text


def test_who_does_not_want_to_be_shared_is_matched_with_nobody(
    two_sides: tuple[FlaskClient, FlaskClient, str, str],
) -> None:
    apeas, place, mine, _ = two_sides
    address = link(apeas, "rapprochements")
    shown = apeas.get(address)
    assert send(apeas, apeas.get(mine), "information", sharing="non").status_code == 302
    for client in (apeas, place):
        assert client.get(address).status_code == 404
        assert "Rien à rapprocher" in client.get(PAGE).text
    assert send(apeas, shown, consent_on=today().isoformat()).status_code == 404


def test_the_coordination_reads_who_has_to_look_and_no_name(
    app: Flask, sign_in: SignIn, two_sides: tuple[FlaskClient, FlaskClient, str, str]
) -> None:
    apeas, *_ = two_sides
    entered(apeas, "Martin", "Léo")
    entered(apeas, "Martain", "Léo")
    with app.app_context():
        db.session.query(DuplicatePair).filter(DuplicatePair.verdict.is_not(None)).delete()
        db.session.commit()
        db.session.remove()
    look(app)
    coordinator = sign_in("coordinator")
    page = coordinator.get("/doublons/reseau").text
    assert "à comparer par APEAS" in page
    assert "doit répondre" in page
    for name in ("Dupon", "Zoé", "Martin", "Léo", "04 00"):
        assert name not in page
    assert coordinator.get(PAGE).status_code == 404
    assert apeas.get("/doublons/reseau").status_code == 404
