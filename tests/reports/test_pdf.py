"""The PDF, read back by another library: figures, outline, title, language, hostile texts."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from ramsess.reports.numbers import figure
from ramsess.reports.pdf import write_pdf
from ramsess.reports.report import Member, Report
from ramsess.reports.table import Column, Row, Table, Unit
from ramsess.reports.text import CUT_MARK
from tests.reports.payloads import EVERY
from tests.reports.sample import MEMBERS, network_report, structure_report
from tests.reports.sample_tables import acts, communes, key_figures, months

A4 = (595, 842)
HOSTILE = [
    "<b>gras</b> & <i>",
    '<a href="http://example.invalid/">lien</a>',
    '<img src="http://example.invalid/x.png"/>',
    "</para><para>",
    "<font size=99>",
    "&lt;&#60;",
    "(parenthèse \\) et \\051",
    "%PDF-1.4 endstream endobj",
]


def written(report: Report) -> bytes:
    file = BytesIO()
    write_pdf(report, file)
    return file.getvalue()


def read(report: Report) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(written(report)))


def of_tables(*tables: Table) -> Report:
    return replace(network_report(), tables=tables)


def plain(text: str) -> str:
    """*text* without its spaces: lines and no-break spaces are the renderer's affair."""
    return re.sub(r"\s", "", text)


def text_of(reader: pypdf.PdfReader) -> str:
    return plain("".join(page.extract_text() for page in reader.pages))


def page_of(reader: pypdf.PdfReader, title: str) -> int:
    """The page, from 1, that the outline gives for *title*."""
    (entry,) = (item for item in reader.outline if plain(item.title) == plain(title))
    return reader.get_destination_page_number(entry) + 1


@pytest.fixture(scope="module")
def network() -> pypdf.PdfReader:
    return read(network_report())


def test_the_document_says_its_title_and_language(network: pypdf.PdfReader) -> None:
    assert network.metadata is not None
    assert network.metadata.title == "Bilan d’activité RAMSESS — année 2009"
    assert network.metadata.subject == "Réseau RAMSESS"
    assert network.trailer["/Root"]["/Lang"] in ("fr", "fr-FR")
    assert network.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]


def test_the_first_page_identifies_the_report() -> None:
    report = replace(structure_report(), state="scellé", digest="3f" * 32)
    page = plain(read(report).pages[0].extract_text())
    for text in (
        "Réseau des structures d’accompagnement",
        "du 1er janvier 2009 au 30 juin 2009, jours compris",
        "Inter-Made (INTERMADE)",
        "Dispositif régional d’accompagnement (DRA) seulement",
        "scellé",
        "1er février 2010",
        "Empreinte" + "3f" * 32,
    ):
        assert plain(text) in page


def test_a_provisional_report_warns(network: pypdf.PdfReader) -> None:
    page = plain(network.pages[0].extract_text())
    assert plain("provisoire : ces chiffres peuvent encore changer") in page
    assert "Empreinte" not in page


def test_the_outline_and_the_contents_lead_to_the_same_pages(network: pypdf.PdfReader) -> None:
    contents = network.pages[page_of(network, "Sommaire") - 1].extract_text()
    titles = [item.title for item in network.outline]
    assert titles[:3] == ["Sommaire", "L’année en bref", "B01 Chiffres clés"]
    assert titles[-2:] == ["Membres du réseau", "Méthode"]
    assert len(titles) == len(network_report().tables) + 4
    for title in titles[1:]:
        page = page_of(network, title)
        assert plain(f"{title}{page}") in plain(contents)
        tag, _, name = title.partition(" ")
        heading = name if tag.startswith("B") else title
        assert plain(heading) in plain(network.pages[page - 1].extract_text())


def test_every_line_of_the_contents_is_a_link(network: pypdf.PdfReader) -> None:
    links = [note.get_object() for note in network.pages[1]["/Annots"]]
    assert len(links) == len(network_report().tables) + 3
    assert all(link["/Subtype"] == "/Link" and "/A" not in link for link in links)


