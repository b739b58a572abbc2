"""The public pages: read by anybody, valid, kept nowhere, telling nothing of who asks."""

from __future__ import annotations

import datetime as dt
import re
from xml.etree import ElementTree

import html5lib
import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from ramsess.database import db
from ramsess.demo.network import present_structures
from ramsess.forms.network import HelpForm, SchemaForm
from ramsess.models.calendar import today
from ramsess.reports.network import Member, NetworkSchema, read_network
from ramsess.reports.published import PublishedYear, last_published_year
from ramsess.reports.schema import NOTHING, schema_drawing, schema_svg
from tests.conftest import SignIn
from tests.views.test_positioning import LINE

ANSWER = "/reseau/qui-peut-m-aider?phase=FIN&besoin=FIN&departement=13"
PAGES = ("/reseau", "/reseau?specialite=FIN", "/reseau/qui-peut-m-aider", ANSWER, "/connexion")


@pytest.fixture
def visitor(app: Flask, sign_in: SignIn) -> FlaskClient:
    """Somebody who is not signed in, before a network whose structures said what they do."""
    with app.app_context():
        present_structures(db.session(), today())
        db.session.commit()
    return app.test_client()


def parse(page: str) -> None:
    """Raise what a strict parser finds wrong; ids are unique."""
    html5lib.HTMLParser(strict=True).parse(page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)), sorted(name for name in ids if ids.count(name) > 1)


def test_the_public_pages_are_valid_and_as_strict_as_the_others(visitor: FlaskClient) -> None:
    for path in PAGES:
        answer = visitor.get(path)
        assert answer.status_code == 200
        parse(answer.text)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert " style=" not in answer.text
        assert "<script>" not in answer.text
        assert answer.text.count("<h1>") == 1
        # One click away, or there.
        assert ('href="/connexion"' in answer.text) == (path != "/connexion")
        # Nothing is kept of who only reads.
        if path != "/connexion":
            assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "wrong",
    ["<!doctype html><title>x</title><p><div></div></p>", "<p>sans doctype", '<!doctype html>'
     '<title>x</title><p id="a"></p><p id="a"></p>'],
)  # fmt: skip
def test_the_parser_finds_a_page_that_is_not_valid(wrong: str) -> None:
    with pytest.raises((html5lib.html5parser.ParseError, AssertionError)):
        parse(wrong)


def test_the_page_shows_members_schema_and_no_invented_figure(visitor: FlaskClient) -> None:
    page = visitor.get("/reseau").text
    assert page.count("<h3>") == 12
    assert "Kado" not in page
    assert "Accès Conseil" in page
    assert page.index("<h3>Accès Conseil") < page.index("<h3>Agodis")
    assert page.index("<h3>Essor 13") > page.index("<h3>Énergie Alternative")
    assert "Aucune année n’a encore été publiée." in page
    filtered = visitor.get("/reseau?specialite=SPO")
    assert "Profession Sport 13 : Émergence ponctuel" in filtered.text
    assert "Essor 13 : " not in filtered.text
    assert "Essor 13" in filtered.text
    wrong = visitor.get("/reseau?specialite=RIEN")
    assert wrong.status_code == 422
    parse(wrong.text)


def test_the_figures_of_a_published_year_stand_as_they_were_published(
    app: Flask, session: Session
) -> None:
    assert last_published_year(db.engines["funder"]) is None
    schema = read_network(session, today())
    with app.test_request_context("/reseau"):
        page = render_template(
            "network/index.html",
            asked=SchemaForm(session, {}),
            help=HelpForm(session, {}),
            schema=schema,
            speciality="",
            drawings=[],
            published=PublishedYear(
                2009,
                [("Personnes accompagnées", "1\u202f234")],
                dt.datetime(2010, 1, 30, tzinfo=dt.UTC),
                "7KQ2-M9XD",
            ),
            mine=[],
        )
    assert "Le réseau en chiffres : 2009" in page
    assert "<dt>Personnes accompagnées</dt><dd>1\u202f234</dd>" in page
    assert "Aucune année" not in page


