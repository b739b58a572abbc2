"""What reading leaves out or refuses, piece by piece."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from pathlib import Path

import pytest
from flask import Flask

from ramsess.exchange import container, headings, importing, recipe
from ramsess.exchange.container import NotAWorkbookError
from ramsess.exchange.recipe import Recipe
from ramsess.exchange.sandbox import child, delimited, mark, parse
from ramsess.exchange.workbook import Formula, Row, Sheet, Sheets, Unreadable
from tests.conftest import SignIn
from tests.exchange.corpus.making import good
from tests.exchange.test_imports import full
from tests.exchange.test_upload import hand_in

LIST = Sheet(
    "Liste",
    (
        Row(1, ("Nom", "Nom", None, "Sexe", "--")),
        Row(2, ("Fictive", None, None, "F")),
        Row(3, (None, " ")),
        Row(4, ("Court",)),
        Row(5, ("Autre", None, None, Formula("=1"))),
    ),
)


def test_the_child_is_told_what_it_may_take() -> None:
    assert child.MEMORY_BYTES == 1 << 30
    assert child.WRITTEN_BYTES == {"mark": 64 << 20}


def test_a_text_is_read_whatever_its_separator_and_encoding() -> None:
    for text in ('a;b\n1;"x;y"\n\n', 'a,b\n1,"x;y"\n', 'a\tb\n1\t"x;y"\n'):
        for encoding in ("utf-8", "utf-8-sig", "cp1252"):
            answer = json.loads(delimited.answer(text.encode(encoding), []))
            assert answer["sheets"][0]["rows"][:2] == [[1, ["a", "b"]], [2, ["1", "x;y"]]]
    for content in (b"", b"a\0", b"\x81\xff", b'"' + b"x" * 70_000, b"a\n" * 50_001, b";x" * 61):
        with pytest.raises(parse.RefusedError):
            delimited.answer(content, [])


def test_what_would_be_too_much_to_tell_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert b"Structure" in parse.answer(good(), ["structure"])
    monkeypatch.setattr(parse, "MAX_OUTPUT", 10)
    with pytest.raises(parse.RefusedError):
        parse.answer(good(), ["structure"])
    with pytest.raises(parse.RefusedError):
        parse.encoded("x" * 1_000_001, "s")
    assert parse.encoded(10**20, "n") == ["e", "nombre démesuré"]


def test_a_marked_copy_puts_two_remarks_in_one_comment() -> None:
    row = ["F", "=1", "M", None]
    asked = {
        "sheets": [{"name": "Actes", "rows": [[1, ["date", "note"]], [2, row]]}],
        "problems": [
            ["Actes", 2, 2, "note", "Un."], ["Actes", 2, 2, "note", "Deux."],
            ["Actes", 2, None, "x", "Ailleurs."], ["Rien", None, None, "", "Tout."],
        ],
    }  # fmt: skip
    copy = mark.answer(json.dumps(asked).encode(), [])
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        texts = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Un.\nDeux." in texts
    assert b"<f>" not in texts


def test_a_gap_between_two_entries_is_refused() -> None:
    content = bytearray(good())
    second = content.index(b"PK\x03\x04", 4)
    padded = content[:second] + b"?" * 7 + content[second:]
    with pytest.raises(NotAWorkbookError):
        container.check(io.BytesIO(bytes(padded)))


def test_headings_are_sought_in_the_first_row_alone() -> None:
    odd = Sheets("a.xlsx", [Sheet("Actes", (Row(3, ("Durée (min)",)),)), Sheet("Séances", ())])
    assert headings.doubts(odd) == []
    assert headings.renamed(odd, {"Séances": {"x": "type"}}).sheets[1].rows == ()


def test_a_spreadsheet_is_read_as_said() -> None:
    said = Recipe("APEAS", "Bénéficiaires", {"nom": {"from": "nom"}, "prénom": {"always": "Zoé"},
                  "sexe": {"from": "sexe"}, "rsa": {"from": "absent"}})  # fmt: skip
    assert said.missing() == []
    assert [column.name for column in Recipe("APEAS", "Actes").missing()] == [
        "date", "type", "conseiller", "durée_minutes",
    ]  # fmt: skip
    book = Sheets("liste.csv", [LIST])
    assert list(recipe.titles_of(LIST)) == ["nom", "sexe"]
    assert recipe.proposed(LIST, "APEAS", "Bénéficiaires").columns == {
        "nom": {"from": "nom"}, "sexe": {"from": "sexe"},
    }  # fmt: skip
    assert recipe.words(LIST, said, {"sexe": [("F", "Femme")], "situation": []}) == {}
    rows = recipe.as_workbook(book, said).sheets[0].rows
    assert [row.number for row in rows] == [1, 2, 4, 5]
    assert rows[3].cells[3] == Formula("=1")
    problem = importing.Problem("liste.csv", "Bénéficiaires", 4, "nom", "Mauvais.")
    assert recipe.located(problem, book, said).place == "Liste, ligne 4, Nom"
    other = importing.Problem("liste.csv", "Structure", 1, "version", "Mauvais.")
    assert recipe.located(other, book, said).sheet == "Structure"


@pytest.mark.parametrize(
    ("sheet", "column", "typed", "read"),
    [
        ("Actes", "durée_minutes", "1h30", 90),
        ("Actes", "durée_minutes", "45 min", 45),
        ("Actes", "durée_minutes", "2 h", 120),
        ("Actes", "durée_minutes", "long", "long"),
        ("Actes", "date", "2009-03-02", dt.date(2009, 3, 2)),
        ("Actes", "date", "2009-02-30", "2009-02-30"),
        ("Bénéficiaires", "rsa", "X", "oui"),
        ("Bénéficiaires", "rsa", "faux", "non"),
        ("Bénéficiaires", "rsa", "oui", "oui"),
        ("Bénéficiaires", "nom", Unreadable("#REF!"), Unreadable("#REF!")),
    ],
)
def test_what_people_write_is_read(sheet: str, column: str, typed: object, read: object) -> None:
    table = Sheet("Liste", (Row(1, ("titre",)), Row(2, (typed,))))  # type: ignore[arg-type]
    said = Recipe("APEAS", sheet, {column: {"from": "titre"}})
    rows = recipe.as_workbook(Sheets("a.csv", [table]), said).sheets[0].rows
    assert rows[1].cells[-1] == read


def test_without_a_marked_copy_the_list_still_says_it_all(
    app: Flask, sign_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> bytes:
        raise NotAWorkbookError("trop")

    monkeypatch.setattr(importing, "marked_copy", refuse)
    bad = full().act("A9", dt.datetime(2009, 3, 2, 10, 30), "anne@apeas.example")
    client = sign_in("manager", "APEAS")
    page = hand_in(client, bad.save(tmp_path))
    assert page.status_code == 422
    assert "a-corriger.xlsx" not in page.text
    assert "n’est plus là" in client.get(f"{page.request.path}/a-corriger.xlsx",
                                         follow_redirects=True).text  # fmt: skip
    monkeypatch.undo()
    assert "a-corriger.xlsx" in hand_in(client, bad.save(tmp_path)).text


def test_a_list_that_names_its_rows_keeps_their_names() -> None:
    table = Sheet("Liste", (Row(1, ("n°", "Nom")), Row(2, (7, "Fictive"))))
    said = Recipe("APEAS", "Bénéficiaires", {"id_local": {"from": "n"}, "nom": {"from": "nom"}})
    rows = recipe.as_workbook(Sheets("a.csv", [table]), said).sheets[0].rows
    assert rows[1].cells == (7, "Fictive")
    moments = [["d", "2009-03-02"], ["t", "2009-03-02 10:30:00"], True, 1.5, ["f", "=1+1"]]
    asked = {"sheets": [{"name": "", "rows": [[1, moments]]}], "problems": []}
    assert mark.answer(json.dumps(asked).encode(), [])[:2] == b"PK"
    assert b'[["a"]' not in delimited.answer(b"a;b\n1;\n;\n", [])
    with pytest.raises(parse.RefusedError, match="60 colonnes"):
        delimited.answer(b";".join([b"a"] * 61), [])
    with pytest.raises(parse.RefusedError, match="guillemets"):
        delimited.answer(b'a;b\n"' + b"x" * 70_000, [])
