"""The rights of the person: told, given everything, erased on request, put away in time."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import uuid

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from ramsess.actions import access
from ramsess.actions.access import WITHHELD, gather, leading_tables
from ramsess.actions.ledger import Ledger
from ramsess.database import Base, db
from ramsess.models import (
    CODE_LISTS,
    Acquaintance,
    Beneficiary,
    ErasureRequest,
    ExchangeKey,
)
from ramsess.models.calendar import today
from ramsess.reports.dossier import TABLES
from tests.conftest import SignIn
from tests.counting.builder import Network
from tests.pages import form_of, send, token_of
from tests.views.conftest import enter_person, open_parcours
from tests.views.test_orientations import propose


def known(app: Flask) -> list[tuple[dt.date | None, bool | None]]:
    with app.app_context():
        return [
            (row.informed_on, row.sharing_agreed)
            for row in db.session.scalars(select(Acquaintance).order_by(Acquaintance.since))
        ]


def words(answer: TestResponse) -> str:
    assert answer.status_code == 200
    reader = pypdf.PdfReader(io.BytesIO(answer.data))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


# Information


def test_a_new_person_is_informed_today_unless_said_otherwise(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    person = enter_person(client, "Fictif", sharing="oui")
    assert known(app) == [(today(), True)]
    assert "partage accepté" in client.get(person).text


def test_neither_a_date_nor_not_yet_is_refused(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    answer = send(
        client,
        client.get("/personnes/nouvelle"),
        last_name="Fictif",
        first_name="Zoé",
        informed_on="",
    )
    assert answer.status_code == 422
    assert "Indiquez une date." in answer.text
    assert known(app) == []


def test_not_yet_informed_stands_on_the_list_until_it_is_noted(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    form = client.get("/personnes/nouvelle")
    data = {"last_name": "Fictif", "first_name": "Zoé", "not_yet": "y", "informed_on": ""}
    person = client.post("/personnes/nouvelle", data={**fields(form), **data}).location
    assert known(app) == [(None, None)]
    assert person in client.get("/personnes/a-informer").text
    page = client.get(person)
    assert "non renseigné" in page.text
    tomorrow = (today() + dt.timedelta(days=1)).isoformat()
    refused = send(client, page, "/information", informed_on=tomorrow)
    assert refused.status_code == 422
    assert "futur" in refused.text
    assert send(client, page, "/information", sharing="non").status_code == 302
    assert known(app) == [(today(), False)]
    assert "Tout le monde est informé" in client.get("/personnes/a-informer").text


def test_each_structure_tells_for_itself(app: Flask, sign_in: SignIn) -> None:
    apeas, place = sign_in("adviser", "APEAS"), sign_in("adviser", "PLACE")
    enter_person(apeas, "Fictif", birth_date="1980-01-01")
    other = send(
        place,
        place.get("/personnes/nouvelle"),
        last_name="Fictif",
        first_name="Zoé",
        birth_date="1980-01-01",
        informed_on="2020-01-01",
        confirmed="y",
    )
    assert other.status_code == 302
    assert sorted(known(app), key=str) == [(dt.date(2020, 1, 1), None), (today(), None)]


def fields(page: TestResponse) -> dict[str, str]:
    return dict(form_of(page).fields)


def test_the_sheet_is_one_page_in_french_with_or_without_a_name(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    person = enter_person(client, "Fictif")
    blank, named = (
        client.get("/personnes/fiche-information.pdf"),
        client.get(f"{person}/information.pdf"),
    )
    for answer in (blank, named):
        reader = pypdf.PdfReader(io.BytesIO(answer.data))
        assert len(reader.pages) == 1
        assert reader.trailer["/Root"]["/Lang"] == "fr-FR"
        assert reader.metadata
        assert reader.metadata.title == "Vos données personnelles"
    assert "Zoé Fictif" in words(named)
    assert "Fictif" not in words(blank)
    for said in ("responsable", "CNIL", "2 ans", "Région", "Signature"):
        assert said in words(blank)


# Access


def test_every_table_that_leads_to_a_person_is_exported_and_has_a_french_name() -> None:
    """A walk over the foreign keys of its own, from the person outwards."""
    reference = {
        *CODE_LISTS, "accounts", "advisers", "alembic_version", "assignments", "beneficiaries",
        "communes", "departments", "epcis", "grants", "memberships", "parcours_numbers",
        "positionings", "presentations", "resource_files", "resource_phases", "resources", "roles",
        "structures",
        # Which colleagues a message calls, and who has read it.
        "message_mentions", "message_readings",
        # Workbooks handed in, and how spreadsheets are read: they name nobody.
        "imports", "mappings",
        # Periods, what is handed in of them and what is sealed are about nobody.
        "periods", "hand_ins", "table_comments", "seal_keys", "seals", "sealed_files",
        # What the network decided is about nobody.
        "decisions",
    }  # fmt: skip
    exported = {table.name for table in leading_tables()}
    # These two name her without a foreign key.
    reached = {"beneficiaries", "exchange_keys", "changes"}
    while True:
        more = {
            name
            for table in Base.metadata.tables.values()
            for key in table.foreign_keys
            for name, other in (
                (table.name, key.column.table.name),
                (key.column.table.name, table.name),
            )
            if other in reached and name not in reference
        }
        if more <= reached:
            break
        reached |= more
    assert exported == reached - {"beneficiaries"}
    assert exported <= set(TABLES)


def test_a_table_added_tomorrow_is_exported_too(monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow = MetaData()
    for table in Base.metadata.tables.values():
        table.to_metadata(tomorrow)
    Table("diagnoses", tomorrow, Column("id", Integer, primary_key=True),
          Column("parcours_id", ForeignKey("parcours.id")), Column("said", Text))  # fmt: skip
    Table("audit_more", tomorrow, Column("id", Integer, primary_key=True),
          Column("person_id", Integer))  # fmt: skip

    class Later:
        metadata = tomorrow

    monkeypatch.setattr(access, "Base", Later)
    assert {"diagnoses", "audit_more"} <= {table.name for table in access.leading_tables()}


def test_everything_held_is_there_and_nothing_of_others(session: Session) -> None:
    network = Network(session)
    person = network.person(phone="06 00 00 00 00", sex_code="F", commune_code="13055")
    other = network.person()
    parcours = network.parcours(person, other, others={"PLACE": ("2009-03-01", None)})
    parcours.origin = "Mission locale"
    network.act("2009-03-02", parcours=parcours, note="Point sur le budget")
    network.act("2009-03-03", parcours=parcours, note=f"Vu avec {other.last_name.upper()}")
    network.act("2009-03-04", "ACC1", people=(person, other), by={"bob/PLACE": 45})
    network.group_session("2009-04-02", present={"APEAS": (person, other)})
    asked = network.orientation("APEAS>PLACE", "2009-03-01", parcours)
    asked.reason = f"Avec {other.last_name}, cherche un local"
    network.orientation("PLACE>>ADIE", "2009-03-02", person, "refused", "2009-03-09")
    network.orientation("PLACE>>CCI", "2009-03-02", other)
    foreign = network.act("2009-05-02", note="Rien à voir")
    session.add(
        ExchangeKey(
            structure_id=parcours.lead_structure_id,
            sheet="Bénéficiaires",
            local_id="B7",
            record_id=person.id,
        )
    )
    session.flush()
    person.phone = "06 11 11 11 11"
    session.flush()
    person.phone = "06 00 00 00 00"
    session.flush()
    dossier = gather(session, person)
    said = json.dumps(dossier.as_json(), ensure_ascii=False)
    assert other.last_name not in said
    assert str(other.public_id) not in said
    assert foreign.id not in {row["id"] for row in dossier.records["acts"]}
    assert dossier.person["phone"] == "06 00 00 00 00"
    assert dossier.person["commune_code_label"] == "Marseille"
    notes = [row["note"] for row in dossier.records["acts"]]
    assert notes == ["Point sur le budget", WITHHELD, "", ""]
    counts = {name: len(rows) for name, rows in dossier.records.items() if rows}
    assert counts == {
        "act_advisers": 4, "act_beneficiaries": 1, "acts": 4, "attendances": 1, "changes": 3,
        "exchange_keys": 1, "group_sessions": 1, "involvements": 2, "orientations": 2,
        "parcours": 1,
        "parcours_beneficiaries": 1, "projects": 1, "session_hosts": 1,
    }  # fmt: skip
    assert [(row["from_structure"], row["to_structure"], row["partner_code"], row["reason"])
            for row in dossier.records["orientations"]] == [
        ("APEAS", "Place", None, "Avec …, cherche un local"),
        ("Place", None, "ADIE", "Motif fictif"),
    ]  # fmt: skip
    assert len({row["structure"] for row in dossier.records["act_advisers"]}) == 2
    assert "adviser_id" not in dossier.records["act_advisers"][0]
    assert "bob" not in said


def export(client: FlaskClient, person: str, suffix: str = "json") -> TestResponse:
    return client.post(f"{person}/export.{suffix}", data=fields_of_page(client, person))


def fields_of_page(client: FlaskClient, person: str) -> dict[str, str]:
    page = client.get("/").text + client.get(person).text + client.get("/protection").text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    return {"csrf_token": found[1]} if found else {}


def test_a_manager_gives_what_the_structure_holds_or_shares(app: Flask, sign_in: SignIn) -> None:
    adviser, manager = sign_in("adviser", "APEAS"), sign_in("manager", "APEAS")
    person = enter_person(adviser, "Fictif", birth_date="1980-01-01")
    propose(adviser, person, "partenaire:CCI")
    propose(adviser, open_parcours(adviser, person), "partenaire:ADIE")
    elsewhere = sign_in("adviser", "PLACE")
    send(elsewhere, elsewhere.get("/personnes/nouvelle"), last_name="Fictif", first_name="Zoé",
         birth_date="1980-01-01", confirmed="y")  # fmt: skip
    other = send(
        elsewhere,
        elsewhere.get(f"/parcours/nouveau?personne={person.rsplit('/', 1)[-1]}"),
        title="Ressourcerie secrète",
        entered_on=today().isoformat(),
    ).location
    propose(elsewhere, str(other).rsplit("/", 1)[-1], "partenaire:CMA")
    said = json.loads(export(manager, person).data)
    assert said["person"]["last_name"] == "Fictif"
    assert len(said["records"]["parcours"]) == 1
    assert len(said["records"]["acquaintances"]) == 1
    assert "Ressourcerie" not in json.dumps(said)
    assert {row["partner_code"] for row in said["records"]["orientations"]} == {"CCI", "ADIE"}
    everything = json.loads(export(sign_in("dpo"), person).data)
    assert len(everything["records"]["parcours"]) == 2
    assert len(everything["records"]["acquaintances"]) == 2
    assert len(everything["records"]["orientations"]) == 3
    text = words(export(sign_in("dpo"), person, "pdf"))
    for part in ("Zoé", "Fictif", "Ressourcerie secrète", "Parcours", "Établi le"):
        assert part in text


@pytest.mark.parametrize("role", ["adviser", "coordinator", "funder", "admin"])
def test_others_export_nobody(sign_in: SignIn, role: str) -> None:
    person = enter_person(sign_in("adviser", "APEAS"), "Fictif")
    client = sign_in(role, *(["APEAS"] if role == "adviser" else []))
    assert export(client, person).status_code == 404


def test_a_manager_of_another_structure_finds_nobody(sign_in: SignIn) -> None:
    person = enter_person(sign_in("adviser", "APEAS"), "Fictif")
    assert export(sign_in("manager", "PLACE"), person).status_code == 404


def test_an_export_is_never_a_link(sign_in: SignIn) -> None:
    person = enter_person(sign_in("adviser", "APEAS"), "Fictif")
    assert sign_in("manager", "APEAS").get(f"{person}/export.json").status_code == 404


# Erasure on request


def test_a_manager_asks_and_the_officer_erases(app: Flask, sign_in: SignIn) -> None:
    manager, officer = sign_in("manager", "APEAS"), sign_in("dpo")
    person = enter_person(manager, "Fictif")
    page = manager.get(person)
    reference = person.rsplit("/", 1)[-1]
    assert reference in page.text
    assert send(manager, page, "/effacement", reason="OPP").status_code == 302
    page = manager.get(person)
    assert "en attente de la réponse" in page.text
    assert "/effacement" not in page.text
    requests = officer.get("/protection")
    assert reference in requests.text
    assert "Fictif" not in requests.text
    opened = officer.get(f"/protection/{reference}")
    assert "Fictif" not in opened.text
    wrong = send(officer, opened, "/effacer", ending="zzzzzz")
    assert wrong.status_code == 422
    assert "derniers caractères" in wrong.text
    assert manager.get(person).status_code == 200
    done = send(officer, opened, "/effacer", ending=reference[-6:].upper())
    assert done.status_code == 302
    for client in (manager, officer):
        assert client.get(person).status_code == 404
    assert officer.get(f"/protection/{reference}").status_code == 404
    assert "Effacée" in officer.get("/protection").text
    assert Ledger(app.config["SETTINGS"].instance).read()[-1] == uuid.UUID(reference)
    assert "Fictif" not in manager.get("/personnes").text


def test_a_refusal_is_read_by_the_structure(app: Flask, sign_in: SignIn) -> None:
    manager, officer = sign_in("manager", "APEAS"), sign_in("dpo")
    person = enter_person(manager, "Fictif")
    send(manager, manager.get(person), "/effacement", reason="ERR")
    assert send(officer, officer.get("/protection"), "/refuser").status_code == 302
    assert ": refusée" in manager.get(person).text
    with app.app_context():
        (request,) = db.session.scalars(select(ErasureRequest))
        assert (request.answer, request.reason_code) == ("refused", "ERR")
    token = token_of(officer.get("/protection"))
    for number in (2**31, 10**25):
        path = f"/protection/demandes/{number}/refuser"
        assert officer.post(path, data={"csrf_token": token}).status_code == 404


def test_the_officer_opens_by_reference_only(sign_in: SignIn) -> None:
    person = enter_person(sign_in("adviser", "APEAS"), "Fictif")
    officer = sign_in("dpo")
    page = officer.get("/protection")
    assert send(officer, page, reference="Fictif").status_code == 422
    assert send(officer, page, reference=str(uuid.uuid4())).status_code == 422
    found = send(officer, page, reference=person.rsplit("/", 1)[-1])
    assert found.status_code == 302
    assert officer.get("/personnes").status_code == 404


def test_an_identity_that_is_not_put_away_is_not_given_back(sign_in: SignIn) -> None:
    adviser = sign_in("adviser", "APEAS")
    reference = enter_person(adviser, "Fictif").rsplit("/", 1)[-1]
    officer = sign_in("dpo")
    token = dict(form_of(officer.get(f"/protection/{reference}"), "/effacer").fields)["csrf_token"]
    answer = officer.post(f"/protection/{reference}/retablir", data={"csrf_token": token})
    assert answer.status_code == 302
    assert "n’est pas mise à part" in officer.get("/protection").text
    assert "Fictif" in adviser.get(f"/personnes/{reference}").text


def test_an_erased_member_stays_on_the_parcours_without_link(app: Flask, sign_in: SignIn) -> None:
    manager, adviser, officer = (
        sign_in("manager", "APEAS"),
        sign_in("adviser", "APEAS"),
        sign_in("dpo"),
    )
    person = enter_person(adviser, "Fictif")
    reference = open_parcours(adviser, person)
    assert send(
        officer,
        officer.get(f"/protection/{person.rsplit('/', 1)[-1]}"),
        "/effacer",
        ending=person[-6:],
    ).status_code == 302  # fmt: skip
    page = manager.get(f"/parcours/{reference}").text
    assert "Personne effacée" in page
    assert "Projet effacé" in page
    with app.app_context():
        (gone,) = db.session.scalars(select(Beneficiary))
        assert str(gone.public_id) not in page
