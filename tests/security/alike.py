"""Two records that may be one person, for the test of the journal: compared, merged, matched."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ramsess.actions.duplicates import search_duplicates
from ramsess.database import db
from ramsess.models import DuplicatePair
from ramsess.models.calendar import today
from tests.pages import send
from tests.security.audited import World
from tests.views.conftest import enter_person

Scenario = tuple[Callable[[World], TestResponse], str, str | None]
PAGE = "/doublons"


def _near(world: World, client: FlaskClient, first: str) -> None:
    """Two people of nearly one name, of whom nobody was asked; found by the command."""
    for person, last in ((world.client, "Semblable"), (client, "Semblables")):
        enter_person(person, last, first, birth_date="1975-05-04", confirmed="y")
    with world.app.app_context():
        db.session.query(DuplicatePair).filter(DuplicatePair.verdict == "distinct").delete()
        search_duplicates(db.session())
        db.session.commit()
        db.session.remove()


def pair(world: World, name: str) -> str:
    """The address of a pair of two records that the manager sees."""
    if name not in world.kept:
        _near(world, world.client, name)
        place = re.escape(name)
        found = re.search(
            rf"(/doublons/[0-9a-f-]{{36}})\">Semblables? {place}", world.client.get(PAGE).text
        )
        assert found
        world.kept[name] = found[1]
    return world.kept[name]


def match(world: World, name: str) -> str:
    """The address of a pair of which the manager sees one record, the lead the other."""
    _near(world, world.lead, name)
    found = re.search(
        rf"(/rapprochements/[0-9a-f-]{{36}})\">Semblable {name}", world.client.get(PAGE).text
    )
    assert found
    return found[1]


def merge(world: World) -> TestResponse:
    return send(world.client, world.client.get(pair(world, "Unie")), "/fusionner")


def undo(world: World) -> TestResponse:
    address = pair(world, "Unie")
    if "/defaire" not in world.client.get(address).text:
        merge(world)
    return send(world.client, world.client.get(address), "/defaire")


def answer(world: World, name: str, said: str) -> TestResponse:
    page = world.client.get(match(world, name))
    return send(world.client, page, answer=said, consent_on=today().isoformat())


ALIKE: dict[str, Scenario] = {
    "duplicates.index": (lambda w: w.client.get(PAGE), "read_duplicates", None),
    "duplicates.network": (lambda w: w.coordinator.get("/doublons/reseau"), "oversee_duplicates",
                           None),
    "duplicates.show": (lambda w: w.client.get(pair(w, "Vue")), "compare_people", "Semblables"),
    "duplicates.distinct": (
        lambda w: send(w.client, w.client.get(pair(w, "Vue")), "/distinctes"),
        "tell_people_apart",
        "Semblables",
    ),
    "duplicates.merge": (merge, "merge_people", "fusionnée"),
    "duplicates.undo": (undo, "undo_merge", "Semblables"),
    "matches.show": (lambda w: w.client.get(match(w, "Lue")), "read_match", "Semblable"),
    "matches.answer": (lambda w: answer(w, "Refusée", "refused"), "refuse_match", "Semblable"),
}  # fmt: skip
