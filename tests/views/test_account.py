"""One's account, and the structure for which one works."""

from __future__ import annotations

import pytest
from flask import Flask

from ramsess.database import db
from ramsess.models import Structure
from tests.conftest import SignIn
from tests.pages import send


def test_the_account_says_who_one_is_and_links_to_what_protects_it(sign_in: SignIn) -> None:
    page = sign_in("adviser", "APEAS", email="ana@demo.example").get("/compte").text
    for words in ("Ana Fictive", "ana@demo.example", "Chargé·e d’accompagnement — APEAS"):
        assert words in page
    for path in ("/mot-de-passe/changer", "/second-facteur/application", "/compte/connexions"):
        assert f'href="{path}"' in page
    assert "n’est protégé que par son mot de passe" in page


def test_who_works_for_several_chooses_what_forms_propose_first(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("adviser", "APEAS", "PLACE")
    with app.app_context():
        place = db.session.query(Structure).filter_by(code="PLACE").one().id
    page = client.get("/actes/nouveau")
    assert "Vous travaillez pour" in page.text
    answer = send(client, page, "/compte/structure", structure=str(place))
    assert answer.location == "/actes/nouveau"
    for path in ("/actes/nouveau", "/seances/nouvelle", "/personnes/nouvelle", "/"):
        options = client.get(path).text.split('name="structure"')
        assert f'<option value="{place}"' in options[1].split("</option>")[0]
        assert f'value="{place}"' in options[2].split("</option>")[0]


def test_who_works_for_one_is_not_asked(sign_in: SignIn) -> None:
    assert "Vous travaillez pour" not in sign_in("adviser", "APEAS").get("/").text


@pytest.mark.parametrize(
    "target", ["//ailleurs.example", "/\\ailleurs.example", "https://ailleurs.example", "/a\tb"]
)
def test_choosing_a_structure_never_leads_elsewhere(
    app: Flask, sign_in: SignIn, target: str
) -> None:
    client = sign_in("adviser", "APEAS", "PLACE")
    with app.app_context():
        place = db.session.query(Structure).filter_by(code="PLACE").one().id
    answer = send(client, client.get("/"), "/compte/structure", structure=str(place), next=target)
    assert answer.location == "/"


def test_another_structure_cannot_be_chosen(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS", "PLACE")
    with app.app_context():
        other = db.session.query(Structure).filter(~Structure.code.in_(["APEAS", "PLACE"])).first()
        assert other
        number = other.id
    answer = send(client, client.get("/"), "/compte/structure", structure=str(number))
    assert answer.status_code == 404
