"""What records were, and the way back: who reads it and who undoes it is noted."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

from tests.pages import send
from tests.security.audited import World
from tests.security.together import Scenario


def undo(world: World) -> TestResponse:
    """A person's record is corrected, and the correction undone at once."""
    send(world.client, world.client.get(f"{world.person}/corriger"), phone="04 00 00 00 00")
    return send(world.client, world.client.get(world.person), "/annuler")


def bring_back(world: World, record: str, **said: str) -> TestResponse:
    """A correction, then what was before."""
    send(world.client, world.client.get(f"{record}/corriger"), **said)
    page = world.client.get(f"{record}/historique")
    states = re.findall(r'name="etat" value="(\d+)"', page.text)
    return send(world.client, page, etat=states[0])


PAST: dict[str, Scenario] = {
    "history.act": (lambda w: w.client.get(f"{w.act}/historique"), "read_act", "Fictif"),
    "history.group_session": (
        lambda w: w.client.get(f"{w.session}/historique"),
        "read_attendance",
        None,
    ),
    "history.parcours": (
        lambda w: w.client.get(f"/parcours/{w.reference}/historique"),
        "read_parcours",
        "Fictif",
    ),
    "history.person": (lambda w: w.client.get(f"{w.person}/historique"), "read_person", "Fictif"),
    "history.act_back": (
        lambda w: bring_back(w, w.act, note="relu encore"),
        "correct_act",
        "Fictif",
    ),
    "history.person_back": (
        lambda w: bring_back(w, w.person, phone="04 00 00 00 01"),
        "correct_person",
        "Fictif",
    ),
    "history.take_back": (undo, "undo_recording", "Fictif"),
}
