"""Code lists, and what the DLA calls our codes, on a page and for programs."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select, update

from ramsess.actions.correspondence import LISTS, terms_today
from ramsess.database import db
from ramsess.models import CODE_LISTS, DlaTerm
from tests.conftest import SignIn
from tests.interface.conftest import MakeProgram


def test_every_code_has_a_term_of_the_dla_or_a_reason_to_have_none(app: Flask) -> None:
    with app.app_context():
        said = {(one.list, one.code) for one in terms_today(db.session())}
        codes = {
            (name, code)
            for name in LISTS
            for code in db.session.scalars(select(CODE_LISTS[name].code))
        }
    assert said == codes
    assert len(said) == 75


def test_a_term_that_is_closed_is_not_shown_any_more(app: Flask, program: MakeProgram) -> None:
    ours = program("manager", "APEAS")
    closed = update(DlaTerm).where(DlaTerm.code == "DIA2")
    with app.app_context():
        db.session.execute(closed.values(valid_to=dt.date(2020, 1, 1)))
        db.session.commit()
    told = ours.get("/correspondences/dla").get_json()["items"]
    with app.app_context():
        db.session.execute(closed.values(valid_to=None))
        db.session.commit()
    assert "DIA2" not in {one["code"] for one in told}
    assert {
        "list": "act_types",
        "code": "DIA3",
        "label": "Restitution et plan d’accompagnement",
        "term": "Plan d’accompagnement",
        "note": "Aussi appelé feuille de route.",
    } in told


@pytest.mark.parametrize("role", ["adviser", "manager", "coordinator", "funder"])
def test_the_page_says_that_it_is_a_proposal(sign_in: SignIn, role: str) -> None:
    posts = ("APEAS",) if role in ("adviser", "manager") else ()
    page = sign_in(role, *posts).get("/correspondance-dla").text
    assert "n’a pas été vérifiée auprès de l’État" in page
    assert "Ingénierie collective" in page


@pytest.mark.parametrize("role", ["admin", "dpo"])
def test_it_is_shown_to_nobody_else(sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    assert client.get("/correspondance-dla").status_code == 404
    assert client.get("/compte/jetons").status_code == 404


def test_code_lists_are_told_in_their_order(program: MakeProgram) -> None:
    ours = program("funder")
    assert set(ours.get("/code-lists").get_json()["items"]) == set(CODE_LISTS)
    phases = ours.get("/code-lists/phases").get_json()["items"]
    assert [one["code"] for one in phases][:3] == ["EME", "FAI", "MON"]
    assert ours.get("/code-lists/absente").status_code == 404


def test_what_is_asked_wrongly_is_told_by_name(program: MakeProgram) -> None:
    ours = program("adviser", "APEAS")
    year = "from=2009-01-01&to=2009-12-31"
    for path, question, name in (
        ("/acts", "limit=0", "limit"),
        ("/acts", "limit=501", "limit"),
        ("/acts", "limit=dix", "limit"),
        ("/acts", "cursor=x", "cursor"),
        ("/acts", "cursor=MjAwOS0wMS0wMSBQYXM=", "cursor"),
        ("/acts", "from=2009-02-30", "from"),
        ("/acts", "to=12/03/2009", "to"),
        ("/acts", "from=1989-01-01", "from"),
        ("/acts", "from=2010-01-01&to=2009-01-01", "to"),
        ("/acts", "limit=1&limit=2", "limit"),
        ("/acts", "page=2", "page"),
        ("/report", "from=2009-01-01", "to"),
        ("/report", "from=2000-01-01&to=2012-01-01", "to"),
        ("/report", f"{year}&structure=PLACE", "structure"),
        ("/report", f"{year}&structure=ABSENTE", "structure"),
        ("/report", f"{year}&scheme=ABSENT", "scheme"),
    ):
        answer = ours.get(f"{path}?{question}")
        assert answer.status_code == 422, question
        assert [one["parameter"] for one in answer.get_json()["errors"]] == [name]
    own = ours.get(f"/report?{year}&structure=APEAS&scheme=DRA").get_json()
    assert (own["structure"], own["scheme"], own["state"]) == ("APEAS", "DRA", "provisoire")


def test_what_is_nowhere_is_told_to_programs_as_they_read(app: Flask, program: MakeProgram) -> None:
    ours = program("funder")
    for path in ("/nulle-part", "/code-lists/phases/EME"):
        answer = ours.get(path)
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    posted = app.test_client().put("/api/v1/periods")
    assert (posted.status_code, posted.mimetype) == (404, "application/problem+json")
    assert ours.get(f"/acts?from={'0' * 9000}").mimetype == "application/problem+json"


def test_a_fault_is_told_with_its_reference(
    app: Flask, program: MakeProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = program("funder")

    def fail(_session: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("ramsess.views.api.codes.terms_today", fail)
    answer = ours.get("/correspondences/dla")
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert len(answer.get_json()["reference"]) == 10
