"""Workbooks after a quarter was sealed: the same pass, what would change it is named row by row."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramsess.actions.accounts import Post, add_account
from ramsess.exchange.applying import import_sheets
from ramsess.exchange.problems import ImportResult
from ramsess.exchange.typography import french
from ramsess.models import Act, Assignment, Parcours
from tests.exchange.workbooks import Book, day
from tests.sealed.sealing import SENTENCE, seal

ANNE = "anne@apeas.example"


def book(**said: Any) -> Book:
    """A workbook of the first quarter, with some of it said otherwise; each key is one cell."""

    def of(name: str, usual: Any) -> Any:
        return said.get(name, usual)

    return (
        Book("APEAS")
        .adviser(ANNE, quotité=of("share", 80), depuis=day("2009-01-01"))
        .person("B1", "Fictif", "Zoé", date_naissance=of("birth", "01/05/1980"),
                situation=of("situation", None), téléphone=of("phone", None))
        .person("B2", "Fictive", "Lou")
        .parcours("P1", of("people", "B1"), of("entered", day("2009-02-01")),
                  date_sortie=of("exited", None), motif_sortie=of("outcome", None),
                  phase_actuelle=of("phase", "FAI"),
                  date_phase_actuelle=of("reached", day("2009-03-01")))
        .act("A1", of("done", day("2009-03-02")), ANNE, parcours="P1",
             durée_minutes=of("minutes", 60), type=of("type", "CSL1"),
             commentaire=of("note", None))
        .act("A2", day("2009-03-05"), ANNE, type="ACC1", bénéficiaire=of("welcomed", "B2"))
        .group("S1", of("held", day("2009-03-10")), ANNE, participants=of("there", "B1"),
               personnes_anonymes=of("heads", 3), intitulé=of("title", "Atelier"))
    )  # fmt: skip


def load(session: Session, made: Book) -> ImportResult:
    result = import_sheets(session, [made.sheets()])
    (session.commit if result.accepted else session.rollback)()
    return result


@pytest.fixture
def handed_in(session: Session) -> Session:
    assert load(session, book()).accepted
    seal()
    return session


def test_the_same_workbook_passes_and_what_no_report_counts_changes(handed_in: Session) -> None:
    again = load(handed_in, book())
    assert again.accepted, again.problems
    assert not again.updated
    told = load(handed_in, book(note="Point d’étape", phone="0601020304", title="Autre titre"))
    assert told.accepted, told.problems
    assert handed_in.scalars(select(Act.note).where(Act.note != "")).all() == ["Point d’étape"]


CHANGED = {
    "done": ({"done": day("2009-03-03")}, "Actes, ligne 2, date"),
    "out": ({"done": day("2009-04-03")}, "Actes, ligne 2, date"),
    "minutes": ({"minutes": 90}, "Actes, ligne 2, date"),
    "type": ({"type": "CSL2"}, "Actes, ligne 2, date"),
    "welcomed": ({"welcomed": "B1"}, "Actes, ligne 3, date"),
    "held": ({"held": day("2009-03-11")}, "Séances, ligne 2, date"),
    "there": ({"there": "B1;B2"}, "Séances, ligne 2, date"),
    "heads": ({"heads": 4}, "Séances, ligne 2, date"),
    "entered": ({"entered": day("2009-02-02")}, "Parcours, ligne 2, date_entrée"),
    "exited": (
        {"exited": day("2009-03-31"), "outcome": "CRE"}, "Parcours, ligne 2, date_sortie",
    ),
    "people": ({"people": "B1;B2"}, "Parcours, ligne 2, bénéficiaires"),
    "situation": ({"situation": "SAL"}, "Parcours, ligne 2, bénéficiaires"),
    "birth": ({"birth": "01/05/1981"}, "Parcours, ligne 2, bénéficiaires"),
    "phase": ({"phase": "MON"}, "Parcours, ligne 2, date_phase_actuelle"),
    "reached": ({"reached": day("2009-03-02"), "phase": "MON"},
                "Parcours, ligne 2, date_phase_actuelle"),
    "share": ({"share": 50}, "Conseillers, ligne 2, quotité"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_a_row_that_would_change_the_quarter_is_named(handed_in: Session, name: str) -> None:
    said, place = CHANGED[name]
    result = load(handed_in, book(**said))
    assert [(one.place, one.message) for one in result.problems] == [(place, french(SENTENCE))]


def test_every_row_is_named_at_once_and_nothing_is_written(handed_in: Session) -> None:
    made = book(minutes=90, heads=4, exited=day("2009-03-31"), outcome="CRE")
    made.act("A9", day("2009-04-02"), ANNE, parcours=None, type="PAR1")
    made.act("A8", day("2009-03-31"), ANNE, parcours=None, type="PAR1")
    result = load(handed_in, made)
    assert [one.place for one in result.problems] == [
        "Actes, ligne 2, date", "Actes, ligne 5, date", "Parcours, ligne 2, date_sortie",
        "Séances, ligne 2, date",
    ]  # fmt: skip
    assert handed_in.scalar(select(func.count()).select_from(Act)) == 3


def test_what_is_of_the_open_quarter_is_taken(handed_in: Session) -> None:
    made = book(exited=day("2009-06-30"), outcome="CRE", phase="DEM", reached=day("2009-05-01"))
    made.act("A9", day("2009-04-02"), ANNE, parcours="P1")
    made.parcours("P2", "B1", day("2009-04-01"))
    made.group("S9", day("2009-04-09"), ANNE, participants="B1;B2")
    result = load(handed_in, made)
    assert result.accepted, result.problems
    assert handed_in.scalars(select(Parcours.exited_on).order_by(Parcours.id)).all() == [
        dt.date(2009, 6, 30), None,
    ]  # fmt: skip


def test_an_assignment_may_end_in_the_open_quarter(handed_in: Session) -> None:
    made = book()
    made.rows["Conseillers"][0]["jusqu'à"] = day("2009-06-30")
    made.adviser(ANNE, quotité=50, depuis=day("2009-07-01"))
    result = load(handed_in, made)
    assert result.accepted, result.problems
    assert handed_in.scalars(select(Assignment.share).order_by(Assignment.from_on)).all() == [
        80,
        50,
    ]


def test_a_quarter_sealed_while_a_workbook_is_written_is_told(
    handed_in: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check saw no seal; the database did."""
    monkeypatch.setattr("ramsess.exchange.apply.seals.sealed_periods", lambda _session: [])
    result = load(handed_in, book(minutes=90))
    assert [one.message for one in result.problems] == [french(SENTENCE)]
    assert load(handed_in, book()).accepted


def test_a_new_adviser_without_a_first_day_begins_after_the_seal(handed_in: Session) -> None:
    made = book().adviser("bob@apeas.example")
    made.act("A9", day("2009-04-02"), "bob@apeas.example", type="PAR1")
    for _ in range(2):
        result = load(handed_in, made)
        assert result.accepted, result.problems
        begun = handed_in.scalars(select(Assignment.from_on).order_by(Assignment.id)).all()
        assert begun == [dt.date(2009, 1, 1), dt.date(2009, 4, 1)]
    seal(dt.date(2009, 4, 1))
    again = load(handed_in, made)
    assert again.accepted, again.problems
    add_account(
        handed_in, email="eve@apeas.example", name="Eve Fictive", role="adviser",
        posts=[Post.parse("APEAS")], password_hash="!",
    )  # fmt: skip
    handed_in.commit()
    assert handed_in.scalars(select(Assignment.from_on)).all()[-1] == dt.date(2009, 7, 1)
