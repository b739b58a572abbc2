"""Every route that shows or changes people notes it; the screens of the journal; the command."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from ramsess.actions.accounts import Post, add_account
from ramsess.actions.audit_chain import verify
from ramsess.actions.retention import put_away
from ramsess.actions.sign_ins import open_sign_in
from ramsess.database import db
from ramsess.models import Account, AuditDetail, AuditEvent, Beneficiary, Structure
from ramsess.models.calendar import today
from ramsess.views.guard import LIBRARY_ACTIONS, OPEN_ENDPOINTS
from tests.cli.test_command import RAMSESS, Command
from tests.conftest import SignIn, administrator, open_account
from tests.exchange.test_upload import book, hand_in, token_of
from tests.pages import send
from tests.views.conftest import days_ago, enter_person, join_parcours, open_parcours


@dataclass
class World:
    """A person with a parcours, an act, a session that she attended; addresses of their pages."""

    app: Flask
    client: FlaskClient
    lead: FlaskClient
    dpo: FlaskClient
    coordinator: FlaskClient
    person: str
    reference: str
    other: str
    act: str
    session: str
    folder: Path

    def since(self, number: int) -> list[tuple[str, str | None, str | None]]:
        """Action, structure's code and last name of the person of the events after *number*."""
        with self.app.app_context():
            rows = db.session.execute(
                select(AuditEvent.action, Structure.code, Beneficiary.last_name)
                .join(AuditDetail, AuditDetail.event_id == AuditEvent.id)
                .outerjoin(Structure, Structure.id == AuditDetail.structure_id)
                .outerjoin(Beneficiary, Beneficiary.id == AuditDetail.person_id)
                .where(AuditEvent.id > number)
                .order_by(AuditEvent.id)
            )
            return [(action, code, name) for action, code, name in rows]

    @property
    def dossier(self) -> str:
        """Her page for the officer."""
        return f"/protection/{self.person.rsplit('/', 1)[-1]}"

    def last(self) -> int:
        with self.app.app_context():
            return db.session.scalar(text("SELECT coalesce(max(id), 0) FROM audit_events")) or 0


@pytest.fixture
def world(app: Flask, sign_in: SignIn, tmp_path: Path) -> World:
    lead = sign_in("adviser", "PLACE")
    sign_in("manager", "APEAS")
    with app.app_context():
        # The manager is an adviser too: she records her own acts.
        email = db.session.scalars(
            select(Account.email).where(Account.grants.any(role_name="manager"))
        ).one()
        add_account(
            db.session(),
            email=email,
            name="Ana Fictive",
            role="adviser",
            posts=[Post("APEAS")],
            password_hash="!",
        )
        db.session.commit()
        client = client_of(app, email)
    person = enter_person(client, "Fictif")
    reference = open_parcours(client, person)
    other = open_parcours(lead, enter_person(lead, "Inventée"))
    send(client, client.get("/"), type="CSL1", parcours=reference)
    found = re.search(r"/actes/[0-9a-f-]{36}", client.get("/").text)
    assert found
    session = send(
        client, client.get("/seances/nouvelle"), title="Atelier", type="COL1", minutes="60"
    ).location
    send(client, client.get(session), "/presences", present=[person.rsplit("/", 1)[-1]])
    dpo, coordinator = sign_in_more(app, "dpo"), sign_in_more(app, "coordinator")
    return World(
        app, client, lead, dpo, coordinator, person, reference, other, found[0], session, tmp_path
    )


def sign_in_more(app: Flask, role: str, *posts: str) -> FlaskClient:
    """Sign in somebody more, on the database as it is."""
    with app.app_context():
        email = open_account(db.session(), role, *posts).email
        db.session.commit()
        return client_of(app, email)


def client_of(app: Flask, email: str) -> FlaskClient:
    """A browser signed in to that account."""
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.email == email)).one()
        key = account.fs_uniquifier
        token = open_sign_in(db.session(), account, "Firefox sur Linux")
        db.session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = key
        cookie["_fresh"] = True
        cookie["fs_paa"] = time.time()
        cookie["sign_in"] = token
    return client


