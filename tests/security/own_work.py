"""An adviser's own week: what its pages show and change of people."""

from __future__ import annotations

import io
from collections.abc import Callable

from werkzeug.test import TestResponse

from ramsess.models.calendar import today
from tests.exchange.test_calendar_file import calendar
from tests.pages import form_of, send
from tests.security.audited import World

Scenario = tuple[Callable[[World], TestResponse], str, str | None]


def type_in_week(world: World) -> TestResponse:
    day = today().weekday()
    line = {"added-0-type": "CSL2", "added-0-parcours": world.reference}
    page = world.client.get("/ma-semaine")
    return send(world.client, page, **line, **{f"added-0-days-{day}-minutes": "10"})


def paste(world: World) -> TestResponse:
    """Rows that are shown, not recorded yet."""
    page = world.client.get("/ma-semaine/coller")
    text = f"{today()}\tCSL2\t10\t{world.reference}\tMot\n"
    return send(world.client, page, text=text)


def hand_in(world: World) -> TestResponse:
    """A calendar whose appointment names her."""
    fields = dict(form_of(world.client.get("/ma-semaine/calendrier")).fields)
    event = f"UID:1|DTSTART:{today():%Y%m%d}T080000Z|DURATION:PT1H|SUMMARY:RDV Fictif"
    file = io.BytesIO(calendar(event)), "agenda.ics"
    return world.client.post("/ma-semaine/calendrier", data={**fields, "file": file})


def note_appointment(world: World) -> TestResponse:
    ticked = {"appointments-0-chosen": "y", "appointments-0-type": "CSL2"}
    fields = dict(form_of(hand_in(world), "/noter").fields)
    return world.client.post("/ma-semaine/calendrier/noter", data={**fields, **ticked})


def series(world: World) -> TestResponse:
    """Acts that are shown, not recorded yet."""
    page = world.client.get(f"/actes/serie?type=CSL2&parcours={world.reference}")
    return send(world.client, page, minutes="10")


def record_series(world: World) -> TestResponse:
    return send(world.client, series(world))


# A page that says what was recorded shows acts: the last thing noted.
OWN_WORK: dict[str, Scenario] = {
    "week.index": (lambda w: w.client.get("/ma-semaine"), "read_acts", None),
    "week.save": (type_in_week, "record_act", "Fictif"),
    "week_paste.read": (paste, "read_acts", None),
    "week_calendar.read": (hand_in, "search_parcours", None),
    "week_calendar.record": (note_appointment, "read_acts", None),
    "series.new": (lambda w: w.client.get("/actes/serie"), "search_parcours", None),
    "series.create": (record_series, "read_acts", None),
}
OWN_WORK_WITHOUT_PEOPLE = {"week_paste.index", "week_calendar.index"}
