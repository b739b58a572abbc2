"""Parcours on the pages: open, join, leave, phases, exit."""

from __future__ import annotations

import pytest
from flask import Flask

from ramsess.database import db
from ramsess.models import Parcours
from tests.conftest import SignIn
from tests.pages import form_of, send
from tests.views.conftest import (
    Count,
    code_of,
    days_ago,
    enter_person,
    join_parcours,
    open_parcours,
)


def test_a_parcours_is_opened_with_what_held_that_day(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    person = enter_person(client, "Fictif", birth_date="1980-05-04", situation="DE2")
    reference = open_parcours(client, person, commune="Aubagne", sector="NUM", phase="FAI")
    send(client, client.get(f"{person}/corriger"), situation="SAL")
    with app.app_context():
        parcours = db.session.query(Parcours).one()
        assert parcours.reference == reference
        assert parcours.members[0].situation_code == "DE2"
        assert (parcours.entry_commune_code, parcours.entry_sector_code) == ("13005", "NUM")
        assert [stay.structure.code for stay in parcours.involvements] == ["APEAS"]


def test_references_follow_one_another_in_a_year(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    person = enter_person(client, "Fictif")
    references = [open_parcours(client, person, entered_on="2009-03-02") for _ in range(3)]
    assert references == ["P-2009-0001", "P-2009-0002", "P-2009-0003"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("people", "", "Indiquez au moins une personne."),
        ("people", "Personne Inconnue", "personne de ce nom"),
        ("title", "", "Donnez un intitulé."),
        ("entered_on", days_ago(-2), "Cette date est dans le futur."),
        ("commune", "Trifouillis", "Commune inconnue"),
    ],
)
def test_a_refusal_opens_nothing(
    sign_in: SignIn, count: Count, field: str, value: str, message: str
) -> None:
    client = sign_in("adviser", "APEAS")
    person = enter_person(client, "Fictif")
    page = client.get(f"/parcours/nouveau?personne={person.rsplit('/', 1)[-1]}")
    answer = send(client, page, **{"title": "Épicerie", "origin": "Mission locale", field: value})
    assert answer.status_code == 422
    assert message in answer.text
    assert "Mission locale" in answer.text
    assert count(Parcours) == 0


def test_two_people_of_one_name_are_told_apart_by_birth_year(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    enter_person(client, "Fictif", birth_date="1980-05-04")
    warned = send(
        client,
        client.get("/personnes/nouvelle"),
        last_name="Fictif",
        first_name="Zoé",
        birth_date="1990-05-04",
    )
    send(client, warned, confirmed="y")
    page = client.get("/parcours/nouveau")
    answer = send(client, page, title="Épicerie", people="Zoé Fictif")
    assert (
        "précisez de qui il s’agit : Zoé Fictif (04/05/1980) ; Zoé Fictif (04/05/1990)"
        in answer.text
    )
    assert send(client, answer, people="Zoé Fictif (1990)").status_code == 302


def test_another_structure_joins_and_then_sees_it(sign_in: SignIn) -> None:
    lead = sign_in("adviser", "APEAS")
    person = enter_person(lead, "Fictif")
    reference = open_parcours(lead, person)
    send(lead, lead.get("/"), type="CSL1", parcours=reference, note="entre nous")
    code = code_of(lead, reference)
    client = sign_in("adviser", "PLACE")
    assert client.get(f"/parcours/{reference}").status_code == 404
    assert client.get(person).status_code == 404
    joined = send(
        client,
        client.get("/parcours/rejoindre"),
        reference=f" {reference.lower()} ",
        code=f" {code.lower()} ",
    )
    page = client.get(joined.location)
    assert page.status_code == 200
    assert "Place prend part" in page.text
    assert "Entretien d’accompagnement" in page.text
    assert "entre nous" not in page.text
    assert client.get(person).status_code == 200
    again = join_parcours(client, lead, reference)
    assert "prend déjà part" in again.text


def test_a_code_serves_one_structure_once(sign_in: SignIn) -> None:
    lead = sign_in("adviser", "APEAS")
    reference = open_parcours(lead, enter_person(lead, "Fictif"))
    code = code_of(lead, reference)
    client, other = sign_in("adviser", "PLACE"), sign_in("adviser", "AGODIS")
    page = client.get("/parcours/rejoindre")
    assert send(client, page, reference=reference, code="0000-0000").status_code == 422
    assert send(client, page, reference=reference, code=code).status_code == 302
    late = send(other, other.get("/parcours/rejoindre"), reference=reference, code=code)
    assert "Aucun parcours ne répond à cette référence et à ce code." in late.text
    assert "Inviter" not in client.get(f"/parcours/{reference}").text


@pytest.mark.parametrize(
    ("reference", "day", "message"),
    [
        ("P-2009-9999", days_ago(0), "Aucun parcours ne répond à cette référence et à ce code."),
        (None, days_ago(31), "n’était pas encore commencé"),
        (None, days_ago(-2), "dans le futur"),
    ],
)
def test_joining_may_be_refused(
    sign_in: SignIn, reference: str | None, day: str, message: str
) -> None:
    lead = sign_in("adviser", "APEAS")
    opened = open_parcours(lead, enter_person(lead, "Fictif"))
    client = sign_in("adviser", "PLACE")
    answer = send(
        client,
        client.get("/parcours/rejoindre"),
        reference=reference or opened,
        code=code_of(lead, opened),
        joined_on=day,
    )
    assert answer.status_code == 422
    assert message in answer.text


def test_leaving_closes_the_sight_of_it(sign_in: SignIn) -> None:
    lead = sign_in("adviser", "APEAS")
    person = enter_person(lead, "Fictif")
    reference = open_parcours(lead, person)
    client = sign_in("adviser", "PLACE")
    join_parcours(client, lead, reference, joined_on=days_ago(9))
    page = client.get(f"/parcours/{reference}")
    early = send(client, page, "/depart", left_on=days_ago(10))
    assert "précède l’arrivée" in early.text
    left = send(client, early, "/depart", left_on=days_ago(1))
    assert left.location == "/parcours"
    assert client.get(f"/parcours/{reference}").status_code == 404
    assert client.get(person).status_code == 404
    assert "se retire" in lead.get(f"/parcours/{reference}").text


def test_phases_are_noted_and_corrected(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"), phase="EME")
    page = client.get(f"/parcours/{reference}")
    assert send(client, page, "/phase", phase="MON", reached_on=days_ago(5)).status_code == 302
    assert send(client, page, "/phase", phase="FAI", reached_on=days_ago(5)).status_code == 302
    early = send(client, page, "/phase", phase="FAI", reached_on=days_ago(31))
    assert "précède l’entrée" in early.text
    with app.app_context():
        changes = db.session.query(Parcours).one().phase_changes
        assert [change.phase_code for change in changes] == ["FAI"]
    assert "Phase faisabilité" in client.get(f"/parcours/{reference}").text


def test_an_exit_with_jobs_and_funding_then_reopened(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"))
    page = client.get(f"/parcours/{reference}/sortie")
    done = send(
        client,
        page,
        outcome="CRE",
        jobs_created="1,5",
        fundings_0_source="REGION",
        fundings_0_amount="12000,50",
    )
    assert done.status_code == 302, done.text
    shown = client.get(f"/parcours/{reference}")
    assert "1,50 ETP" in shown.text
    assert "12\u202f000,50\u202f€" in shown.text
    told = send(client, page, outcome="ABA")
    assert told.status_code == 409
    assert "1,50 ETP" in told.text
    assert send(client, shown, "/reouvrir").status_code == 302
    with app.app_context():
        parcours = db.session.query(Parcours).one()
        assert (parcours.exited_on, parcours.outcome_code, parcours.fundings) == (None, None, [])


def test_an_exit_keeps_as_many_fundings_as_there_were(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"))
    address = f"/parcours/{reference}/sortie"
    fields = dict(form_of(client.get(address), address).fields)
    for number in range(21):
        fields |= {f"fundings-{number}-source": "REGION", f"fundings-{number}-amount": "10"}
    assert client.post(address, data=fields).status_code == 302
    assert send(client, client.get(address), outcome="CRE").status_code == 302
    with app.app_context():
        assert len(db.session.query(Parcours).one().fundings) == 21


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("exited_on", days_ago(31), "La sortie précède l’entrée"),
        ("exited_on", days_ago(3), "Un acte est enregistré le"),
        ("exited_on", days_ago(-2), "dans le futur"),
        ("jobs_created", "-1", "Un nombre entre 0 et 99 999."),
        ("jobs_created", "deux", "pas un nombre"),
    ],
)
def test_an_impossible_exit_is_refused(
    app: Flask, sign_in: SignIn, field: str, value: str, message: str
) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"))
    send(client, client.get("/"), type="CSL1", parcours=reference, done_on=days_ago(2))
    answer = send(client, client.get(f"/parcours/{reference}/sortie"), **{field: value})
    assert answer.status_code == 422
    assert message in answer.text
    with app.app_context():
        assert db.session.query(Parcours).one().exited_on is None


def test_parcours_are_found_by_reference_person_or_project(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"))
    for text in (reference.lower(), "fictif", "Épicerie", "epicerie zoe"):
        found = client.get(send(client, client.get("/parcours"), q=text).location)
        assert reference in found.text, text
    nothing = client.get(send(client, client.get("/parcours"), q="menuiserie").location)
    assert "Aucun de vos parcours" in nothing.text


def test_a_parcours_of_another_structure_does_not_exist(sign_in: SignIn) -> None:
    lead = sign_in("adviser", "APEAS")
    reference = open_parcours(lead, enter_person(lead, "Fictif"))
    client = sign_in("adviser", "PLACE")
    assert client.get(f"/parcours/{reference}").status_code == 404
    assert client.get(f"/parcours/{reference}/sortie").status_code == 404
    assert reference not in client.get("/parcours").text
    refused = send(client, client.get("/"), type="CSL1", parcours=reference)
    assert "Aucun de vos parcours" in refused.text


def test_who_refuses_sharing_is_not_shared(sign_in: SignIn) -> None:
    lead = sign_in("adviser", "APEAS")
    person = enter_person(lead, "Fictif")
    reference = open_parcours(lead, person)
    code = code_of(lead, reference)
    send(lead, lead.get(person), "/information", sharing="non")
    page = lead.get(f"/parcours/{reference}").text
    assert "n’accepte pas que son dossier soit partagé" in page
    assert code not in page
    client = sign_in("adviser", "PLACE")
    late = send(client, client.get("/parcours/rejoindre"), reference=reference, code=code)
    assert "Aucun parcours ne répond à cette référence et à ce code." in late.text
    assert client.get(person).status_code == 404


def test_codes_are_not_guessed(sign_in: SignIn) -> None:
    lead = sign_in("adviser", "APEAS")
    reference = open_parcours(lead, enter_person(lead, "Fictif"))
    client = sign_in("adviser", "PLACE")
    page = client.get("/parcours/rejoindre")
    for number in range(10):
        wrong = send(client, page, reference=reference, code=f"0000000{number}")
        assert wrong.status_code == 422
    late = send(client, page, reference=reference, code=code_of(lead, reference))
    assert late.status_code == 429
    assert "Réessayez dans" in late.text
