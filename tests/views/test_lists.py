"""Lists: filters in the address, pages, order, the workbook as shown, lists kept under a name."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import insert, select

from ramsess.database import db
from ramsess.lists import LISTS, listing
from ramsess.models import Account, Act, ActAdviser, AuditEvent, SavedList
from ramsess.models.calendar import today
from ramsess.reports.sheets import HEADER_ROW
from tests.conftest import SignIn
from tests.pages import cells_of, form_of, send
from tests.security.audited import sign_in_more
from tests.views.conftest import days_ago, enter_person, open_parcours
from tests.views.test_resources import share
from tests.views.test_sessions import hold

ADDRESSES = {
    "personnes": "/personnes", "parcours": "/parcours", "actes": "/actes", "seances": "/seances",
    "orientations": "/orientations", "ressources": "/ressources",
}  # fmt: skip


def record(client: FlaskClient, kind: str, days: int, **more: str) -> None:
    page = client.get("/actes/nouveau")
    answer = send(client, page, type=kind, done_on=days_ago(days), minutes="1h30", **more)
    assert answer.status_code == 302, answer.text


@pytest.fixture
def client(sign_in: SignIn) -> FlaskClient:
    """Somebody with two parcours, three acts and a session."""
    client = sign_in("adviser", "APEAS")
    zoe = enter_person(client, "Fictif", "Zoé", birth_date="1980-05-04", situation="SAL")
    enter_person(client, "=HYPERLINK(1)", "Ana")
    reference = open_parcours(client, zoe)
    send(
        client, client.get(f"/parcours/{reference}"), "/phase", phase="FAI", reached_on=days_ago(5)
    )
    record(client, "CSL3", 2, parcours=reference)
    record(client, "CSL4", 10, parcours=reference, scheme="DLA")
    record(client, "PAR1", 40)
    hold(client, done_on=days_ago(20))
    share(client, "Modèle de statuts")
    return client


def workbook(client: FlaskClient, address: str) -> tuple[dict[str, Any], list[list[Any]], bytes]:
    """What a workbook says of itself, its headings and rows, and its bytes."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert re.search(
        rf"filename=ramsess-\w+-{today()}\.xlsx", answer.headers["Content-Disposition"]
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    said = book.get_sheet_by_index(0).to_python()
    rows = book.get_sheet_by_index(1).to_python()[HEADER_ROW - 1 :]
    return {row[0]: row[1] for row in said if row[0]}, rows, answer.data


def test_acts_are_filtered_by_the_address_and_exported_as_shown(
    app: Flask, client: FlaskClient
) -> None:
    page = client.get("/actes")
    kinds = ["Modèle économique, prévisionnel", "Statut juridique", "Atelier thématique",
             "Coordination RAMSESS"]  # fmt: skip
    assert cells_of(page, "Type") == kinds
    assert "4\u00a0actes" in page.text
    assert cells_of(page, "Durée")[0] == "1\u00a0h\u00a030"
    with app.app_context():
        account = db.session.scalars(select(Account)).one()
        assert account.adviser
        me, mine = account.adviser.public_id, account.structures()[0].id
    for asked, expected in (
        ("type=CSL4", kinds[1:2]), (f"du={days_ago(10)}&au={days_ago(2)}", kinds[:2]),
        ("phase=FAI", kinds[:1]), ("phase=EME", kinds[1:2]), ("dispositif=DLA", kinds[1:2]),
        (f"structure={mine}", kinds), (f"conseil={me}", kinds), ("tri=type", sorted(kinds)),
        ("tri=-type", sorted(kinds, reverse=True)), ("tri=rien&page=9999", kinds),
        ("type=CSL2", []), ("page=x", kinds),
    ):  # fmt: skip
        page = client.get(f"/actes?{asked}")
        assert cells_of(page, "Type") == expected, asked
    assert "Enlever les filtres" in client.get("/actes?type=CSL2").text
    for wrong, told in (
        ("type=RIEN", "type"), ("du=31/02/2009", "du"), ("du=0001-01-01", "du"),
        (f"du={days_ago(1)}&au={days_ago(2)}", "au"), ("conseil=nobody", "conseil"),
    ):  # fmt: skip
        for address in ("/actes", "/actes/liste.xlsx"):
            page = client.get(f"{address}?{wrong}")
            assert page.status_code == 422
            assert f'id="{told}-erreur"' in page.text, wrong
    found = client.get(
        send(client, client.get("/actes?type=CSL4"), "/actes", q="epicerie").location
    )
    assert found.request.query_string == b"type=CSL4"
    assert cells_of(found, "Type") == kinds[1:2]
    said, rows, data = workbook(client, "/actes/liste.xlsx?type=CSL4&tri=-date")
    assert said["Actes"] == ""
    assert said["Établie par"] == "Ana Fictive"
    assert said["Pour"] == "APEAS"
    assert said["Recherche"] == "epicerie"
    assert said["Type"] == "Statut juridique"
    assert said["Tri"] == "Date, du dernier au premier"
    assert (said["Le"], said["Lignes"]) == (today(), 1)
    assert rows[0] == [column.label for column in LISTS["actes"].columns]
    assert rows[1][0] == today() - dt.timedelta(days=10)
    assert rows[1][6] == dt.timedelta(minutes=90) or rows[1][6] == dt.time(1, 30)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Actes"]
    assert sheet.freeze_panes == f"B{HEADER_ROW + 1}"
    assert sheet.auto_filter.ref == f"A{HEADER_ROW}:I{HEADER_ROW + 1}"
    with app.app_context():
        events = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert events[-1] == "export_list"