def lookup(world: World, path: str) -> TestResponse:
    token = token_of(world.client.get("/personnes/nouvelle"))
    return world.client.post(path, data={"csrf_token": token, "q": "fictif"})


def confirm_workbook(world: World) -> TestResponse:
    handed = book().person("B1", "Importée").save(world.folder)
    page = hand_in(world.client, handed)
    place = re.search(r'action="(/classeurs/[0-9a-f]{32})"', page.text)
    assert place, page.text
    return world.client.post(place[1], data={"csrf_token": token_of(page)})


def exit_(world: World) -> TestResponse:
    client, address = world.client, f"/parcours/{world.reference}"
    return send(client, client.get(f"{address}/sortie"))


def reopen(world: World) -> TestResponse:
    exit_(world)
    address = f"/parcours/{world.reference}"
    return send(world.client, world.client.get(address), "/reouvrir")


def join(world: World) -> TestResponse:
    client = world.client
    return join_parcours(client, world.lead, world.other)


def leave(world: World) -> TestResponse:
    join(world)
    return send(
        world.client, world.client.get(f"/parcours/{world.other}"), "/depart", left_on=days_ago(0)
    )


def near(world: World) -> TestResponse:
    return send(
        world.client, world.client.get("/personnes/nouvelle"), last_name="Fictif", first_name="Zoé"
    )


def give_back(world: World) -> TestResponse:
    with world.app.app_context():
        person = db.session.scalars(
            select(Beneficiary).where(Beneficiary.last_name == "Fictif")
        ).one()
        put_away(db.session(), person, day=today())
        db.session.commit()
        address = f"/protection/{person.public_id}"
    return send(world.dpo, world.dpo.get(address), "/retablir")


def refuse(world: World) -> TestResponse:
    send(world.client, world.client.get(world.person), "/effacement")
    return send(world.dpo, world.dpo.get("/protection"), "/refuser")


