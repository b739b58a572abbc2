"""One drawing for the screen and for the PDF, that reads without colour and without eyes."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import pypdf
import pytest
from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing, Ellipse, Group, String

from ramsess.reports.chart_scale import tick_label, ticks
from ramsess.reports.charts import NOTHING, chart_description, chart_drawing, chart_svg
from ramsess.reports.numbers import figure
from ramsess.reports.palette import SERIES
from ramsess.reports.svg import inline_svg
from ramsess.reports.table import Chart, ChartKind, Column, Row, Table, Unit
from tests.reports.sample_tables import (
    acts,
    ages,
    communes,
    key_figures,
    long_texts,
    months,
    nothing,
)

SVG = "{http://www.w3.org/2000/svg}"
MULTIPLES = replace(
    communes(9),
    id="B05M",
    chart=Chart(ChartKind.MULTIPLES, "Personnes et heures par commune", ("persons", "minutes")),
)
TABLES = [
    acts(),
    acts(minutes=True),
    ages(),
    communes(),
    long_texts(),
    months(),
    nothing(),
    MULTIPLES,
]
ALL = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.id)
HOSTILE = "</text><script>alert(1)</script>\" onload='x' & \x00\ud800\u202e"


def one_row(table: Table, values: dict[str, float], kind: ChartKind) -> Table:
    chart = Chart(kind, "Essai", tuple(values), (table.rows[0].key,))
    cells = {(table.rows[0].key, key): value for key, value in values.items()}
    return replace(table, values=cells, chart=chart)


def small(kind: ChartKind, values: list[list[float]], unit: Unit = Unit.COUNT) -> Table:
    """Rows of *values* under one column a series."""
    columns = tuple(Column(f"c{i}", f"Série {i}", unit) for i in range(len(values[0])))
    rows = tuple(Row(f"r{i}", f"Ligne {i}") for i in range(len(values)))
    cells = {(f"r{i}", f"c{j}"): v for i, row in enumerate(values) for j, v in enumerate(row)}
    chart = Chart(kind, "Essai", tuple(column.key for column in columns))
    return Table("B99", "Essai", "Règle.", "Ligne", columns, rows, cells, chart)


def strings(group: Group | Drawing) -> list[String]:
    found = []
    for shape in group.contents:
        found += strings(shape) if isinstance(shape, Group) else []
        found += [shape] if isinstance(shape, String) else []
    return found


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@ALL
def test_the_svg_is_valid_and_carries_its_text_alternative(table: Table) -> None:
    root = ElementTree.fromstring(chart_svg(table))
    assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
    title, description = root[0], root[1]
    assert (title.tag, description.tag) == (f"{SVG}title", f"{SVG}desc")
    assert (root.get("aria-labelledby") or "").split() == [title.get("id"), description.get("id")]
    assert table.chart is not None
    assert title.text == table.chart.title
    assert description.text == chart_description(table)


@ALL
def test_the_svg_needs_nothing_that_a_strict_page_refuses(table: Table) -> None:
    for element in ElementTree.fromstring(chart_svg(table)).iter():
        assert element.tag.removeprefix(SVG) not in {"script", "style", "a", "image", "use"}
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]
        assert not [value for value in element.attrib.values() if "url(" in value or ":" in value]


@ALL
def test_screen_and_pdf_show_the_same_drawing(table: Table) -> None:
    drawing = chart_drawing(table, 560)
    file = BytesIO()
    renderPDF.drawToFile(drawing, file)
    (page,) = pypdf.PdfReader(file).pages
    shown = texts(chart_svg(table))
    assert shown == [string.text for string in strings(drawing)]
    in_pdf = re.sub(r"\s", "", page.extract_text())
    assert all(re.sub(r"\s", "", text) in in_pdf for text in shown)


@ALL
def test_no_text_leaves_the_drawing(table: Table) -> None:
    for width in (560, 499):
        drawing = chart_drawing(table, width)
        for string in strings(drawing):
            left, low, right, high = string.getBounds()
            assert left >= -1
            assert right <= width + 1
            assert low >= -1
            assert high <= drawing.height + 1


def test_two_charts_of_one_page_have_different_ids() -> None:
    names = re.findall(r' id="([^"]+)"', chart_svg(acts()) + chart_svg(acts(minutes=True)))
    assert len(names) == len(set(names)) == 4


def test_every_bar_bears_its_figure() -> None:
    table = acts()
    assert table.chart is not None
    shown = texts(chart_svg(table))
    for key in table.chart.rows or ():
        assert figure(table.value(key, "TOTAL"), Unit.COUNT) in shown


def test_a_stack_bears_its_parts_and_the_total_of_the_table() -> None:
    shown = texts(chart_svg(ages()))
    assert {"Femmes", "Hommes", "Non renseigné", "178", "44", "25"} <= set(shown)
    assert figure(ages().value("a2", "TOTAL"), Unit.COUNT) in shown


def test_a_stack_without_a_total_in_its_table_shows_no_sum() -> None:
    shown = texts(chart_svg(small(ChartKind.STACKED, [[700, 200], [300, 100]])))
    assert "900" not in shown
    assert {"700", "200"} <= set(shown)


def test_stacks_of_which_most_lack_a_part_give_way_to_the_totals() -> None:
    table = ages()
    rows = [row.key for row in table.rows if row.key.startswith("a")]
    few = replace(table, hidden=frozenset({(rows[0], "M")}))
    most = replace(table, hidden=frozenset((row, "M") for row in rows))
    assert "Hommes" in texts(chart_svg(few))
    shown = texts(chart_svg(most))
    assert "Hommes" not in shown
    assert {figure(table.value(row, "TOTAL"), Unit.COUNT) for row in rows} <= set(shown)
    assert "total, faute de pouvoir publier tout le détail" in chart_description(most)
    for total in rows:  # a total that is hidden as well is drawn nowhere
        secret = replace(most, hidden=most.hidden | {(total, "TOTAL")})
        assert "Hommes" in texts(chart_svg(secret))


def test_figures_of_two_units_are_drawn_in_two_panels() -> None:
    shown = texts(chart_svg(months()))
    assert shown.count("décembre") == shown.count("2009") / 12 == 2
    assert {"Nombre", "Heures"} <= set(shown)


def test_a_single_line_bears_its_figures_and_none_lies_on_the_axis() -> None:
    table = months(("acts",))
    shown = texts(chart_svg(table))
    for row in table.rows[:12]:
        assert figure(table.value(row.key, "acts"), Unit.COUNT) in shown
    low = small(ChartKind.LINES, [[1000], [10], [1000]])
    drawing = chart_drawing(low, 560)
    axis = next(string.y for string in strings(drawing) if string.text == "Ligne 0")
    assert next(string.y for string in strings(drawing) if string.text == "10") > axis + 12


def test_wide_figures_of_many_points_are_shown_at_the_extremes_alone() -> None:
    values = [[1_000_000.0 + 1001 * (n * 7 % 24)] for n in range(24)]
    table = small(ChartKind.LINES, values)
    rows = tuple(replace(row, label=f"Trimestre{n}") for n, row in enumerate(table.rows))
    shown = texts(chart_svg(replace(table, rows=rows)))
    assert "1\u202f000\u202f000" in shown
    assert "1\u202f023\u202f023" in shown
    assert "1\u202f007\u202f007" not in shown
    assert "Trimestre0" in shown
    assert "Trimestre1" not in shown


def test_one_month_alone_is_a_point() -> None:
    assert "<polyline" not in chart_svg(small(ChartKind.LINES, [[3, 4]]))
    assert "7" in texts(chart_svg(small(ChartKind.LINES, [[7]])))


def test_twenty_series_are_told_apart_without_colour() -> None:
    looks = {(style.fill, style.hatching) for style in SERIES}
    dashes = {(style.stroke, style.dash) for style in SERIES}
    assert len(looks) == len(SERIES)
    assert len(dashes) >= len(SERIES) - 1
    for kind in ChartKind:
        chart_svg(small(kind, [[float(n + m) for n in range(20)] for m in range(3)]))


def test_bars_of_one_row_are_one_for_each_column() -> None:
    table = acts()
    shown = texts(chart_svg(one_row(table, {"APEAS": 5, "ACCES": 7}, ChartKind.BARS)))
    assert [text for text in shown if text in ("APEAS", "Accès Conseil")] == [
        "APEAS",
        "Accès Conseil",
    ]


def test_too_many_bars_are_said_to_be_left_out() -> None:
    note = "Les 40 plus grandes valeurs sur 180 sont représentées."
    assert note in texts(chart_svg(communes()))
    assert note in chart_description(communes())


def test_a_chart_of_zeros_says_so() -> None:
    assert NOTHING in texts(chart_svg(nothing()))
    assert chart_description(nothing()).endswith(NOTHING)


def test_a_negative_figure_has_no_bar_but_is_told() -> None:
    svg = chart_svg(small(ChartKind.BARS, [[-5], [10]]))
    assert "\u22125" in texts(svg)
    assert 'width="-' not in svg


def test_the_description_tells_few_figures_and_sums_up_many() -> None:
    few = chart_description(acts())
    assert few.startswith("Barres horizontales : Actes par famille.")
    assert f"ACC Accueil et orientation {figure(acts().value('ACC', 'TOTAL'), Unit.COUNT)}" in few
    many = chart_description(months())
    assert many.startswith("Courbes : Activité par mois.")
    assert re.search(r"Actes : de 900 \(juillet 2009\) à .+ \(avril 2009\), 12 valeurs\.", many)


def test_hostile_labels_stay_text() -> None:
    base = small(ChartKind.BARS, [[1, 2], [3, 4]])
    table = replace(
        base,
        rows=tuple(replace(row, label=HOSTILE) for row in base.rows),
        columns=tuple(replace(column, label=HOSTILE) for column in base.columns),
        chart=Chart(ChartKind.BARS, HOSTILE, ("c0", "c1")),
    )
    root = ElementTree.fromstring(chart_svg(table))
    assert not list(root.iter(f"{SVG}script"))
    assert "<script>" in (root[0].text or "")
    assert not re.search("[\x00\ud800\u202e]", chart_svg(table))


def test_a_table_without_chart_has_no_drawing() -> None:
    with pytest.raises(ValueError, match="B01"):
        chart_drawing(key_figures(), 500)


def test_a_shape_that_the_svg_does_not_know_is_refused() -> None:
    with pytest.raises(TypeError, match="Ellipse"):
        inline_svg(Drawing(10, 10, Ellipse(5, 5, 2, 1)), "Titre", "Description")


def test_axes_go_in_round_steps() -> None:
    assert ticks(0, Unit.COUNT) == [0.0]
    assert ticks(7, Unit.COUNT) == [0, 2, 4, 6, 8]
    assert ticks(1050, Unit.COUNT) == [0, 500, 1000, 1500]
    assert ticks(0.07, Unit.FTE) == [0, 0.02, 0.04, 0.06, 0.08]
    assert ticks(55, Unit.MINUTES) == [0, 15, 30, 45, 60]
    assert ticks(60_000, Unit.MINUTES) == [60 * 200 * n for n in range(6)]
    assert tick_label(60_000, Unit.MINUTES) == "1\u202f000\u202fh"
    assert tick_label(30, Unit.MINUTES) == "0\u202fh\u202f30"
    assert tick_label(0.5, Unit.FTE) == "0,50"


def test_multiples_are_the_same_rows_once_a_column_each_on_its_own_scale() -> None:
    shown = [text.text for text in strings(chart_drawing(MULTIPLES, 500))]
    assert shown.count("Commune numéro 3") == 1
    assert {"Personnes", "Heures"} <= set(shown)
    for row in MULTIPLES.rows[:-1]:
        for column in MULTIPLES.columns:
            assert figure(MULTIPLES.value(row.key, column.key), column.unit) in shown
    empty = replace(MULTIPLES, values={})
    assert NOTHING in [text.text for text in strings(chart_drawing(empty, 500))]
