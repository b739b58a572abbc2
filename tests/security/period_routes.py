"""What is noted of periods: opened, handed in, sent back, commented, consolidated."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from werkzeug.test import TestResponse

from ramsess.models.calendar import today
from tests.pages import form_of, send
from tests.security.audited import World

Scenario = tuple[Callable[[World], TestResponse], str, str | None]

LAST_YEAR = today().year - 1


def open_year(world: World) -> TestResponse:
    page = world.coordinator.get(f"/periodes/ouvrir?annee={LAST_YEAR}")
    day = str(dt.date(LAST_YEAR + 1, 1, 21))
    return send(world.coordinator, page, t1=day, t2="", t3="", t4="", annee="")


def period(world: World) -> str:
    """The address of the one that is open."""
    found = re.search(
        r"/periodes/[0-9a-f-]{36}", world.coordinator.get(f"/periodes?annee={LAST_YEAR}").text
    )
    assert found
    return found[0]


def deliver(world: World) -> TestResponse:
    return send(world.client, world.client.get(period(world)), "/rendre")


def take(world: World) -> TestResponse:
    return send(world.client, world.client.get(period(world)), "/reprendre")


def give_back(world: World) -> TestResponse:
    deliver(world)
    page = world.coordinator.get(period(world))
    return send(world.coordinator, page, "/renvoyer", structure="APEAS", remark="À revoir")


def comment(world: World) -> TestResponse:
    page = world.coordinator.get(f"{period(world)}/commentaires")
    fields = dict(form_of(page).fields)
    return world.coordinator.post(page.request.path, data={**fields, "texte-B08": "Calme."})


def settle(world: World) -> TestResponse:
    page = world.coordinator.get(period(world))
    return send(world.coordinator, page, "/consolider", confirmed="y")


def unsettle(world: World) -> TestResponse:
    return send(world.coordinator, world.coordinator.get(period(world)), "/rouvrir")


# One after the other, in one network.
PERIODS: dict[str, Scenario] = {
    "periods.create": (open_year, "open_period", None),
    "periods.deliver": (deliver, "hand_in_period", None),
    "periods.take": (take, "take_back_period", None),
    "periods.give_back": (give_back, "send_back_period", None),
    "periods.comment": (comment, "comment_tables", None),
    "periods.settle": (settle, "consolidate_period", None),
    "periods.unsettle": (unsettle, "reopen_period", None),
}
PERIODS_WITHOUT_PEOPLE = {"periods.index", "periods.new", "periods.show", "periods.comments"}
OF_ALL_STRUCTURES = {"open_period", "comment_tables", "consolidate_period", "reopen_period"}