# A route: what is done, what must then be noted (the last event), on whom.
Scenario = tuple[Callable[[World], TestResponse], str, str | None]
ROUTES: dict[str, Scenario] = {
    "home.index": (lambda w: w.client.get("/"), "read_acts", None),
    "home.record": (
        lambda w: send(w.client, w.client.get("/"), type="CSL1", parcours=w.reference),
        "record_act",
        "Fictif",
    ),
    "beneficiaries.index": (lambda w: w.client.get("/personnes"), "search_people", None),
    "beneficiaries.create": (near, "search_people", None),
    "beneficiaries.show": (lambda w: w.client.get(w.person), "read_person", "Fictif"),
    "beneficiaries.edit": (
        lambda w: w.client.get(f"{w.person}/corriger"),
        "read_person",
        "Fictif",
    ),
    "beneficiaries.correct": (
        lambda w: send(w.client, w.client.get(f"{w.person}/corriger"), phone="01"),
        "correct_person",
        "Fictif",
    ),
    "journal.person": (
        lambda w: w.client.get(f"{w.person}/journal"),
        "read_person_journal",
        "Fictif",
    ),
    "journal.index": (lambda w: w.dpo.get("/journal"), "read_journal", None),
    "journal.check": (
        lambda w: send(w.dpo, w.dpo.get("/journal"), "/verification"),
        "read_journal",
        None,
    ),
    "parcours.index": (lambda w: w.client.get("/parcours"), "search_parcours", None),
    "parcours.new": (
        lambda w: w.client.get(f"/parcours/nouveau?personne={w.person.rsplit('/', 1)[-1]}"),
        "read_person",
        "Fictif",
    ),
    "parcours.create": (
        lambda w: send(
            w.client, w.client.get("/parcours/nouveau"), title="Autre", people="Zoé Fictif"
        ),
        "open_parcours",
        "Fictif",
    ),
    "parcours.take_part": (join, "join_parcours", "Inventée"),
    "parcours.show": (
        lambda w: w.client.get(f"/parcours/{w.reference}"),
        "read_parcours",
        "Fictif",
    ),
    "parcours.phase": (
        lambda w: send(w.client, w.client.get(f"/parcours/{w.reference}"), "/phase", phase="MON"),
        "change_phase",
        "Fictif",
    ),
    "parcours.leave": (leave, "leave_parcours", "Inventée"),
    "parcours.exit_form": (
        lambda w: w.client.get(f"/parcours/{w.reference}/sortie"),
        "read_parcours",
        "Fictif",
    ),
    "parcours.close": (exit_, "close_parcours", "Fictif"),
    "parcours.reopen": (reopen, "reopen_parcours", "Fictif"),
    "acts.create": (
        lambda w: send(w.client, w.client.get("/actes/nouveau"), type="ACC1", people="Zoé Fictif"),
        "record_act",
        "Fictif",
    ),
    "acts.show": (lambda w: w.client.get(w.act), "read_act", "Fictif"),
    "acts.edit": (lambda w: w.client.get(f"{w.act}/corriger"), "read_act", "Fictif"),
    "acts.correct": (
        lambda w: send(w.client, w.client.get(f"{w.act}/corriger"), note="relu"),
        "correct_act",
        "Fictif",
    ),
    "acts.duplicate": (lambda w: w.client.get(f"{w.act}/dupliquer"), "read_act", "Fictif"),
    "acts.undo": (
        lambda w: w.client.post(
            f"{w.act}/annuler", data={"csrf_token": token_of(w.client.get("/"))}
        ),
        "undo_act",
        "Fictif",
    ),
    "sessions.show": (lambda w: w.client.get(w.session), "read_attendance", None),
    "sessions.attendance": (
        lambda w: send(w.client, w.client.get(w.session), "/presences", present=[]),
        "remove_attendance",
        "Fictif",
    ),
    "sessions.correct": (
        lambda w: send(w.client, w.client.get(f"{w.session}/corriger"), title="Autre"),
        "correct_session",
        "Fictif",
    ),
    "sessions.undo": (
        lambda w: w.client.post(
            f"{w.session}/annuler", data={"csrf_token": token_of(w.client.get("/seances"))}
        ),
        "undo_session",
        "Fictif",
    ),
    "lookups.people": (lambda w: lookup(w, "/recherche/personnes"), "search_people", None),
    "lookups.parcours": (lambda w: lookup(w, "/recherche/parcours"), "search_parcours", None),
    "exchange.confirm": (confirm_workbook, "import_person", "Importée"),
    "rights.to_inform": (lambda w: w.client.get("/personnes/a-informer"), "search_people", None),
    "rights.sheet": (
        lambda w: w.client.get(f"{w.person}/information.pdf"),
        "read_person",
        "Fictif",
    ),
    "rights.inform": (
        lambda w: send(w.client, w.client.get(w.person), "/information", sharing="oui"),
        "inform_person",
        "Fictif",
    ),
    "rights.ask": (
        lambda w: send(w.client, w.client.get(w.person), "/effacement"),
        "request_erasure",
        "Fictif",
    ),
    "rights.export": (
        lambda w: send(w.client, w.client.get(w.person), "/export.json"),
        "export_person",
        "Fictif",
    ),
    "protection.index": (lambda w: w.dpo.get("/protection"), "read_requests", None),
    "protection.show": (lambda w: w.dpo.get(w.dossier), "read_dossier", "Fictif"),
    "protection.erase": (
        lambda w: send(w.dpo, w.dpo.get(w.dossier), "/effacer", ending=w.dossier[-6:]),
        "erase_person",
        "effacée",
    ),
    "protection.give_back": (give_back, "give_back_identity", "Fictif"),
    "protection.refuse": (refuse, "refuse_erasure", "Fictif"),
    "reports.download": (
        lambda w: w.coordinator.get("/bilan/ramsess.xlsx"),
        "export_details",
        None,
    ),
}
# Routes whose pages show and change nothing of anybody.
WITHOUT_PEOPLE = {
    "beneficiaries.new",
    "beneficiaries.search",  # the list that follows is noted
    "parcours.search",  # as above
    "parcours.join",
    "acts.new",
    "sessions.index",  # titles and head counts
    "sessions.new",
    "sessions.create",
    "sessions.edit",
    "lookups.communes",
    "exchange.index",
    "exchange.check",  # what the workbook's own author wrote; nothing is kept
    "exchange.template",
    "reports.show",  # aggregates
    "rights.blank_sheet",
    "protection.find",  # the dossier that follows is noted
    "account.show",
    "account.sign_ins",
    "account.close",
    "account.close_others",
    "account.work_for",
    "invitation.show",
    "invitation.accept",
}