def test_pages_are_a4_and_numbered(network: pypdf.PdfReader) -> None:
    count = len(network.pages)
    for number, page in enumerate(network.pages, 1):
        size = (round(float(page.mediabox.width)), round(float(page.mediabox.height)))
        assert size in (A4, A4[::-1])
        shown = f"page {number} / {count}" in page.extract_text()
        assert shown is (number > 1)


def test_no_page_is_blank(network: pypdf.PdfReader) -> None:
    for page in network.pages[1:]:
        assert len(page.extract_text()) > 150


def test_figures_are_written_the_french_way(network: pypdf.PdfReader) -> None:
    text = " ".join(page.extract_text() for page in network.pages).replace("\u00a0", " ")
    for shown in ("1 234", "12 351 h 05", "1 041,50", "1 250 000,50 €", "−1 020 h 35", "83 %"):
        assert shown in text


def test_each_table_has_its_rule_and_the_method_closes(network: pypdf.PdfReader) -> None:
    text = text_of(network)
    for table in network_report().tables:
        assert plain(table.rule) in text
    for sentence in ("Saisir une fois, compter une fois", "Heures jamais doublées"):
        assert plain(sentence) in text
    assert all(plain(member.code + member.name) in text for member in MEMBERS)


def test_a_long_table_repeats_its_headings_on_each_page() -> None:
    reader = read(of_tables(communes(180)))
    pages = [
        p for p in (plain(page.extract_text()) for page in reader.pages) if "Communenuméro" in p
    ]
    tables = [page for page in pages if re.search(r"Communenuméro\d+\d+h", page)]
    assert len(tables) >= 3
    assert all("CommunePersonnesHeures" in page for page in tables)


def test_a_wide_table_lies_across_and_the_others_stand() -> None:
    reader = read(of_tables(key_figures(), acts(minutes=True), months()))
    wide = {
        title: reader.pages[page_of(reader, title) - 1].mediabox.width > A4[1] - 1
        for title in (
            "B01 Chiffres clés",
            "B09 Heures par type et structure",
            "B10 Activité mensuelle",
        )
    }
    assert list(wide.values()) == [False, True, False]


def test_no_page_is_blank_when_the_first_table_lies_across() -> None:
    reader = read(of_tables(acts(minutes=True), months()))
    assert all(len(page.extract_text()) > 150 for page in reader.pages)
    first = page_of(reader, "B09 Heures par type et structure")
    assert first == page_of(reader, "L’année en bref") + 1


def test_a_small_table_between_wide_ones_does_not_turn_the_page() -> None:
    small = replace(key_figures(), id="B02")
    reader = read(of_tables(acts(), small, acts(minutes=True)))
    assert reader.pages[page_of(reader, "B02 Chiffres clés") - 1].mediabox.width > A4[1] - 1


def test_a_table_of_too_many_columns_goes_on_below_with_its_labels() -> None:
    columns = tuple(Column(f"c{i}", f"Intercommunalité{i}") for i in range(40))
    rows = tuple(Row(f"r{i}", f"Ligne numéro {i}") for i in range(5))
    values = {(row.key, column.key): 1000 + i for row in rows for i, column in enumerate(columns)}
    reader = read(of_tables(Table("B99", "Essai", "Règle.", "Ligne", columns, rows, values)))
    text = text_of(reader)
    assert all(f"Intercommunalité{i}" in text for i in range(40))
    assert all(plain(figure(1000 + i, Unit.COUNT)) in text for i in range(40))
    assert text.count("Lignenuméro0") >= 3


def test_charts_of_tables_that_fill_their_pages_wait_for_one_another() -> None:
    reader = read(of_tables(acts(), acts(minutes=True)))
    page = plain(reader.pages[page_of(reader, "B09 Heures par type et structure")].extract_text())
    assert plain("B08 — Actes par type et structure") in page
    assert plain("B09 — Heures par type et structure") in page


def test_a_structure_stands_before_its_network() -> None:
    reader = read(structure_report())
    text = plain(reader.pages[page_of(reader, "B10 Activité mensuelle") - 1].extract_text())
    assert text.index("Inter-Made") < text.index(plain("Réseau (dédoublonné)"))
    (item,) = (table for table in structure_report().tables if table.id == "B10")
    total = figure(item.value("TOTAL", "acts"), Unit.COUNT)
    assert text.count(plain(f"Total{total}")) == 2


