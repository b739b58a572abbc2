"""The Région finds what is sealed for it, how it changes from year to year, and nothing else."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from ramsess.database import db
from ramsess.models import ActAdviser, AuditEvent, SealedFile, Structure
from ramsess.reports.period import Period
from ramsess.reports.period_code import code_of, name_of, period_of
from ramsess.reports.tables import TABLE_IDS
from tests.conftest import SignIn, administrator, open_account
from tests.counting.builder import Network
from tests.interface.conftest import MakeProgram, Program, new_token
from tests.interface.sealed import COMMENT, PLAIN_FILES, seal, some_years
from tests.sealing.made import address_of
from tests.security.canary.files import read_file

QUARTER = Period(dt.date(2010, 1, 1), dt.date(2010, 3, 31))


@pytest.fixture
def region(app: Flask, sign_in: SignIn) -> FlaskClient:
    """The Région, signed in, with three years and a quarter sealed, and a year that is not."""
    client = sign_in("funder")
    with app.app_context():
        session = db.session()
        open_account(session, "coordinator")
        some_years(session)
        for year in (2008, 2009):
            seal(session, "year", Period.of_year(year), files=PLAIN_FILES)
        seal(session, "quarter", QUARTER, files=PLAIN_FILES)
    return client


def test_the_home_of_the_region_is_its_reports_and_its_menu_holds_nothing_else(
    region: FlaskClient,
) -> None:
    home = region.get("/")
    assert home.location == "/region"
    page = region.get("/region").text
    links = page.partition("site-links")[2].partition("</ul>")[0]
    assert links.count("<a ") == 1
    assert 'href="/region"' in links


def test_sealed_reports_come_the_latest_first_with_their_proof(region: FlaskClient) -> None:
    page = region.get("/region").text
    at = [page.index(f">{name}</a></h2>") for name in ("1er trimestre 2010", "Année 2009",
                                                     "Année 2008")]  # fmt: skip
    assert at == sorted(at)
    assert "30&nbsp;janvier&nbsp;2010" in page or "30\xa0janvier\xa02010" in page
    assert f'href="/verifier/{address_of(Period.of_year(2009))}"' in page
    assert 'href="/region/2009/ramsess.pdf"' in page


def test_trends_show_what_each_report_published_and_draw_nothing_else(region: FlaskClient) -> None:
    page = region.get("/region").text
    assert "D’une année à l’autre" in page
    # A single quarter is compared with nothing.
    assert "D’un trimestre à l’autre" not in page
    rows = page.partition('id="tendances-year-tableau"')[2].partition("</table>")[0]
    followed = rows.partition("Parcours suivis")[2].partition("</tr>")[0]
    assert [part.partition("<")[0] for part in followed.split('">')[1:3]] == ["6", "14"]
    assert page.count('class="chart"') >= 3


def test_a_report_is_shown_whole_as_it_was_sealed(app: Flask, region: FlaskClient) -> None:
    page = region.get("/region/2009").text
    with app.app_context():
        content = db.session.scalars(
            select(SealedFile.content).where(
                SealedFile.edition == "region", SealedFile.suffix == "json"
            )
        ).all()
    assert any(hashlib.sha256(one).hexdigest() in page for one in content)
    assert page.count('<section class="report-section"') == len(TABLE_IDS) + len(["members"])
    assert page.count(COMMENT) == 2
    assert "secret statistique" in page
    assert 'title="non publié : secret statistique">s</abbr>' in page
    # Records counted since change nothing.
    with app.app_context(), administrator() as connection:
        # Whatever the tables themselves would refuse.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(update(ActAdviser).values(minutes=7))
        connection.execute(update(Structure).where(Structure.code == "APEAS").values(name="Autre"))
    try:
        assert _without_tokens(region.get("/region/2009").text) == _without_tokens(page)
    finally:
        with app.app_context(), administrator() as connection:
            apeas = update(Structure).where(Structure.name == "Autre")
            connection.execute(apeas.values(name="APEAS"))


def _without_tokens(page: str) -> str:
    """A page, but for what proves that a form is its own, which changes by the second."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