def test_every_route_is_known_to_touch_people_or_not(app: Flask) -> None:
    endpoints = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in LIBRARY_ACTIONS and rule.endpoint not in OPEN_ENDPOINTS
    }
    assert endpoints == set(ROUTES) | WITHOUT_PEOPLE
    assert not set(ROUTES) & WITHOUT_PEOPLE


# Done in the name of no structure.
OF_THE_NETWORK = {
    "read_journal", "export_details", "read_requests", "read_dossier", "erase_person",
    "give_back_identity", "refuse_erasure",
}  # fmt: skip


READINGS = [
    name for name, (_, action, _) in ROUTES.items() if action.startswith(("read", "search", "exp"))
]


@pytest.mark.parametrize(
    "endpoints",
    [READINGS, *([name] for name in ROUTES if name not in READINGS)],
    ids=lambda names: names[0] if len(names) == 1 else "readings",
)
def test_a_route_that_touches_a_person_notes_it(world: World, endpoints: list[str]) -> None:
    for endpoint in endpoints:
        work, action, person = ROUTES[endpoint]
        before = world.last()
        answer = work(world)
        matched = world.app.url_map.bind("").match(answer.request.path, answer.request.method)
        assert matched[0] == endpoint
        assert answer.status_code in (200, 302, 422), answer.text
        events = world.since(before)
        assert events, endpoint
        own = None if action in OF_THE_NETWORK else "APEAS"
        assert events[-1] == (action, own, person), endpoint
        # Once, whatever the page asked for.
        assert events[-2:-1] != events[-1:] or endpoint == "journal.check"
    with world.app.app_context():
        assert verify(db.session()).fault is None


def test_a_refused_form_that_comes_back_is_a_reading(world: World) -> None:
    page = world.client.get(f"{world.person}/corriger")
    before = world.last()
    answer = send(world.client, page, birth_date="1850-01-01")
    assert answer.status_code == 422
    assert world.since(before) == [("read_person", "APEAS", "Fictif")]


def test_what_may_not_be_seen_is_not_a_reading(world: World, app: Flask) -> None:
    stranger = sign_in_more(app, "coordinator")
    before = world.last()
    assert stranger.get(world.person).status_code == 404
    assert stranger.get("/journal").status_code == 404
    assert world.client.get("/journal").status_code == 404
    assert world.dpo.get(f"{world.person}/journal").status_code == 404
    assert world.dpo.get(world.person).status_code == 404
    assert world.client.get(f"/parcours/{world.other}").status_code == 404
    assert world.since(before) == []


def test_of_several_structures_the_one_that_gives_sight_is_named(
    app: Flask, sign_in: SignIn
) -> None:
    lead = sign_in("adviser", "PLACE")
    person = enter_person(lead, "Fictif")
    reference = open_parcours(lead, person)
    partner = sign_in_more(app, "adviser", "APEAS")
    join_parcours(partner, lead, reference)
    both = sign_in_more(app, "adviser", "AGODIS", "APEAS", "PLACE")
    both.get(person)
    with app.app_context():
        code = db.session.scalar(
            select(Structure.code)
            .join(AuditDetail, AuditDetail.structure_id == Structure.id)
            .order_by(AuditDetail.event_id.desc())
        )
    assert code == "PLACE"


def structure_id(app: Flask, code: str) -> int:
    with app.app_context():
        return db.session.scalars(select(Structure.id).where(Structure.code == code)).one()


def rows(page: TestResponse) -> list[list[str]]:
    """The cells of the events of a page."""
    body = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [cell.strip() for cell in re.findall(r"<td>(.*?)</td>", row, re.DOTALL)]
        for row in body.split("<tr>")[1:]
    ]


