"""The CSV of a table: headings with keys, French decimals, no formula."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace

import pandas as pd
import pytest

from ramsess.reports.cells import is_command
from ramsess.reports.numbers import french_plain
from ramsess.reports.table import Column, Row, Table, Unit
from ramsess.reports.table_csv import csv_bytes, write_csv_archive
from tests.reports.hiding import ADDRESS, DIGEST, SAID, for_the_region, hiding
from tests.reports.payloads import CONTROLS, EVERY
from tests.reports.sample import network_report, structure_report
from tests.reports.sample_tables import key_figures, months


def lines(table: Table) -> list[list[str]]:
    text = csv_bytes(table).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_a_spreadsheet_knows_the_signature_and_the_line_ends() -> None:
    content = csv_bytes(months())
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == len(months().rows) + 1
    assert content.count(b"\n") == content.count(b"\r\n")


def test_headings_are_french_with_the_key_beside() -> None:
    assert lines(months())[0] == [
        "Clé", "Mois", "Actes [acts]", "Heures, en minutes [minutes]",
        "Entrées en parcours [entries]", "Séances collectives [sessions]",
    ]  # fmt: skip


def test_rows_of_several_units_say_theirs() -> None:
    head, *rows = lines(key_figures())
    assert head[:3] == ["Clé", "Chiffre", "Unité"]
    units = {row[0]: row[2] for row in rows}
    assert units["parcours_followed"] == "nombre"
    assert units["minutes"] == "minutes"
    assert units["funding"] == "euros"
    hours = next(row for row in rows if row[0] == "minutes")
    assert hours[3:] == ["741065", "802300", "-61235"]
    assert next(row for row in rows if row[0] == "jobs_created")[3] == "1041,5"


def test_another_library_reads_the_numbers() -> None:
    frame = pd.read_csv(io.BytesIO(csv_bytes(months())), sep=";", decimal=",", index_col="Clé")
    assert frame.loc["TOTAL", "Actes [acts]"] == months().value("TOTAL", "acts")
    assert len(frame) == len(months().rows)


def test_hidden_is_s_and_blank_is_empty() -> None:
    rows = (Row("a", "A"), Row("b", "B", optional=True))
    table = Table("B99", "T", "R.", "L", (Column("x", "X"),), rows, {("a", "x"): 3})
    assert lines(table)[1:] == [["a", "A", "3"], ["b", "B", ""]]
    hidden = hiding(table, frozenset({("a", "x")}))
    assert lines(hidden)[1] == ["a", "A", "s"]
    assert b"3" not in csv_bytes(hidden)


@pytest.mark.parametrize("text", [*EVERY, *CONTROLS])
def test_no_text_is_a_formula(text: str) -> None:
    rows = (Row(text, text),)
    table = Table("B99", "T", "R.", text, (Column(text, text),), rows, {})
    for line in lines(table):
        assert len(line) == 3
        assert not any(is_command(cell) for cell in line if not cell.startswith("'"))
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in line)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1234567, "1234567"), (-1.5, "-1,5"), (88.25, "88,25"), (100, "100"), (0.1, "0,1"),
     (-0.0, "0"), (1000000.0, "1000000")],
)  # fmt: skip
def test_plain_numbers(value: float, text: str) -> None:
    assert french_plain(value) == text


def test_the_archive_holds_every_table_and_says_what_it_is() -> None:
    file = io.BytesIO()
    write_csv_archive(for_the_region(network_report()), file)
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == [
            "Lisez-moi.txt", *(f"{table.id}.csv" for table in network_report().tables)
        ]  # fmt: skip
        said = archive.read("Lisez-moi.txt").decode("utf-8-sig")
    for words in ("Bilan d’activité RAMSESS — année 2009", DIGEST, ADDRESS, "secret statistique"):
        assert words in said
    assert " ".join(SAID.split()) in said


def test_the_networks_tables_are_beside_the_structures() -> None:
    file = io.BytesIO()
    write_csv_archive(structure_report(), file)
    with zipfile.ZipFile(file) as archive:
        assert archive.read("B08-reseau.csv") == csv_bytes(structure_report().beside["B08"])
        assert "B01-reseau.csv" not in archive.namelist()


def test_units_of_columns_are_told_once() -> None:
    table = replace(key_figures(), columns=(Column("share", "Part", Unit.PERCENT),))
    assert lines(table)[0][-1] == "Part, en pour cent [share]"
