"""The whole base is searched: what is new is kept, what was settled stays, both sides are told."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from ramsess.actions import duplicates
from ramsess.cli.duplicates import look_for_duplicates
from ramsess.models import DuplicatePair
from ramsess.models.calendar import today
from tests.duplicates.conftest import BORN, Base


def test_a_search_keeps_what_people_said_until_a_record_changes(base: Base) -> None:
    first = base.know("Fictif", "Zoé", "APEAS")
    second = base.know("Fictiff", "Zoé", "APEAS")
    base.know("Inventée", "Ana", "PLACE")
    found = base.search()
    assert (found.people, found.open, found.new, found.told, found.gone) == (3, 1, 1, 0, 0)
    (pair,) = base.pairs()
    assert pair.reasons == ["last_sound", "first_same", "birth_same"]
    pair.verdict, pair.ended_on = "distinct", today()
    assert base.search().open == 0
    second.phone = first.phone = "04 00 00 00 00"
    assert base.search().open == 1
    (pair,) = base.pairs()
    assert pair.verdict is None
    assert "phone" in pair.reasons
    second.last_name, second.phone = "Autrement", ""
    done = base.search()
    assert (done.open, done.gone) == (0, 1)
    assert base.pairs() == []


def test_both_sides_are_told_of_a_strong_pair_that_nobody_sees_whole(base: Base) -> None:
    base.know("Fictif", "Zoé", "APEAS")
    base.know("Fictive", "Zoé", "PLACE", phone="")
    # The same name alone, without more: nothing to tell another structure.
    base.know("Exemple", "Léo", "APEAS", birth_date=None, commune_code="13055")
    base.know("Exemple", "Léo", "PLACE", birth_date=None, commune_code="13055")
    # Refused by the person; known to nobody; seen by one structure together.
    base.know("Secret", "Eva", "APEAS", agreed=False)
    base.know("Secrett", "Eva", "PLACE")
    base.know("Perdu", "Luc", "APEAS")
    base.know("Perdut", "Luc")
    base.know("Double", "Max", "APEAS")
    base.know("Doublee", "Max", "APEAS", "PLACE")
    base.know("Fictif", "Aude", "APEAS")
    base.know("Fictiff", "Aude", "PLACE")
    found = base.search()
    assert (found.open, found.told) == (5, 1)
    told = [pair for pair in base.pairs() if pair.told_on]
    assert [pair.first.first_name for pair in told] == ["Aude"]
    assert base.search().told == 0


def test_a_structure_is_told_of_so_many_a_day(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "TOLD_A_DAY", 2)
    for number, first in enumerate(["Zoé", "Léo", "Eva", "Luc"]):
        born = BORN + dt.timedelta(days=40 * number)
        base.know("Fictif", first, "APEAS", birth_date=born)
        base.know("Fictiff", first, "PLACE", birth_date=born)
    assert base.search().told == 2
    assert base.search().told == 0
    yesterday = today() - dt.timedelta(days=1)
    base.session.query(DuplicatePair).filter(DuplicatePair.told_on.is_not(None)).update(
        {"told_on": yesterday}
    )
    assert base.search().told == 2


def test_the_command_says_what_it_did(app: Flask, base: Base) -> None:
    base.know("Fictif", "Zoé", "APEAS")
    base.know("Fictiff", "Zoé", "PLACE")
    base.session.commit()
    assert look_for_duplicates(app) == (
        "Fiches comparées : 2. Paires en attente : 1 ; nouvelles : 1 ; proposées à deux "
        "structures : 1 ; sans objet : 0 ; fusionnées : 0."
    )