def test_files_are_given_byte_for_byte_and_noted_without_naming_anybody(
    app: Flask, region: FlaskClient
) -> None:
    for suffix, content in PLAIN_FILES.items():
        answer = region.get(f"/region/2009/ramsess.{suffix}")
        assert answer.data == content
        assert f"20090101-20091231-scelle-region.{suffix}" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(region.get("/region/2009/ramsess.zip").data)) as archive:
        assert archive.read("B03.csv").startswith(b"\xef\xbb\xbf")
        assert len([name for name in archive.namelist() if name.endswith(".csv")]) == len(TABLE_IDS)
    data = region.get("/region/2009/ramsess.json")
    assert data.get_json()["report"]["edition"] == "region"
    with app.app_context():
        noted = db.session.execute(
            select(AuditEvent).where(AuditEvent.action == "download_sealed")
        ).scalars().all()  # fmt: skip
        assert {(one.details.record, one.details.person_id) for one in noted} == {
            ("2009/region", None)
        }
        assert len(noted) == 4


@pytest.mark.parametrize("period", ["2010", "2007", "2009-T1", "2009-T5", "1989", "20090", "²009"])
def test_what_is_not_sealed_is_not_there(region: FlaskClient, period: str) -> None:
    assert region.get(f"/region/{period}").status_code == 404
    assert region.get(f"/region/{period}/ramsess.pdf").status_code == 404


def test_what_was_sealed_without_an_edition_for_the_region_is_not_there(
    app: Flask, region: FlaskClient
) -> None:
    with app.app_context():
        seal(db.session(), "year", Period.of_year(2007), region=False, files=PLAIN_FILES)
    assert region.get("/region/2007").status_code == 404
    assert "Année 2007" not in region.get("/region").text


def test_nothing_sealed_says_what_will_come(sign_in: SignIn) -> None:
    assert "Aucun bilan n’est encore scellé" in sign_in("funder").get("/region").text


