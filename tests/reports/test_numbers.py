"""Figures as French people read them, and back again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ramsess.reports.numbers import cell_text, figure, french_number, read_figure
from ramsess.reports.table import Column, Row, Table, Unit

WHOLE = (Unit.COUNT, Unit.PERCENT)
hundredths = st.integers(-(10**12), 10**12).map(lambda n: n / 100)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, Unit.COUNT, "0"),
        (0, Unit.MINUTES, "0"),
        (0.0, Unit.EUROS, "0"),
        (1234, Unit.COUNT, "1\u202f234"),
        (1_234_567, Unit.COUNT, "1\u202f234\u202f567"),
        (-12, Unit.COUNT, "\u221212"),
        (5, Unit.MINUTES, "0\u202fh\u202f05"),
        (74_045, Unit.MINUTES, "1\u202f234\u202fh\u202f05"),
        (-90, Unit.MINUTES, "\u22121\u202fh\u202f30"),
        (92.5, Unit.MINUTES, "1\u202fh\u202f32,5"),
        (60.25, Unit.MINUTES, "1\u202fh\u202f00,25"),
        (1.5, Unit.FTE, "1,50"),
        (1, Unit.FTE, "1,00"),
        (88.5, Unit.DAYS, "88,5"),
        (88, Unit.DAYS, "88"),
        (2.25, Unit.NUMBER, "2,25"),
        (12, Unit.PERCENT, "12\u202f%"),
        (1_250_000.5, Unit.EUROS, "1\u202f250\u202f000,50\u202f€"),
    ],
)
def test_a_figure_is_written_the_french_way(value: float, unit: Unit, text: str) -> None:
    assert figure(value, unit) == text
    assert read_figure(text, unit) == value


@given(st.integers(-(10**12), 10**12), st.sampled_from(list(Unit)))
def test_every_whole_figure_reads_back(value: int, unit: Unit) -> None:
    assert read_figure(figure(value, unit), unit) == value


@given(hundredths, st.sampled_from([unit for unit in Unit if unit not in WHOLE]))
def test_every_figure_with_two_decimals_reads_back(value: float, unit: Unit) -> None:
    assert read_figure(figure(value, unit), unit) == value


def test_a_figure_reads_back_with_the_spaces_of_a_pdf_reader() -> None:
    assert read_figure("1\u00a0234 h\u00a005", Unit.MINUTES) == 74_045
    assert read_figure("1 250 000,50 €", Unit.EUROS) == 1_250_000.5


@pytest.mark.parametrize("text", ["", "douze", "1,2,3", "h 30"])
def test_what_is_no_figure_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="pas un nombre"):
        read_figure(text, Unit.MINUTES)


def test_halves_are_rounded_away_from_zero() -> None:
    assert french_number(0.125, 2) == "0,13"
    assert french_number(-0.125, 2) == "\u22120,13"
    assert french_number(-0.001, 2) == "0,00"


def test_a_share_that_a_row_cannot_have_is_not_shown_as_zero() -> None:
    columns = (Column("TOTAL", "Total"), Column("share", "%", Unit.PERCENT, derived=True))
    rows = (Row("a", "A"), Row("b", "B"))
    table = Table("B99", "Essai", "Règle.", "Ligne", columns, rows, {("a", "share"): 0})
    assert [[cell_text(table, row, column) for column in columns] for row in rows] == [
        ["0", "0"],
        ["0", ""],
    ]


def test_a_difference_bears_its_sign() -> None:
    columns = (Column("change", "Évolution", signed=True), Column("plain", "Nombre"))
    rows = (Row("more", "A"), Row("less", "B"), Row("same", "C"))
    values = {("more", "change"): 1234, ("less", "change"): -5, ("more", "plain"): 7}
    table = Table("B99", "Essai", "Règle.", "Ligne", columns, rows, values)
    assert [cell_text(table, row, columns[0]) for row in rows] == ["+1\u202f234", "\u22125", "0"]
    assert cell_text(table, rows[0], columns[1]) == "7"
    assert read_figure("+1\u202f234", Unit.COUNT) == 1234
