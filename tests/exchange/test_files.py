"""Files that are no workbook, or that attack who opens them: refused with a French sentence."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from random import Random

import openpyxl
import pytest
from sqlalchemy.orm import Session

from ramsess.exchange import container, reader
from ramsess.exchange.applying import import_workbooks
from ramsess.exchange.container import NotAWorkbookError
from ramsess.exchange.reader import read_workbook
from ramsess.exchange.sandbox import parse
from ramsess.exchange.workbook import Formula, Sheets, Unreadable
from tests.exchange.workbooks import Book, day

ANNE = "anne@apeas.example"
SHEET = "xl/worksheets/sheet5.xml"
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def book() -> Book:
    return Book("APEAS").adviser(ANNE).act("A1", day("2009-03-02"), ANNE)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return book().save(tmp_path)


def rezipped(
    path: Path, change: dict[str, bytes | None], extra: list[tuple[str, bytes]] | None = None
) -> Path:
    """The workbook with entries replaced (None: removed) or added."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    entries |= {name: data for name, data in change.items() if data is not None}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            if change.get(name, b"") is not None:
                archive.writestr(name, data)
        for name, data in extra or []:
            archive.writestr(name, data)
    return path


def sheet(rows: str) -> bytes:
    return (
        f'<?xml version="1.0"?><worksheet {NS}><sheetData>{rows}</sheetData></worksheet>'.encode()
    )


def refused(path: Path) -> str:
    with pytest.raises(NotAWorkbookError) as refusal:
        read_workbook(path)
    return str(refusal.value)


def test_a_good_file_is_read(path: Path) -> None:
    sheets = read_workbook(path)
    assert sheets.sheets[0].name == "Structure"
    acts = next(item for item in sheets.sheets if item.name == "Actes")
    assert acts.rows[1].cells[:6] == ("A1", day("2009-03-02"), "CSL1", ANNE, None, 60)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"\x93\x12\xff" * 100, "pas un classeur"),
        (b"id_local;date;type\nA1;01/01/2009;CSL1\n", "pas un classeur"),
        (b"<html><table></table></html>", "pas un classeur"),
        (b"%PDF-1.4 ...", "pas un classeur"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
        (b"PK\x03\x04 et rien d'autre", "abîmé"),
        (b"PK\x03\x04" + b"\0" * (5 * 1024 * 1024), "5"),
    ],
)
def test_what_is_no_workbook(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(content)
    assert words in refused(file)


def test_a_missing_file(tmp_path: Path) -> None:
    assert "introuvable" in refused(tmp_path / "absent.xlsx")


@pytest.mark.parametrize("share", [0.3, 0.7, 0.98])
def test_a_truncated_file(path: Path, share: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "abîmé" in refused(path)


def test_a_damaged_entry(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(SHEET)
    content = bytearray(path.read_bytes())
    for offset in range(info.header_offset + 80, info.header_offset + 120):
        content[offset] ^= 0xFF
    path.write_bytes(content)
    assert "abîmé" in refused(path)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/externalLinks/externalLink1.xml", "liaisons"),
        ("xl/embeddings/oleObject1.bin", "objets"),
        ("xl/activeX/activeX1.xml", "objets"),
        ("xl/connections.xml", "liaisons"),
        ("xl/queryTables/queryTable1.xml", "liaisons"),
        ("xl/media/archive.zip", "objets"),
        ("../../etc/passwd", "interdit"),
        ("/etc/passwd", "interdit"),
        ("xl\\worksheets\\sheet9.xml", "interdit"),
        ("XL/WORKBOOK.XML", "deux fois"),
    ],
)
def test_an_entry_that_has_no_place(path: Path, name: str, words: str) -> None:
    assert words in refused(rezipped(path, {}, [(name, b"<x/>")]))


def test_too_many_entries(path: Path) -> None:
    extra = [(f"xl/media/{number}.txt", b"x") for number in range(250)]
    assert "trop d’éléments" in refused(rezipped(path, {}, extra))


def test_a_macro_workbook_renamed(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        types = archive.read("[Content_Types].xml")
    macro = types.replace(
        b"openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"ms-excel.sheet.macroEnabled.main+xml",
    ).replace(b"vnd.ms-excel", b"vnd.ms-excel")
    assert "sans macro" in refused(rezipped(path, {"[Content_Types].xml": macro}))


@pytest.mark.parametrize("missing", ["[Content_Types].xml", "xl/workbook.xml"])
def test_a_zip_that_is_no_workbook(path: Path, missing: str) -> None:
    assert "pas un classeur" in refused(rezipped(path, {missing: None}))


def test_an_encrypted_entry(path: Path) -> None:
    content = bytearray(path.read_bytes())
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    path.write_bytes(content)
    assert "mot de passe" in refused(path)


def test_a_link_to_another_file(path: Path) -> None:
    info = zipfile.ZipInfo("xl/lien.xml")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(info, "/etc/passwd")
    assert "lien" in refused(path)


def test_overlapping_entries(path: Path) -> None:
    content = bytearray(path.read_bytes())
    first = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", first + 4)
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    path.write_bytes(content)
    assert refused(path)


@pytest.mark.parametrize(
    "encoded",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet/>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><worksheet/>'.encode("utf-16"),
        b" " * 1_048_570 + b"<!DOCTYPE x><worksheet/>",
    ],
)
def test_a_dtd(path: Path, encoded: bytes) -> None:
    assert "Ce classeur" in refused(rezipped(path, {SHEET: encoded}))


@pytest.mark.parametrize(
    "encoded",
    [
        '<?xml version="1.0" encoding="cp037"?><worksheet/>'.encode("cp037"),
        b'<?xml version="1.0" encoding="utf-7"?><worksheet/>',
    ],
)
def test_an_encoding_that_could_hide_a_dtd(path: Path, encoded: bytes) -> None:
    assert "codage" in refused(rezipped(path, {SHEET: encoded}))


def test_a_bomb(path: Path) -> None:
    assert "suspecte" in refused(rezipped(path, {SHEET: b"<a>" + b" " * 20_000_000}))


def test_too_much_once_unpacked(path: Path) -> None:
    random = Random(1)
    noise = b"".join(random.randbytes(300).hex().encode() * 12 for _ in range(4_500))
    assert "trop volumineux" in refused(rezipped(path, {SHEET: b"<a>" + noise}))


def test_two_million_shared_strings(path: Path) -> None:
    strings = b"<sst>" + b"<si><t/></si>" * 2_000_000 + b"</sst>"
    assert refused(rezipped(path, {"xl/sharedStrings.xml": strings}))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "lignes"),
        ('<row r="2"><c r="XFD2"><v>1</v></c></row>', "colonnes"),
        ('<row r="5"><c r="A5"><v>1</v></c></row><row r="2"/>', "désordre"),
        ('<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>', "désordre"),
        ('<row r="2"><c r="A7"><v>1</v></c></row>', "désordre"),
        ('<row r="2"><c r="A2" t="s"><v>999999</v></c></row>', "pas pu être lu"),
        ('<row r="2"><c r="A2"><v>1</v></row>', "pas pu être lu"),
    ],
)  # fmt: skip
def test_a_sheet_out_of_bounds(path: Path, rows: str, words: str) -> None:
    assert words in refused(rezipped(path, {SHEET: sheet(rows)}))


