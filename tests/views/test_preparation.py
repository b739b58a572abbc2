"""Before and after a session: expected people, the sheet to sign, slots, copies, signed sheets."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from ramsess.actions.erasure import erase_person
from ramsess.actions.ledger import Ledger
from ramsess.actions.repetition import days_after
from ramsess.actions.signed_sheets import LARGEST, MOST_SHEETS, kind_of
from ramsess.database import db
from ramsess.models import (
    Act,
    Attendance,
    AuditDetail,
    AuditEvent,
    Beneficiary,
    Enrolment,
    SessionHost,
    SessionSlot,
    SignedSheet,
    SlotAttendance,
)
from ramsess.models.calendar import today
from tests.conftest import SignIn
from tests.pages import cells_of, form_of, send
from tests.views.conftest import Count, days_ago, enter_person, open_parcours
from tests.views.test_sessions import hold


def key(person: str) -> str:
    return person.rsplit("/", 1)[-1]


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 60)) -> bytes:
    written = io.BytesIO()
    Image.new("L", size, 255).save(written, kind)
    return written.getvalue()


def words(answer: TestResponse) -> str:
    assert answer.mimetype == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u00a0", " ")


def file_(client: FlaskClient, place: str, content: bytes, name: str = "f.png") -> TestResponse:
    form = form_of(client.get(place), "/feuilles")
    data = {**dict(form.fields), "file": (io.BytesIO(content), name)}
    return client.post(form.action, data=data, content_type="multipart/form-data")


def test_a_session_to_come_is_prepared_printed_then_noted_in_one_tick(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("adviser", "APEAS")
    people = [enter_person(client, name) for name in ("Fictif", "Inventée", "Imaginaire")]
    for person in people[:2]:
        open_parcours(client, person)
    place = hold(client, done_on=days_ago(-10), slots="14h à 17h30 ; 9:00-12h", minutes="").location
    page = client.get(place)
    assert "à venir" in page.text
    assert "6\u00a0h\u00a030" in page.text
    assert "9\u00a0h\u00a0– 12\u00a0h, 14\u00a0h\u00a0– 17\u00a0h\u00a030" in page.text
    assert "Enregistrer les présences" not in page.text
    assert "à venir" in client.get("/seances").text
    wrong = send(client, page, "/inscriptions", expected=[], liste_added="Personne")
    assert wrong.status_code == 422
    assert "personne de ce nom" in wrong.text
    done = send(
        client, page, "/inscriptions", expected=[key(people[0])], liste_added="Zoé Imaginaire"
    )
    assert done.status_code == 302
    told = send(client, page, "/inscriptions", expected=[])
    assert told.status_code == 409
    sheet = words(client.get(f"{place}/emargement.pdf"))
    for said in ("Atelier statuts", "9h-12h", "14h-17h30", "APEAS", "Fictif Zoé",
                 "Imaginaire Zoé", "Nom et signature"):  # fmt: skip
        assert said in sheet
    assert "Inventée" not in sheet
    refused = client.post(
        f"{place}/presences",
        data=dict(form_of(client.get(place), "/inscriptions").fields) | {"present": "x"},
    )
    assert "est à venir" in refused.text
    with app.app_context():
        act = db.session.scalars(select(Act)).one()
        act.done_on = today()
        db.session.commit()
    page = client.get(place)
    assert "Tout le monde est là" in page.text
    assert "(2\u00a0personnes attendues)" in page.text
    assert "Modifier les inscriptions (2)" in page.text
    assert "Autres personnes accompagnées par votre structure (1)" in page.text
    done = client.post(
        f"{place}/presences",
        data=dict(form_of(page, "/presences").fields) | {"everybody": "1"},
    )
    assert done.status_code == 302
    with app.app_context():
        there = db.session.scalars(
            select(Beneficiary.last_name).join(
                Attendance, Attendance.beneficiary_id == Beneficiary.id
            )
        )
        assert set(there) == {"Fictif", "Imaginaire"}
        assert db.session.scalar(select(func.count()).select_from(SlotAttendance)) == 0
        actions = set(db.session.scalars(select(AuditEvent.action)))
        assert {"enrol_person", "print_sheet", "note_attendance"} <= actions
        noted = select(AuditDetail.person_id).join(AuditEvent).where(
            AuditEvent.action == "enrol_person"
        )  # fmt: skip
        assert len(db.session.scalars(noted).all()) == 2


def test_somebody_there_for_a_part_counts_once(app: Flask, sign_in: SignIn, count: Count) -> None:
    client = sign_in("adviser", "APEAS")
    one, two = enter_person(client, "Fictif"), enter_person(client, "Inventée")
    for person in (one, two):
        open_parcours(client, person)
    place = hold(client, slots="9h-12h;14h-17h").location
    page = client.get(place)
    assert page.text.count('name="present"') == 4
    morning, both = f"{key(one)}/09:00", [f"{key(two)}/09:00", f"{key(two)}/14:00"]
    assert send(client, page, "/presences", present=[morning, *both]).status_code == 302
    assert (count(Attendance), count(SlotAttendance)) == (2, 1)
    page = client.get(place)
    assert f'value="{morning}" checked' in page.text
    assert f'value="{key(one)}/14:00">' in page.text
    assert len(re.findall(r'name="present" value="[^"]+" checked', page.text)) == 3
    assert cells_of(client.get("/seances"), "Présent·es") == ["2"]
    edit = client.get(f"{place}/corriger")
    assert 'value="9h-12h ; 14h-17h"' in edit.text
    for said, message in (
        ({"slots": "9h-12h"}, "les tranches ne changent plus"),
        ({"done_on": days_ago(-3)}, "la séance a eu lieu"),
    ):
        refused = send(client, edit, **said)
        assert refused.status_code == 422
        assert message in refused.text
    assert send(client, edit, title="Atelier du jour").status_code == 302
    assert send(client, client.get(place), "/presences", present=[]).status_code == 302
    changed = send(client, client.get(f"{place}/corriger"), slots="9h-13h ; 14h-17h")
    assert changed.status_code == 302
    with app.app_context():
        slots = select(SessionSlot.ends_at).order_by(SessionSlot.starts_at)
        assert db.session.scalars(slots).all() == [dt.time(13), dt.time(17)]
    assert count(SlotAttendance) == 0


def test_a_session_is_copied_and_repeated_with_its_people(
    app: Flask, sign_in: SignIn, count: Count
) -> None:
    client = sign_in("adviser", "APEAS")
    enter_person(client, "Fictif")
    place = hold(client, done_on=days_ago(-1), slots="9h-12h;13h-15h", minutes="").location
    send(client, client.get(place), "/inscriptions", liste_added="Zoé Fictif")
    copy = client.get(f"{place}/dupliquer")
    assert "Inscrire les mêmes personnes" in copy.text
    assert 'value="Atelier statuts"' in copy.text
    made = send(client, copy, "/nouvelle")
    assert made.status_code == 302
    assert send(client, copy, "/nouvelle").location == made.location
    assert "Fictif Zoé" in client.get(made.location).text
    page = client.get(place)
    for said, message in ((({"times": "0"}), "De 1 à 52 fois"), ({"every": "siècle"}, "choix")):
        refused = send(client, page, "/repeter", **said)
        assert refused.status_code == 422
        assert message in refused.text
    for _ in range(2):
        again = send(client, page, "/repeter", every="mois", times="3", with_people="y")
        assert again.status_code == 302
    assert "3\u00a0séances de plus" in client.get("/seances").text
    with app.app_context():
        days = db.session.scalars(select(Act.done_on).order_by(Act.done_on)).all()
        tomorrow = today() + dt.timedelta(days=1)
        assert days == [today(), tomorrow, *days_after(tomorrow, "mois", 3)]
    assert (count(Enrolment), count(SessionSlot), count(SessionHost)) == (5, 10, 5)
    other = sign_in("adviser", "PLACE")
    copied = send(other, other.get("/seances/nouvelle"), title="Autre", type="COL1")
    assert copied.status_code == 302
    form = dict(form_of(other.get("/seances/nouvelle")).fields)
    stolen = form | {"title": "Autre", "type": "COL1", "source": key(place), "people": "1"}
    assert other.post("/seances/nouvelle", data=stolen).status_code == 404


@pytest.mark.parametrize(
    ("first", "every", "expected"),
    [
        ("2026-01-31", "mois", ["2026-02-28", "2026-03-31"]),
        ("2026-12-30", "semaine", ["2027-01-06", "2027-01-13"]),
        ("2026-12-30", "quinzaine", ["2027-01-13", "2027-01-27"]),
    ],
)
def test_days_that_come_again(first: str, every: str, expected: Sequence[str]) -> None:
    found = days_after(dt.date.fromisoformat(first), every, 2)
    assert [day.isoformat() for day in found] == expected


def test_a_signed_sheet_is_kept_by_its_host_alone_and_goes_with_who_signed_it(
    app: Flask, sign_in: SignIn, count: Count
) -> None:
    client, other = sign_in("adviser", "APEAS"), sign_in("adviser", "PLACE")
    person = enter_person(client, "Fictif")
    page = client.get("/seances/nouvelle")
    post = re.search(r'value="(\d+:\d+)">Place — Ana', page.text)
    assert post
    said = {"title": "Atelier", "type": "COL1", "minutes": "2h", "others_0_post": post[1]}
    place = str(send(client, page, **said).location)
    send(client, client.get(place), "/presences", added="Zoé Fictif")
    for content, message in (
        (b"", "Choisissez le fichier"),
        (b"%PDF-1.4 /JavaScript %%EOF", "n’est pas une feuille numérisée"),
        (b"GIF89a", "n’est pas une feuille numérisée"),
        (b"x" * (LARGEST + 1), "dépasse 4 Mo"),
    ):
        refused = file_(client, place, content)
        assert refused.status_code == 422
        assert message in refused.text
    assert file_(client, place, picture()).status_code == 302
    link = re.search(r'href="(/feuilles/[0-9a-f-]{36})"', client.get(place).text)
    assert link
    given = client.get(link[1])
    assert given.data == picture()
    assert given.mimetype == "image/png"
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in given.headers["Content-Security-Policy"]
    assert other.get(place).status_code == 200
    assert link[1] not in other.get(place).text
    assert other.get(link[1]).status_code == 404
    assert file_(other, place, picture("JPEG")).status_code == 302
    theirs = form_of(other.get(place), "/supprimer")
    assert client.post(theirs.action, data=dict(theirs.fields)).status_code in (401, 404)
    assert count(SignedSheet) == 2
    assert send(other, other.get(place), "/supprimer").status_code == 302
    file_(other, place, picture("JPEG"))
    assert count(SignedSheet) == 2
    with app.app_context():
        found = db.session.scalars(select(Beneficiary)).one()
        assert str(found.public_id) == key(person)
        erase_person(db.session(), found, ledger=Ledger(app.config["SETTINGS"].instance))
        db.session.commit()
        kinds = db.session.scalars(select(SignedSheet.kind)).all()
        assert kinds == ["jpeg"]
        assert db.session.scalar(select(func.count()).select_from(Attendance)) == 1
    for number in range(MOST_SHEETS - 1):
        assert file_(other, place, picture(size=(10, 10 + number))).status_code == 302
    assert "10 feuilles sont déjà gardées" in file_(other, place, picture()).text


def test_what_a_sheet_may_be() -> None:
    assert kind_of(b"%PDF-1.4\n...\n%%EOF\n") == "pdf"
    assert kind_of(picture("JPEG")) == "jpeg"
    assert kind_of(picture()[:-30]) is None
    assert kind_of(b"%PDF-1.4 cut") is None
    assert kind_of(picture("PNG", (10_000, 10_000))) is None
    written = io.BytesIO()
    Image.new("L", (4, 4)).save(written, "GIF")
    assert kind_of(written.getvalue()) is None