def test_the_coordinator_sees_what_the_region_sees(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    with app.app_context():
        some_years(db.session())
        seal(db.session(), "year", Period.of_year(2009), files=PLAIN_FILES)
    assert client.get("/region/2009").status_code == 200
    assert client.get("/").status_code == 200
    assert "Édition de la Région" in client.get("/").text


@pytest.mark.parametrize("role", ["adviser", "manager"])
def test_the_space_of_the_region_is_no_structures(sign_in: SignIn, role: str) -> None:
    assert sign_in(role, "APEAS").get("/region").status_code == 404


def test_the_public_page_shows_the_key_figures_of_the_last_sealed_year(
    app: Flask, region: FlaskClient
) -> None:
    page = app.test_client().get("/reseau").text
    assert "Le réseau en chiffres : 2009" in page
    assert "<dt>Parcours suivis</dt><dd>14</dd>" in page
    assert f'href="/verifier/{address_of(Period.of_year(2009))}"' in page
    with app.app_context():
        # In 2011 nothing is new: small figures, which stay untold.
        seal(db.session(), "year", Period.of_year(2010), files=PLAIN_FILES)
    page = app.test_client().get("/reseau").text
    assert "Le réseau en chiffres : 2010" in page
    assert "<dt>Parcours entrés</dt><dd>non publié (secret statistique)</dd>" in page


def test_nothing_is_public_as_long_as_no_year_is_sealed_for_the_region(
    app: Flask, sign_in: SignIn
) -> None:
    sign_in("funder")
    with app.app_context():
        some_years(db.session())
        seal(db.session(), "quarter", QUARTER, files=PLAIN_FILES)
        seal(db.session(), "year", Period.of_year(2008), region=False, files=PLAIN_FILES)
    assert "Aucune année n’a encore été publiée" in app.test_client().get("/reseau").text


def test_a_program_reads_sealed_reports_of_its_edition(app: Flask, program: MakeProgram) -> None:
    ours = program("funder")
    with app.app_context():
        some_years(db.session())
        seal(db.session(), "year", Period.of_year(2009), files=PLAIN_FILES)
        db.session.commit()
    listed = ours.get("/periods").get_json()["items"]
    assert [(one["code"], one["state"], one["sealed_on"]) for one in listed] == [
        ("2009", "sealed", "2010-01-30")
    ]
    answer = ours.get("/reports/2009")
    report = answer.get_json()
    assert report["edition"] == "region"
    assert report["tables"]["B01"]["rows"][0]["values"]["current"] == 14
    assert "s" in str(report["tables"]["B03"]["rows"])
    assert ours.get("/reports/2009?edition=network").status_code == 404
    assert ours.get("/reports/2009?edition=detail").status_code == 422
    assert ours.get("/reports/2008").status_code == 404
    assert ours.get("/reports/2009/tables/B01").get_json() == report["tables"]["B01"]
    assert ours.get("/reports/2009/tables/B99").status_code == 404
    table = ours.get("/reports/2009/tables/B01.csv")
    assert table.mimetype == "text/csv"
    assert "parcours_followed;Parcours suivis;" in table.text
    # What does not change is not sent again.
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = ours.get("/reports/2009", **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_program_of_the_network_reads_the_network_s_edition_and_what_is_not_sealed_yet(
    app: Flask, program: MakeProgram
) -> None:
    ours = program("adviser", "APEAS")
    with app.app_context():
        some_years(db.session())
        seal(db.session(), "year", Period.of_year(2009), files=PLAIN_FILES)
    assert ours.get("/reports/2009").get_json()["edition"] == "network"
    assert ours.get("/reports/2009?edition=region").status_code == 404
    both = program("coordinator")
    for edition in ("network", "region"):
        found = both.get(f"/reports/2009?edition={edition}").get_json()
        assert found["edition"] == edition


def test_periods_have_codes_and_names() -> None:
    for code, name in (
        ("2009", "Année 2009"),
        ("2009-T1", "1er trimestre 2009"),
        ("2009-T2", "2e trimestre 2009"),
        ("2009-T3", "3e trimestre 2009"),
        ("2009-T4", "4e trimestre 2009"),
    ):
        period = period_of(code)
        assert period is not None
        assert (code_of(period), name_of(period)) == (code, name)
    assert period_of("2009-T4") == Period(dt.date(2009, 10, 1), dt.date(2009, 12, 31))
    assert period_of("2008-T1") == Period(dt.date(2008, 1, 1), dt.date(2008, 3, 31))


def test_a_hidden_figure_and_a_name_are_in_no_byte_that_the_region_gets(
    app: Flask, sign_in: SignIn
) -> None:
    """The network's edition holds the figure; the records hold the name."""
    client = sign_in("funder", email="region@demo.example")
    figure, word = 98_765_431, "Zqabcdef"
    with app.app_context():
        session = db.session()
        open_account(session, "coordinator")
        network = Network(session)
        person = network.person(phone=word, email=f"{word}@demo.example")
        person.last_name = word
        network.act("2009-02-10", parcours=network.parcours(person), note=word)
        session.commit()
        seal(session, "year", Period.of_year(2009), figure=figure)
        held = session.scalars(
            select(SealedFile).where(SealedFile.edition == "network", SealedFile.suffix == "json")
        ).one()
        # What is looked for is there: in the other edition.
        assert str(figure) in held.content.decode()
        secret = new_token("region@demo.example", "funder")
    program = Program(app, secret, "")
    answers = [
        *(client.get(path) for path in ("/region", "/region/2009", "/reseau")),
        *(client.get(f"/region/2009/ramsess.{end}") for end in ("pdf", "xlsx", "json", "zip")),
        *(program.get(path) for path in ("/periods", "/reports/2009", "/reports/2009/tables/B03",
                                         "/reports/2009/tables/B03.csv")),
    ]  # fmt: skip
    written = (str(figure), "98765431", "98 765 431", "98\u202f765\u202f431", "98,765,431", word)
    for answer in answers:
        assert answer.status_code == 200
        places = {
            "en-têtes": str(answer.headers),
            "page": answer.get_data().decode("utf-8", "ignore"),
        }
        if not answer.mimetype.startswith("text/"):
            places |= read_file(answer.data)
        for place, said in places.items():
            assert [one for one in written if one.lower() in said.lower()] == [], (
                answer.request.path, place,
            )  # fmt: skip