def test_every_list_shows_and_exports_the_same(client: FlaskClient) -> None:
    """Each, in the order asked; a name that looks like a command stays text."""
    for name, address in ADDRESSES.items():
        declared = LISTS[name]
        sorts = [one.name for one in declared.columns if one.sorts]
        for sort in (sorts[0], f"-{sorts[-1]}"):
            page = client.get(f"{address}?tri={sort}")
            _, rows, data = workbook(client, f"{address}/liste.xlsx?tri={sort}")
            for place, column in enumerate(declared.columns):
                shown = cells_of(page, column.label)
                assert len(shown) == len(rows) - 1
                if column.kind == "text":
                    assert shown == [row[place] for row in rows[1:]], column.label
        for sort in sorts:
            assert client.get(f"{address}?tri={sort}").status_code == 200
        if name == "personnes":
            assert rows[2][0] == "=HYPERLINK(1)"
            assert rows[1][2] == dt.date(1980, 5, 4)
            cell = openpyxl.load_workbook(io.BytesIO(data))["Personnes"].cell(HEADER_ROW + 2, 1)
            assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_people_and_parcours_have_their_filters(client: FlaskClient) -> None:
    assert cells_of(client.get("/personnes?suivi=oui"), "Nom") == ["Fictif"]
    assert cells_of(client.get("/personnes?suivi=non"), "Nom") == ["=HYPERLINK(1)"]
    assert cells_of(client.get("/personnes?situation=SAL"), "Nom") == ["Fictif"]
    assert cells_of(client.get("/personnes?departement=13"), "Nom") == []
    for asked, found in (
        ("etat=encours&phase=FAI", 1), ("etat=sortis", 0), ("phase=EME", 0), ("secteur=AGR", 0),
        (f"du={days_ago(40)}", 1), (f"au={days_ago(40)}", 0),
    ):  # fmt: skip
        page = client.get(f"/parcours?{asked}")
        assert len(cells_of(page, "Référence")) == found, asked
    assert cells_of(client.get("/parcours"), "Phase") == ["Faisabilité"]
    for asked, found in (("type=COL1", 1), ("type=COL2", 0), ("dispositif=DRA", 1)):
        assert len(cells_of(client.get(f"/seances?{asked}"), "Intitulé")) == found
    for asked, found in (("theme=ECO", 1), ("phase=MON", 1), ("genre=LIEN", 0)):
        assert len(cells_of(client.get(f"/ressources?{asked}"), "Titre")) == found
    for asked in ("etat=attente", "etat=retard", "etat=accepted", "partenaire=ADIE"):
        assert cells_of(client.get(f"/orientations?{asked}"), "Vers") == []
    page = client.get("/seances")
    assert cells_of(client.get(send(client, page, "/seances", q="STATUT").location), "Type")


