"""The PDF for who cannot see it: its structure, read back by another library."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pypdf
import pytest

from ramsess.reports.charts import chart_description
from ramsess.reports.pdf import write_pdf
from ramsess.reports.report import Report
from ramsess.reports.table import NOT_PUBLISHED
from tests.reports.hiding import ADDRESS, SAID, for_the_region
from tests.reports.sample import network_report, structure_report
from tests.reports.sample_tables import communes, months

ACCENTS = "àâçéèêëîïôùûüÿœæÀÂÇÉÈÊËÎÏÔÙÛÜŸŒÆ«»’–—…€·−ñ"
MARKS = re.compile(
    rb"/(\w+) <</MCID (\d+)>> BDC|/(Artifact) BMC|\b(EMC)\b|\b(Tj|TJ|f|f\*|S|B|b|s)\n"
)


def read(report: Report) -> pypdf.PdfReader:
    file = BytesIO()
    write_pdf(report, file)
    return pypdf.PdfReader(file, strict=True)


@pytest.fixture(scope="module")
def region() -> pypdf.PdfReader:
    return read(for_the_region(network_report()))


def elements(reader: pypdf.PdfReader) -> Iterator[Any]:
    """Every element of the structure, in the order in which it is read."""
    yield from below(reader.root_object["/StructTreeRoot"])


def kids(element: Any) -> list[Any]:
    found = element.get("/K", [])
    found = found if isinstance(found, list) else [found]
    return [kid.get_object() if hasattr(kid, "get_object") else kid for kid in found]


def below(element: Any) -> Iterator[Any]:
    for kid in kids(element):
        if isinstance(kid, dict) and "/S" in kid:
            yield kid
            yield from below(kid)


def marked(page: Any) -> dict[int, str]:
    """The marks of a page, each with its role; AssertionError when content is outside of any."""
    found: dict[int, str] = {}
    inside = ""
    for role, mark, artifact, end, paint in MARKS.findall(page.get_contents().get_data()):
        if paint:
            assert inside, "drawn outside of the structure"
        elif end:
            assert inside, "closed twice"
            inside = ""
        else:
            assert not inside, "marks inside marks"
            inside = (role or artifact).decode()
            if role:
                assert int(mark) not in found
                found[int(mark)] = inside
    assert not inside
    return found


def unsound(reader: pypdf.PdfReader) -> list[str]:
    """What of the pages the structure does not hold, or holds wrongly."""
    wrong = []
    numbers = reader.root_object["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    parents = dict(zip(numbers[::2], numbers[1::2], strict=True))
    held: Counter[tuple[int, int]] = Counter()
    pages = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages)}
    for element in elements(reader):
        for kid in kids(element):
            if isinstance(kid, int):
                held[pages[element.raw_get("/Pg").idnum], kid] += 1
            elif "/MCID" in kid:
                held[pages[kid.raw_get("/Pg").idnum], kid["/MCID"]] += 1
    for number, page in enumerate(reader.pages):
        marks = marked(page)
        own = parents[page["/StructParents"]]
        if len(own) != len(marks) or page["/Tabs"] != "/S":
            wrong.append(f"page {number}")
        for mark, role in marks.items():
            if held[number, mark] != 1 or own[mark].get_object()["/S"] != f"/{role}":
                wrong.append(f"page {number}, {mark}")
    return wrong


def test_everything_on_every_page_is_in_the_structure_or_an_ornament(
    region: pypdf.PdfReader,
) -> None:
    assert region.root_object["/MarkInfo"]["/Marked"]
    assert unsound(region) == []
    assert unsound(read(structure_report())) == []
    assert sum(len(marked(page)) for page in region.pages) > 1000


def test_a_mark_that_no_element_holds_would_be_found(region: pypdf.PdfReader) -> None:
    lost = next(element for element in elements(region) if element["/S"] == "/TD")
    key = pypdf.generic.NameObject("/K")
    held = lost.pop(key)
    try:
        assert len(unsound(region)) == 1
    finally:
        lost[key] = held


def test_headings_are_in_order(region: pypdf.PdfReader) -> None:
    roles = Counter(element["/S"] for element in elements(region))
    tables = network_report().tables
    assert roles["/H1"] == 1
    assert roles["/H2"] == len(region.outline) == len(tables) + 5
    assert roles["/TOCI"] == roles["/Link"] == len(tables) + 4
    order = [e["/S"] for e in elements(region) if e["/S"] in ("/H1", "/H2", "/H3")]
    assert order[0] == "/H1"
    assert order[1] == "/H2"


def test_tables_have_their_rows_and_headings() -> None:
    (table,) = [table for table in network_report().tables if table.id == "B05"]
    reader = read(replace(network_report(), tables=(table,)))
    grids = [element for element in elements(reader) if element["/S"] == "/Table"]
    grid = grids[0]  # the members' is the other
    assert len(grids) == 2
    rows = [kid for kid in kids(grid) if kid["/S"] == "/TR"]
    assert len(rows) == len(table.rows) + 1  # over pages, repeated headings are said once
    assert [cell["/S"] for cell in kids(rows[0])] == ["/TH"] * (len(table.columns) + 1)
    for row in rows[1:]:
        cells = kids(row)
        assert [cell["/S"] for cell in cells] == ["/TH"] + ["/TD"] * len(table.columns)
        assert cells[0]["/A"]["/Scope"] == "/Row"
    assert {cell["/A"]["/Scope"] for cell in kids(rows[0])} == {"/Column"}


def test_every_chart_says_what_it_shows(region: pypdf.PdfReader) -> None:
    said = [str(e["/Alt"]) for e in elements(region) if e["/S"] == "/Figure"]
    report = for_the_region(network_report())
    for table in report.tables:
        if table.chart:
            assert chart_description(table) in said
    assert f"Code QR de l’adresse de vérification : {ADDRESS}" in said
    for figure in (e for e in elements(region) if e["/S"] == "/Figure"):
        assert len(figure["/A"]["/BBox"]) == 4


def test_a_cell_that_is_not_published_says_why(region: pypdf.PdfReader) -> None:
    said = [e for e in elements(region) if e.get("/E") == "secret statistique"]
    tables = for_the_region(network_report()).tables
    assert len(said) == sum(len(table.hidden) for table in tables) > 0


def test_every_link_belongs_to_the_structure(region: pypdf.PdfReader) -> None:
    numbers = region.root_object["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    parents = dict(zip(numbers[::2], numbers[1::2], strict=True))
    assert list(parents) == sorted(parents)
    links = [note.get_object() for page in region.pages for note in page.get("/Annots", [])]
    assert len(links) > 10
    for link in links:
        assert parents[link["/StructParent"]].get_object()["/S"] == "/Link"
        assert "page" in link["/Contents"]


def test_every_typeface_is_embedded(region: pypdf.PdfReader) -> None:
    fonts = {
        str(font.get_object()["/BaseFont"]): font.get_object()
        for page in region.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert len(fonts) == 3
    for font in fonts.values():
        assert "/FontFile2" in font["/FontDescriptor"]
        assert "/ToUnicode" in font


def test_every_accent_reads_back() -> None:
    table = replace(months(("acts",)), rule=f"Signes : {ACCENTS} fin.")
    report = replace(network_report(), tables=(table,), comments={"B10": ACCENTS, "BILAN": ACCENTS})
    text = "".join(page.extract_text() for page in read(report).pages)
    assert text.count(ACCENTS) == 3


def test_a_long_comment_goes_over_pages_whole() -> None:
    words = [f"mot{n}" for n in range(2500)]
    comment = " ".join(words[:1250]) + "\n\n" + " ".join(words[1250:])
    for table in (communes(60), communes(3)):
        report = replace(network_report(), tables=(table,), comments={"B05": comment})
        reader = read(report)
        text = "".join(page.extract_text() for page in reader.pages)
        found = re.findall(r"mot\d+", text)
        assert found == words
        assert unsound(reader) == []
        spread = [e for e in elements(reader) if e["/S"] == "/P" and len(kids(e)) > 1]
        assert spread  # a paragraph over two pages is one paragraph


def test_the_foreword_and_the_seal_are_told(region: pypdf.PdfReader) -> None:
    reader = region
    assert [item.title for item in reader.outline][:3] == [
        "Sommaire",
        "Avant-propos",
        "L’année en bref",
    ]
    first = reader.pages[0].extract_text()
    assert "scellé le 12 février 2010" in first.replace("\u00a0", " ")
    assert ADDRESS in first
    assert "agrégats, sous le secret statistique" in first
    text = re.sub(r"\s", "", reader.pages[2].extract_text())
    assert re.sub(r"\s", "", SAID) in text
    for page in reader.pages[1:]:
        assert ADDRESS in page.extract_text()
    assert reader.metadata is not None
    assert "0123456789abcdef" in str(reader.metadata["/Keywords"])
    method = reader.pages[-1].extract_text()
    assert f"« {NOT_PUBLISHED} », le secret statistique" in method.replace("\u00a0", " ")