def test_a_person_s_page_leads_to_who_read_it(world: World) -> None:
    assert f'href="{world.person}/journal"' in world.client.get(world.person).text
    page = world.client.get(f"{world.person}/journal")
    told = rows(page)
    assert told[0][2] == "Ana Fictive"
    assert told[0][4] == "Consultation de la fiche"
    words = [row[4] for row in told]
    assert "Enregistrement de la fiche" in words
    assert "Ouverture d’un parcours" in words
    assert "Présence notée à une séance" in words
    assert not [row for row in told if "Inventée" in "".join(row)]


def test_fifty_events_a_page(world: World) -> None:
    for _ in range(60):
        world.client.get(world.person)
    first = world.client.get(f"{world.person}/journal")
    assert len(rows(first)) == 50
    more = re.search(r'href="([^"]+avant=\d+)"', first.text)
    assert more
    second = world.client.get(more[1])
    assert 10 <= len(rows(second)) < 50
    assert "Les plus récents" in second.text


def test_the_officer_sees_references_and_no_name(world: World) -> None:
    page = world.dpo.get("/journal")
    assert world.reference in page.text
    for name in ("Fictif<", "Zoé", "Inventée"):
        assert name not in page.text


def test_the_officer_filters(world: World) -> None:
    with world.app.app_context():
        dpo = db.session.scalars(
            select(Account.id).where(Account.grants.any(role_name="dpo"))
        ).one()
        apeas = db.session.scalars(select(Structure.id).where(Structure.code == "APEAS")).one()
    person = world.person.rsplit("/", 1)[-1]
    opened = "action=open_parcours"
    for query, number in {
        opened: 2,
        f"{opened}&structure={apeas}": 1,
        "debut=2001-01-01&fin=2001-12-31": 0,
        f"{opened}&debut=2001-01-01&fin=2100-12-31": 2,
        f"{opened}&fiche={world.reference}": 1,
        f"{opened}&fiche={person}": 1,
        "fiche=inconnue": 0,
        f"{opened}&compte={dpo}": 0,
    }.items():
        page = world.dpo.get(f"/journal?{query}")
        assert page.status_code == 200
        assert len(rows(page)) == number, query


def test_a_filter_that_says_nothing_is_refused(world: World) -> None:
    for query in ("debut=2020-01-02&fin=2020-01-01", "debut=0001-01-01", "structure=x", "action=x"):
        page = world.dpo.get(f"/journal?{query}")
        assert page.status_code == 422
        assert rows(page) == []


def test_a_strange_page_number_is_no_fault(world: World) -> None:
    for query in ("avant=x", "avant=-1", "avant=99999999999999999999999"):
        assert world.dpo.get(f"/journal?{query}").status_code == 200


def test_the_officer_checks_the_chain(world: World) -> None:
    page = world.dpo.get("/journal")
    assert "Chaîne intacte" in send(world.dpo, page, "/verification").text
    with world.app.app_context(), administrator() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE audit_events SET action = 'autre' WHERE id = 2"))
    told = send(world.dpo, page, "/verification").text
    assert "l’événement 2 a été modifié" in told
    assert "jusqu’à l’événement 1." in told


def test_the_command_verifies_and_gives_the_head(tmp_path: Path) -> None:
    assert Path(sys.executable).with_name("ramsess") == RAMSESS
    command = Command(tmp_path)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return command("audit", *words)

    assert command("init").returncode == 0
    sheet = book().person("B1", "Importée").save(tmp_path)
    assert command("import", sheet).returncode == 0
    head = run("head").stdout.split()
    assert re.fullmatch(r"2:[0-9a-f]{64}", head[0])
    assert re.fullmatch(r"\d\d/\d\d/\d{4}", head[1])
    whole = run("verify", "--head", head[0])
    assert (whole.returncode, whole.stdout) == (
        0,
        "Journal intact : 2 événement(s), dont 0 effacé(s).\n",
    )
    cut = run("verify", "--head", f"3:{'0' * 64}")
    assert cut.returncode == 1
    assert "l’événement 3 a disparu" in cut.stderr
    assert run("verify", "--head", "trois").returncode == 2
