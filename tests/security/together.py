"""Two structures and a person through a diagnostic and a plan, one deed after the other."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.pages import form_of, send
from tests.security.audited import World, sign_in_more
from tests.views.conftest import join_parcours

Scenario = tuple[Callable[[World], TestResponse], str, str | None]
TOKEN = re.compile(r"/accord/[\w-]{43}")
PLAN = re.compile(r"/plans/[0-9a-f-]{36}")
ACTION = re.compile(r"/actions/[0-9a-f-]{36}")


def open_one(world: World) -> TestResponse:
    join_parcours(world.lead, world.client, world.reference)
    return _open(world, "diagnostic")


def _open(world: World, name: str) -> TestResponse:
    address = f"/parcours/{world.reference}/diagnostic"
    answer = tick_all(world.client, address, "structures")
    world.kept[name] = str(answer.location)
    return answer


def tick_all(client: FlaskClient, address: str, name: str) -> TestResponse:
    """Send the form of a page with every box of that name ticked."""
    page = client.get(address)
    ticked = re.findall(rf'name="{name}" value="([^"]*)"', page.text)
    fields = {key: value for key, value in form_of(page).fields if key != name}
    return client.post(address, data={**fields, name: ticked})


def on_page(
    client: FlaskClient, world: World, deed: str, name: str = "diagnostic", /, **said: str
) -> TestResponse:
    """Send a form of the diagnostic's page."""
    return send(client, client.get(world.kept[name]), deed, **said)


def contribute(world: World) -> TestResponse:
    on_page(world.lead, world, "/contribution", axes_0_level="3", axes_3_needs="Un prévisionnel")
    on_page(world.lead, world, "/remise")
    return on_page(world.client, world, "/contribution", axes_0_level="2", axes_0_needs="Un emploi")


def invite(world: World) -> TestResponse:
    guest = sign_in_more(world.app, "adviser", "AGODIS")
    join_parcours(guest, world.client, world.reference)
    # Whoever is invited is waited for, until she leaves or is done without.
    on_page(world.client, world, "/invitations")
    page = world.client.get(world.kept["diagnostic"])
    assert "Se passer de" in page.text
    return send(world.client, page, "/invitations")


def link(world: World) -> TestResponse:
    on_page(world.lead, world, "/validation")
    answer = on_page(world.client, world, "/lien")
    found = TOKEN.search(answer.text)
    assert found, answer.text
    world.kept["link"] = found[0]
    return answer


def confirm(world: World) -> TestResponse:
    visitor = world.app.test_client()
    return send(visitor, visitor.get(world.kept["link"]))


def revise_and_agree(world: World) -> TestResponse:
    _open(world, "revision")
    # The third structure is done without again.
    on_page(world.client, world, "/invitations", "revision")
    for client in (world.lead, world.client):
        on_page(client, world, "/remise", "revision")
    return on_page(world.client, world, "/accord", "revision")


def draw_up(world: World) -> TestResponse:
    return tick_all(world.client, f"/parcours/{world.reference}/plan", "needs")


def show_plan(world: World) -> TestResponse:
    page = world.client.get(f"/parcours/{world.reference}/plan")
    world.kept["plan"] = PLAN.findall(page.text)[0]
    world.kept["action"] = ACTION.findall(page.text)[0]
    return page


def change_state(world: World) -> TestResponse:
    page = world.client.get(f"/parcours/{world.reference}/plan")
    return send(world.client, page, "/etat")


def _get(name: str, ending: str = "") -> Callable[[World], TestResponse]:
    return lambda world: world.client.get(world.kept[name] + ending)


def _send(name: str, ending: str, **said: str) -> Callable[[World], TestResponse]:
    return lambda world: send(world.client, world.client.get(world.kept[name] + ending), **said)


READ = "read_parcours"
#: In this order: each needs what the ones before did.
TOGETHER: dict[str, Scenario] = {
    "diagnostics.open_one": (open_one, "open_diagnostic", "Fictif"),
    "diagnostics.index": (
        lambda w: w.client.get(f"/parcours/{w.reference}/diagnostic"), READ, "Fictif",
    ),
    "diagnostics.show": (_get("diagnostic"), READ, "Fictif"),
    "messages.of_diagnostic": (_get("diagnostic", "/echanges"), READ, "Fictif"),
    "messages.write_on_diagnostic": (
        _send("diagnostic", "/echanges", text="À relire."), "write_message", "Fictif",
    ),
    "diagnostics.contribute": (contribute, "write_contribution", "Fictif"),
    "diagnostics.invite": (invite, "withdraw_invitation", "Fictif"),
    "diagnostics.hand_in": (
        lambda w: on_page(w.client, w, "/remise"), "hand_in_contribution", "Fictif",
    ),
    "diagnostics.synthesise": (
        lambda w: on_page(w.client, w, "/synthese", synthesis="Ensemble"),
        "write_synthesis",
        "Fictif",
    ),
    # The link is noted, and the page that shows it.
    "diagnostics.link": (link, READ, "Fictif"),
    "agreement.confirm": (confirm, "agree_by_link", "Fictif"),
    "diagnostics.agree": (
        lambda w: on_page(w.client, w, "/validation"), "agree_with_diagnostic", "Fictif",
    ),
    "diagnostics.note_agreement": (revise_and_agree, "note_agreement", "Fictif"),
    "diagnostics.compare": (_get("revision", "/comparaison"), READ, "Fictif"),
    "diagnostics.document": (_get("diagnostic", "/diagnostic.pdf"), READ, "Fictif"),
    "plans.draw_up": (draw_up, "draw_up_plan", "Fictif"),
    "plans.current": (show_plan, READ, "Fictif"),
    "plans.show": (_get("plan"), READ, "Fictif"),
    "plans.document": (_get("plan", "/plan.pdf"), READ, "Fictif"),
    "plans.new_action": (_get("plan", "/actions"), READ, "Fictif"),
    "plans.add_action": (
        _send("plan", "/actions", objective="Trouver un local"), "add_plan_action", "Fictif",
    ),
    "plans.edit_action": (_get("action", "/corriger"), READ, "Fictif"),
    "plans.change_action": (
        _send("action", "/corriger", planned_acts="4"), "change_plan_action", "Fictif",
    ),
    "plans.change_state": (change_state, "change_plan_action", "Fictif"),
    "plans.calendar": (lambda w: w.client.get("/echeances"), "search_parcours", None),
    "plans.review": (_get("plan", "/reviser"), READ, "Fictif"),
    "plans.revise": (_send("plan", "/reviser", reason="Avancé"), "revise_plan", "Fictif"),
}  # fmt: skip
