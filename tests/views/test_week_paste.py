"""Rows pasted from a spreadsheet: read, shown, recorded all or nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ramsess.database import db
from ramsess.exchange.pasted import PastedRow, UnreadableError, parse_day, read_pasted
from ramsess.forms.reading import minutes_said
from ramsess.forms.week import week_name
from ramsess.models import Act
from tests.conftest import SignIn
from tests.pages import send
from tests.views.conftest import Count, days_ago, enter_person, open_parcours
from tests.views.test_week import MONDAY, acts, plain

ADDRESS = f"/ma-semaine/coller?semaine={week_name(MONDAY)}"
TUESDAY = MONDAY + dt.timedelta(days=1)


def paste(client: FlaskClient, text: str, **said: str | list[str]) -> TestResponse:
    return send(client, client.get(ADDRESS), "/coller", text=text, **said)


def test_rows_are_shown_as_understood_then_recorded_once_all_or_nothing(
    app: Flask, sign_in: SignIn, count: Count
) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"))
    text = (
        "Commentaire\tDurée\tParcours\tActe\tDate\r\n"
        f'"Deux\r\nlignes"\t1h30\t{reference}\tCSL3\t{MONDAY:%d/%m/%Y}\r\n'
        f"\t0:45:00\tfictif demonstration\tstatut\t{TUESDAY:%d/%m}\r\n"
        "\t1,5\t\tcoordination ramsess\tmercredi\r\n"
    )
    seen = paste(client, text)
    assert seen.status_code == 200
    told = plain(seen)
    assert "3 actes seront notés" in told
    assert "Statut juridique (CSL4)" in told
    assert f"{reference} Épicerie de démonstration" in told
    assert count(Act) == 0
    done = send(client, seen, "/coller")
    assert "3 actes notés" in plain(done)
    assert acts(app) == [(0, "CSL3", 90), (1, "CSL4", 45), (2, "PAR1", 90)]
    with app.app_context():
        first = db.session.query(Act).order_by(Act.done_on).first()
        assert first
        assert (first.note, first.parcours.reference) == ("Deux lignes", reference)  # type: ignore[union-attr]
    send(client, seen, "/coller")
    assert count(Act) == 3
    # Pasted again with one more: what seems noted is left aside, unless she says otherwise.
    again = paste(client, text + f"\t20\t\tPAR1\t{TUESDAY}\r\n")
    assert "1 acte sera noté, 3 laissés de côté" in plain(again)
    assert "Tout semble déjà noté" in plain(paste(client, text))
    assert "3 actes seront notés" in plain(paste(client, text, skip_known=[]))
    # Changed after it was shown, it is shown again before it is recorded.
    assert "seront notés" in plain(send(client, again, "/coller", text=text, skip_known=[]))
    assert count(Act) == 3
    send(client, again, "/coller")
    assert count(Act) == 4


def test_what_is_wrong_is_told_row_by_row_and_nothing_is_lost(
    sign_in: SignIn, count: Count
) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"), entered_on=days_ago(0))
    text = (
        "date\ttype\tdurée\tparcours\tpour\n"
        f"31/02/2009\tCSL1\t30\t\t\n{MONDAY}\tconseil\t30\t\t\n{MONDAY}\tpoterie\t30\t\t\n"
        f"{MONDAY}\tCSL1\tlongtemps\t\t\n{MONDAY}\tCSL1\t30\tP-1999-9999\t\n"
        f"{MONDAY}\tCSL1\t30\t{reference}\t\n2199-01-01\tCSL1\t30\t\t\n{MONDAY}\t\t\t\t\n"
        f"{MONDAY}\tentretien\t30\t\tPLACE\n{MONDAY}\tCSL1\t30\t\tapeas\n\tCSL1\t30\t\t\n"
    )  # fmt: skip
    answer = paste(client, text)
    assert answer.status_code == 422
    told = plain(answer)
    assert "10 lignes à corriger" in told
    for reason in (
        "Date illisible : « 31/02/2009 ».", "« poterie » n’est pas un type",
        "plusieurs types répondent", "Durée illisible", "Aucun de vos parcours",
        "ne prenait pas part", "dans le futur",
        "Le type manque.", "La durée manque.", "n’est pas une de vos structures", "La date manque.",
    ):  # fmt: skip
        assert reason in told, reason
    assert "longtemps" in told
    assert send(client, answer, "/coller").status_code == 422
    assert count(Act) == 0
    for nothing in ("", "bonjour", "a\tb\n", "date\tdurée\n", "lundi\tmardi\n\t\n"):
        assert paste(client, nothing).status_code == 422
    assert "trop long" in plain(paste(client, "x" * 200_001))


def test_a_grid_of_days_is_read_as_the_week_shows_it(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"))
    grid = (
        "Acte\tParcours\tlundi\tmar. "
        f"{TUESDAY:%d/%m}\tmercredi\tTotal\nPrévisionnel\t{reference}\t1h\t\t45\t1h45\n"
        "PAR1\t\t\t30\t\t30\nTotal\t\t1h\t30\t45\t2h15\n"
    )
    seen = paste(client, grid)
    assert seen.status_code == 200, plain(seen)
    send(client, seen, "/coller")
    assert acts(app) == [(0, "CSL3", 60), (1, "PAR1", 30), (2, "CSL3", 45)]


def test_columns_without_headings_are_told_by_what_they_hold() -> None:
    text = "1h30;CSL1;12/03/2009;P-2009-0042;Un mot\n45;CSL2;13/03/2009;;\n"
    assert read_pasted(text) == [
        PastedRow(1, "12/03/2009", "CSL1", "1h30", "P-2009-0042", "Un mot"),
        PastedRow(2, "13/03/2009", "CSL2", "45", "", ""),
    ]
    bare = read_pasted("\t\tlundi\tmardi\nCSL1\tP-2009-0042\t1h\t30\n")
    assert [(row.type, row.parcours, row.date, row.duration) for row in bare] == [
        ("CSL1", "P-2009-0042", "lundi", "1h"), ("CSL1", "P-2009-0042", "mardi", "30"),
    ]  # fmt: skip
    (titled,) = read_pasted("Acte\t\tlundi\tmardi\nCSL1\tP-2009-0042\t1h\t\n")
    assert (titled.type, titled.parcours) == ("CSL1", "P-2009-0042")
    assert read_pasted("Jour\tHeures\n12/03\t2\n")[0].in_hours
    with pytest.raises(UnreadableError, match="la durée"):
        read_pasted("12/03/2009\tCSL1\n")
    with pytest.raises(UnreadableError, match="300 lignes"):
        read_pasted("12/03/2009\t30\n" * 302)
    with pytest.raises(UnreadableError, match="pas un tableau"):
        read_pasted("a\tb\n" + "x" * 200_000 + "\t1\n")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12/03/2009", "2009-03-12"), ("12.3.09", "2009-03-12"), ("2009-03-12", "2009-03-12"),
        ("2009-03-12 00:00:00", "2009-03-12"), ("12 mars 2009", "2009-03-12"),
        ("1er mai", "2009-05-01"), ("12 déc.", "2008-12-12"), ("jeu. 12/03", "2009-03-12"),
        ("Jeudi", "2009-03-12"), ("jeudi 12", "2009-03-12"), ("jeudi 13", None),
        ("30/02/2009", None), ("12 brumaire", None), ("12", None), ("", None), ("demain", None),
    ],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(text: str, day: str | None) -> None:
    read = parse_day(text, dt.date(2009, 3, 9))
    assert (read and read.isoformat()) == day


def test_durations_of_spreadsheets() -> None:
    said = {"1,5": 90, "0.25": 15, "1,5 h": 90, "1:30:00": 90, "90": 90, "2h": 120}
    assert {text: minutes_said(text) for text in said} == said
    assert minutes_said("2", in_hours=True) == 120
