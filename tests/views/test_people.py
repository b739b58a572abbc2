"""People on the pages: search, near people, one record for the network."""

from __future__ import annotations

import pytest

from ramsess.models import Beneficiary
from tests.conftest import SignIn
from tests.pages import send
from tests.views.conftest import Count, days_ago, enter_person, open_parcours


def test_search_ignores_accents_case_and_order(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    enter_person(client, "L’Été-Fictif", "Éloïse")
    enter_person(client, "Autre", "Exemple")
    page = client.get("/personnes")
    assert ">Autre<" in page.text
    found = client.get(send(client, page, q="eloise l'ete").location)
    assert "L’Été-Fictif" in found.text
    assert ">Autre<" not in found.text
    assert ">Autre<" in client.get(send(client, found, q="").location).text


def test_what_one_searches_for_stays_out_of_addresses(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    assert send(client, client.get("/personnes"), q="Fictif").location == "/personnes"
    assert client.get("/personnes").text.count("Fictif") >= 1


def test_suggestions_as_one_types(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    person = enter_person(client, "Fictif", "Zoé", birth_date="1980-05-04")
    reference = open_parcours(client, person)
    token = {"csrf_token": client.get("/").text.split('name="csrf_token" value="')[1].split('"')[0]}

    def suggested(kind: str, text: str) -> list[str]:
        return list(client.post(f"/recherche/{kind}", data={"q": text, **token}).json or [])

    assert suggested("personnes", "fict") == ["Zoé Fictif (04/05/1980)"]
    assert suggested("personnes", "Ana Autre ; zoe") == ["Ana Autre ; Zoé Fictif (04/05/1980)"]
    assert suggested("parcours", "epicerie") == [
        f"{reference} — Épicerie de démonstration (Zoé Fictif)"
    ]
    assert suggested("communes", "saint-remy-de-p")[0].endswith("Saint-Rémy-de-Provence")
    assert suggested("communes", "") == []


@pytest.mark.parametrize(
    ("last", "first", "birth"),
    [
        ("FICTIF", "Zoe", ""),
        ("Fictive", "Zoé", "1980-05-04"),
        ("Zoé", "Fictif", ""),
        ("Mariée", "Zoé", "1980-05-04"),
    ],
)
def test_a_near_person_is_shown_before_anything_is_written(
    sign_in: SignIn, count: Count, last: str, first: str, birth: str
) -> None:
    client = sign_in("adviser", "APEAS")
    enter_person(client, "Fictif", "Zoé", birth_date="1980-05-04")
    warned = send(
        client,
        client.get("/personnes/nouvelle"),
        last_name=last,
        first_name=first,
        birth_date=birth,
    )
    assert warned.status_code == 422
    assert "peut-être déjà connue" in warned.text
    assert count(Beneficiary) == 1
    assert send(client, warned, confirmed="y").status_code == 302
    assert count(Beneficiary) == 2


def test_somebody_quite_different_is_not_near(sign_in: SignIn, count: Count) -> None:
    client = sign_in("adviser", "APEAS")
    enter_person(client, "Fictif", "Zoé", birth_date="1980-05-04")
    enter_person(client, "Fictif", "Paul", birth_date="1981-05-04")
    assert count(Beneficiary) == 2


def test_of_a_near_person_of_another_structure_nothing_is_told(
    sign_in: SignIn, count: Count
) -> None:
    enter_person(sign_in("adviser", "PLACE"), "Fictif", "Zoé", birth_date="1980-05-04")
    client = sign_in("adviser", "APEAS")
    enter_person(client, "Fictife", "Zoé", birth_date="1980-05-04")
    assert count(Beneficiary) == 2


def test_the_same_person_entered_by_two_structures_is_one(sign_in: SignIn, count: Count) -> None:
    first = enter_person(
        sign_in("adviser", "PLACE"), "Fictif", "Zoé", birth_date="1980-05-04", phone="0400000000"
    )
    client = sign_in("adviser", "APEAS")
    assert client.get(first).status_code == 404
    warned = send(
        client,
        client.get("/personnes/nouvelle"),
        last_name="FICTIF",
        first_name="zoé",
        birth_date="1980-05-04",
    )
    assert "c’est la même personne" in warned.text
    assert "Rattacher cette personne à ma structure" in warned.text
    attached = send(client, warned, confirmed="y", phone="0499999999")
    assert attached.location == first
    shown = client.get(first).text
    assert "Personne déjà connue, rattachée à votre structure." in shown
    assert "0499999999" not in shown
    assert client.get(first).status_code == 200
    assert count(Beneficiary) == 1


def test_a_person_of_another_structure_does_not_exist(sign_in: SignIn) -> None:
    address = enter_person(sign_in("adviser", "PLACE"), "Fictif", "Zoé")
    client = sign_in("adviser", "APEAS")
    assert client.get(address).status_code == 404
    assert client.get(f"{address}/corriger").status_code == 404
    assert "Fictif" not in client.get("/personnes").text


def test_a_record_is_corrected_and_the_second_is_told(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    address = enter_person(client, "Fictif")
    page = client.get(f"{address}/corriger")
    assert send(client, page, commune="Aubagne", situation="DE1", rsa="oui").status_code == 302
    shown = client.get(address).text
    assert "Aubagne" in shown
    told = send(client, page, commune="Gap")
    assert told.status_code == 409
    assert "Aubagne" in told.text
    assert 'value="Gap"' in told.text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("last_name", "", "Ce champ est nécessaire."),
        ("last_name", "…", "Ce champ est nécessaire."),
        ("birth_date", days_ago(-2), "Cette date est dans le futur."),
        ("birth_date", "1899-12-31", "antérieure à 1900"),
        ("commune", "Trifouillis", "Commune inconnue"),
        ("commune", "13999", "Commune inconnue"),
    ],
)
def test_a_refusal_says_why_and_loses_nothing(
    sign_in: SignIn, count: Count, field: str, value: str, message: str
) -> None:
    client = sign_in("adviser", "APEAS")
    said = {"last_name": "Fictif", "first_name": "Zoé", "phone": "0400000000", field: value}
    answer = send(client, client.get("/personnes/nouvelle"), **said)
    assert answer.status_code == 422
    assert message in answer.text
    assert "0400000000" in answer.text
    assert count(Beneficiary) == 0


def test_a_commune_outside_the_region_is_taken_by_its_code(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    address = enter_person(client, "Fictif", commune="75056")
    assert "Commune 75056" in client.get(address).text


def test_another_identity_already_known_is_refused(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    enter_person(client, "Fictif", "Zoé", birth_date="1980-05-04")
    other = enter_person(client, "Autre", "Paul", birth_date="1990-05-04")
    answer = send(
        client,
        client.get(f"{other}/corriger"),
        last_name="Fictif",
        first_name="Zoé",
        birth_date="1980-05-04",
    )
    assert answer.status_code == 422
    assert "porte déjà ce nom" in answer.text
