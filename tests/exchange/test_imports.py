"""Imports in the background: found again, interrupted, resumed, looked at line by line, undone."""

from __future__ import annotations

import io
import json
import os
import uuid
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ramsess.database import Acting, acting, db
from ramsess.exchange import deposit, importing, jobs, reader, recipe
from ramsess.exchange.container import NotAWorkbookError
from ramsess.exchange.deposit import Deposit
from ramsess.exchange.importing import Importing
from ramsess.exchange.reader import marked_copy
from ramsess.exchange.sandbox import mark, parse
from ramsess.exchange.workbook import Row, Sheet, Sheets
from ramsess.models import Account, Act, Import
from ramsess.reports.consolidation import make_report
from ramsess.reports.files import json_bytes
from ramsess.reports.period import Period
from tests.conftest import SignIn
from tests.exchange.test_upload import ANNE, acts, book, hand_in, send, settled, states
from tests.exchange.workbooks import Book, day
from tests.pages import token_of

YEAR = Period(day("2009-01-01"), day("2009-12-31"))


def full(code: str = "APEAS") -> Book:
    """A workbook with a row in each sheet."""
    return (
        Book(code)
        .adviser(ANNE, quotité=50)
        .person("B1", "Fictive", date_naissance=day("1980-05-01"), rsa="non")
        .person("B2", "Inventée")
        .parcours("P1", "B1", day("2009-02-01"), secteur="CUL")
        .act("A1", day("2009-03-02"), ANNE, parcours="P1")
        .act("A2", day("2009-03-03"), ANNE, bénéficiaire="B2")
        .group("S1", day("2009-04-01"), ANNE, participants="B1")
    )


