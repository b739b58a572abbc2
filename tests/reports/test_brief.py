"""The period in brief: what the tables say, in words, without a judgement."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from ramsess.reports import brief
from ramsess.reports.pdf import write_pdf
from ramsess.reports.period import Period
from ramsess.reports.report import Report
from ramsess.reports.table import Column, Row, RowKind, Table, Unit
from tests.reports.sample import MEMBERS, network_report

ROWS = {
    "parcours_followed": (100, 80), "parcours_entries": (60, 60), "parcours_exits": (1, 30),
    "persons_accompanied": (120, 130), "persons_received": (9, 9), "anonymous_received": (0, 0),
    "acts": (900, 0), "minutes": (54_075, 60_000), "sessions": (12, 12), "attendances": (1, 96),
    "jobs_created": (10.5, 9.25), "jobs_consolidated": (0, 0),
}  # fmt: skip
UNITS = {"minutes": Unit.MINUTES, "jobs_created": Unit.FTE, "jobs_consolidated": Unit.FTE}


def key_figures() -> Table:
    rows = tuple(Row(key, key, unit=UNITS.get(key)) for key in ROWS)
    columns = (Column("current", "Période"), Column("previous", "Un an avant"))
    values = {
        (key, c.key): value
        for key, pair in ROWS.items()
        for c, value in zip(columns, pair, strict=True)
    }
    return Table("B01", "Chiffres clés", "Règle.", "Chiffre", columns, rows, values)


def counted(table_id: str, column: str, rows: dict[str, float], kind: RowKind) -> Table:
    lines = tuple(Row(label.split(" ")[0], label, kind) for label in rows)
    values = {(row.key, column): rows[row.label] for row in lines}
    return Table(table_id, "T", "R.", "L", (Column(column, "C"),), lines, values)


def report(*tables: Table) -> Report:
    return replace(network_report(), tables=(key_figures(), *tables), details=())


def test_big_figures_compare_in_words() -> None:
    found = {item.label: (item.text, item.change) for item in brief.big_figures(report())}
    assert found["personnes accompagnées"] == ("120", "10 de moins (un an avant : 130)")
    assert found["parcours suivis"] == ("100", "20 de plus (un an avant : 80)")
    assert found["actes"] == ("900", "900 de plus (un an avant : 0)")
    hours = found["d’accompagnement"]
    assert hours == (
        "901\u202fh\u202f15",
        "98\u202fh\u202f45 de moins (un an avant : 1\u202f000\u202fh\u202f00)",
    )
    assert found["emplois créés (ETP)"] == ("10,50", "1,25 de plus (un an avant : 9,25)")


def test_the_same_figure_is_said_to_be_the_same() -> None:
    base = key_figures()
    same = {**base.values, ("acts", "previous"): 900}
    changed = replace(report(), tables=(replace(base, values=same),))
    assert brief.big_figures(changed)[2].change == "autant (un an avant : 900)"


def test_the_story_is_told_in_sentences() -> None:
    told = brief.sentences(
        report(
            counted(
                "B05", "persons", {"04 Alpes": 3, "13 Bouches": 90, "83 Var": 0}, RowKind.SUBTOTAL
            ),
            counted("B08", "TOTAL", {"ACC Accueil": 200, "CSL Conseil": 700}, RowKind.SUBTOTAL),
            counted("B10", "acts", {"janvier": 10, "février": 700, "mars": 190}, RowKind.DETAIL),
            counted("B15", "parcours", {"Création": 1, "Abandon": 0}, RowKind.DETAIL),
        )
    )
    assert told == [
        "Le réseau a accompagné 120 personnes dans 100 parcours. 60 parcours ont commencé dans la "
        "période, 1 s’est terminé.",
        "900 actes, pour 901\u202fh\u202f15 de travail. Les plus nombreux : Conseil (700), puis "
        "Accueil (200).",
        "Personnes accompagnées, par département : Bouches 90, Alpes 3.",
        "Le mois qui compte le plus d’actes est février (700), celui qui en compte le moins "
        "janvier (10).",
        "12 séances collectives, 1 présence.",
        "Motifs de sortie des parcours : Création 1. Emplois, en équivalents temps plein : 10,50 "
        "créés et 0 consolidés.",
    ]


def test_people_outside_and_unknown_are_told() -> None:
    places = {"13 Bouches": 90, "HR Hors région": 4, "NR Non renseigné": 5}
    told = brief.sentences(report(counted("B05", "persons", places, RowKind.SUBTOTAL)))
    assert (
        "Personnes accompagnées, par département : Bouches 90 ; hors région 4 ; commune non "
        "renseignée 5." in told
    )


def test_of_many_outcomes_the_first_three_are_told() -> None:
    outcomes = {"Création": 9, "Abandon": 2, "Reprise": 5, "Emploi": 1}
    told = brief.sentences(report(counted("B15", "parcours", outcomes, RowKind.DETAIL)))
    assert told[-1].startswith("Premiers motifs de sortie des parcours : Création 9, Reprise 5, Ab")


def test_a_structure_is_told_by_its_own_column() -> None:
    acts = counted("B08", MEMBERS[0].code, {"ACC Accueil": 2, "CSL Conseil": 7}, RowKind.SUBTOTAL)
    own = replace(report(acts), structure=MEMBERS[0], edition="structure")
    told = brief.sentences(own)
    assert told[0].startswith(f"{MEMBERS[0].name} a accompagné 120 personnes")
    assert "Conseil (7), puis Accueil (2)" in told[1]


@pytest.mark.parametrize("months", [{"mars": 4, "avril": 9}, {"mars": 4, "avril": 4, "mai": 4}])
def test_no_month_stands_out_of_two_or_of_equals(months: dict[str, float]) -> None:
    told = brief.sentences(report(counted("B10", "acts", months, RowKind.DETAIL)))
    assert not any("Le mois qui compte" in text for text in told)


def test_a_period_without_activity_is_told_so() -> None:
    empty = replace(report(), tables=(replace(key_figures(), values={}),))
    assert brief.sentences(empty) == [
        "Aucun acte ni aucun parcours n’est enregistré dans cette période."
    ]


def test_a_report_without_tables_tells_nothing(tmp_path: Path) -> None:
    nothing = replace(network_report(), tables=(), members=(), details=())
    assert (brief.big_figures(nothing), brief.sentences(nothing)) == ([], [])
    path = tmp_path / "rien.pdf"
    write_pdf(nothing, path)
    pages = [page.extract_text() for page in pypdf.PdfReader(path).pages]
    assert "Aucune structure n’est membre du réseau" in pages[-1].replace("\u00a0", " ")


def test_a_period_is_no_year() -> None:
    assert brief.heading(report()) == "L’année en bref"
    quarter = Period(dt.date(2009, 1, 1), dt.date(2009, 3, 31))
    assert brief.heading(replace(report(), period=quarter)) == "La période en bref"


@pytest.mark.parametrize(("words", "together"), [(20, True), (2000, False)])
def test_a_short_foreword_stands_above_the_summary(
    words: int, together: bool, tmp_path: Path
) -> None:
    said = replace(network_report(), comments={"BILAN": "Une année pleine. " * (words // 3)})
    path = tmp_path / "bilan.pdf"
    write_pdf(said, path)
    pages = [page.extract_text().replace("\u00a0", " ") for page in pypdf.PdfReader(path).pages]
    (summary,) = [page for page in pages[2:] if "L’année en bref" in page]
    assert ("Avant-propos" in summary) is together
    assert "Une année pleine." in pages[2]
