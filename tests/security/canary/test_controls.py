"""Leaks that are planted are found: a crawl that finds nothing has looked."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Response, make_response, redirect, request, session
from openpyxl import Workbook
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from ramsess import policy
from ramsess.logs import security_event
from tests.security.canary import refusals
from tests.security.canary.answers import Reader
from tests.security.canary.columns import EXCUSED, PLANTED, text_columns
from tests.security.canary.crawler import PERIOD, crawl
from tests.security.canary.files import read_file
from tests.security.canary.logbook import keep_logs
from tests.security.canary.principals import PRINCIPALS
from tests.security.canary.words import A, B
from tests.security.canary.world import World


@pytest.fixture
def reader(world: World) -> Reader:
    world.sign_in(f"adviser_{A}")
    return Reader(world, PRINCIPALS[f"adviser_{A}"])


@pytest.fixture
def word(world: World) -> str:
    """The last name of somebody whom only the other structure knows."""
    return next(
        text for text, word in world.words.known.items()
        if word.column == "beneficiaries.last_name" and word.thing.name == f"own {B}"
    )  # fmt: skip


def found(reader: Reader) -> list[tuple[str, str]]:
    return [(leak.place, leak.word.text) for leak in reader.leaks]


def in_a_page(word: str) -> Any:
    return f"<!doctype html><p>{word.upper()}</p>"


def cut_in_a_page(word: str) -> Any:
    return f"<!doctype html><p>{word[:4]}&shy;{word[4:]}</p>"


def in_an_attribute(word: str) -> Any:
    return f'<!doctype html><input data-x="&#{ord(word[0])};{word[1:]}">'


def in_an_address(word: str) -> Any:
    return f'<!doctype html><a href="/personnes?q={word}">Suite</a>'


def in_a_refusal(word: str) -> Any:
    return f"<!doctype html><p>{word} n’est pas à vous.</p>", 404


def in_a_header(word: str) -> Any:
    answer = make_response("<!doctype html>")
    answer.headers["X-Personne"] = word
    return answer


def in_a_redirection(word: str) -> Any:
    return redirect(f"/personnes?nom={word}")


def in_the_session(word: str) -> Any:
    session["dernier"] = word
    return "<!doctype html>"


def in_json(word: str) -> Any:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in word)
    return Response(f'{{"nom": "{escaped}"}}', mimetype="application/json")


@pytest.mark.parametrize(
    ("leak", "place"),
    [
        (in_a_page, "page"), (cut_in_a_page, "page"), (in_an_attribute, "page"),
        (in_an_address, "adresses"), (in_a_refusal, "page"), (in_a_header, "en-têtes"),
        (in_a_redirection, "adresses"), (in_the_session, "cookies"), (in_json, "json"),
    ],
)  # fmt: skip
def test_a_leak_in_an_answer_is_found(
    reader: Reader, word: str, leak: Callable[[str], Any], place: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(reader.world.app.view_functions, "sessions.index", lambda: leak(word))
    reader.ask("/seances")
    assert (place, word) in found(reader)


def book(word: str, place: str) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet
    if place == "cellule":
        sheet["XF900"] = word
    elif place == "titre":
        made.properties.title = word
    else:
        hidden = made.create_sheet("Cachée")
        hidden.sheet_state = "veryHidden"
        hidden["A1"] = word
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def document(word: str, place: str) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.drawString(50, 50, f"Avec {word}." if place == "texte" else "Rien.")
    if place == "titre":
        canvas.setTitle(word)
    if place == "signet":
        canvas.bookmarkPage("ici")
        canvas.addOutlineEntry(word, "ici")
    canvas.save()
    return target.getvalue()


@pytest.mark.parametrize(
    ("suffix", "write", "place"),
    [
        ("xlsx", book, "cellule"), ("xlsx", book, "titre"), ("xlsx", book, "feuille"),
        ("pdf", document, "texte"), ("pdf", document, "titre"), ("pdf", document, "signet"),
    ],
)  # fmt: skip
def test_a_leak_in_a_report_is_found(
    reader: Reader, word: str, suffix: str, write: Callable[[str, str], bytes], place: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    name = {"xlsx": "write_workbook", "pdf": "write_pdf"}[suffix]

    def leaking(_report: object, target: io.BytesIO) -> None:
        target.write(write(word, place))

    monkeypatch.setattr(f"ramsess.views.reports.{name}", leaking)
    assert reader.ask(f"/bilan/ramsess.{suffix}?{PERIOD}").status_code == 200
    assert word in {text for _, text in found(reader)}


def test_text_of_a_document_is_read_where_its_bytes_do_not_tell(word: str) -> None:
    said = read_file(document(word, "texte"))
    assert word in said["page 1"]
    assert word not in said["octets"]


def test_a_leak_in_a_log_is_found(reader: Reader, word: str, tmp_path: Path) -> None:
    with keep_logs(reader.world.app, tmp_path) as logbook:
        security_event("essai", code=word)
    assert [item.text for item in logbook.words(reader.world.words)] == [word]
    assert logbook.text().lower().count(word) == 3  # a sentence, JSON, the folder's file


def test_a_search_that_answers_otherwise_for_a_name_of_others_is_found(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = reader.world.words

    def telling() -> str:
        # Nothing of hers is shown: that she is there is told all the same.
        return "[]" if words.found(request.form["q"]) else "[ ]"

    monkeypatch.setitem(reader.world.app.view_functions, "lookups.people", telling)
    assert refusals.search(reader)
    assert reader.leaks == []


def test_a_rule_of_sight_that_is_gone_is_found(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the pages' rule away and the database asked as a command, others' records show."""
    monkeypatch.setattr(policy, "may_see_act", lambda _account, _act: True)
    monkeypatch.setattr(policy, "spans_network", lambda _account, action: action == "see_acts")
    for act in reader.world.of_kind("act"):
        reader.ask(f"/actes/{act.address}")
    assert {leak.word.column for leak in reader.leaks} >= {"acts.note"}


def test_a_crawl_that_sees_too_little_is_found(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.security.canary.crawler.starts", lambda _reader: ["/compte"])
    monkeypatch.setattr("tests.security.canary.crawler.objects", lambda *_args: [])
    monkeypatch.setattr("tests.security.canary.crawler.reports", lambda _reader: [])
    crawl(reader, follow=False)
    assert {"beneficiaries.last_name", "acts.note"} <= {word.column for word in reader.missed()}


def test_a_new_text_column_is_found() -> None:
    new = MetaData()
    Table("codes", new, Column("code", String(3), primary_key=True))
    Table(
        "nouvelle", new, Column("id", Integer), Column("texte", Text), Column("suite", JSONB),
        Column("mots", ARRAY(String(9))), Column("code", ForeignKey("codes.code")),
    )  # fmt: skip
    assert text_columns(new) - set(PLANTED) - set(EXCUSED) == {
        "codes.code", "nouvelle.texte", "nouvelle.suite", "nouvelle.mots",
    }  # fmt: skip
