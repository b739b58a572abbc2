"""Every route that shows or changes people notes it, once, on whom and in whose name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from ramsess.actions.audit_chain import verify
from ramsess.database import db
from ramsess.models import AuditDetail, Structure
from ramsess.views.guard import LIBRARY_ACTIONS, OPEN_ENDPOINTS
from tests.conftest import SignIn
from tests.pages import send, token_of
from tests.security import handing_in
from tests.security.alike import ALIKE
from tests.security.audited import (
    World,
    accept,
    close_orientation,
    complete_meeting,
    exit_,
    file_sheet,
    give_back,
    hold_meeting,
    join,
    leave,
    lookup,
    meeting,
    near,
    offered,
    orient,
    post,
    refuse,
    remove_sheet,
    reopen,
    share,
    sheet_of,
    sign_in_more,
    withdraw,
)
from tests.security.finding import FINDING, QUIET
from tests.security.own_work import OWN_WORK, OWN_WORK_WITHOUT_PEOPLE
from tests.security.past import PAST
from tests.security.together import TOGETHER
from tests.views.conftest import enter_person, join_parcours, open_parcours

# A route: what is done, what must then be noted (the last event), on whom.
Scenario = tuple[Callable[[World], TestResponse], str, str | None]


ROUTES: dict[str, Scenario] = {
    **ALIKE,
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
    "orientations.index": (lambda w: w.client.get("/orientations"), "read_orientations", None),
    "orientations.of_parcours": (
        lambda w: w.client.get(f"/parcours/{w.reference}/orienter"),
        "read_parcours",
        "Fictif",
    ),
    "orientations.of_person": (
        lambda w: w.client.get(f"{w.person}/orienter"),
        "read_person",
        "Fictif",
    ),
    "orientations.propose_parcours": (
        lambda w: orient(w.client, f"/parcours/{w.reference}", "partenaire:ADIE"),
        "propose_orientation",
        "Fictif",
    ),
    "orientations.propose_person": (
        lambda w: orient(w.client, enter_person(w.client, "Reçue"), "partenaire:CCI"),
        "propose_orientation",
        "Reçue",
    ),
    "orientations.show": (
        lambda w: w.client.get(
            orient(w.client, f"/parcours/{w.reference}", "partenaire:CMA").location
        ),
        "read_orientation",
        "Fictif",
    ),
    "orientations.close": (close_orientation, "close_orientation", "Fictif"),
    "offers.show": (lambda w: w.client.get(offered(w)), "read_orientation", None),
    "offers.answer": (accept, "accept_orientation", "Inventée"),
    "structures.create": (
        lambda w: send(w.admin, w.admin.get("/structures/nouvelle"), code="NEUVE", name="Neuve"),
        "join_network",
        None,
    ),
    "structures.join": (
        lambda w: send(w.admin, w.admin.get("/structures/KADO"), "/arrivee"),
        "join_network",
        None,
    ),
    "structures.leave": (
        lambda w: send(w.admin, w.admin.get("/structures/AGODIS"), "/depart"),
        "leave_network",
        None,
    ),
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
    "preparation.expect": (
        lambda w: send(
            w.client, w.client.get(w.session), "/inscriptions", liste_added="Zoé Fictif"
        ),
        "enrol_person",
        "Fictif",
    ),
    "preparation.sheet": (
        lambda w: w.client.get(f"{w.session}/emargement.pdf"),
        "print_sheet",
        None,
    ),
    "sheets.file": (file_sheet, "file_sheet", None),
    "sheets.show": (lambda w: w.client.get(sheet_of(w)), "read_sheet", None),
    "sheets.remove": (remove_sheet, "remove_sheet", None),
    "meetings.show": (lambda w: w.client.get(meeting(w)), "read_meeting", None),
    "meetings.create": (hold_meeting, "write_minutes", None),
    "meetings.write": (
        complete_meeting,
        "write_minutes",
        None,
    ),
    "posts.show": (lambda w: w.client.get(post(w)), "read_post", None),
    "posts.write": (
        lambda w: send(w.client, w.client.get(post(w)), missions="Deux jours."),
        "write_missions",
        None,
    ),
    "messages.index": (lambda w: w.client.get("/echanges"), "read_messages", None),
    "messages.write": (
        lambda w: send(w.client, w.client.get("/echanges"), text="Bonjour."),
        "write_message",
        None,
    ),
    "messages.of_parcours": (
        lambda w: w.client.get(f"/parcours/{w.reference}/echanges"),
        "read_parcours",
        "Fictif",
    ),
    "messages.write_on_parcours": (
        lambda w: send(w.client, w.client.get(f"/parcours/{w.reference}/echanges"), text="Oui."),
        "write_message",
        "Fictif",
    ),
    "messages.of_session": (
        lambda w: w.client.get(f"{w.session}/echanges"),
        "read_messages",
        None,
    ),
    "messages.write_on_session": (
        lambda w: send(w.client, w.client.get(f"{w.session}/echanges"), text="Oui."),
        "write_message",
        "Fictif",
    ),
    "messages.withdraw": (withdraw, "withdraw_message", "Fictif"),
    "lookups.people": (lambda w: lookup(w, "/recherche/personnes"), "search_people", None),
    "quick.understand": (lambda w: lookup(w, "/ligne/comprendre"), "search_parcours", None),
    "lookups.parcours": (lambda w: lookup(w, "/recherche/parcours"), "search_parcours", None),
    "exchange.show": (handing_in.show, "read_import", None),
    "exchange.marked": (handing_in.marked, "read_import", None),
    "exchange.confirm": (handing_in.confirm, "import_person", "Importée"),
    "exchange.undo": (handing_in.undo, "undo_import", None),
    "recipes.read_so": (handing_in.columns, "keep_mapping", None),
    "recipes.remove": (handing_in.remove, "remove_mapping", None),
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
    "positioning.save": (
        lambda w: send(w.client, w.client.get("/reseau/structures/APEAS/positionnement")),
        "take_position",
        None,
    ),
    "resources.create": (share, "record_resource", None),
    "resources.correct": (
        lambda w: send(w.client, w.client.get(f"{share(w).location}/corriger"), title="Autre"),
        "correct_resource",
        None,
    ),
    "resources.withdraw": (
        lambda w: send(w.client, w.client.get(share(w).location), "/retirer"),
        "withdraw_resource",
        None,
    ),
    "completion.edit": (
        lambda w: w.client.get(f"/parcours/{w.reference}/completer"),
        "read_parcours",
        "Fictif",
    ),
    "completion.complete": (
        lambda w: send(w.client, w.client.get(f"/parcours/{w.reference}/completer")),
        "complete_parcours",
        "Fictif",
    ),
    "quality.records": (lambda w: w.client.get("/qualite/fiches"), "read_quality", None),
    "reports.download": (
        lambda w: w.coordinator.get("/bilan/ramsess.xlsx"),
        "export_details",
        None,
    ),
}


ROUTES |= TOGETHER | PAST | OWN_WORK | FINDING
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
    "sessions.duplicate",  # the title, and how many were expected
    "preparation.repeat",  # whom it expects again is noted when somebody is
    "meetings.index",
    "meetings.new",
    "meetings.edit",
    "posts.index",  # colleagues
    "drafts.read",  # what she typed herself
    "drafts.keep",
    "drafts.forget",
    "lookups.communes",
    "exchange.index",
    "exchange.check",  # what the workbook's own author wrote; it waits for a day
    "exchange.headings",
    "exchange.progress",
    "exchange.resume",
    "exchange.drop",
    "exchange.undoing",  # how many records, and what stands in the way
    "exchange.template",
    "recipes.columns",  # the beginning of a spreadsheet, to who handed it in
    "recipes.index",
    "reports.show",  # aggregates
    "disclosure.show",
    "quality.index",  # numbers, and colleagues
    "network.index",  # what structures say of themselves
    "network.who_helps",
    "positioning.edit",
    "resources.index",  # what structures share; nobody's record
    "resources.search",
    "resources.show",
    "resources.download",
    "resources.new",
    "resources.edit",
    "rights.blank_sheet",
    "structures.index",
    "structures.new",
    "structures.show",
    "protection.find",  # the dossier that follows is noted
    "account.show",
    "account.sign_ins",
    "account.close",
    "account.close_others",
    "account.work_for",
    "agreement.show",  # her own diagnostic, to who holds the link that she was given
    "invitation.show",
    "invitation.accept",
    *OWN_WORK_WITHOUT_PEOPLE,
    *QUIET,
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
    "give_back_identity", "refuse_erasure", "oversee_duplicates",
}  # fmt: skip


# In the name of the structure that it is about.
OF_A_STRUCTURE = {
    "structures.create": "NEUVE",
    "structures.join": "KADO",
    "structures.leave": "AGODIS",
}


READINGS = [
    name
    for name, (_, action, _) in ROUTES.items()
    if name not in TOGETHER and action.startswith(("read", "search", "exp"))
]


@pytest.mark.parametrize(
    "endpoints",
    [READINGS, [*TOGETHER], *([name] for name in ROUTES if name not in (*READINGS, *TOGETHER))],
    ids=lambda names: names[0] if len(names) == 1 else f"{names[0]} and so on",
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
        own = None if action in OF_THE_NETWORK else OF_A_STRUCTURE.get(endpoint, "APEAS")
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
