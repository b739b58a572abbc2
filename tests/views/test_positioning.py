"""A structure's line of the global schema, said by its manager, public at once."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from ramsess.actions.reference_data import load_reference_data
from ramsess.database import db
from ramsess.models import AuditEvent, Positioning, Presentation, Structure
from tests.conftest import SignIn
from tests.pages import send
from tests.views.conftest import Count

LINE = "/reseau/structures/APEAS/positionnement"


def starting_point(app: Flask) -> None:
    with app.app_context():
        load_reference_data(db.session())
        db.session.commit()


def test_twelve_members_start_from_a_proposal_that_is_not_public(
    app: Flask, sign_in: SignIn, count: Count
) -> None:
    manager = sign_in("manager", "APEAS")
    starting_point(app)
    assert count(Presentation) == 12
    page = manager.get(LINE)
    assert "Un point de départ est proposé" in page.text
    assert "Rien n’est public tant que vous n’avez pas enregistré." in page.text
    public = app.test_client().get("/reseau").text
    assert public.count("n’a pas encore dit où elle intervient") == 12
    assert "Aucune structure n’a encore dit" in public
    assert send(manager, page).status_code == 302
    public = app.test_client().get("/reseau").text
    assert public.count("n’a pas encore dit où elle intervient") == 11
    assert "APEAS : Émergence ponctuel, Faisabilité ponctuel, Montage ponctuel." in public
    starting_point(app)
    assert count(Presentation) == 12


def test_what_the_manager_says_is_public_at_once(app: Flask, sign_in: SignIn, count: Count) -> None:
    manager = sign_in("manager", "APEAS")
    page = manager.get(LINE)
    assert "Votre structure n’a encore rien dit d’elle." in page.text
    said = {
        "phone": "04 65 71 00 01",
        "email": "contact@apeas.example",
        "website": "https://apeas.example/",
        "address": "1 rue de la Démonstration",
        "commune": "Aubagne",
        "EME-ACC": "3",
        "FIN-FIN": "1",
    }
    assert send(manager, page, **said).location == "/reseau"
    public = app.test_client().get("/reseau").text
    for words in ("04 65 71 00 01", 'href="mailto:contact@apeas.example"', "Aubagne",
                  'href="https://apeas.example/"', "1 rue de la Démonstration"):  # fmt: skip
        assert words in public
    assert "APEAS : Émergence central, Financement ponctuel." in public
    assert "APEAS : Financement ponctuel." in app.test_client().get("/reseau?specialite=FIN").text
    # Changed, emptied, added: the line is what was said last.
    send(manager, manager.get(LINE), **{"EME-ACC": "", "FIN-FIN": "2", "DEV-FIN": "1"})
    with app.app_context():
        lines = db.session.execute(
            select(Positioning.phase_code, Positioning.speciality_code, Positioning.degree_code)
        )
        assert sorted(map(tuple, lines)) == [("DEV", "FIN", "1"), ("FIN", "FIN", "2")]
        actions = db.session.scalars(select(AuditEvent.action)).all()
    assert actions.count("take_position") == 2
    assert count(Presentation) == 1


def test_two_managers_at_once_lose_nothing(sign_in: SignIn) -> None:
    first, second = sign_in("manager", "APEAS"), sign_in("manager", "APEAS")
    pages = first.get(LINE), second.get(LINE)
    send(first, pages[0], phone="04 65 71 00 01", **{"EME-ACC": "3"})
    told = send(second, pages[1], phone="04 65 71 00 02", **{"EME-ACC": "1", "MON-ECO": "2"})
    assert told.status_code == 409
    assert "Ce qui est enregistré" in told.text
    assert "04 65 71 00 01" in told.text
    assert "émergence central" in told.text
    assert 'value="04 65 71 00 02"' in told.text
    # Once she has seen both, hers stands.
    assert send(second, told).status_code == 302
    assert "04 65 71 00 02" in second.get(LINE).text


REFUSED = [
    ("website", "javascript:alert(1)", "adresse complète"),
    ("website", "https://ana:secret@exemple.fr", "adresse complète"),
    ("website", "https://exemple.fr:99999/", "adresse complète"),
    ("website", "www.exemple.fr", "adresse complète"),
    ("website", "https://exemple.fr/a b", "adresse complète"),
    ("website", "https://interne", "adresse complète"),
    ("website", 'https://exemple.fr/"x', "adresse complète"),
    ("website", "https://exemple.fr/" + "x" * 300, "300"),
    ("phone", "appelez-moi", "un numéro"),
    ("email", "contact@", "une adresse"),
    ("commune", "Nulle-Part", "Commune inconnue"),
    ("EME-ACC", "9", "Accueil et orientation, Émergence"),
]


def test_what_cannot_be_published_is_refused_and_nothing_typed_is_lost(
    sign_in: SignIn, count: Count
) -> None:
    manager = sign_in("manager", "APEAS")
    page = manager.get(LINE)
    for field, value, told in REFUSED:
        said = {"address": "12 rue gardée", "DEV-SPO": "2", field: value}
        answer = send(manager, page, **said)
        assert answer.status_code == 422, (field, value)
        assert told in answer.text, (field, value)
        assert 'value="12 rue gardée"' in answer.text
    assert count(Presentation) == 0
    assert send(manager, answer, **{"EME-ACC": ""}).status_code == 302
    assert "Développement régulier" in manager.get("/reseau?specialite=SPO").text


def test_a_line_is_its_managers_alone(app: Flask, sign_in: SignIn) -> None:
    other = sign_in("manager", "PLACE")
    for client in (other, sign_in("adviser", "APEAS"), sign_in("coordinator")):
        assert client.get(LINE).status_code == 404
        assert "Mettre à jour la ligne de APEAS" not in client.get("/reseau").text
    assert other.get("/reseau/structures/RIEN/positionnement").status_code == 404
    assert "Mettre à jour la ligne de Place" in other.get("/reseau").text
    # The form of one's own, sent to another's address.
    page = other.get("/reseau/structures/PLACE/positionnement")
    form = dict.fromkeys(("phone",), "04 65 71 00 09")
    with app.app_context():
        assert db.session.scalars(select(Structure.code).where(Structure.code == "APEAS")).one()
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    assert other.post(LINE, data={**form, "csrf_token": token}).status_code == 404