def test_the_gate_measures_by_itself() -> None:
    with pytest.raises(NotAWorkbookError, match="5 Mio"):
        container.check(io.BytesIO(b"PK\x03\x04" + b"\0" * container.MAX_BYTES))


def test_an_unusual_compression(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/media/note.txt", b"x" * 50)
    assert "inhabituelle" in refused(path)


def test_entries_that_are_no_markup_are_let_through(path: Path) -> None:
    assert read_workbook(rezipped(path, {}, [("xl/media/image1.png", b"\x89PNG <!DOCTYPE")]))


def test_a_file_that_takes_too_long(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "SECONDS", 0.01)
    assert "trop de temps" in refused(path)


@pytest.mark.parametrize("code", ["MEMORY_BYTES = 1 << 30", "CPU_SECONDS = 20"])
def test_the_child_lives_within_its_limits(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    starved = {"MEMORY_BYTES = 1 << 30": "MEMORY_BYTES = 20 << 20",
               "CPU_SECONDS = 20": "CPU_SECONDS = 0"}[code]  # fmt: skip
    child = tmp_path / "child.py"
    here = "Path(__file__).parents[2]"
    source = reader.CHILD.read_text()
    assert code in source
    assert here in source
    folder = f"Path({str(reader.CHILD.parents[2])!r})"
    child.write_text(source.replace(code, starved).replace(here, folder))
    monkeypatch.setattr(reader, "CHILD", child)
    assert "Ce classeur" in refused(path)


def test_the_child_reads_only_what_is_wanted(path: Path) -> None:
    found = parse.parse(path.read_bytes(), {"actes"})
    assert [item["name"] for item in found["sheets"]] == ["Actes"]
    assert "Structure" in found["others"]
    assert found["sheets"][0]["rows"][1] == [
        2, ["A1", ["d", "2009-03-02"], "CSL1", ANNE, None, 60]]  # fmt: skip


def cells(*cells: tuple[int, int, object, str]) -> list[dict[str, object]]:
    names = ("row", "column", "value", "data_type")
    return [dict(zip(names, item, strict=True)) for item in cells]


def test_what_each_cell_becomes() -> None:
    moment = dt.datetime(2009, 1, 2, 3, 4)
    row = cells(
        (1, 1, True, "b"), (1, 3, "x" * 40_000, "s"), (1, 4, moment, "d"), (1, 5, 1.5, "n"),
        (1, 6, float("inf"), "n"), (1, 7, dt.timedelta(1), "d"), (1, 8, "", "s"),
        (1, 9, None, "f"), (1, 10, "#N/A", "e"), (1, 11, dt.datetime(2009, 1, 2), "d"),
    )  # fmt: skip
    ((_, line),) = parse.rows_of("S", iter([(1, row), (2, [])]))
    assert line[:2] == [True, None]
    assert line[2:] == [
        ["e", "texte de 40000 caractères"], ["t", "2009-01-02 03:04:00"], 1.5, ["e", "inf"],
        ["e", "1 day, 0:00:00"], None, None, ["e", "#N/A"], ["d", "2009-01-02"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        [(2, []), (1, [])],
        [(1, cells((1, 2, "x", "s"), (1, 1, "x", "s")))],
        [(1, cells((3, 1, "x", "s")))],
        [(60_000, cells((60_000, 1, "x", "s")))],
        [(1, cells((1, 61, "x", "s")))],
    ],
)
def test_rows_that_are_refused(lines: list[tuple[int, list[dict[str, object]]]]) -> None:
    with pytest.raises(parse.RefusedError):
        parse.rows_of("S", iter(lines))


def test_an_hour_typed_with_a_date(session: Session, tmp_path: Path) -> None:
    late = Book("APEAS").adviser(ANNE).act("A1", dt.datetime(2009, 3, 2, 10, 30), ANNE)
    result = import_workbooks(session, [late.save(tmp_path)])
    assert [(p.row, p.column) for p in result.problems] == [(2, "date")]
    assert str(result.problems[0]).startswith("APEAS.xlsx : Actes, ligne 2, date : 02/03/2009")


def acts(sheets: Sheets) -> list[tuple[object, ...]]:
    return [row.cells for row in next(s for s in sheets.sheets if s.name == "Actes").rows]


def test_what_is_no_value_is_marked(path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="str"><f>1+1</f><v>2</v></c><c r="B1" t="e"><v>#REF!</v></c>'
        '<c r="C1"><v>1E999</v></c><c r="D1" t="b"><v>1</v></c>'
        '<c r="E1" t="inlineStr"><is><t>=1+1</t></is></c></row>'
    )
    found = acts(read_workbook(rezipped(path, {SHEET: sheet(rows)})))
    assert found == [(Formula("=1+1"), Unreadable("#REF!"), Unreadable("inf"), True, "=1+1")]


def test_a_dimension_that_lies_hides_no_row(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        honest = archive.read(SHEET)
    lying = honest.replace(b'<dimension ref="A1:M2"', b'<dimension ref="A1:A1"')
    assert lying != honest
    assert len(acts(read_workbook(rezipped(path, {SHEET: lying})))) == 2


def test_a_hidden_sheet(session: Session, path: Path) -> None:
    typed = openpyxl.load_workbook(path)
    typed["Actes"].sheet_state = "hidden"
    typed.save(path)
    result = import_workbooks(session, [path])
    assert [(p.sheet, p.row) for p in result.problems] == [("Actes", None)]


def test_a_bad_file_among_good_ones_stops_them_all(session: Session, tmp_path: Path) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"PK\x03\x04")
    told: list[tuple[str, int, int]] = []
    paths = [book().save(tmp_path), bad]
    result = import_workbooks(session, paths, progress=lambda *step: told.append(step))
    assert [(p.file, p.sheet) for p in result.problems] == [("bad.xlsx", "")]
    assert str(result.problems[0]).startswith("bad.xlsx : Ce classeur")
    assert told[:3] == [("Lecture des classeurs", done, 2) for done in range(3)]
    assert not result.created


def test_a_file_is_called_by_its_given_name(session: Session, tmp_path: Path) -> None:
    bad = tmp_path / "0.xlsx"
    bad.write_bytes(io.BytesIO(b"PK\x03\x04").getvalue())
    result = import_workbooks(session, [(bad, "Été 2009.xlsx")])
    assert result.problems[0].file == "Été 2009.xlsx"
