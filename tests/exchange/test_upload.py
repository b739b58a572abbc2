"""The page where workbooks are handed in: checked first, written when confirmed."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from ramsess.database import db
from ramsess.exchange import deposit
from ramsess.models import Act, ActType
from tests.conftest import SignIn
from tests.exchange.workbooks import Book, day

ANNE = "anne@apeas.example"


def book(code: str = "APEAS") -> Book:
    return Book(code).adviser(ANNE).act("A1", day("2009-03-02"), ANNE)


def token_of(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found
    return found[1]


def hand_in(client: FlaskClient, *paths: Path) -> TestResponse:
    token = token_of(client.get("/classeurs"))
    files = [(io.BytesIO(path.read_bytes()), path.name) for path in paths]
    return client.post("/classeurs", data={"csrf_token": token, "files": files})


def acts(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Act)) or 0


def test_checked_then_confirmed(app: Flask, sign_in: SignIn, tmp_path: Path) -> None:
    client = sign_in("manager", "APEAS")
    page = hand_in(client, book().save(tmp_path))
    assert page.status_code == 200
    assert acts(app) == 0
    place = re.search(r'action="(/classeurs/[0-9a-f]{32})"', page.text)
    assert place
    done = client.post(place[1], data={"csrf_token": token_of(page)})
    assert "Tout est enregistré" in done.text
    assert acts(app) == 1
    again = client.post(place[1], data={"csrf_token": token_of(page)})
    assert again.status_code == 302
    assert acts(app) == 1


def test_what_no_longer_stands_is_not_written(app: Flask, sign_in: SignIn, tmp_path: Path) -> None:
    client = sign_in("manager", "APEAS")
    page = hand_in(client, book().save(tmp_path))
    place = re.search(r'action="(/classeurs/[0-9a-f]{32})"', page.text)
    assert place
    with app.app_context():
        db.session.execute(update(ActType).values(valid_to=day("2008-12-31")))
        db.session.commit()
    try:
        done = client.post(place[1], data={"csrf_token": token_of(page)})
    finally:
        with app.app_context():
            db.session.execute(update(ActType).values(valid_to=None))
            db.session.commit()
    assert done.status_code == 422
    assert "Rien n’est enregistré" in done.text
    assert acts(app) == 0


def test_somebody_else_cannot_confirm(app: Flask, sign_in: SignIn, tmp_path: Path) -> None:
    page = hand_in(sign_in("manager", "APEAS"), book().save(tmp_path))
    place = re.search(r'action="(/classeurs/[0-9a-f]{32})"', page.text)
    assert place
    other = sign_in("manager", "APEAS")
    token = token_of(other.get("/classeurs"))
    assert other.post(place[1], data={"csrf_token": token}).status_code == 302
    assert other.post("/classeurs/..", data={"csrf_token": token}).status_code in (302, 404)
    assert acts(app) == 0


def test_errors_are_shown_by_sheet_row_and_column(
    app: Flask, sign_in: SignIn, tmp_path: Path
) -> None:
    bad = book()
    for number in range(250):
        bad.act(f"X{number}", "hier", ANNE)
    page = hand_in(sign_in("manager", "APEAS"), bad.save(tmp_path))
    assert page.status_code == 422
    assert "250 points à corriger" in page.text
    assert page.text.count("<td>Actes</td>") == 200
    assert "<td>Actes</td><td>3</td><td>date</td>" in page.text
    assert acts(app) == 0


def test_a_manager_hands_in_her_own_structures_only(
    app: Flask, sign_in: SignIn, tmp_path: Path
) -> None:
    page = hand_in(sign_in("manager", "PLACE"), book().save(tmp_path))
    assert page.status_code == 422
    assert "code_structure" in page.text


def test_a_coordinator_hands_in_several(app: Flask, sign_in: SignIn, tmp_path: Path) -> None:
    second = Book("KADO").adviser("bob@kado.example")
    page = hand_in(sign_in("coordinator"), book().save(tmp_path), second.save(tmp_path))
    assert page.status_code == 200
    assert "APEAS, KADO" in page.text


def test_no_file(sign_in: SignIn) -> None:
    page = hand_in(sign_in("coordinator"))
    assert page.status_code == 422
    assert "Choisissez au moins un classeur" in page.text


@pytest.mark.parametrize("role", ["funder", "admin"])
def test_for_others_the_page_does_not_exist(sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    assert client.get("/classeurs").status_code == 404
    assert client.get("/classeurs/modele.xlsx").status_code == 404


@pytest.mark.parametrize(("role", "code"), [("manager", "APEAS"), ("coordinator", None)])
def test_the_template_is_downloaded(sign_in: SignIn, role: str, code: str | None) -> None:
    answer = sign_in(role, *filter(None, [code])).get("/classeurs/modele.xlsx")
    assert answer.headers["Content-Disposition"].endswith(".xlsx")
    typed = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert typed["Structure"]["B3"].value == code


def test_deposits_older_than_a_day_are_swept(tmp_path: Path) -> None:
    token = deposit.keep(tmp_path, 1, [(io.BytesIO(b"x"), "a.xlsx")])
    assert [name for _, name in deposit.find(tmp_path, 1, token)] == ["a.xlsx"]
    assert deposit.find(tmp_path, 1, "../" + token) == []
    deposit.discard(tmp_path / token, "..")
    assert deposit.find(tmp_path, 1, token)
    os.utime(tmp_path / token, (0, 0))
    deposit.keep(tmp_path, 1, [])
    assert deposit.find(tmp_path, 1, token) == []


def test_too_many_files(sign_in: SignIn, tmp_path: Path) -> None:
    page = hand_in(sign_in("coordinator"), *[book().save(tmp_path)] * 21)
    assert page.status_code == 422
    assert "20 classeurs au plus" in page.text