def test_a_long_list_is_turned_by_pages_and_told_where_it_stops(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        act = db.session.scalars(select(Act).limit(1)).one()
        many = [
            {"done_on": today() - dt.timedelta(days=100 + n), "type_code": "CSL1",
             "structure_id": act.structure_id}
            for n in range(60)
        ]  # fmt: skip
        made = db.session.scalars(insert(Act).values(many).returning(Act.id)).all()
        adviser = act.shares[0].adviser_id
        db.session.execute(
            insert(ActAdviser).values(
                [{"act_id": one, "adviser_id": adviser, "structure_id": act.structure_id,
                  "recorded_by_id": act.structure_id, "minutes": 60} for one in made]
            )
        )  # fmt: skip
        db.session.commit()
    first, last = client.get("/actes?type=CSL1"), client.get("/actes?type=CSL1&page=2")
    assert "Page 1 sur 2" in first.text
    assert 'href="/actes?type=CSL1&amp;page=2"' in first.text
    assert (len(cells_of(first, "Type")), len(cells_of(last, "Type"))) == (50, 10)
    monkeypatch.setattr(listing, "COUNTED", 50)
    monkeypatch.setattr("ramsess.views.listing.COUNTED", 50)
    page = client.get("/actes?type=CSL1&page=7")
    assert "Plus de 50 actes" in page.text
    assert "filtrez ou exportez" in page.text
    for module in ("ramsess.lists.listing", "ramsess.views.listing"):
        monkeypatch.setattr(f"{module}.EXPORTED", 55)
    said, rows, _ = workbook(client, "/actes/liste.xlsx?type=CSL1")
    assert (said["Lignes"], len(rows)) == (55, 56)
    assert "coupée" in said["Attention"]


def test_a_list_is_kept_found_renamed_and_let_go(app: Flask, client: FlaskClient) -> None:
    assert "aucune liste" in client.get("/listes").text
    page = client.get("/parcours?etat=encours&phase=FAI&tri=-entree")
    kept = send(client, page, "/listes", name=" Mes suivis  en phase FAI ")
    assert kept.location == "/parcours?etat=encours&phase=FAI&tri=-entree"
    # Sent twice, or again with other filters: one list.
    send(client, page, "/listes", name="Mes suivis en phase FAI")
    send(client, client.get("/parcours?phase=FAI"), "/listes", name="Mes suivis en phase FAI")
    with app.app_context():
        one = db.session.scalars(select(SavedList)).one()
        assert (one.list, one.filters) == ("parcours", {"phase": "FAI"})
        address = f"/listes/{one.public_id}"
    for path in ("/", "/parcours", "/listes", "/chercher"):
        assert f'href="{address}"' in client.get(path).text, path
    # What was searched for there does not come along.
    send(client, client.get("/parcours"), "/parcours", q="zzz")
    opened = client.get(client.get(address).location)
    assert cells_of(opened, "Référence")
    assert 'aria-current="true">Mes suivis' in opened.text
    send(client, client.get("/actes?type=CSL4"), "/listes", name="Statuts")
    send(client, client.get("/parcours?etat=sortis"), "/listes", name="Sortis")
    listed = client.get("/listes")
    for name, told in (("", "Donnez un nom"), ("x" * 81, "80 caractères"), ("Sortis", "Une autre")):
        refused = client.post(
            f"{address}/renommer", data={**dict(form_of(listed, "/renommer").fields), "name": name}
        )
        assert refused.status_code == 422
        assert told in refused.text
    assert send(client, listed, f"{address}/renommer", name="Faisabilité").status_code == 302
    assert "Faisabilité" in client.get("/").text
    assert send(client, client.get("/listes"), f"{address}/retirer").status_code == 302
    assert client.get(address).status_code == 404
    assert client.get("/parcours").text.count("/listes/") == 1


def test_what_is_kept_is_checked_and_nobody_elses(app: Flask, client: FlaskClient) -> None:
    fields = dict(form_of(client.get("/parcours?phase=FAI"), "/listes").fields)
    send_ = keeping(client, fields)
    assert send_(name="Sans nom de personne", filtres="phase=Fictif") == 422
    assert send_(name="Autre", liste="comptes") == 422
    assert send_(name="") == 422
    assert send_(name="Trop", filtres="phase=FAI&q=Fictif&nom=Fictif") == 302
    with app.app_context():
        kept = db.session.scalars(select(SavedList)).one()
        assert kept.filters == {"phase": "FAI"}
        address, owner = f"/listes/{kept.public_id}", kept.account_id
        db.session.add_all(
            SavedList(account_id=owner, list="parcours", name=f"Liste {n}", filters={})
            for n in range(49)
        )
        db.session.add(SavedList(account_id=owner, list="ancienne", name="Ancienne", filters={}))
        db.session.commit()
    assert send_(name="Une de trop") == 422
    assert send_(name="Trop") == 302
    assert "Ancienne" not in client.get("/listes").text
    for role, *posts in (("adviser", "APEAS"), ("coordinator",)):
        other = sign_in_more(app, role, *posts)
        assert other.get(address).status_code == 404
        token = form_of(other.get("/compte"), "/deconnexion").fields
        for deed in ("renommer", "retirer"):
            answer = other.post(f"{address}/{deed}", data={**dict(token), "name": "Pris"})
            assert answer.status_code == 404
        assert "Trop" not in other.get("/listes").text
    coordinator = sign_in_more(app, "coordinator")
    token = dict(form_of(coordinator.get("/compte"), "/deconnexion").fields)
    assert keeping(coordinator, {**token, "liste": "parcours", "filtres": ""})(name="Non") == 422
    assert keeping(coordinator, {**token, "liste": "ressources", "filtres": ""})(name="Oui") == 302


def keeping(client: FlaskClient, fields: dict[str, str]) -> Callable[..., int]:
    return lambda **said: client.post("/listes", data={**fields, **said}).status_code
