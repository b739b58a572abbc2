"""A report limited to a territory, a sector, a type of act: what stays in, and in any order."""

from __future__ import annotations

import itertools
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy.orm import Session

from ramsess.database import db
from ramsess.reports.consolidation import UnknownCodeError
from ramsess.reports.facts import Facts, snapshot
from ramsess.reports.limits import LIMITS
from ramsess.reports.period import Period
from tests.counting.builder import Network, day, row
from tests.counting.comparing import YEAR, import_network
from tests.counting.networks import random_network

MARSEILLE, NICE, PARIS = "13201", "06088", "75056"
METROPOLE = "200054807"


@pytest.fixture
def two_projects(network: Network) -> Network:
    """A culture project in Marseille, with an act in Nice; one in Nice; others of none."""
    one, two = network.person(), network.person()
    here = network.parcours(one, commune_code=MARSEILLE, sector_code="CUL")
    there = network.parcours(two, commune_code=NICE, sector_code="ENV")
    network.act("2009-03-02", "CSL1", here, commune_code=NICE)
    network.act("2009-03-03", "DIA1", here, by={"ana/APEAS": 30})
    network.act("2009-03-04", "CSL3", there)
    network.act("2009-03-05", "ACC1", people=(network.person(),), commune_code=MARSEILLE)
    network.group_session("2009-03-06", present={"APEAS": (two,)}, commune_code=MARSEILLE)
    network.act("2009-03-07", "PAR1")
    network.parcours(network.person())
    return network


KEY_FIGURES = ("acts", "minutes", "parcours_followed", "persons_accompanied", "persons_received")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, (6, 330, 3, 3, 1)),
        # The project's acts go with it wherever they were done; others by where they were done.
        ({"territory": "13"}, (4, 210, 1, 1, 2)),
        ({"territory": METROPOLE}, (4, 210, 1, 1, 2)),
        ({"territory": "06"}, (1, 60, 1, 1, 0)),
        ({"territory": "NR"}, (1, 60, 1, 1, 0)),
        ({"territory": "HR"}, (0, 0, 0, 0, 0)),
        # An act without project has no sector.
        ({"sector": "CUL"}, (2, 90, 1, 1, 0)),
        ({"sector": "NR"}, (0, 0, 1, 1, 0)),
        # Acts, and the parcours and persons that they concern.
        ({"type": "CSL"}, (2, 120, 2, 2, 0)),
        ({"type": "CSL3"}, (1, 60, 1, 1, 0)),
        ({"type": "ACC"}, (1, 60, 0, 0, 1)),
        ({"type": "CSL", "sector": "CUL"}, (1, 60, 1, 1, 0)),
        ({"type": "COL1", "territory": "13"}, (1, 60, 0, 0, 1)),
    ],
    ids=str,
)
def test_what_a_limit_keeps(
    two_projects: Network, filters: dict[str, str], expected: tuple[int, ...]
) -> None:
    table = two_projects.report(filters=filters).table("B01")
    assert tuple(table.value(key, "current") for key in KEY_FIGURES) == expected


def test_limits_are_told_in_every_title_and_in_the_data(two_projects: Network) -> None:
    report = two_projects.report(filters={"territory": "13", "type": "CSL"}, scheme="DRA")
    assert report.subtitle == (
        "Réseau RAMSESS — dispositif DRA (dispositif régional d’accompagnement) — "
        "territoire : 13 Bouches-du-Rhône — actes : Conseil"
    ) or report.subtitle.endswith("territoire : 13 Bouches-du-Rhône — actes : Conseil")
    data = report.as_json()
    assert data["filters"] == {"territory": "13", "type": "CSL"}
    assert not {"filters", "compared"} & set(two_projects.report().as_json())


@pytest.mark.parametrize(
    ("name", "said"),
    [("territory", "Territoire"), ("sector", "Secteur"), ("type", "Type d’acte")],
)
def test_an_unknown_code_is_said(network: Network, name: str, said: str) -> None:
    with pytest.raises(UnknownCodeError, match=f"{said} inconnu : « ZZ »"):
        network.report(filters={name: "ZZ"})


def test_the_period_compared_is_any_other(two_projects: Network) -> None:
    two_projects.act("2007-05-02")
    other = Period(day("2007-05-01"), day("2007-05-31"))
    report = two_projects.report(compared=other)
    assert row(report, "B01", "acts") == {"current": 6, "previous": 1}
    assert report.table("B01").columns[1].label == "Du 1er mai 2007 au 31 mai 2007"
    assert "du 1er mai 2007 au 31 mai 2007" in report.table("B01").rule
    assert report.as_json()["compared"] == {"from": "2007-05-01", "to": "2007-05-31"}
    usual = two_projects.report(compared=YEAR.year_before())
    assert usual.as_json() == two_projects.report().as_json()
    assert usual.table("B01").columns[1].label == "Un an avant"


def kept(facts: Facts) -> dict[str, list[int]]:
    """The rows of every frame, by their places in what was read."""
    frames = {field.name: getattr(facts, field.name) for field in fields(facts)}
    frames |= {f"beyond {name}": frame for name, frame in facts.beyond.items()}
    return {
        name: frame.index.tolist()
        for name, frame in frames.items()
        if isinstance(frame, pd.DataFrame)
    }


def test_limits_in_any_order_give_the_same_figures(session: Session, tmp_path: Path) -> None:
    import_network(session, tmp_path, random_network(7, 4))
    asked = {"scheme": "DRA", "territory": "13", "sector": "CUL", "type": "CSL"}
    with snapshot(db.engines["report"]) as connection:
        read = Facts.read(connection, YEAR)
    for some in [*itertools.combinations(asked, 2), tuple(asked)]:
        found = []
        for order in itertools.permutations(some):
            facts = read
            for name in order:
                facts = LIMITS[name](facts, asked[name])
            found.append(kept(facts))
        assert all(rows == found[0] for rows in found), some
    limited = LIMITS["type"](LIMITS["territory"](read, "13"), "CSL")
    assert 0 < len(limited.acts) < len(read.acts)


def test_the_parts_of_a_limit_make_the_whole(session: Session, tmp_path: Path) -> None:
    """Territories share out acts and parcours; so do sectors, but for acts of no project."""
    import_network(session, tmp_path, random_network(11, 4))

    with snapshot(db.engines["report"]) as connection:
        read = Facts.read(connection, YEAR)
    assert len(read.acts) > 20
    for name, codes, acts, parcours in (
        ("territory", ("04", "05", "06", "13", "83", "84", "HR", "NR"), True, True),
        ("sector", (*read.lists.labels("sectors"), "NR"), False, True),
        ("type", tuple(read.lists.labels("act_families")), True, False),
        ("scheme", tuple(read.lists.labels("schemes")), True, False),
    ):
        parts = [LIMITS[name](read, code) for code in dict.fromkeys(codes)]
        if acts:
            assert shared_out(read.acts["id"], [part.acts["id"] for part in parts]), name
        if parcours:
            assert shared_out(read.parcours["id"], [part.parcours["id"] for part in parts]), name


def shared_out(whole: pd.Series, parts: list[pd.Series]) -> bool:
    """True when each of *whole* is in one of *parts*, and in one alone."""
    return sorted(pd.concat(parts)) == sorted(whole)