def test_work_is_found_again_and_a_restart_leaves_it_interrupted(
    app: Flask, sign_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("manager", "APEAS")
    going, over = Event(), Event()
    check = Importing.check

    def slow(self: Importing, session: Session, record: Import, tell: Any) -> None:
        tell("Lecture des classeurs", 1, 4)
        tell("Lecture des classeurs", 2, 4)  # too soon to be told
        going.set()
        over.wait(20)
        check(self, session, record, tell)

    monkeypatch.setattr(Importing, "check", slow)
    monkeypatch.setattr("ramsess.views.exchange.PATIENCE", 0.05)
    page = client.get("/classeurs")
    files = [(io.BytesIO(book().save(tmp_path).read_bytes()), "a.xlsx")]
    answer = client.post("/classeurs", data={"csrf_token": token_of(page), "files": files})
    assert going.wait(20)
    place = answer.location
    assert client.get(f"{place}/avancement").json == {
        "running": True, "step": "Lecture des classeurs", "done": 1, "total": 4,
    }  # fmt: skip
    shown = client.get(place)
    assert "data-progress" in shown.text
    assert 'http-equiv="refresh"' in shown.text
    assert "En cours de vérification" in client.get("/classeurs").text
    # Confirmed or dropped meanwhile, it goes on.
    assert "data-progress" in client.get(send_raw(client, place).location).text
    over.set()
    assert "Classeur vérifié" in settled(client, client.get(place)).text
    # As after a restart: said to run, and nothing holds it.
    with app.app_context():
        db.session.execute(update(Import).values(state="writing", step="Écriture"))
        db.session.commit()
    assert client.get(f"{place}/avancement").json["running"] is False  # type: ignore[index]
    assert "Import interrompu" in client.get(place).text
    assert "Interrompu" in client.get("/classeurs").text
    assert acts(app) == 0
    page = send(client, f"{place}/reprendre")
    assert "Classeur vérifié" in page.text
    with app.app_context():
        db.session.execute(update(Import).values(state="writing"))
        db.session.commit()
    hand_in(client, book().save(tmp_path))
    assert states(app) == ["interrupted", "checked"]
    # What is over is not resumed; what waits is dropped, and its files go.
    assert "trop anciens" in send(client, f"{page.request.path[:-37]}{last(app)}/reprendre").text
    assert "abandonné" in send(client, f"{place}/abandonner").text
    assert states(app) == ["dropped", "checked"]
    assert "Import abandonné" in client.get(place).text
    assert "trop anciens" in send(client, place).text


def send_raw(client: Any, path: str) -> Any:
    return client.post(path, data={"csrf_token": token_of(client.get("/classeurs"))})


def last(app: Flask) -> str:
    with app.app_context():
        number = db.session.scalar(select(Import.public_id).order_by(Import.id.desc()).limit(1))
        return f"/{number}"


def test_a_fault_stops_it_and_writes_nothing(
    app: Flask, sign_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("manager", "APEAS")
    page = hand_in(client, book().save(tmp_path))

    def fail(*_args: object) -> None:
        raise OSError("disque plein")

    monkeypatch.setattr(Importing, "_end", fail)
    page = send(client, page.request.path)
    assert "Import arrêté" in page.text
    assert (acts(app), states(app)) == (0, ["failed"])


def test_a_person_hands_in_twenty_times_a_day(
    app: Flask, sign_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert importing.MOST_A_DAY == 20
    monkeypatch.setattr(importing, "MOST_A_DAY", 1)
    client = sign_in("adviser", "APEAS")
    path = book().save(tmp_path)
    hand_in(client, path)
    page = hand_in(client, path)
    assert page.status_code == 422
    assert "reprenez demain" in page.text
    page = hand_in(client, path, path)
    assert "un seul fichier" in page.text
    empty = tmp_path / "vide.xlsx"
    empty.write_bytes(b"")
    assert "vide.xlsx : Le fichier est vide." in hand_in(client, empty).text


def test_files_wait_a_day_for_who_runs_the_application_alone(tmp_path: Path) -> None:
    kept = Deposit(tmp_path, uuid.uuid4())
    kept.keep([(io.BytesIO(b"x"), "a.xlsx")])
    assert [name for _, name in kept.files()] == ["a.xlsx"]
    assert kept.files()[0][0].stat().st_mode & 0o777 == 0o600
    assert kept.place.stat().st_mode & 0o777 == 0o700
    deposit.sweep(tmp_path)
    deposit.sweep(tmp_path / "absent")
    assert kept.files()
    os.utime(kept.place, (0, 0))
    deposit.sweep(tmp_path)
    assert kept.files() == []


def changed() -> Book:
    """The same again, with something changed in each sheet, and a person more."""
    made = full().person("B3", "Neuve")
    made.rows["Conseillers"][0]["quotité"] = 80
    made.rows["Bénéficiaires"][0] |= {"rsa": "oui", "téléphone": "06"}
    made.rows["Parcours"][0] |= {
        "intitulé": "Autre titre",
        "secteur": "ENV",
        "bénéficiaires": "B1;B2",
        "date_sortie": day("2009-12-01"),
        "motif_sortie": "CRE",
        "emplois_créés": 1.5,
    }
    made.rows["Actes"][0] |= {"durée_minutes": 90, "commentaire": "Long"}
    made.rows["Actes"][1]["bénéficiaire"] = "B1"
    made.rows["Séances"][0] |= {"participants": "B2", "personnes_anonymes": 3}
    return made


def test_the_preview_tells_old_and_new_values_line_by_line(
    app: Flask, sign_in: SignIn, tmp_path: Path
) -> None:
    client = sign_in("manager", "APEAS")
    send(client, hand_in(client, full().save(tmp_path)).request.path)
    page = hand_in(client, changed().save(tmp_path))
    assert page.status_code == 200
    text = " ".join(page.text.replace("<del>", "").replace("</del>", "").replace("<ins>", "")
                    .replace("</ins>", "").split())  # fmt: skip
    for told in (
        "quotité : 50 → 80", "rsa : non → oui", "téléphone : vide → 06",
        "intitulé : Projet P1 → Autre titre", "secteur : CUL → ENV",
        "date_sortie : vide → 01/12/2009", "emplois_créés : 0,00 → 1,50",
        "bénéficiaires : personne → B2", "conseillers : Démo Anne (60 min) → Démo Anne (90 min)",
        "commentaire : vide → Long", "bénéficiaire : B2 → B1", "participants : B1 → B2",
        "personnes_anonymes : 0 → 3",
    ):  # fmt: skip
        assert told in text, told
    place = page.request.path
    only = client.get(f"{place}?feuille=Bénéficiaires&sort=created")
    assert "Zoé Neuve" in only.text
    assert "Zoé Fictive" not in only.text
    assert "Page 1" not in client.get(f"{place}?page=xyz").text


def test_a_long_preview_is_read_page_by_page(app: Flask, sign_in: SignIn, tmp_path: Path) -> None:
    made = book()
    for number in range(120):
        made.act(f"X{number}", day("2009-05-01"), ANNE)
    client = sign_in("manager", "APEAS")
    page = hand_in(client, made.save(tmp_path))
    assert "Page 1 sur 3" in page.text
    assert "Page 3 sur 3" in client.get(f"{page.request.path}?page=99&feuille=Actes").text


def test_what_another_structure_says_of_a_person_is_not_told(
    app: Flask, sign_in: SignIn, tmp_path: Path
) -> None:
    one = sign_in("manager", "PLACE")
    first = Book("PLACE").person("K1", "Fictive", date_naissance=day("1980-05-01"))
    done = send(one, hand_in(one, first.save(tmp_path)).request.path)
    assert "Tout est enregistré" in done.text, " ".join(done.text.split())[2000:]
    other = sign_in("manager", "APEAS")
    made = full()
    made.rows["Bénéficiaires"][0]["téléphone"] = "07"
    page = hand_in(other, made.save(tmp_path))
    assert "personne reconnue" in page.text
    assert "valeur d’une autre structure" in page.text
    found = other.get(f"{page.request.path}?feuille=Bénéficiaires&sort=matched")
    assert "1 ligne de Bénéficiaires" in found.text
    # Once it is hers too, she is told.
    send(other, page.request.path)
    made.rows["Bénéficiaires"][0]["téléphone"] = "08"
    assert "<del>07</del>" in hand_in(other, made.save(tmp_path)).text


def test_an_import_is_undone_and_can_be_made_again(
    app: Flask, sign_in: SignIn, tmp_path: Path
) -> None:
    client = sign_in("manager", "APEAS")
    send(client, hand_in(client, full().save(tmp_path)).request.path)
    before = figures(app)
    place = hand_in(client, changed().save(tmp_path)).request.path
    assert "n’est pas à annuler" in settled(client, client.get(f"{place}/annulation")).text
    send_raw(client, f"{place}/annulation")
    send(client, place)
    after = figures(app)
    assert before != after
    page = client.get(f"{place}/annulation")
    assert "un parcours" in page.text
    page = send(client, f"{place}/annulation")
    assert "Import annulé" in page.text
    assert figures(app) == before
    again = hand_in(client, changed().save(tmp_path))
    send(client, again.request.path)
    assert figures(app) == after
    # Something touched a record since: nothing is undone, and it is told.
    with app.app_context():
        db.session.execute(update(Act).values(note="Depuis"))
        db.session.commit()
    place = again.request.path
    assert "ne peut plus être annulé" in client.get(f"{place}/annulation").text
    page = send(client, f"{place}/annulation")
    assert "L’annulation n’a pas pu se faire" in page.text
    assert states(app) == ["written", "undone", "written"]
    assert "un acte" in page.text


def figures(app: Flask) -> bytes:
    """The report of the year, as JSON."""
    with app.app_context():
        return json_bytes(make_report(db.engines["report"], YEAR))


def test_a_marked_copy_holds_values_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = (
        Row(1, ("date", "commentaire")),
        Row(2, (day("2009-03-02"), "=1+1\x00\ud83d")),
        Row(3, (True, 1.5)),
    )
    book_ = Sheets("a.xlsx", [Sheet("Mes [notes]", rows)])
    problem = importing.Problem("a.xlsx", "Mes [notes]", 2, "commentaire", "Mauvais.")
    other = importing.Problem("a.xlsx", "Mes [notes]", 2, "commentaire", "Et encore.")
    far = importing.Problem("a.xlsx", "", None, None, "Tout.")
    asked = [problem, other, far]
    copy = marked_copy(book_, asked, tmp_path)
    sheets = parse.parse(copy, {"mes notes"})
    assert sheets["sheets"][0]["rows"][1][1][1] == "=1+1" + "\N{REPLACEMENT CHARACTER}" * 2
    moment = {"name": "", "rows": [[1, [["t", "2009-03-02 10:30:00"]]]]}
    content = json.dumps({"sheets": [moment], "problems": []}).encode()
    assert mark.answer(content, [])[:2] == b"PK"
    monkeypatch.setattr(reader, "SECONDS", 0.001)
    with pytest.raises(NotAWorkbookError):
        marked_copy(book_, asked, tmp_path)


def test_the_words_of_a_spreadsheet_are_guessed_only_when_sure() -> None:
    items = [("F", "Femme"), ("M", "Homme"), ("NR", "Non renseigné")]
    assert recipe.guessed("femme", items) == "F"
    assert recipe.guessed("ho", items) == "M"
    assert recipe.guessed("", items) == ""
    assert recipe.guessed("x", items) == ""


def test_nobody_works_on_what_somebody_else_began(app: Flask, sign_in: SignIn) -> None:
    sign_in("manager", "APEAS")
    acting.set(Acting(role="batch"))
    with app.app_context():
        account = db.session.scalars(select(Account)).one()
        record = Import(
            public_id=uuid.uuid4(), account_id=account.id, digest="0" * 64, state="written"
        )
        db.session.add(record)
        db.session.commit()
        begun = jobs.start(app.app_context, record.id, print, state="writing", after=("checked",))
        assert begun is None
        assert not jobs.interrupted(db.session(), record)
