"""Any spreadsheet read through a mapping, and workbooks whose headings are not quite ours."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from ramsess.database import db
from ramsess.exchange import headings
from ramsess.exchange.container import NotAWorkbookError
from ramsess.exchange.reader import read_table
from ramsess.models import Act, Assignment, Beneficiary, Mapping
from tests.conftest import SignIn, open_account
from tests.exchange.test_upload import ANNE, hand_in, send, states
from tests.exchange.workbooks import Book, day

PEOPLE = "Nom usuel;Prenom;Date naiss.;Genre;RSA (oui/non);Observation\r\n"


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def fields(page: TestResponse) -> dict[str, str]:
    """What the form of columns holds, as a browser would send it."""
    said: dict[str, str] = {}
    for name, options in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page.text, re.S
    ):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        said[name] = (chosen or re.search(r'value="([^"]*)"', options))[1]  # type: ignore[index]
    for tag in re.findall(r'<input[^>]*type="text"[^>]*>', page.text):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        assert name
        said[name[1]] = value[1] if value else ""
    return said


def column(page: TestResponse, heading: str) -> str:
    """The number of the fields of that heading of ours."""
    found = re.search(rf"<legend>{re.escape(heading)}\b.*?name=\"colonne(\d+)\"", page.text, re.S)
    assert found
    return found[1]


def people(app: Flask) -> list[tuple[Any, ...]]:
    with app.app_context():
        rows = db.session.execute(
            select(
                Beneficiary.last_name, Beneficiary.first_name, Beneficiary.birth_date,
                Beneficiary.sex_code, Beneficiary.rsa,
            ).order_by(Beneficiary.id)
        )  # fmt: skip
        return [tuple(row) for row in rows]


def test_a_list_of_people_is_read_as_its_structure_says(
    app: Flask, sign_in: SignIn, tmp_path: Path
) -> None:
    client = sign_in("adviser", "APEAS")
    text = (
        PEOPLE
        + 'Fictive;Zoé;1980-05-01;Femme;x;"Note; libre"\r\nInventé;Léo;02/03/1975;Mr;non;\r\n'
    )
    page = hand_in(client, written(tmp_path, "liste.csv", text, "cp1252"))
    assert "Nom usuel, Prenom, Date naiss." in page.text
    place = page.request.path
    chosen = f"{place}?structure=APEAS&sheet=Bénéficiaires"
    page = client.get(chosen)
    said = fields(page)
    taken = {
        heading: said[f"colonne{column(page, heading)}"] for heading in ("nom", "prénom", "sexe")
    }
    assert taken == {"nom": "t:nom usuel", "prénom": "t:prenom", "sexe": "t:genre"}
    assert "« Femme »".replace(" ", "\u00a0") in page.text
    assert said["mot0-0"] == "F"
    assert said["mot0-1"] == "?"
    page = send(client, chosen, **{**said, "name": "Notre liste"})
    assert "Dites ce que contient" in page.text
    page = send(client, chosen, **{**said, "mot0-1": "M", "name": "Notre liste"})
    assert "Classeur vérifié" in page.text, page.text
    assert people(app) == []
    page = send(client, page.request.path)
    assert "Tout est enregistré" in page.text
    assert people(app) == [
        ("Fictive", "Zoé", day("1980-05-01"), "F", True),
        ("Inventé", "Léo", day("1975-03-02"), "M", False),
    ]
    # The next spreadsheet of these headings is read so, whatever its separator and encoding.
    again = text.replace('"Note; libre"', "Note").replace(";", "\t") + "Neuve\tIda\t\tFemme\t\t\r\n"
    page = hand_in(client, written(tmp_path, "suite.csv", "\ufeff" + again))
    assert "Classeur vérifié" in page.text
    page = send(client, page.request.path)
    assert [row[0] for row in people(app)] == ["Fictive", "Inventé", "Neuve"]
    # A word never met before is asked.
    page = hand_in(client, written(tmp_path, "suite.csv", PEOPLE + "Autre;Ana;;Dame;;\r\n"))
    assert "« Dame »".replace(" ", "\u00a0") in page.text
    # Kept readings are listed, and can be let go.
    page = client.get("/classeurs/lectures")
    assert "Notre liste" in page.text
    other = sign_in("manager", "KADO")
    gone = re.search(r'action="(/classeurs/lectures/[^"]+)"', page.text)
    assert gone
    assert "Notre liste" not in other.get("/classeurs/lectures").text
    assert send(other, gone[1]).status_code == 404
    assert "Aucune lecture gardée" in send(client, gone[1]).text


def test_a_list_of_acts_in_an_xlsx_names_advisers_its_own_way(
    app: Flask, sign_in: SignIn, tmp_path: Path
) -> None:
    client = sign_in("manager", "APEAS")
    with app.app_context():
        open_account(db.session(), "adviser", "APEAS", email=ANNE)
        db.session.commit()
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["Le", "Quoi", "Par", "Temps passé"],
        [day("2009-03-02"), "Entretien", "Ana F.", "1h30"],
        [day("2009-03-02"), "Entretien", "Ana F.", "1h30"],
        [None, None, None, None],
        [day("2009-03-03"), "Entretien", "Ana F.", "45 min"],
        [day("2009-03-04"), "CSL1", ANNE, "=1+1"],
    ):
        sheet.append(row)
    book.save(tmp_path / "actes.xlsx")
    page = hand_in(client, tmp_path / "actes.xlsx")
    place = page.request.path
    chosen = f"{place}?structure=APEAS&sheet=Actes"
    page = client.get(chosen)
    said = fields(page)
    said[f"colonne{column(page, 'conseiller')}"] = "t:par"
    page = send(client, chosen, **said)
    assert page.status_code == 422
    assert "Dites où lire : type." in page.text
    said[f"colonne{column(page, 'type')}"] = "t:quoi"
    said[f"colonne{column(page, 'modalité')}"] = "="
    said[f"valeur{column(page, 'modalité')}"] = "T"
    page = send(client, chosen, **said)
    said = fields(page)
    said |= {
        name: {"Entretien": "CSL1", "Ana F.": ANNE}[word]
        for word, name in re.findall(
            r"«.([^»]+).»</label>\s*<select[^>]*name=\"(mot\d+-\d+)\"", page.text
        )
    }
    page = send(client, chosen, **said)
    assert page.status_code == 422
    assert "<td>Sheet</td><td>6</td><td>Temps passé</td>" in page.text
    assert "a-corriger.xlsx" in page.text
    sheet["D6"] = 30
    book.save(tmp_path / "actes.xlsx")
    page = hand_in(client, tmp_path / "actes.xlsx")
    page = send(client, f"{page.request.path}?structure=APEAS&sheet=Actes", **said)
    page = send(client, page.request.path)
    with app.app_context():
        acts = db.session.execute(
            select(Act.done_on, Act.modality_code).order_by(Act.done_on)
        ).all()
        assert [tuple(act) for act in acts] == [
            (day("2009-03-02"), "T"), (day("2009-03-02"), "T"), (day("2009-03-03"), "T"),
            (day("2009-03-04"), "T"),
        ]  # fmt: skip
        assert db.session.scalar(select(Assignment.id))
    # What nobody named is named by what it says: the same lines again double nothing.
    page = hand_in(client, tmp_path / "actes.xlsx")
    page = send(client, f"{page.request.path}?structure=APEAS&sheet=Actes", **said)
    page = send(client, page.request.path)
    with app.app_context():
        assert len(db.session.scalars(select(Act.id)).all()) == 4
        assert db.session.scalars(select(Mapping)).all() == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "aucune ligne"),
        (b"a;b\0c\n", "pas du texte"),
        (b"a;b\n\x81;\xff\n", "codage"),
        (b'a;b\n"x' + b"y" * 70_000 + b'";2\n', "guillemets"),
        (b"a;b\n" * 50_001, "50000 lignes"),
        (b";".join([b"a"] * 61), "60 colonnes"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_spreadsheet(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(NotAWorkbookError, match=words):
        read_table(path, path.name)


def test_headings_that_are_not_quite_ours(app: Flask, sign_in: SignIn, tmp_path: Path) -> None:
    book = Book("APEAS").adviser(ANNE).person("B1", date_naissance=day("1980-05-01"))
    book.act("A1", day("2009-03-02"), ANNE)
    renames = {
        "Conseillers": {"courriel": "e-mail", "prénom": "Prenom"},
        "Bénéficiaires": {"date_naissance": "Date naiss.", "téléphone": "Machin"},
        "Actes": {"durée_minutes": "Durée (min)", "type": "Typ d'acte"},
    }
    for sheet, titles in renames.items():
        book.headings[sheet] = [titles.get(name, name) for name in book.headings[sheet]]
        book.rows[sheet] = [
            {titles.get(name, name): value for name, value in row.items()}
            for row in book.rows[sheet]
        ]
    client = sign_in("manager", "APEAS")
    page = hand_in(client, book.save(tmp_path))
    assert "Des titres à reconnaître" in page.text
    assert states(app) == ["asking"]
    said = fields(page)
    assert sorted(said.values()) == ["courriel", "date_naissance", "durée_minutes", "type"]
    page = send(client, f"{page.request.path}/titres", **said)
    assert "Classeur vérifié" in page.text, page.text
    assert "Ce titre est inconnu" in page.text  # Machin, reported
    page = send(client, page.request.path)
    assert "Tout est enregistré" in page.text


def test_an_ambiguous_heading_is_asked() -> None:
    assert headings.candidates("Actes", "Commune") == (("commune_insee",), True)
    assert headings.candidates("Actes", "Zut") == ((), False)
    names, sure = headings.candidates("Parcours", "Emplois")
    assert names[0] == "emplois_créés"
    names, sure = headings.candidates("Parcours", "date")
    assert not sure
