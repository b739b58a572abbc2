"""The report page and its files, for each role."""

from __future__ import annotations

import io
import json
import re

import openpyxl
import pypdf
import pytest

from ramsess.models.calendar import today
from tests.conftest import SignIn
from tests.pages import send
from tests.views.conftest import days_ago, enter_person, open_parcours

YEAR = today().year


def test_an_act_changes_the_page_and_the_files_at_once(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")

    def acts_and_minutes() -> list[int]:
        rows = client.get("/bilan/ramsess.json").json["tables"]["B01"]["rows"]  # type: ignore[index]
        found = {row["key"]: row["values"]["current"] for row in rows}
        return [found["acts"], found["minutes"]]

    assert acts_and_minutes() == [0, 0]
    send(client, client.get("/"), type="CSL1", minutes="1h15")
    assert acts_and_minutes() == [1, 75]
    page = client.get("/bilan/").text
    cells = set(re.findall(r'data-key="([^"]*)"><a href="[^"]*">([^<]*)<', page))
    assert cells >= {("CSL1/APEAS", "1"), ("CSL1/TOTAL", "1\u202fh\u202f15")}


def test_the_three_files_are_what_they_say(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    send(client, client.get("/"), type="CSL1", minutes="1h15")
    query = f"?debut={YEAR}-01-01&fin={YEAR}-12-31&structure=APEAS&dispositif=DRA"
    report = json.loads(client.get(f"/bilan/ramsess.json{query}").data)
    assert report["period"] == {"from": f"{YEAR}-01-01", "to": f"{YEAR}-12-31"}
    assert "B21" in report["tables"]
    answer = client.get(f"/bilan/ramsess.xlsx{query}")
    assert answer.headers["Content-Disposition"].endswith("-apeas-dra.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(answer.data)).sheetnames
    pdf = pypdf.PdfReader(io.BytesIO(client.get(f"/bilan/ramsess.pdf{query}").data))
    assert len(pdf.pages) > 3


def test_details_are_exported_by_the_coordinator_alone(sign_in: SignIn) -> None:
    sheets = {}
    for role, codes in (("adviser", ["APEAS"]), ("coordinator", [])):
        client = sign_in(role, *codes)
        book = openpyxl.load_workbook(io.BytesIO(client.get("/bilan/ramsess.xlsx").data))
        sheets[role] = set(book.sheetnames)
    assert sheets["coordinator"] - sheets["adviser"] == {
        "Détail actes",
        "Détail parcours",
        "Détail séances",
    }


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("debut=2009-12-31&fin=2009-01-01", "Le dernier jour précède le premier."),
        ("debut=1989-12-31&fin=2009-01-01", "antérieur à 1990"),
        ("debut=1990-01-01&fin=2009-01-01", "dépasse dix ans"),
        ("debut=hier&fin=2009-01-01", "valide"),
        ("debut=&fin=2009-01-01", "Indiquez une date."),
        ("debut=2009-01-01&fin=2009-01-31&structure=XYZ", "choix"),
    ],
)
def test_an_impossible_choice_is_said(sign_in: SignIn, query: str, message: str) -> None:
    client = sign_in("coordinator")
    answer = client.get(f"/bilan/?{query}")
    assert answer.status_code == 422
    assert message in answer.text
    assert client.get(f"/bilan/ramsess.pdf?{query}").status_code == 404


def test_an_adviser_reads_the_report_of_her_own_structure_only(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    period = f"debut={YEAR}-01-01&fin={YEAR}-12-31"
    assert client.get(f"/bilan/?{period}&structure=APEAS").status_code == 200
    assert client.get(f"/bilan/?{period}&structure=PLACE").status_code == 422
    assert sign_in("coordinator").get(f"/bilan/?{period}&structure=PLACE").status_code == 200


def test_no_name_is_on_the_report(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    person = enter_person(client, "Tressecret", birth_date="1980-05-04")
    reference = open_parcours(client, person, entered_on=days_ago(0))
    send(client, client.get("/"), parcours=reference, type="CSL1", note="confidentiel")
    coordinator = sign_in("coordinator")
    book = openpyxl.load_workbook(io.BytesIO(coordinator.get("/bilan/ramsess.xlsx").data))
    cells = {
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    }
    own_name = 'title="Mon compte">Ana Fictive<'
    page = coordinator.get("/bilan/").text
    assert page.count(own_name) == 1
    texts = [*cells, page.replace(own_name, ""), coordinator.get("/bilan/ramsess.json").text]
    for secret in ("Tressecret", "confidentiel", "1980-05-04", "Ana Fictive"):
        assert not any(secret in text for text in texts)


@pytest.mark.parametrize("role", ["funder", "admin"])
def test_who_may_not_read_it_is_told_that_it_does_not_exist(sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    assert client.get("/bilan/").status_code == 404
    for path in ("/parcours", "/personnes", "/seances", "/actes/nouveau", "/classeurs"):
        assert client.get(path).status_code == 404
    assert client.get("/", follow_redirects=True).status_code == 200