def test_an_empty_report_is_a_report() -> None:
    reader = read(replace(network_report(), tables=(), members=(), details=()))
    assert [item.title for item in reader.outline] == [
        "Sommaire",
        "L’année en bref",
        "Membres du réseau",
        "Méthode",
    ]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_markup_in_a_record_is_printed_as_it_is(hostile: str) -> None:
    base = key_figures()
    table = replace(
        base,
        title=hostile,
        rule=hostile,
        row_heading=hostile,
        rows=tuple(replace(row, label=hostile) for row in base.rows),
        columns=tuple(replace(column, label=hostile) for column in base.columns),
    )
    report = replace(of_tables(table), members=(Member("X", hostile),))
    reader = read(report)
    assert text_of(reader).count(plain(hostile)) >= 8
    for page in reader.pages:
        assert not page.images
        for note in page.get("/Annots", []):
            assert "/A" not in note.get_object()


def test_no_payload_breaks_the_document() -> None:
    base = communes(len(EVERY))
    rows = tuple(
        replace(row, label=text) for row, text in zip(base.rows, [*EVERY, "Total"], strict=True)
    )
    text = text_of(read(of_tables(replace(base, rows=rows))))
    assert plain("=cmd|' /C calc'!A0") in text
    assert "avantaprès" in text


def test_a_very_long_word_is_broken_and_nothing_of_it_lost() -> None:
    word = "anticonstitutionnellement" * 10
    base = acts()
    rows = tuple(replace(row, label=word) for row in base.rows)
    columns = tuple(replace(column, label=word[:100]) for column in base.columns)
    report = of_tables(replace(base, title=word[:150], rule=word, rows=rows, columns=columns))
    text = text_of(read(replace(report, members=(Member(word[:40], word),))))
    assert text.count(word) >= len(rows) + 2


def test_a_cell_longer_than_a_page_goes_on_over_the_next_and_is_visibly_cut() -> None:
    base = key_figures()
    rows = (replace(base.rows[0], label="Début " + "long " * 800 + "fin"), *base.rows[1:])
    reader = read(of_tables(replace(base, rows=rows)))
    assert plain(CUT_MARK) in text_of(reader)
    assert plain(figure(1234, Unit.COUNT)) in text_of(reader)


def test_many_members_with_long_names_go_over_pages() -> None:
    members = tuple(Member(f"S{i:03d}", f"Structure {i} " + "nom " * 60) for i in range(80))
    reader = read(replace(network_report(), members=members))
    text = text_of(reader)
    assert all(f"S{i:03d}Structure{i}nomnom" in text for i in range(80))
    first, last = page_of(reader, "Membres du réseau"), page_of(reader, "Méthode")
    assert last - first >= 2


@pytest.mark.parametrize("rows", [3, 180])
def test_a_heading_a_rule_of_many_lines_and_the_first_rows_stay_together(rows: int) -> None:
    table = replace(communes(rows), rule="Une règle qui en dit beaucoup. " * 90 + "Fin.")
    for before in range(0, 40, 5):
        filler = replace(communes(max(1, before)), id="B02", title="Avant", chart=None)
        reader = read(of_tables(filler, table))
        page = plain(reader.pages[page_of(reader, "B05 Territoire") - 1].extract_text())
        head = page[page.index("B05Territoire") :]
        assert plain(table.rule) in head
        assert plain("Commune numéro 2") in head[head.index("Fin.") :]


def test_apostrophes_are_those_of_print() -> None:
    table = replace(acts(), columns=(Column("TOTAL", "Les Têtes de l'Art"),))
    text = plain(text_of(read(of_tables(table))))
    assert plain("Les Têtes de l’Art") in text
    assert "'" not in text


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "bilan.pdf"
    write_pdf(network_report(), path)
    assert path.read_bytes() == written(network_report())
    later = replace(network_report(), made_on=dt.date(2010, 2, 2))
    assert path.read_bytes() != written(later)
