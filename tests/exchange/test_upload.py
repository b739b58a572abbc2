"""The pages where workbooks are handed in: checked in the background, written when confirmed."""

from __future__ import annotations

import io
import time
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from ramsess.database import db
from ramsess.models import Act, ActType, Import
from tests.conftest import SignIn
from tests.exchange.workbooks import Book, day
from tests.pages import token_of

ANNE = "anne@apeas.example"


def book(code: str = "APEAS") -> Book:
    return Book(code).adviser(ANNE).act("A1", day("2009-03-02"), ANNE)


def settled(client: FlaskClient, page: TestResponse) -> TestResponse:
    """The page of the import once nothing is under way."""
    for _ in range(100):
        if page.status_code == 302:
            page = client.get(page.location)
        elif "data-progress" in page.text:
            time.sleep(0.1)
            page = client.get(page.request.path)
        else:
            return page
    raise AssertionError("the import does not end")


def send(client: FlaskClient, path: str, **data: object) -> TestResponse:
    answer = client.post(path, data={"csrf_token": token_of(client.get("/classeurs")), **data})
    return settled(client, answer)


def hand_in(client: FlaskClient, *paths: Path) -> TestResponse:
    files = [(io.BytesIO(path.read_bytes()), path.name) for path in paths]
    return send(client, "/classeurs", files=files)


def acts(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Act)) or 0


def states(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Import.state).order_by(Import.id)))


def test_checked_then_confirmed(app: Flask, sign_in: SignIn, tmp_path: Path) -> None:
    client = sign_in("manager", "APEAS")
    page = hand_in(client, book().save(tmp_path))
    assert page.status_code == 200, page.text
    assert "Classeur vérifié" in page.text
    assert "02/03/2009 CSL1 anne@apeas.example" in page.text
    assert acts(app) == 0
    place = page.request.path
    done = send(client, place)
    assert "Tout est enregistré" in done.text
    assert acts(app) == 1
    again = send(client, place)
    assert "Tout est enregistré" in again.text
    assert (acts(app), states(app)) == (1, ["written"])


def test_what_no_longer_stands_is_not_written(app: Flask, sign_in: SignIn, tmp_path: Path) -> None:
    client = sign_in("manager", "APEAS")
    page = hand_in(client, book().save(tmp_path))
    with app.app_context():
        db.session.execute(update(ActType).values(valid_to=day("2008-12-31")))
        db.session.commit()
    try:
        done = send(client, page.request.path)
    finally:
        with app.app_context():
            db.session.execute(update(ActType).values(valid_to=None))
            db.session.commit()
    assert done.status_code == 422
    assert "Rien n’est enregistré" in done.text
    assert (acts(app), states(app)) == (0, ["refused"])


def test_an_import_is_its_structure_s(app: Flask, sign_in: SignIn, tmp_path: Path) -> None:
    place = hand_in(sign_in("manager", "APEAS"), book().save(tmp_path)).request.path
    colleague, other = sign_in("adviser", "APEAS"), sign_in("manager", "PLACE")
    assert "Classeur vérifié" in colleague.get(place).text
    assert place in colleague.get("/classeurs").text
    for path in (place, f"{place}/avancement", f"{place}/a-corriger.xlsx", f"{place}/colonnes"):
        assert other.get(path).status_code == 404
    for path in (place, f"{place}/abandonner", f"{place}/titres", f"{place}/reprendre"):
        assert send(other, path).status_code == 404
    assert place not in other.get("/classeurs").text
    assert (acts(app), states(app)) == (0, ["checked"])


def test_errors_are_shown_by_sheet_row_and_column_and_marked_in_a_copy(
    app: Flask, sign_in: SignIn, tmp_path: Path
) -> None:
    bad = book()
    for number in range(250):
        bad.act(f"X{number}", "hier", ANNE, commentaire="=1+1" if number else None)
    client = sign_in("adviser", "APEAS")
    page = hand_in(client, bad.save(tmp_path))
    assert page.status_code == 422
    assert "499 points à corriger" in page.text
    assert page.text.count("<td>Actes</td>") == 200
    assert "<td>Actes</td><td>3</td><td>date</td>" in page.text
    assert (acts(app), states(app)) == (0, ["refused"])
    copy = client.get(f"{page.request.path}/a-corriger.xlsx")
    assert "APEAS" in copy.headers["Content-Disposition"]
    typed = openpyxl.load_workbook(io.BytesIO(copy.data))
    assert typed.sheetnames[0] == "À corriger"
    first = [cell.value for cell in typed["À corriger"][2]]
    assert first[:3] == ["Actes", 3, "date"]
    assert typed["À corriger"]["A2"].hyperlink.location == "'Actes'!B3"
    assert "n’est pas une date" in typed["Actes"]["B3"].comment.text
    assert typed["Actes"]["B3"].fill.fgColor.rgb == "00FFC7CE"
    assert typed["Actes"]["B2"].comment is None
    assert "<f>" not in copy.data.decode("latin-1")


def test_a_manager_hands_in_her_own_structures_only(
    app: Flask, sign_in: SignIn, tmp_path: Path
) -> None:
    page = hand_in(sign_in("manager", "PLACE"), book().save(tmp_path))
    assert page.status_code == 422
    assert "code_structure" in page.text


def test_a_coordinator_hands_in_several(app: Flask, sign_in: SignIn, tmp_path: Path) -> None:
    second = Book("KADO").adviser("bob@kado.example")
    client = sign_in("coordinator")
    page = hand_in(client, book().save(tmp_path), second.save(tmp_path))
    assert page.status_code == 200
    assert "APEAS, KADO" in client.get("/classeurs").text
    page = hand_in(client, *[book().save(tmp_path)] * 21)
    assert page.status_code == 422
    assert "20 classeurs au plus" in page.text
    page = hand_in(client)
    assert "Choisissez au moins un classeur" in page.text
    page = hand_in(client, book().save(tmp_path), table(tmp_path, "a.csv", b"nom\nx\n"))
    assert "se remet seul" in page.text


def table(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("role", ["funder", "admin"])
def test_for_others_the_page_does_not_exist(sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    for path in ("/classeurs", "/classeurs/modele.xlsx", "/classeurs/lectures"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(("role", "code"), [("manager", "APEAS"), ("coordinator", None)])
def test_the_template_is_downloaded(sign_in: SignIn, role: str, code: str | None) -> None:
    answer = sign_in(role, *filter(None, [code])).get("/classeurs/modele.xlsx")
    assert answer.headers["Content-Disposition"].endswith(".xlsx")
    typed = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert typed["Structure"]["B3"].value == code
