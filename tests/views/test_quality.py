"""« Ce qui manque avant de rendre »: who sees what, each line to its records, to the very field."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.cli.digest import send_digest
from ramsess.database import db
from ramsess.models import Account, Adviser, Parcours, ParcoursBeneficiary
from ramsess.models.calendar import today
from ramsess.reports.consolidation import make_report
from ramsess.reports.missing import Scope, Survey
from ramsess.views.typography import day
from tests.conftest import SignIn
from tests.counting.builder import Network
from tests.counting.comparing import YEAR, import_network
from tests.counting.networks import random_network
from tests.pages import forms_of, send
from tests.views.test_messages import mails

START = str(max(dt.date(today().year, 1, 1), today() - dt.timedelta(days=300)))
AT_ONCE = dt.datetime.fromisoformat(f"{START}T12:00:00+00:00")


@dataclass
class Scene:
    """APEAS follows two people, one of whom Place follows too; Ana works on one parcours only."""

    manager: FlaskClient
    ana: FlaskClient
    other: FlaskClient
    place: FlaskClient
    coordinator: FlaskClient
    mine: str
    alone: str
    adviser: str
    act: str


@pytest.fixture
def scene(app: Flask, sign_in: SignIn) -> Scene:
    ana = sign_in("adviser", "APEAS", email="ana@demo.example")
    other = sign_in("adviser", "APEAS", email="bob@demo.example")
    manager, place = sign_in("manager", "APEAS"), sign_in("manager", "PLACE")
    coordinator = sign_in("coordinator")
    with app.app_context():
        session = db.session()
        network = Network(session)
        for name in ("ana", "bob"):
            found = session.scalars(
                select(Adviser).where(Adviser.email == f"{name}@demo.example")
            ).one()
            found.last_name = f"Conseil-{name}"
            network._advisers[name] = found
        known = {"situation_code": "DE1", "education_code": "N4", "commune_code": "13055",
                 "rsa": True, "qpv": False}  # fmt: skip
        project = {"sector_code": "AGR", "legal_form_code": "ASSO", "commune_code": "13055"}
        first = network.person(**known)
        mine = network.parcours(first, entered=START, others={"PLACE": (START, None)}, **project)
        alone = network.parcours(
            network.person(sex_code="F", birth_date=dt.date(1980, 5, 1), **known),
            entered=START, **{**project, "sector_code": None},
        )  # fmt: skip
        act = network.act(START, parcours=mine, modality_code="P", recorded_at=AT_ONCE)
        network.act(START, by={"bob/APEAS": 30}, recorded_at=AT_ONCE)
        session.commit()
        references = (mine.reference, alone.reference)
        adviser, act_id = str(network._advisers["ana"].public_id), str(act.public_id)
    return Scene(manager, ana, other, place, coordinator, *references, adviser, act_id)


def lines(page: str) -> dict[str, int]:
    """What the page says is missing: the key of each line and in how many records."""
    found = re.findall(r"/qualite/fiches\?champ=(\w+)[^>]*>.*?</li>", page, re.DOTALL)
    counts = re.findall(r"/qualite/fiches\?[^>]*>.*?<span>(\d+)\D", page, re.DOTALL)
    return dict(zip(found, map(int, counts), strict=True))


def test_each_sees_what_is_hers_to_complete(scene: Scene) -> None:
    page = scene.manager.get("/qualite").text
    assert lines(page) == {
        "whom": 1, "birth_date": 1, "sex": 1, "sector": 1, "act_commune": 1, "modality": 1,
    }  # fmt: skip
    # What most tables read comes first.
    assert next(iter(lines(page))) == "whom"
    assert "<strong>3</strong> fiches complètes sur <strong>6</strong>" in page
    assert page.index("Conseil-ana") < page.index("Conseil-bob")
    # An adviser: what she works on, and nobody else's name.
    own = scene.ana.get("/qualite").text
    assert lines(own) == {"birth_date": 1, "sex": 1}
    assert "Conseil-bob" not in own
    assert lines(scene.other.get("/qualite").text) == {"whom": 1, "act_commune": 1, "modality": 1}
    # Another structure: the parcours that it shares.
    assert lines(scene.place.get("/qualite").text) == {"birth_date": 1, "sex": 1}
    assert lines(scene.manager.get(f"/qualite?conseiller={scene.adviser}").text) == lines(own)


def test_a_line_leads_to_the_field(scene: Scene, app: Flask) -> None:
    listed = scene.manager.get("/qualite/fiches?champ=sector").text
    assert f"/parcours/{scene.alone}/completer#entry_sector_code" in listed
    assert f"/actes/{scene.act}" not in scene.manager.get("/qualite/fiches?champ=modality").text
    assert re.search(
        r"/actes/[\w-]+/corriger#modality", scene.manager.get("/qualite/fiches?champ=modality").text
    )
    listed = scene.ana.get("/qualite/fiches?champ=birth_date")
    assert "Fictif1" in listed.text
    address, _, anchor = re.findall(r'href="([^"]*completer)(#)([^"]+)"', listed.text)[0]
    page = scene.ana.get(address)
    assert f'id="{anchor}"' in page.text
    birth, sex = anchor, anchor.replace("birth_date", "sex_code")
    # What is known is not asked.
    assert "Situation" not in page.text
    assert "entry_sector_code" not in page.text
    answer = send(scene.ana, page, **{birth: "1980-05-01", sex: "F"})
    assert answer.status_code == 302
    assert lines(scene.ana.get("/qualite").text) == {}
    with app.app_context():
        member = db.session.scalars(
            select(ParcoursBeneficiary).join(Parcours).where(Parcours.reference == scene.mine)
        ).one()
        assert (member.sex_code, member.beneficiary.sex_code) == ("F", "F")
        assert member.age == today().year - 1981
        assert member.beneficiary.birth_date == dt.date(1980, 5, 1)
    assert "Tout ce que lisent les bilans est connu" in scene.ana.get(address).text
    assert "Compléter ce qui" not in scene.ana.get(f"/parcours/{scene.mine}").text
    assert "Compléter ce qui" in scene.manager.get(f"/parcours/{scene.alone}").text


def test_two_who_complete_at_once_lose_nothing(scene: Scene) -> None:
    address = f"/parcours/{scene.mine}/completer"
    first, second = scene.ana.get(address), scene.place.get(address)
    (name,) = re.findall(r'id="([\w-]+)-sex_code"', first.text)
    assert send(scene.ana, first, **{f"{name}-sex_code": "F"}).status_code == 302
    answer = send(
        scene.place, second, **{f"{name}-sex_code": "M", f"{name}-birth_date": "1979-01-02"}
    )
    assert answer.status_code == 409
    assert "Femme" in answer.text
    assert "vous aviez écrit : Homme" in answer.text
    assert 'value="1979-01-02"' in answer.text
    assert send(scene.place, answer).status_code == 302
    assert "Tout ce que lisent" in scene.place.get(address).text


def test_what_cannot_be_is_refused_on_its_field(scene: Scene, app: Flask) -> None:
    address = f"/parcours/{scene.mine}/completer"
    page = scene.ana.get(address)
    (name,) = re.findall(r'id="([\w-]+)-sex_code"', page.text)
    for said, why in (
        ("1899-12-31", "antérieure à 1900"),
        (str(today()), "suit l’entrée"),
        ("hier", "Date"),
    ):
        answer = send(scene.ana, page, **{f"{name}-birth_date": said, f"{name}-sex_code": "F"})
        assert answer.status_code == 422
        assert why in answer.text
        assert f'value="{said}"' in answer.text or said == "hier"
        assert '<option selected value="F">' in answer.text
    sector = scene.manager.get(f"/parcours/{scene.alone}/completer")
    answer = send(scene.manager, sector, entry_sector_code="RIEN")
    assert answer.status_code == 422
    assert send(scene.manager, sector, entry_sector_code="AGR").status_code == 302
    with app.app_context():
        parcours = db.session.scalars(
            select(Parcours).where(Parcours.reference == scene.alone)
        ).one()
        assert (parcours.entry_sector_code, parcours.project.sector_code) == ("AGR", "AGR")
        # Somebody else has this name and this birth date.
        person = (
            db.session.scalars(
                select(ParcoursBeneficiary).join(Parcours).where(Parcours.reference == scene.mine)
            )
            .one()
            .beneficiary
        )
        twin = type(person)(
            last_name=person.last_name, first_name=person.first_name,
            birth_date=dt.date(1970, 1, 1),
        )  # fmt: skip
        db.session.add(twin)
        db.session.commit()
    answer = send(scene.ana, page, **{f"{name}-birth_date": "1970-01-01"})
    assert answer.status_code == 422
    assert "porte déjà ce nom" in answer.text


def test_a_commune_that_nobody_knows_is_told_and_another_one_kept(
    app: Flask, sign_in: SignIn
) -> None:
    manager = sign_in("manager", "APEAS")
    with app.app_context():
        network = Network(db.session())
        parcours = network.parcours(network.person(rsa=True, commune_code="13201"))
        member = parcours.members[0]
        member.commune_code = member.rsa = None
        db.session.commit()
        reference, name = parcours.reference, str(member.beneficiary.public_id)
    page = manager.get(f"/parcours/{reference}/completer")
    # What is known today is proposed.
    assert re.search(rf'name="{name}-commune_code"[^>]*value="[^"]*Marseille', page.text)
    assert re.search(rf'name="{name}-rsa".*?<option selected value="oui"', page.text, re.DOTALL)
    answer = send(
        manager, page, **{f"{name}-commune_code": "Nulle-Part", "entry_commune_code": "Ailleurs"}
    )
    assert answer.status_code == 422
    answer = send(manager, answer, **{"entry_commune_code": "13055"})
    assert answer.status_code == 422
    assert "Nulle-Part" in answer.text
    saved = send(manager, answer, **{f"{name}-commune_code": "13201", f"{name}-qpv": "non"})
    assert saved.status_code == 302
    with app.app_context():
        parcours = db.session.scalars(select(Parcours)).one()
        member = parcours.members[0]
        assert parcours.entry_commune_code == "13055"
        assert (member.commune_code, member.rsa, member.qpv) == ("13201", True, False)


def test_the_coordination_reads_references_and_no_name(scene: Scene) -> None:
    page = scene.coordinator.get("/qualite").text
    assert lines(page)["birth_date"] == 1
    assert "/qualite?debut" in page
    assert "APEAS" in page
    listed = scene.coordinator.get("/qualite/fiches?champ=birth_date&structure=APEAS").text
    assert scene.mine in listed
    for hidden in ("Fictif", "Projet fictif", "/completer", "Conseil-"):
        assert hidden not in listed
        assert hidden not in scene.coordinator.get("/qualite?structure=APEAS").text
    assert scene.mine not in scene.coordinator.get("/qualite/fiches?champ=modality").text
    assert "30" not in lines(page)


def test_what_one_may_not_see_does_not_exist(scene: Scene) -> None:
    for client, address in (
        (scene.manager, "/qualite?structure=PLACE"),
        (scene.ana, "/qualite/fiches?champ=sex&structure=PLACE"),
        (scene.manager, "/qualite/fiches?champ=rien"),
        (scene.manager, "/qualite/fiches?champ=sex&page=0"),
        (scene.manager, "/qualite/fiches?champ=sex&debut=2009-02-30"),
        (scene.manager, "/qualite?conseiller=00000000-0000-4000-8000-000000000000"),
        (scene.coordinator, f"/qualite?structure=APEAS&conseiller={scene.adviser}"),
        (scene.place, f"/parcours/{scene.alone}/completer"),
        (scene.coordinator, f"/parcours/{scene.mine}/completer"),
    ):
        assert client.get(address).status_code == 404, address
    assert scene.manager.get("/qualite?debut=2010-01-01&fin=2009-01-01").status_code == 422
    # An adviser does not choose whose records she reads.
    asked = scene.ana.get(f"/qualite?conseiller={scene.adviser}").text
    assert asked.count("À compléter") == 1


def test_nothing_to_complete_says_what_to_do(sign_in: SignIn, app: Flask) -> None:
    manager, adviser = sign_in("manager", "PLACE"), sign_in("adviser", "APEAS")
    assert "Aucune fiche sur cette période" in manager.get("/qualite").text
    assert "Plus rien ici" in manager.get("/qualite/fiches?champ=sex").text
    assert "à compléter" not in manager.get("/").text
    with app.app_context():
        db.session.scalars(select(Adviser)).one().account_id = None
        db.session.commit()
    # Who records no act has none to complete.
    assert "Aucune fiche" in adviser.get("/qualite").text
    assert adviser.get("/").status_code == 200


def test_the_home_page_reminds_once_a_day_and_the_page_counts_anew(
    scene: Scene, app: Flask
) -> None:
    first, second = scene.manager.get("/").text, scene.manager.get("/").text
    said = "3\u00a0fiches à compléter"
    assert re.search(rf'class="alert alert-info"><a href="/qualite">{said}', first)
    assert re.search(rf'class="text-soft"><a href="/qualite">{said}', second)
    page = scene.manager.get(f"/parcours/{scene.alone}/completer")
    send(scene.manager, page, entry_sector_code="AGR")
    scene.manager.get("/qualite")
    assert "2\u00a0fiches à compléter" in scene.manager.get("/").text
    with app.app_context():
        account = db.session.scalars(
            select(Account).where(Account.email == "ana@demo.example")
        ).one()
        assert account.counted_on is None
    assert "1\u00a0fiche à compléter" in scene.ana.get("/").text
    assert "à compléter" not in scene.coordinator.get("/").text


def test_the_daily_mail_adds_a_line_without_a_name(scene: Scene, app: Flask) -> None:
    mails(app, wait=False)
    send(scene.coordinator, scene.coordinator.get("/echanges"), text="Bonjour à tous.")
    assert send_digest(app) == (4, 0)
    bodies = {to: body for to, _, body in mails(app)}
    line = f"avant le {day(dt.date(today().year, 12, 31))} : "
    assert f"1\u00a0fiche est à compléter {line}" in bodies["ana@demo.example"]
    told = sorted(len(re.findall("compléter", body)) for body in bodies.values())
    assert told == [1, 1, 1, 1]
    assert any(f"3\u00a0fiches sont à compléter {line}" in body for body in bodies.values())
    for body in bodies.values():
        assert not re.search("Fictif|Conseil-|P-20", body)


def test_nothing_is_asked_of_somebody_who_was_erased(scene: Scene, app: Flask) -> None:
    with app.app_context():
        member = db.session.scalars(
            select(ParcoursBeneficiary).join(Parcours).where(Parcours.reference == scene.mine)
        ).one()
        member.beneficiary.nameless_since = today()
        db.session.commit()
    assert "Tout ce que lisent" in scene.ana.get(f"/parcours/{scene.mine}/completer").text
    listed = scene.manager.get("/qualite/fiches?champ=sex").text
    assert "identité a été retirée" in listed
    assert "/completer" not in listed


def test_a_structure_that_left_reads_that_another_may_complete(scene: Scene, app: Flask) -> None:
    with app.app_context():
        found = select(Parcours).where(Parcours.reference == scene.mine)
        stay = db.session.scalars(found).one().involvements[-1]
        stay.left_on = stay.joined_on
        db.session.commit()
    listed = scene.place.get("/qualite/fiches?champ=sex").text
    assert "votre structure a quitté" in listed
    assert scene.mine not in listed


def test_each_kind_of_record_leads_to_where_it_is_mended(sign_in: SignIn, app: Flask) -> None:
    manager, place = sign_in("manager", "APEAS"), sign_in("manager", "PLACE")
    coordinator = sign_in("coordinator")
    before = str(today() - dt.timedelta(days=20))
    if before < START:
        before = START
    with app.app_context():
        network = Network(db.session())
        closed = network.parcours(entered=START, exited=str(today()), jobs_created=0)
        for _ in range(2):
            network.act(str(today()), parcours=closed, by={"ana/APEAS": 30, "eve/PLACE": 30})
        session = network.group_session(str(today()), by={"ana/APEAS": 60})
        sent = network.orientation("APEAS>>ADIE", before, closed)
        network.orientation("APEAS>PLACE", before, closed)
        db.session.commit()
        held, orientation, reference = session.public_id, sent.public_id, closed.reference
    old = before != START
    for client, field, expected in (
        (manager, "outcome", f"/parcours/{reference}/sortie#outcome"),
        (manager, "people", f'/parcours/{reference}"'),
        (manager, "attendance", f'/seances/{held}"'),
        (manager, "session_commune", f"/seances/{held}/corriger#commune"),
        (manager, "same", "/corriger#type"),
        # It performed the act, and did not record it.
        (place, "same", "/actes/"),
        (manager, "answer", f"/orientations/{orientation}" if old else "Plus rien"),
        (place, "answer", "Orientation reçue" if old else "Plus rien"),
        (coordinator, "answer", "vers un partenaire" if old else "Plus rien"),
        (coordinator, "same", reference),
        (coordinator, "attendance", "APEAS"),
    ):
        page = client.get(f"/qualite/fiches?champ={field}").text
        assert expected in page, field
        assert "/corriger#" not in page or client is manager


def test_a_list_is_as_long_as_its_figure_in_every_cell(session: Session, tmp_path: Path) -> None:
    import_network(session, tmp_path, random_network(40, 4))
    table = make_report(db.engines["report"], YEAR).table("B19")
    survey = Survey.of(db.engines["report"], YEAR)
    checked = 0
    for column in table.columns:
        if column.key == "SHARED":
            continue
        scope = Scope(None if column.key == "TOTAL" else column.key)
        for line in [*survey.to_complete(scope), *survey.to_check(scope)]:
            fields = {point.key for point in line.group.fields}
            row = f"{line.point.key}_missing" if line.point.key in fields else line.point.key
            assert line.count == table.value(row, column.key), (row, column.key)
            (ids,) = table.records(row, column.key).values()
            assert sorted(line.records["id"]) == sorted(ids)
            assert line.concerned == table.value(line.group.key, column.key)
            checked += 1
    assert checked > 40


def test_a_long_list_is_paged(sign_in: SignIn, app: Flask) -> None:
    manager = sign_in("manager", "APEAS")
    with app.app_context():
        network = Network(db.session())
        for _ in range(51):
            network.parcours(entered=START)
        db.session.commit()
    first, second = (
        manager.get("/qualite/fiches?champ=sector"),
        manager.get("/qualite/fiches?champ=sector&page=2"),
    )
    assert first.text.count("/completer#") == 50
    assert "Page suivante" in first.text
    assert second.text.count("/completer#") == 1
    assert 'start="51"' in second.text
    assert "Page précédente" in second.text
    assert forms_of(first)
