"""Structures come into the network and leave it: who sees what, before, during and after."""

from __future__ import annotations

import datetime as dt

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select, update

from ramsess.cli import structures as commands
from ramsess.cli.structures import structure
from ramsess.database import db
from ramsess.models import AuditEvent, Membership
from ramsess.models.calendar import today
from tests.conftest import SignIn
from tests.pages import send
from tests.views.conftest import days_ago, enter_person, join_parcours, open_parcours

DAY = dt.timedelta(1)


def stays(code: str) -> list[tuple[dt.date, dt.date | None]]:
    rows = db.session.execute(
        select(Membership.joined_on, Membership.left_on)
        .where(Membership.structure.has(code=code))
        .order_by(Membership.joined_on)
    )
    return [(row.joined_on, row.left_on) for row in rows]


def test_who_left_sees_and_records_nothing_from_the_day_after(app: Flask, sign_in: SignIn) -> None:
    admin, client, stays_on = (
        sign_in("admin"),
        sign_in("manager", "AGODIS"),
        sign_in("adviser", "PLACE"),
    )
    person = enter_person(client, "Fictif")
    reference = open_parcours(client, person)
    join_parcours(stays_on, client, reference)
    shared = f"/parcours/{reference}"
    page = admin.get("/structures/AGODIS")
    assert "1\u00a0parcours" in page.text
    assert send(admin, page, "/depart", day=days_ago(0)).status_code == 302
    # On its last day it still belongs.
    for path in (shared, person, "/personnes", "/parcours", "/orientations"):
        assert client.get(path).status_code == 200
    with app.app_context():
        db.session.execute(
            update(Membership).where(Membership.left_on == today()).values(left_on=today() - DAY)
        )
        db.session.commit()
    for path in (
        shared,
        person,
        "/personnes",
        "/parcours",
        "/orientations",
        "/bilan/",
        "/classeurs",
        "/",
    ):
        assert client.get(path).status_code == 404, path
    # Its parcours goes on for those that take part in it, and it may not be asked any more.
    assert stays_on.get(shared).status_code == 200
    assert "Agodis<" not in stays_on.get(f"{shared}/orienter").text
    # It comes back: what it accompanied is there again.
    page = admin.get("/structures/AGODIS")
    assert send(admin, page, "/arrivee", day=days_ago(0)).status_code == 302
    assert client.get(shared).status_code == 200


def test_a_structure_that_joins_later_appears_from_that_day(app: Flask, sign_in: SignIn) -> None:
    admin, client = sign_in("admin"), sign_in("adviser", "KADO")
    assert client.get("/parcours").status_code == 404
    page = admin.get("/structures/KADO")
    assert "pas encore membre" in page.text
    assert send(admin, page, "/arrivee", day=days_ago(-1)).status_code == 302
    assert "à partir du" in admin.get("/structures/KADO").text
    assert client.get("/parcours").status_code == 404
    with app.app_context():
        db.session.execute(
            update(Membership).where(Membership.joined_on > today()).values(joined_on=today())
        )
        db.session.commit()
    assert client.get("/parcours").status_code == 200


def test_a_new_structure_is_added(app: Flask, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    page = admin.get("/structures/nouvelle")
    said = {"code": " neuve ", "name": "Neuve", "joined_on": "2010-01-01"}
    made = send(admin, page, **said, legal_form="SCOP")
    assert made.location == "/structures/NEUVE"
    page = admin.get(made.location)
    for word in ("Neuve", "depuis le 1er\u00a0janvier\u00a02010"):
        assert word in page.text, word
    assert "Neuve" in admin.get("/structures").text
    again = send(admin, admin.get("/structures/nouvelle"), **said)
    assert "désigne déjà une structure" in again.text
    assert 'value="Neuve"' in again.text
    with app.app_context():
        actions = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
        assert actions[-2:] == ["add_structure", "join_network"]


def test_a_date_without_sense_and_an_unknown_structure(sign_in: SignIn) -> None:
    admin = sign_in("admin")
    for code, ending, day, message in (
        ("AGODIS", "/depart", "2008-12-31", "n’est membre que depuis le 01/01/2009"),
        ("AGODIS", "/depart", "", "Indiquez une date."),
        ("AGODIS", "/depart", "1989-12-31", "antérieure à 1990"),
        ("KADO", "/arrivee", "1989-12-31", "antérieure à 1990"),
    ):
        answer = send(admin, admin.get(f"/structures/{code}"), ending, day=day)
        assert answer.status_code == 422
        assert message in answer.text
    assert admin.get("/structures/RIEN").status_code == 404


def test_by_command(app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "prepared_app", lambda: app)

    def run(*said: str) -> str:
        done = CliRunner().invoke(structure, said)
        assert done.exit_code in (0, 2), done.output
        return f"{done.exit_code} {' '.join(done.output.split())}"

    assert run("add", "mar13", "--name", "Marseille 13") == "0 Structure prête : MAR13."
    assert "pas encore membre" in run("list")
    assert run("join", "MAR13", "--on", "2010-02-01").endswith("à partir du 01/02/2010.")
    assert "est membre depuis le 01/02/2010" in run("join", "MAR13", "--on", "2011-01-01")
    assert run("leave", "MAR13", "--on", "31/12/2010").startswith("0 ")
    assert "a quitté le réseau le 31/12/2010" in run("leave", "MAR13", "--on", "2011-01-01")
    assert "est déjà membre du 01/02/2010 au 31/12/2010" in run(
        "join", "MAR13", "--on", "2010-12-31"
    )
    assert run("join", "MAR13", "--on", "2011-01-01").startswith("0 ")
    assert "MAR13 Marseille 13 du 01/02/2010 au 31/12/2010, depuis le 01/01/2011" in run("list")
    assert "Structure inconnue : « RIEN »." in run("leave", "RIEN", "--on", "2011-01-01")
    assert "n’est pas membre du réseau" in run("leave", "KADO", "--on", "2011-01-01")
    refused = run(
        "add", "é", "--name", " ", "--from", "1980-01-01", "--legal-form", "X",
    )  # fmt: skip
    for said in ("Un code compte", "Le nom compte", "Forme juridique inconnue",
                 "antérieure à 1990"):  # fmt: skip
        assert said in refused
    made = run("add", "DEUX", "--name", "Deux", "--from", "2012-01-01")
    assert made.startswith("0 ")
    with app.app_context():
        assert stays("MAR13") == [
            (dt.date(2010, 2, 1), dt.date(2010, 12, 31)),
            (dt.date(2011, 1, 1), None),
        ]
        assert stays("DEUX") == [(dt.date(2012, 1, 1), None)]
