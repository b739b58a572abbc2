"""The quick line by the pages: understood as one types, confirmed without a script."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from ramsess.database import db
from ramsess.models import Act, ActType
from ramsess.models.calendar import today
from tests.conftest import SignIn
from tests.pages import form_of, send
from tests.security.audited import sign_in_more
from tests.views.conftest import days_ago, enter_person, open_parcours


@pytest.fixture
def ana(sign_in: SignIn) -> FlaskClient:
    return sign_in("adviser", "APEAS")


def accompany(client: FlaskClient, last: str, first: str = "Zoé") -> str:
    return open_parcours(client, enter_person(client, last, first))


def ask(client: FlaskClient, phrase: str, **more: str) -> Any:
    token = dict(form_of(client.get("/")).fields)["csrf_token"]
    answer = client.post("/ligne/comprendre", data={"csrf_token": token, "phrase": phrase, **more})
    assert answer.status_code == 200
    return answer.json


def values(read: Any) -> dict[str, str]:
    return {name: field["value"] for name, field in read["fields"].items()}


def acts(app: Flask) -> list[tuple[object, ...]]:
    with app.app_context():
        return [
            (act.type_code, act.minutes, act.done_on, act.parcours and act.parcours.reference,
             act.modality_code, act.anonymous_count, act.scheme_code, act.note)
            for act in db.session.scalars(select(Act).order_by(Act.id))
        ]  # fmt: skip


def type_line(client: FlaskClient, phrase: str) -> TestResponse:
    """As a browser without scripts: the page comes back filled in, nothing is recorded."""
    answer = send(client, client.get("/"), phrase=phrase)
    assert answer.status_code == 422
    return answer


def test_a_phrase_fills_in_the_fields(ana: FlaskClient) -> None:
    reference = accompany(ana, "Mirageon")
    read = ask(ana, "1h30 prévisionnel mirageon hier visio : revoir les charges")
    assert read["settled"]
    assert values(read) | {"parcours": values(read)["parcours"].split(" ")[0]} == {
        "type": "CSL3", "parcours": reference, "minutes": "1h30", "done_on": days_ago(1),
        "structure": values(read)["structure"], "modality": "V", "anonymous_count": "0",
        "scheme": "DRA", "note": "revoir les charges",
    }  # fmt: skip
    assert "lu dans « hier »" in read["fields"]["done_on"]["mark"]
    assert "Dans la note : « revoir les charges »" in read["said"]


def test_what_is_not_sure_is_shown(ana: FlaskClient) -> None:
    first, second = accompany(ana, "Fictif", "Nadia"), accompany(ana, "Fictif", "Karim")
    read = ask(ana, "rdv fictif 45")
    assert not read["settled"]
    how = {name: field["how"] for name, field in read["fields"].items() if field["how"]}
    assert how == {"type": "likely", "parcours": "ask", "minutes": "likely"}
    mark = read["fields"]["parcours"]["mark"]
    assert first in mark
    assert second in mark
    assert "À choisir : plusieurs parcours répondent" in mark
    assert "À vérifier : nombre sans unité" in read["fields"]["minutes"]["mark"]
    assert read["said"].startswith("À vérifier : Type d’acte")
    # Sent as it stands, the name alone is refused.
    assert values(read)["parcours"] == "fictif"


def test_a_phrase_is_escaped(ana: FlaskClient) -> None:
    read = ask(ana, "<b>rdv</b> statut 1h")
    assert "<b>" not in str([field["mark"] for field in read["fields"].values()])


def test_nothing_is_understood_of_what_one_may_not_see(ana: FlaskClient, app: Flask) -> None:
    reference = accompany(ana, "Mirageon")
    bob = sign_in_more(app, "adviser", "PLACE")
    for phrase in ("statut mirageon 1h", f"statut @{reference} 1h", "statut épicerie 1h"):
        read = ask(bob, phrase)
        assert read["fields"]["parcours"]["how"] == "ask"
        assert reference not in read["fields"]["parcours"]["mark"]
    # A name that exists elsewhere is answered as a word of nobody.
    told, untold = (str(ask(bob, f"statut {word} 1h")) for word in ("mirageon", "personnei"))
    assert told.replace("mirageon", "personnei") == untold


def test_without_a_script_the_page_asks_to_confirm(ana: FlaskClient, app: Flask) -> None:
    reference = accompany(ana, "Mirageon")
    page = type_line(ana, "accueil 20 min 2 personnes tél hier FSE")
    assert acts(app) == []
    assert "lu dans « 2 personnes »" in page.text
    assert send(ana, page).status_code == 302
    yesterday = today() - dt.timedelta(days=1)
    assert acts(app) == [("ACC1", 20, yesterday, None, "T", 2, "FSE", "")]
    page = type_line(ana, "csl4 mirageon")
    assert "habituelle : 1" in page.text
    corrected = send(ana, page, minutes="1h10")
    assert corrected.status_code == 302
    assert acts(app)[1] == ("CSL4", 70, today(), reference, None, 0, "DRA", "")
    # Sent twice, recorded once.
    assert send(ana, page, minutes="1h10").location == corrected.location
    assert len(acts(app)) == 2


def test_without_a_script_one_chooses_among_several(ana: FlaskClient, app: Flask) -> None:
    accompany(ana, "Fictif", "Nadia")
    second = accompany(ana, "Fictif", "Karim")
    page = type_line(ana, "statuts fictif 31/02")
    assert "cette date n’existe pas" in page.text
    refused = send(ana, page)
    assert refused.status_code == 422
    assert "Plusieurs parcours répondent" in refused.text
    fields = dict(form_of(page).fields)
    for choice in ("done_on:x", "structure:x", "minutes:x", "minutes:", "structure:1", "rien:x",
                   f"parcours:{second}", f"done_on:{days_ago(1)}"):  # fmt: skip
        page = ana.post("/", data={**fields, "choice": choice})
        fields = dict(form_of(page).fields)
    assert acts(app) == []
    assert send(ana, page).status_code == 302
    assert acts(app)[0][2:4] == (today() - dt.timedelta(days=1), second)


def test_a_type_left_open_must_be_chosen(ana: FlaskClient, app: Flask) -> None:
    page = type_line(ana, "45 min")
    assert "À choisir" in page.text
    assert dict(form_of(page).fields)["type"] == ""
    assert send(ana, page).status_code == 422
    assert acts(app) == []


def test_habits_are_proposed(ana: FlaskClient, app: Flask) -> None:
    reference = accompany(ana, "Mirageon")
    for minutes in ("40", "50", "2h"):
        assert (
            send(ana, ana.get("/"), type="CSL5", parcours=reference, minutes=minutes).status_code
            == 302
        )
    read = ask(ana, "mirageon hier")
    assert (read["fields"]["type"]["value"], read["fields"]["type"]["how"]) == ("CSL5", "likely")
    assert "habituelle : 50" in read["fields"]["minutes"]["mark"]
    assert reference in ask(ana, "gouvernance 1h")["fields"]["parcours"]["mark"]
    # The usual duration is one's own.
    assert send(ana, ana.get("/"), type="CSL5", parcours=reference, minutes="").status_code == 302
    assert acts(app)[-1][1] == 50


def test_a_closed_type_is_not_understood(ana: FlaskClient, app: Flask) -> None:
    with app.app_context():
        db.session.get(ActType, "CSL6").valid_to = today() - dt.timedelta(days=1)
        db.session.commit()
    try:
        assert ask(ana, "gouvernance 1h")["fields"]["note"]["value"] == "gouvernance"
    finally:
        with app.app_context():
            db.session.get(ActType, "CSL6").valid_to = None
            db.session.commit()


def test_a_shared_post_says_for_whom(sign_in: SignIn) -> None:
    both = sign_in("adviser", "APEAS", "PLACE")
    choices = {name: ask(both, f"pour {name} : accueil 20 min")["fields"]["structure"]
               for name in ("APEAS", "PLACE")}  # fmt: skip
    assert choices["APEAS"]["value"] != choices["PLACE"]["value"]
    assert choices["PLACE"]["how"] == "said"


def test_a_very_long_phrase_is_cut_and_refused(ana: FlaskClient, app: Flask) -> None:
    assert ask(ana, "accueil 20 min " + "x" * 5000)["settled"]
    page = send(ana, ana.get("/"), phrase="accueil " + "x" * 600)
    assert page.status_code == 422
    assert send(ana, page).status_code == 422
    assert acts(app) == []
