"""What nobody types by chance: refused in French, never a fault, never in a log."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from ramsess.database import db
from ramsess.models import Act, Beneficiary
from tests.conftest import SignIn
from tests.pages import form_of, send
from tests.views.conftest import Count, enter_person, open_parcours


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("note", "a\x00b", 400),
        ("parcours", "P-\x00", 400),
        ("note", "🙂" * 4000, 302),
        ("note", "x" * 6000, 422),
        ("done_on", "0001-01-01", 422),
        ("done_on", "9999-12-31", 422),
        ("minutes", "9" * 400, 422),
        ("minutes", "٣٠", 422),
        ("structure", "999999999999999999999", 422),
        ("structure", "APEAS", 422),
        ("parcours", "mot " * 40000, 422),
    ],
)
def test_a_hostile_act(sign_in: SignIn, count: Count, field: str, value: str, status: int) -> None:
    client = sign_in("adviser", "APEAS", "PLACE")
    answer = send(client, client.get("/"), **{"type": "CSL1", field: value})
    assert answer.status_code == status
    assert count(Act) == (1 if status == 302 else 0)


@pytest.mark.parametrize("post", ["x:y", "1", "0:0", "1:1:1"])
def test_a_colleague_who_does_not_exist(sign_in: SignIn, count: Count, post: str) -> None:
    client = sign_in("adviser", "APEAS")
    answer = send(client, client.get("/actes/nouveau"), others_0_post=post, others_0_minutes="30")
    assert answer.status_code == 422
    assert count(Act) == 0


def test_a_duration_of_nobody_and_an_amount_of_no_source(sign_in: SignIn, count: Count) -> None:
    client = sign_in("adviser", "APEAS")
    answer = send(client, client.get("/actes/nouveau"), others_0_minutes="30")
    assert "Indiquez quel collègue" in answer.text
    assert count(Act) == 0
    reference = open_parcours(client, enter_person(client, "Fictif"))
    page = client.get(f"/parcours/{reference}/sortie")
    assert "la source et le montant" in send(client, page, fundings_0_amount="100").text
    for amount in ("30000000", "sNaN", "1e9", "Infinity", "0"):
        said = {"fundings_0_source": "REGION", "fundings_0_amount": amount}
        assert send(client, page, **said).status_code == 422


def test_a_field_that_no_form_has(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    page = client.get("/actes/nouveau")
    data = [*form_of(page).fields, ("others-²-post", "1:1")]
    assert client.post("/actes/nouveau", data=dict(data)).status_code == 400


def test_letters_that_become_many(sign_in: SignIn, count: Count) -> None:
    client = sign_in("adviser", "APEAS")
    said = {"last_name": "ﷺ" * 120, "first_name": "Zoé"}
    answer = send(client, client.get("/personnes/nouvelle"), **said)
    assert "Ce nom et ce prénom sont trop longs." in answer.text
    assert count(Beneficiary) == 0
    person = enter_person(client, "Fictif")
    page = client.get(f"/parcours/nouveau?personne={person.rsplit('/', 1)[-1]}")
    assert send(client, page, title="ﷺ" * 200).status_code == 302


@pytest.mark.parametrize("path", ["/parcours/%00", "/personnes/%00", "/bilan/?debut=%00&fin=2009"])
def test_a_nul_in_an_address(sign_in: SignIn, path: str) -> None:
    assert sign_in("adviser", "APEAS").get(path).status_code in (400, 404)


def test_a_report_at_the_end_of_time(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    for period in ("debut=9995-01-01&fin=9995-02-01", "debut=0001-01-01&fin=0001-02-01"):
        assert client.get(f"/bilan/?{period}").status_code == 422


@pytest.mark.parametrize("code", ["13001", "33٠00"])
def test_a_code_that_may_be_a_postcode_is_asked_about(sign_in: SignIn, code: str) -> None:
    client = sign_in("adviser", "APEAS")
    said = {"last_name": "Fictif", "first_name": "Zoé", "commune": code}
    answer = send(client, client.get("/personnes/nouvelle"), **said)
    assert answer.status_code == 422
    assert re.search("code postal de Marseille|Commune inconnue", answer.text)


def test_only_a_full_name_names_a_person(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    enter_person(client, "Fictif", birth_date="1980-05-04")
    for text in ("Zo Fict", "Zoé", "(1980)", "Zoé Fictif (1981)"):
        answer = send(client, client.get("/parcours/nouveau"), title="Épicerie", people=text)
        assert answer.status_code == 422, text


def test_an_endless_password(app: Flask, sign_in: SignIn) -> None:
    sign_in("adviser", "APEAS")
    answer = app.test_client().post("/connexion", data={"email": "a@b", "password": "x" * 5000})
    assert answer.status_code == 400


def test_nothing_typed_is_in_the_log_of_a_fault(
    app: Flask, sign_in: SignIn, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("adviser", "APEAS")

    def fail() -> str:
        for place in (901, 902):
            db.session.add(
                Beneficiary(id=place, last_name="Tressecret", first_name="Zoé", phone="0400000000",
                            birth_date=db.func.to_date("1980-05-04", "YYYY-MM-DD"))
            )  # fmt: skip
        db.session.flush()
        return ""

    monkeypatch.setitem(app.view_functions, "sessions.index", fail)
    assert client.get("/seances").status_code == 500
    assert "UniqueViolation" in caplog.text
    for secret in ("Tressecret", "tressecret", "0400000000", "1980-05-04"):
        assert secret not in caplog.text


def test_a_search_ends_with_its_sign_in(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    send(client, client.get("/personnes"), q="Dupont Secret")
    page = client.get("/personnes")
    assert "Dupont Secret" in page.text
    send(client, page, "/deconnexion")
    with client.session_transaction() as cookie:
        assert "Dupont Secret" not in str(dict(cookie))