def test_three_answers_give_structures_with_why_and_how_to_reach_them(visitor: FlaskClient) -> None:
    page = visitor.get("/reseau/qui-peut-m-aider").text
    assert "Trois questions" in page
    assert "Vers qui" not in page
    page = visitor.get(ANSWER).text
    assert page.index("Accès Conseil") < page.index("Essor 13") < page.index("Agodis")
    assert "Dans votre département." in page
    assert 'href="tel:0465710003"' in page
    assert 'href="mailto:contact@acces.demo.example"' in page
    for wrong in ("phase=RIEN&besoin=FIN", "phase=FIN&besoin=RIEN", "phase=FIN&departement=99",
                  "phase=<script>"):  # fmt: skip
        answer = visitor.get(f"/reseau/qui-peut-m-aider?{wrong}")
        assert answer.status_code == 422
        assert "Vers qui" not in answer.text
        assert "<script>" not in answer.text


def test_without_any_answer_the_page_says_what_to_do(app: Flask, sign_in: SignIn) -> None:
    page = app.test_client().get(ANSWER).text
    assert "Pas encore de réponse" in page
    assert 'href="/reseau#membres"' in page


def test_what_is_asked_is_in_no_log(
    visitor: FlaskClient, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    visitor.get("/reseau/qui-peut-m-aider?phase=FIN&besoin=STA&departement=84")
    told = capsys.readouterr().err + caplog.text
    assert "/reseau/qui-peut-m-aider" in told
    assert "STA" not in told
    assert "departement" not in told


def test_signed_in_everybody_reads_the_same_page(sign_in: SignIn) -> None:
    for role, *structures in (("funder",), ("dpo",), ("admin",), ("adviser", "APEAS")):
        client = sign_in(role, *structures)
        page = client.get("/reseau")
        assert page.status_code == 200
        parse(page.text)
        assert LINE not in page.text
        assert ">Se déconnecter<" in page.text
    assert LINE in sign_in("manager", "APEAS").get("/reseau").text


def test_the_drawing_says_in_text_what_it_shows() -> None:
    phases = [("EME", "Émergence"), ("MON", "Montage")]
    schema = NetworkSchema(
        phases,
        [("ACC", "Accueil"), ("FIN", "Financement")],
        ["Ponctuel", "Régulier", "Central"],
        [
            Member("A", "Les Têtes & Cie <b>", True, degrees={("EME", "ACC"): 3}),
            Member("B", "Une structure dont le nom est bien trop long pour la colonne", True,
                   degrees={("EME", "FIN"): 1, ("MON", "FIN"): 2}),
            Member("C", "Muette"),
        ],
    )  # fmt: skip
    for narrow in (False, True):
        root = ElementTree.fromstring(schema_svg(schema, narrow=narrow))
        space = "{http://www.w3.org/2000/svg}"
        title, described = root.find(f"{space}title"), root.find(f"{space}desc")
        assert title is not None
        assert described is not None
        assert title.text == "Qui intervient à quelle phase : toutes les spécialités"
        assert described.text
        assert "Les Têtes & Cie <b> : Émergence central." in described.text
        assert "Muette" not in described.text
        # Three discs and the three of the key, larger and darker with the degree.
        discs = [one for one in root.iter(f"{space}circle") if one.get("stroke")]
        assert len(discs) == 6
        sizes = [float(one.get("r", "0")) for one in discs[-3:]]
        assert sizes == sorted(set(sizes))
        assert len({one.get("fill") for one in discs[-3:]}) == 3
        assert all("style" not in one.attrib for one in root.iter())
    nobody = schema_svg(NetworkSchema(phases, [], ["Ponctuel"], []))
    assert NOTHING in nobody
    assert schema_drawing(NetworkSchema([], [], [], [])).height > 0
