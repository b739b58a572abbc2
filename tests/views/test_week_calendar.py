"""A calendar handed in: appointments to confirm, recorded once."""

from __future__ import annotations

import datetime as dt
import io

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ramsess.database import db
from ramsess.forms.week import week_name
from ramsess.models import Act
from tests.conftest import SignIn
from tests.exchange.test_calendar_file import calendar
from tests.pages import form_of, send
from tests.security.audited import sign_in_more
from tests.views.conftest import Count, enter_person, open_parcours
from tests.views.test_week import MONDAY, WEEK, acts, plain, write


def hand_in(client: FlaskClient, content: bytes, weeks: int = 1) -> TestResponse:
    page = client.get(f"/ma-semaine/calendrier?semaine={week_name(MONDAY)}")
    fields = {**dict(form_of(page, "/calendrier").fields), "weeks": str(weeks)}
    return client.post("/ma-semaine/calendrier",
                       data={**fields, "file": (io.BytesIO(content), "agenda.ics")})  # fmt: skip


def event(uid: str, day: int, summary: str, more: str = "") -> str:
    start = MONDAY + dt.timedelta(days=day)
    return (f"UID:{uid}|DTSTART;TZID=Europe/Paris:{start:%Y%m%d}T090000|DURATION:PT1H30M|"
            f"SUMMARY:{summary}{more}")  # fmt: skip


def test_appointments_are_confirmed_one_by_one_and_recorded_once(
    app: Flask, sign_in: SignIn, count: Count
) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Benali"))
    write(client, added_0_type="CSL9", added_0_parcours=reference, added_0_days_6_minutes="5")
    file = calendar(
        event("a", 0, "RDV Benali <b>", "|DESCRIPTION:secret"),
        event("b", 1, f"{reference} statut juridique"),
        event("c", 2, "Coordination RAMSESS"),
        event("d", 3, "Épicerie de démonstration : visite", "|RRULE:FREQ=WEEKLY"),
        event("e", 3, "Congé").replace("DTSTART;TZID=Europe/Paris", "DTSTART;VALUE=DATE")
                              .replace("T090000", ""),
    )  # fmt: skip
    seen = hand_in(client, file)
    told = plain(seen)
    assert seen.status_code == 200
    assert "1 événement sur la journée entière" in told
    assert "RDV Benali &lt;b&gt;" in told
    assert "secret" not in told
    # Ignored unless chosen: sent as it is, it records nothing.
    assert "Cochez les rendez-vous à noter" in plain(send(client, seen, "/noter"))
    fields = form_of(seen, "/noter").fields
    guessed = [(dict(fields)[f"appointments-{n}-type"], dict(fields)[f"appointments-{n}-parcours"])
               for n in range(4)]  # fmt: skip
    assert guessed[:3] == [("CSL9", reference), ("CSL4", reference), ("PAR1", "")]
    assert guessed[3] == ("CSL9", reference)
    chosen = [*fields, ("appointments-0-chosen", "y"), ("appointments-2-chosen", "y")]
    data: dict[str, list[str]] = {}
    for name, value in chosen:
        data.setdefault(name, []).append(value)
    spoiled = {"appointments-2-type": "", "appointments-0-minutes": "30h"}
    wrong = client.post("/ma-semaine/calendrier/noter", data={**data, **spoiled})
    assert wrong.status_code == 422
    assert 'value="30h"' in wrong.text
    assert count(Act) == 1
    done = client.post("/ma-semaine/calendrier/noter", data=data)
    assert "2 actes notés" in plain(done)
    assert acts(app) == [(0, "CSL9", 90), (2, "PAR1", 90), (6, "CSL9", 5)]
    client.post("/ma-semaine/calendrier/noter", data=data)
    assert count(Act) == 3
    forged = client.post(
        "/ma-semaine/calendrier/noter", data={**data, "appointments-0-key": "une clé"}
    )
    assert "Ce formulaire a été modifié" in plain(forged)
    # Handed in again, and moved by its owner meanwhile, it is known.
    again = hand_in(client, calendar(event("a", 4, "RDV Benali"), event("b", 1, "Autre")))
    assert again.text.count("déjà noté</span>") == 1
    # A colleague at the same appointment has an act of her own.
    other = sign_in_more(app, "adviser", "PLACE")
    assert "déjà noté</span>" not in hand_in(other, file).text
    assert reference in client.get(WEEK).text
    with app.app_context():
        assert {act.note for act in db.session.query(Act)} == {"", "RDV Benali <b>",
                                                               "Coordination RAMSESS"}  # fmt: skip


def test_what_cannot_be_read_is_told(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    page = client.get("/ma-semaine/calendrier")
    assert "Choisissez un fichier" in plain(send(client, page, "/calendrier"))
    assert "pas un calendrier" in plain(hand_in(client, b"PK\x03\x04"))
    assert "1 Mio" in plain(hand_in(client, b"BEGIN:VCALENDAR\r\n" + b"X" * 1_100_000))
    wrong = send(client, page, "/calendrier", week="2009-S77", weeks="9")
    assert "De 1 à 6 semaines" in plain(wrong)
    assert "par exemple 2009-S14" in plain(send(client, page, "/calendrier", week="2009-S77"))
    # What is to come is no act yet.
    ahead = hand_in(client, calendar(event("1", 15, "Plus tard")), weeks=4)
    assert "Plus tard" not in ahead.text
    empty = hand_in(client, calendar())
    assert "Aucun rendez-vous à noter" in plain(empty)
