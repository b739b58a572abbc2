"""Two at once: a form sent twice in parallel, a record changed or deleted meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ramsess.database import db
from ramsess.models import Act, ActBeneficiary, Beneficiary, Parcours
from tests.conftest import SignIn
from tests.pages import send
from tests.views.conftest import Count, days_ago, enter_person, join_parcours, open_parcours

AT_ONCE = 5


def same_session(app: Flask, client: FlaskClient) -> FlaskClient:
    """Another client with the same sign-in: a client serves one request at a time."""
    other = app.test_client()
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    with other.session_transaction() as cookie:
        cookie.update(kept)
    return other


def at_once(works: list[Callable[[], TestResponse]]) -> list[int]:
    with ThreadPoolExecutor(len(works)) as pool:
        return [done.result().status_code for done in [pool.submit(work) for work in works]]


@pytest.mark.parametrize(
    ("path", "said", "kind"),
    [
        ("/", {"type": "CSL1"}, Act),
        ("/seances/nouvelle", {"title": "Atelier", "type": "COL1"}, Act),
        ("/personnes/nouvelle", {"last_name": "Inventée", "first_name": "Léa"}, Beneficiary),
    ],
)
def test_a_form_sent_in_parallel_makes_one_record(
    app: Flask, sign_in: SignIn, count: Count, path: str, said: dict[str, str], kind: type
) -> None:
    client = sign_in("adviser", "APEAS")
    page = client.get(path)
    clients = [same_session(app, client) for _ in range(AT_ONCE)]
    answers = at_once([lambda c=c: send(c, page, **said) for c in clients])  # type: ignore[misc]  # mypy infers no default
    assert answers == [302] * AT_ONCE
    assert count(kind) == 1


def test_one_person_entered_by_several_at_once_is_one(
    app: Flask, sign_in: SignIn, count: Count
) -> None:
    clients = [sign_in("adviser", code) for code in ("APEAS", "PLACE", "AGODIS")]
    said = {"last_name": "Inventée", "first_name": "Léa", "birth_date": "1980-05-04"}
    pages = [(client, client.get("/personnes/nouvelle")) for client in clients]
    answers = at_once([lambda c=c, p=p: send(c, p, **said) for c, p in pages])  # type: ignore[misc]  # mypy infers no default
    assert set(answers) <= {302, 422}
    assert count(Beneficiary) == 1


def test_no_act_lands_after_an_exit_noted_at_the_same_instant(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    reference = open_parcours(client, enter_person(client, "Fictif"))
    other = same_session(app, client)
    home, leaving = client.get("/"), other.get(f"/parcours/{reference}/sortie")
    answers = at_once(
        [
            lambda: send(client, home, type="CSL1", parcours=reference),
            lambda: send(other, leaving, exited_on=days_ago(3)),
        ]
    )
    assert sorted(answers) == [302, 422]


def test_brought_back_and_changed_a_form_makes_another_record(
    sign_in: SignIn, count: Count
) -> None:
    client = sign_in("adviser", "APEAS")
    page = client.get("/")
    send(client, page, type="CSL1", note="le premier")
    send(client, page, type="CSL1", note="le second")
    assert count(Act) == 2


def test_a_refusal_does_not_hide_what_somebody_changed_meanwhile(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("adviser", "APEAS")
    send(client, client.get("/"), type="CSL1")
    with app.app_context():
        address = f"/actes/{db.session.query(Act).one().public_id}/corriger"
    page = client.get(address)
    send(client, client.get(address), note="la première")
    refused = send(client, page, minutes="zz", note="la seconde")
    assert refused.status_code == 422
    told = send(client, refused, minutes="60")
    assert told.status_code == 409
    assert "la première" in told.text


def test_undone_twice_and_corrected_after(app: Flask, sign_in: SignIn, count: Count) -> None:
    client = sign_in("adviser", "APEAS")
    done = send(client, client.get("/"), type="CSL1")
    with app.app_context():
        address = f"/actes/{db.session.query(Act).one().public_id}"
    fresh, page = client.get(done.location), client.get(f"{address}/corriger")
    clients = [same_session(app, client) for _ in range(AT_ONCE)]
    works = [lambda c=c: send(c, fresh, "/annuler") for c in clients]  # type: ignore[misc]  # mypy infers no default
    assert set(at_once(works)) <= {302, 404}
    assert count(Act) == 0
    assert send(client, page, note="trop tard").status_code == 404


def test_attendance_noted_meanwhile_is_not_lost(sign_in: SignIn) -> None:
    client = sign_in("adviser", "APEAS")
    place = send(client, client.get("/seances/nouvelle"), title="Atelier", type="COL1").location
    page = client.get(place)
    assert send(client, page, "/presences", anonymous_count="3").status_code == 302
    told = send(client, page, "/presences", anonymous_count="1")
    assert told.status_code == 409
    assert send(client, told, "/presences", anonymous_count="4").status_code == 302


def test_correcting_an_act_keeps_what_held_of_the_person_that_day(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("adviser", "APEAS")
    person = enter_person(client, "Fictif", situation="SAL", birth_date="1980-05-04")
    send(client, client.get("/actes/nouveau"), type="ACC1", people="Zoé Fictif")
    send(client, client.get(f"{person}/corriger"), situation="RET")
    with app.app_context():
        address = f"/actes/{db.session.query(Act).one().public_id}/corriger"
    send(client, client.get(address), note="relu", done_on="2009-05-03")
    with app.app_context():
        named = db.session.query(ActBeneficiary).one()
        assert (named.situation_code, named.age) == ("SAL", 28)


def test_an_act_is_corrected_after_its_structure_left(app: Flask, sign_in: SignIn) -> None:
    lead = sign_in("adviser", "APEAS")
    reference = open_parcours(lead, enter_person(lead, "Fictif"))
    client = sign_in("adviser", "PLACE")
    join_parcours(client, lead, reference, joined_on=days_ago(9))
    send(client, client.get("/"), type="CSL1", parcours=reference, done_on=days_ago(5))
    send(client, client.get(f"/parcours/{reference}"), "/depart", left_on=days_ago(2))
    with app.app_context():
        address = f"/actes/{db.session.query(Act).one().public_id}/corriger"
    assert f'href="/parcours/{reference}"' not in client.get("/").text
    assert send(client, client.get(address), note="relu").status_code == 302


def test_an_exit_before_somebody_joined_is_refused(app: Flask, sign_in: SignIn) -> None:
    lead = sign_in("adviser", "APEAS")
    reference = open_parcours(lead, enter_person(lead, "Fictif"))
    client = sign_in("adviser", "PLACE")
    join_parcours(client, lead, reference, joined_on=days_ago(9))
    page = lead.get(f"/parcours/{reference}/sortie")
    refused = send(lead, page, exited_on=days_ago(10))
    assert "Place a rejoint ou quitté le parcours après ce jour." in refused.text
    send(lead, lead.get(f"/parcours/{reference}"), "/phase", phase="MON", reached_on=days_ago(3))
    refused = send(lead, page, exited_on=days_ago(5))
    assert "Une phase est notée après ce jour." in refused.text
    send(lead, page, exited_on=days_ago(2))
    late = send(client, client.get(f"/parcours/{reference}"), "/depart", left_on=days_ago(1))
    assert "déjà terminé" in late.text
    with app.app_context():
        assert db.session.query(Parcours).one().exited_on == dt.date.fromisoformat(days_ago(2))
