"""The history of records on the pages: what was, who changed it, the way back, undoing."""

from __future__ import annotations

import html
import re

from flask import Flask
from flask.testing import FlaskClient

from ramsess.database import db
from ramsess.models import Act, Beneficiary, Involvement, Parcours
from tests.conftest import SignIn, client_of, open_account
from tests.pages import form_of, send
from tests.views.conftest import Count, code_of, days_ago, enter_person, open_parcours


def text_of(client: FlaskClient, address: str) -> str:
    """The words of a page, one space between them."""
    page = client.get(address)
    assert page.status_code == 200, address
    main = page.text.partition("<main")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def act_of(app: Flask) -> Act:
    with app.app_context():
        act: Act = db.session.query(Act).one()
        db.session.expunge(act)
        return act


def record(client: FlaskClient, **said: str) -> None:
    assert send(client, client.get("/"), type="CSL1", minutes="45", **said).status_code == 302


def correct(client: FlaskClient, address: str, **said: str) -> None:
    answer = send(client, client.get(f"{address}/corriger"), **said)
    assert answer.status_code == 302, answer.text


def test_an_act_tells_what_it_was_and_goes_back_to_it(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    record(client, note="Premier jet")
    address = f"/actes/{act_of(app).public_id}"
    correct(client, address, note="Deuxième jet", type="CSL4")
    correct(client, address, **{"note": "Troisième jet", "minutes": "1h30"})
    told = text_of(client, f"{address}/historique")
    assert "Ana Fictive , le" in told
    assert "Note Premier jet → Deuxième jet" in told
    assert "Type Entretien d'accompagnement → Statut juridique" in told.replace("’", "'")
    assert "Durée (minutes) 45 → 90" in told
    # Before the first correction: both are taken back.
    states = re.findall(r'name="etat" value="(\d+)"', client.get(f"{address}/historique").text)
    assert len(states) == 2
    answer = send(client, client.get(f"{address}/historique"), etat=states[1])
    assert answer.location == address
    assert "L’état choisi est rétabli." in client.get(address).text
    act = act_of(app)
    assert (act.note, act.type_code) == ("Premier jet", "CSL1")
    assert "Durée (minutes) 90 → 45" in text_of(client, f"{address}/historique")


def test_a_state_that_never_was_is_not_gone_back_to(app: Flask, sign_in: SignIn) -> None:
    """Nor taken for the first one: what was corrected since stands."""
    client = sign_in("adviser", "APEAS")
    record(client, note="Premier jet")
    address, person = f"/actes/{act_of(app).public_id}", enter_person(client, "Fictif")
    correct(client, address, note="Deuxième jet")
    send(client, client.get(f"{person}/corriger"), phone="0411111111")
    for page in (f"{address}/historique", f"{person}/historique"):
        fields = dict(form_of(client.get(page), page).fields)
        del fields["etat"]
        for odd in ({}, {"etat": "x"}, {"etat": "-1"}, {"etat": "9" * 25}):
            assert client.post(page, data={**fields, **odd}).status_code == 400, odd
    assert act_of(app).note == "Deuxième jet"


def test_going_back_to_what_the_rules_refuse_now_is_refused(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"))
    record(client, parcours=reference, done_on=days_ago(2))
    address = f"/actes/{act_of(app).public_id}"
    correct(client, address, parcours="")
    with app.app_context():
        # Since then the structure was not there any more on that day.
        db.session.query(Involvement).update({"left_on": days_ago(3)})
        db.session.commit()
    page = client.get(f"{address}/historique")
    send(client, page, etat=re.findall(r'name="etat" value="(\d+)"', page.text)[0])
    assert "ne prenait pas part à ce parcours" in client.get("/").text
    assert act_of(app).parcours_id is None


def test_a_person_goes_back_to_what_she_was(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    person = enter_person(client, "Fictif", phone="04 00 00 00 00")
    correct(client, person, phone="04 11 11 11 11")
    page = client.get(f"{person}/historique")
    assert "Téléphone 04 00 00 00 00 → 04 11 11 11 11" in text_of(client, f"{person}/historique")
    send(client, page, etat=re.findall(r'name="etat" value="(\d+)"', page.text)[0])
    with app.app_context():
        assert db.session.query(Beneficiary).one().phone == "04 00 00 00 00"
    assert "Correction de la fiche" in client.get(f"{person}/journal").text


def test_a_parcours_tells_its_phases_and_its_project(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"))
    page = client.get(f"/parcours/{reference}")
    send(client, page, "/phase", phase="FAI", reached_on=days_ago(1))
    told = text_of(client, f"/parcours/{reference}/historique")
    assert "Ajout : une phase d’un parcours Phase Faisabilité" in told
    assert "Ajout : un projet Intitulé Épicerie de démonstration" in told
    assert "Modification" not in told
    # The latest of hers is undone from here too, beside the offer of the page.
    assert told.count("Annuler l’enregistrement") == 2
    assert text_of(client, f"/parcours/{reference}/historique").count("Annuler") == 1


def test_what_was_just_recorded_is_undone_and_done_again(
    app: Flask, sign_in: SignIn, count: Count
) -> None:
    client = sign_in("adviser", "APEAS")
    person = enter_person(client, "Fictif")
    reference = open_parcours(client, person)
    page = client.get(f"/parcours/{reference}")
    answer = send(client, page, "/annuler")
    assert answer.location == "/"
    assert count(Parcours) == 0
    again = client.get("/")
    assert "L’enregistrement est annulé." in again.text
    assert "Rétablir" in again.text
    assert send(client, again, "/annuler").location == "/"
    done = client.get("/")
    assert "C’est rétabli." in done.text
    assert "Annuler l’enregistrement" in done.text
    assert count(Parcours) == 1
    # The offer is made once.
    assert "Rétablir" not in client.get("/").text
    assert "Annulation d’un enregistrement" in client.get(f"{person}/journal").text


def test_an_exit_is_undone_where_one_stands(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"))
    form = client.get(f"/parcours/{reference}/sortie")
    send(client, form, exited_on=days_ago(1), outcome="CRE")
    page = client.get(f"/parcours/{reference}")
    assert send(client, page, "/annuler").location == f"/parcours/{reference}"
    with app.app_context():
        assert db.session.query(Parcours).one().exited_on is None


def test_what_somebody_else_touched_since_is_not_undone(
    app: Flask, sign_in: SignIn, count: Count
) -> None:
    client = sign_in("adviser", "APEAS")
    record(client, note="Premier jet")
    offered = form_of(client.get("/"), "/annuler")
    correct(client, f"/actes/{act_of(app).public_id}", note="Corrigé")
    client.post("/annuler", data=dict(offered.fields))
    assert "quelqu’un a modifié ou retiré un acte" in client.get("/").text
    assert count(Act) == 1


def test_nobody_undoes_what_another_recorded(app: Flask, sign_in: SignIn, count: Count) -> None:
    client = sign_in("adviser", "APEAS")
    record(client)
    operation = dict(form_of(client.get("/"), "/annuler").fields)["operation"]
    with app.app_context():
        other = open_account(db.session(), "adviser", "APEAS")
        address = other.email
        db.session.commit()
    colleague = client_of(app, address)
    fields = dict(form_of(colleague.get("/")).fields)
    data = {"csrf_token": fields["csrf_token"], "operation": operation}
    assert colleague.post("/annuler", data=data).status_code == 302
    assert "Il n’y a plus rien à annuler." in colleague.get("/").text
    assert colleague.post("/annuler", data={**data, "operation": "?"}).status_code == 302
    assert "Il n’y a plus rien à annuler." in colleague.get("/").text
    assert count(Act) == 1


def test_who_shares_a_parcours_reads_its_history_and_changes_nothing_of_another_s_acts(
    app: Flask, sign_in: SignIn
) -> None:
    lead = sign_in("adviser", "APEAS")
    person = enter_person(lead, "Fictif", phone="04 00 00 00 00")
    reference = open_parcours(lead, person)
    record(lead, parcours=reference, note="Entre nous")
    with app.app_context():
        address = open_account(db.session(), "adviser", "PLACE").email
        db.session.commit()
    other = client_of(app, address)
    send(
        other,
        other.get("/parcours/rejoindre"),
        reference=reference,
        code=code_of(lead, reference),
        joined_on=days_ago(0),
    )
    assert "Ajout : la participation d’une structure" in text_of(
        other, f"/parcours/{reference}/historique"
    )
    act = act_of(app)
    for path in ("", "/historique"):
        assert other.get(f"/actes/{act.public_id}{path}").status_code == 404
    assert other.get(f"{person}/historique").status_code == 200
