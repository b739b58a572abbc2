"""The recount itself: right on a network counted by hand, independent, and able to find a fault."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy.orm import Session

from ramsess.exchange.check.advisers import Posts
from ramsess.reports.facts import Facts
from ramsess.reports.table import Tally
from tests.counting.comparing import YEAR, differences, expected, figures, import_network
from tests.counting.networks import random_network
from tests.counting.recount import recount
from tests.counting.workbooks import Workbook

ANNE, BOB = "anne@apeas.example.org", "bob@place.example.org"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def two_workbooks() -> list[Workbook]:
    """APEAS leads a parcours in which PLACE takes part; they share an act, a workshop, a post."""
    apeas, place = Workbook("APEAS", 2009), Workbook("PLACE", 2009)
    apeas.add("Conseillers", courriel=ANNE, nom="Fictif", prénom="Anne", quotité=50)
    place.add("Conseillers", courriel=ANNE, nom="Fictif", prénom="Anne", quotité=40,
              depuis=day("2009-07-02"))  # fmt: skip
    place.add("Conseillers", courriel=BOB, nom="Fictif", prénom="Bob")
    known = {"nom": "Ben-Saïd", "prénom": "Zoé", "date_naissance": day("1980-05-01")}
    apeas.add("Bénéficiaires", **known, sexe="F", commune_insee="83120", situation="DE1",
              niveau_formation="N4", rsa="oui")  # fmt: skip
    apeas.add("Bénéficiaires", nom="Roux", prénom="Ana")
    place.add("Bénéficiaires", **known | {"nom": "BEN SAID"}, situation="SAL")
    place.add("Bénéficiaires", nom="Roux", prénom="Ana")
    apeas.add("Parcours", bénéficiaires="B1", intitulé="Épicerie", forme_juridique="SCIC",
              commune_insee="84003", date_entrée=day("2008-12-31"), phase_entrée="EME",
              date_sortie=day("2009-12-31"), motif_sortie="CRE", emplois_créés=1.5,
              phase_actuelle="MON", date_phase_actuelle=day("2009-06-15"))  # fmt: skip
    place.add("Parcours", bénéficiaires="B1", intitulé="Épicerie", secteur="NUM",
              date_entrée=day("2009-02-01"), phase_entrée="FAI", date_sortie=day("2009-06-30"),
              référence_réseau="APEAS/P1")  # fmt: skip
    apeas.add("Actes", date=day("2009-03-02"), type="CSL1", conseiller=ANNE, parcours="P1",
              durée_minutes=60, co_conseillers=f"{BOB}:45")  # fmt: skip
    apeas.add("Actes", date=day("2009-01-01"), type="ACC1", conseiller=ANNE, bénéficiaire="B2",
              durée_minutes=30, personnes_anonymes=3, commune_insee="75056",
              dispositif="DLA")  # fmt: skip
    apeas.add("Actes", date=day("2010-01-01"), type="ACC1", conseiller=ANNE, durée_minutes=10)
    workshop = {"date": day("2009-05-04"), "type": "COL1", "intitulé": "Atelier",
                "durée_minutes": 120, "référence_séance": "Atelier commun"}  # fmt: skip
    apeas.add("Séances", **workshop, animateurs=ANNE, participants="B1;B2", personnes_anonymes=4)
    place.add("Séances", **workshop, animateurs=f"{BOB}:90", participants="B1;B2",
              personnes_anonymes=1)  # fmt: skip
    return [place, apeas]


#: Counted by hand, 2009. Three people: the two « Roux », without birth date, count apart.
BY_HAND: dict[str, dict[str, dict[str, float]]] = {
    "B01": {
        "parcours_followed": {"current": 1, "previous": 1},
        "parcours_entries": {"previous": 1},
        "parcours_exits": {"current": 1},
        "persons_accompanied": {"current": 1, "previous": 1},
        "persons_received": {"current": 2},
        "anonymous_received": {"current": 8},
        "acts": {"current": 3},
        "minutes": {"current": 345},
        "sessions": {"current": 1},
        "attendances": {"current": 8},
        "jobs_created": {"current": 1.5},
    },
    "B02": {
        "start": {"APEAS": 1, "TOTAL": 1},
        "entries": {"PLACE": 1, "SHARED": 1},
        "exits": {"APEAS": 1, "PLACE": 1, "SHARED": 1, "TOTAL": 1},
        "followed": {"APEAS": 1, "PLACE": 1, "SHARED": 1, "TOTAL": 1},
        "active": {"APEAS": 1, "PLACE": 1, "SHARED": 1, "TOTAL": 1},
    },
    "B03": {"26-29": {"F": 1, "TOTAL": 1}, "TOTAL": {"F": 1, "TOTAL": 1}},
    "B04": {
        "DE1": {"N4": 1, "TOTAL": 1},
        "TOTAL": {"N4": 1, "TOTAL": 1},
        "RSA": {"N4": 1, "TOTAL": 1},
    },
    "B05": {
        "83": {"persons": 1},
        "200054807": {"persons": 1},
        "84": {"parcours": 1, "acts": 1, "minutes": 105},
        "200040624": {"parcours": 1, "acts": 1, "minutes": 105},
        "HR": {"acts": 1, "minutes": 30},
        "NR": {"acts": 1, "minutes": 210},
        "TOTAL": {"persons": 1, "parcours": 1, "acts": 3, "minutes": 345},
    },
    "B06": {"NR": {"SCIC": 1, "TOTAL": 1}, "TOTAL": {"SCIC": 1, "TOTAL": 1}},
    "B07": {"EME": {"MON": 1, "TOTAL": 1}, "TOTAL": {"MON": 1, "TOTAL": 1}},
    "B08": {
        **{key: {"APEAS": 1, "PLACE": 1, "SHARED": 1, "TOTAL": 1} for key in ("CSL1", "CSL")},
        **{key: {"APEAS": 1, "TOTAL": 1} for key in ("ACC1", "ACC")},
        **{key: {"APEAS": 1, "PLACE": 1, "SHARED": 1, "TOTAL": 1} for key in ("COL1", "COL")},
        "TOTAL": {"APEAS": 3, "PLACE": 2, "SHARED": 2, "TOTAL": 3},
    },
    "B09": {
        **{key: {"APEAS": 60, "PLACE": 45, "TOTAL": 105} for key in ("CSL1", "CSL")},
        **{key: {"APEAS": 30, "TOTAL": 30} for key in ("ACC1", "ACC")},
        **{key: {"APEAS": 120, "PLACE": 90, "TOTAL": 210} for key in ("COL1", "COL")},
        "TOTAL": {"APEAS": 210, "PLACE": 135, "TOTAL": 345},
    },
    "B10": {
        "2009-01": {"acts": 1, "minutes": 30},
        "2009-03": {"acts": 1, "minutes": 105},
        "2009-05": {"acts": 1, "minutes": 210, "sessions": 1, "attendances": 8},
        "TOTAL": {"acts": 3, "minutes": 345, "sessions": 1, "attendances": 8},
    },
    "B11": {
        key: {"sessions": 1, "known": 3, "anonymous": 5, "distinct": 3, "minutes": 210}
        for key in ("COL1", "TOTAL")
    },
    "B13": {key: {"APEAS": 1, "PLACE": 1, "SHARED": 1, "TOTAL": 1} for key in ("2", "TOTAL")},
    "B13S": {
        "APEAS": {"PLACE": 1, "TOTAL": 1},
        "PLACE": {"APEAS": 1, "TOTAL": 1},
        "TOTAL": {"APEAS": 1, "PLACE": 1, "SHARED": 1, "TOTAL": 1},
    },
    "B15": {key: {"parcours": 1, "jobs_created": 1.5} for key in ("CRE", "TOTAL")},
    "B16": {
        "acts": dict.fromkeys(("min", "q1", "median", "q3", "max"), 1),
        "minutes": dict.fromkeys(("min", "q1", "median", "q3", "max"), 105),
        "days": dict.fromkeys(("min", "q1", "median", "q3", "max"), 365),
    },
    "B17": {  # Anne is at PLACE from 2 July on: 183 days of 365 at 40 %
        "APEAS+PLACE.1": {"share": 70.05, "minutes": 210},
        "APEAS+PLACE.1/APEAS": {"share": 50, "minutes": 210},
        "APEAS+PLACE.1/PLACE": {"share": 20.05},
        "TOTAL": {"share": 70.05, "minutes": 210},
    },
    "B18": {
        "ACC1": {"persons": 1, "anonymous": 3},
        "COL1": {"persons": 2, "anonymous": 5},
        "TOTAL": {"persons": 2, "anonymous": 8},
    },
    "B19": {
        **{
            row: {"APEAS": 1, "PLACE": 1, "TOTAL": 1, "SHARED": 1}
            for row in (
                *("persons", "qpv_missing", "parcours", "sector_missing"),
                *("sessions", "session_commune_missing"),
            )
        },
        **{
            row: {"APEAS": 100, "PLACE": 100, "TOTAL": 100}
            for row in (
                *("birth_date", "sex", "situation", "education", "person_commune", "rsa"),
                *("people", "legal_form", "project_commune", "whom", "act_commune", "attendance"),
            )
        },
        "exits": {"APEAS": 1, "TOTAL": 1},
        "outcome": {"APEAS": 100, "TOTAL": 100},
        **{
            row: {"APEAS": 2, "PLACE": 1, "TOTAL": 2, "SHARED": 1}
            for row in ("individual", "individual_complete", "modality_missing")
        },
        "work": {"APEAS": 3, "PLACE": 2, "TOTAL": 3, "SHARED": 2},
    },
    "B21": {
        "DRA": {"acts": 2, "minutes": 315, "sessions": 1, "parcours": 1, "persons": 3},
        "DLA": {"acts": 1, "minutes": 30, "persons": 1},
        "TOTAL": {"acts": 3, "minutes": 345, "sessions": 1, "parcours": 1, "persons": 3},
    },
}


def test_the_recount_counts_as_a_hand_does() -> None:
    assert expected(two_workbooks(), YEAR) == {
        table_id: {
            (row, column): value for row, cells in rows.items() for column, value in cells.items()
        }
        for table_id, rows in BY_HAND.items()
    }


def test_the_recount_limits_itself_to_a_structure() -> None:
    counted = recount(two_workbooks(), YEAR.first, YEAR.last, structure="PLACE")
    assert counted["B01"]["parcours_entries", "current"] == 1
    assert counted["B02"]["entries", "PLACE"] == 1
    assert counted["B09"]["TOTAL", "PLACE"] == counted["B10"]["TOTAL", "minutes"] == 135
    assert counted["B09"]["TOTAL", "TOTAL"] == 345
    assert counted["B07"] == {
        ("EME", "MON"): 1, ("EME", "TOTAL"): 1, ("TOTAL", "MON"): 1, ("TOTAL", "TOTAL"): 1
    }  # fmt: skip
    assert counted["B15"] == {}  # it had left before the exit


def test_the_recount_limits_itself_to_a_scheme() -> None:
    counted = recount(two_workbooks(), YEAR.first, YEAR.last, scheme="DLA")
    assert counted["B01"]["acts", "current"] == counted["B01"]["persons_received", "current"] == 1
    assert counted["B01"]["parcours_followed", "current"] == 0
    assert counted["B21"]["TOTAL", "persons"] == 1


@pytest.mark.parametrize(
    ("born", "on", "band"),
    [
        ("1991-02-02", "2009-02-01", "<18"),
        ("1991-02-01", "2009-02-01", "18-25"),
        ("1980-02-29", "2010-02-28", "26-29"),
        ("1980-02-29", "2010-03-01", "30-44"),
        ("1944-02-01", "2009-02-01", ">=65"),
    ],
)
def test_the_recount_knows_ages(born: str, on: str, band: str) -> None:
    apeas = Workbook("APEAS", 2009)
    apeas.add("Bénéficiaires", nom="Roux", prénom="Ana", date_naissance=day(born))
    apeas.add("Parcours", bénéficiaires="B1", date_entrée=day(on), phase_entrée="EME")
    counted = recount([apeas], day("2009-01-01"), day("2010-12-31"))
    assert counted["B03"][band, "NR"] == 1


def test_the_recount_owes_nothing_to_the_application() -> None:
    modules = list((Path(__file__).parent / "recount").glob("*.py"))
    assert len(modules) > 5
    for path in [*modules, Path(__file__).parent / "workbooks.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in getattr(node, "names", ()) if alias.name]
            origin = getattr(node, "module", None) or ""
            assert not any(name.startswith("ramsess") for name in (*names, origin)), path


# --- Faults that the comparison must find ------------------------------------------------------


def last_day_left_out(facts: Facts) -> Facts:
    acts = facts.acts[facts.acts["day"] < facts.last]
    shares = facts.shares[facts.shares["act"].isin(acts["id"])]
    present = facts.attendances[facts.attendances["act"].isin(acts["id"])]
    return replace(facts, acts=acts, shares=shares, attendances=present)


def shared_time_doubled(facts: Facts) -> Facts:
    shared = facts.shares[facts.shares.duplicated("act", keep=False)]
    return replace(facts, shares=pd.concat([facts.shares, shared], ignore_index=True))


def everybody_counted_anew(facts: Facts) -> Facts:
    members = facts.members.assign(person=np.arange(len(facts.members)))
    return replace(facts, members=members)


def unknown_left_out(facts: Facts) -> Facts:
    return replace(facts, members=facts.members[facts.members["sex"].astype(str) != "NR"])


def participants_listed_by_each_host(facts: Facts) -> Facts:
    twice = pd.concat([facts.attendances, facts.attendances.head(1)], ignore_index=True)
    return replace(facts, attendances=twice)


def phases_of_the_last_day(facts: Facts) -> Facts:
    return replace(facts, phases=facts.phases.assign(day=facts.phases["day"] - 1))


def outcome_of_those_who_stay(facts: Facts) -> Facts:
    closed = facts.parcours["closed"].where(facts.parcours["closed"] <= facts.last, facts.last)
    return replace(facts, parcours=facts.parcours.assign(closed=closed))


def who_left_forgotten(facts: Facts) -> Facts:
    there = facts.involvements["left"] > facts.last
    return replace(facts, involvements=facts.involvements[there])


def posts_without_dates(facts: Facts) -> Facts:
    return replace(facts, assignments=facts.assignments.assign(since=facts.first, until=facts.last))


def nobody_ever_quiet(facts: Facts) -> Facts:
    return replace(facts, quiet=facts.quiet.head(0))


#: Each fault, and a table that it must show in.
FAULTS: tuple[tuple[Callable[[Facts], Facts], str], ...] = (
    (last_day_left_out, "B10"),
    (shared_time_doubled, "B09"),
    (everybody_counted_anew, "B03"),
    (unknown_left_out, "B04"),
    (participants_listed_by_each_host, "B11"),
    (phases_of_the_last_day, "B07"),
    (outcome_of_those_who_stay, "B15"),
    (who_left_forgotten, "B13"),
    (who_left_forgotten, "B13S"),
    (posts_without_dates, "B17"),
    (nobody_ever_quiet, "B19"),
)


def test_faults_planted_in_the_facts_are_found(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbooks = random_network(35, 4)
    import_network(session, tmp_path, workbooks)
    theirs = expected(workbooks, YEAR)
    assert differences(figures(YEAR), theirs) == {}
    read = Facts.read
    for fault, table_id in FAULTS:
        monkeypatch.setattr(Facts, "read", lambda *args, fault=fault: fault(read(*args)))
        assert table_id in differences(figures(YEAR), theirs), fault.__name__


def test_a_silent_sum_is_found(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbooks = random_network(30, 4)
    import_network(session, tmp_path, workbooks)
    monkeypatch.setattr(Tally, "set_shared", lambda *_: None)
    found = differences(figures(YEAR), expected(workbooks, YEAR))
    assert set(found) == {"B02", "B08", "B13", "B13S", "B19"}
    assert {column for _, column in found["B08"]} == {"SHARED"}


def test_minutes_given_to_the_workbook_s_structure_are_found(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def workbooks_own(*_: Any, **said: Any) -> int:
        return int(said["book"].structure_id)

    monkeypatch.setattr(Posts, "structure_for", workbooks_own)
    workbooks = two_workbooks()
    import_network(session, tmp_path, workbooks)
    found = differences(figures(YEAR), expected(workbooks, YEAR))
    assert found["B09"]["CSL1", "PLACE"] == (0, 45)


def test_names_compared_letter_by_letter_are_found(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ramsess.exchange.check.people.name_key", "{}|{}".format)
    workbooks = two_workbooks()
    import_network(session, tmp_path, workbooks)
    found = differences(figures(YEAR), expected(workbooks, YEAR))
    assert found["B11"]["TOTAL", "distinct"] == (4, 3)
