"""One search box: what one may see, however it is spelled, the best first; nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ramsess.database import db
from ramsess.models import Act, AuditEvent
from tests.conftest import SignIn
from tests.pages import form_of, forms_of, send, token_of
from tests.security.audited import sign_in_more
from tests.views.conftest import days_ago, enter_person, open_parcours
from tests.views.test_resources import share
from tests.views.test_sessions import hold

Groups = dict[str, list[dict[str, str]]]


def suggested(client: FlaskClient, text: str) -> Groups:
    """What is offered as one types, by kind."""
    data = {"q": text, "csrf_token": token_of(client.get("/chercher"))}
    answer = client.post("/chercher/suggestions", data=data)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json or []
    return {group["title"]: group["hits"] for group in found}


def titles(client: FlaskClient, text: str, kind: str) -> list[str]:
    return [hit["title"] for hit in suggested(client, text).get(kind, [])]


@pytest.fixture
def ours(sign_in: SignIn) -> FlaskClient:
    """Somebody with people, parcours, acts, a session and a resource."""
    client = sign_in("adviser", "APEAS")
    helene = enter_person(client, "Benali", "Hélène", birth_date="1980-05-04")
    enter_person(client, "Dupont", "Martin")
    reference = open_parcours(client, helene)
    send(
        client, client.get("/actes/nouveau"), type="CSL4", parcours=reference,
        done_on=days_ago(3), note="Relire les statuts avec l’expert-comptable",
    )  # fmt: skip
    hold(client, title="Choisir son statut")
    share(client, "Modèle de statuts d’association")
    return client


def test_everything_one_sees_is_found_with_the_reason(app: Flask, ours: FlaskClient) -> None:
    groups = suggested(ours, "helene benaly")
    assert [*groups] == ["Personnes", "Parcours et projets", "Actes"]
    (person,) = groups["Personnes"]
    assert person["title"] == "Hélène Benali"
    assert person["reason"] == "nom, orthographe proche"
    assert person["detail"] == "né·e le 4 mai 1980"
    assert ours.get(person["address"]).status_code == 200
    (parcours,) = groups["Parcours et projets"]
    assert parcours["reason"] == "projet de cette personne, orthographe proche"
    reference = parcours["address"].rsplit("/", 1)[-1]
    assert groups["Actes"][0]["reason"] == f"acte de {reference}"
    assert titles(ours, "dupond martin", "Personnes") == ["Martin Dupont"]
    assert titles(ours, "epicerie benali", "Parcours et projets") == [
        f"{reference} Épicerie de démonstration"
    ]
    for typed in (reference, reference[2:], reference.lower(), f"{reference[2:7]}1"):
        assert suggested(ours, typed)["Parcours et projets"][0]["reason"] == "référence"
    assert suggested(ours, reference[:7] + "00")["Parcours et projets"][0]["reason"] == "projet"
    with app.app_context():
        act = db.session.scalars(select(Act).where(Act.type_code == "CSL4")).one()
    day = f"{act.done_on:%d/%m/%Y}"
    for typed, reason in (
        (day, "date"), (f"{act.done_on:%d/%m}", "date"), (f"{act.done_on:%d/%m/%y} csl4", "date"),
        ("CSL4", "type d’acte"), ("statut juridique", "type d’acte"),
        ("expert comptable", "note"),
    ):  # fmt: skip
        hits = suggested(ours, typed)["Actes"]
        assert (hits[0]["address"], hits[0]["reason"]) == (f"/actes/{act.public_id}", reason)
    assert "Actes" not in suggested(ours, "31/02")
    assert "Actes" not in suggested(ours, "12/03/1995")
    groups = suggested(ours, "statut")
    assert groups["Séances"][0]["title"] == "Choisir son statut"
    assert groups["Ressources"][0]["title"] == "Modèle de statuts d’association"
    assert suggested(ours, "une page")["Ressources"][0]["reason"] == "description"
    assert suggested(ours, "apeas")["Structures"][0]["reason"] == "sigle"
    assert titles(ours, "acces conseil", "Structures") == ["Accès Conseil"]
    assert suggested(ours, "  ") == {}


@pytest.mark.usefixtures("ours")
def test_what_one_may_not_see_is_absent(app: Flask) -> None:
    strangers = [sign_in_more(app, role, *posts) for role, *posts in (
        ("adviser", "PLACE"), ("manager", "PLACE"), ("coordinator",),
    )]  # fmt: skip
    for client in strangers:
        for typed in (
            "Benali",
            "epicerie demonstration",
            "csl4",
            "expert comptable",
            "choisir statut",
        ):
            assert {*suggested(client, typed)} <= {"Ressources", "Structures"}, typed
        assert titles(client, "modele statuts", "Ressources")
    for role in ("funder", "admin", "dpo"):
        client = sign_in_more(app, role)
        assert client.get("/chercher").status_code == 404
        token = token_of(client.get("/compte"))
        for path in ("/chercher", "/chercher/suggestions"):
            answer = client.post(path, data={"q": "Benali", "csrf_token": token})
            assert answer.status_code == 404
        assert 'id="chercher"' not in client.get("/").text


def test_without_script_the_box_leads_to_a_page_and_no_name_to_an_address(
    app: Flask, ours: FlaskClient
) -> None:
    home = ours.get("/")
    form = form_of(home, "/chercher")
    answer = ours.post(form.action, data={**dict(form.fields), "q": "benali"})
    assert answer.location == "/chercher"
    with app.app_context():
        before = db.session.query(AuditEvent).count()
    page = ours.get("/chercher")
    assert "Recherche : benali" in page.text
    assert "Hélène Benali" in page.text
    with app.app_context():
        events = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert events[before:] == ["search_records"]
    assert (
        "Rien de ce que vous pouvez voir"
        in ours.get(ours.post(form.action, data={**dict(form.fields), "q": "zzzz"}).location).text
    )
    ours.post(form.action, data={**dict(form.fields), "q": ""})
    assert "touche / pour y aller" in ours.get("/chercher").text
    # A search within a list that finds nothing leads here.
    nothing = ours.get(send(ours, ours.get("/personnes"), "/personnes", q="benaly").location)
    offered = [form for form in forms_of(nothing) if form.action == "/chercher"][-1]
    assert (
        "Hélène Benali" in ours.get(ours.post("/chercher", data=dict(offered.fields)).location).text
    )
