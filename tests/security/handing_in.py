"""Workbooks and spreadsheets handed in by the manager, up to the request that is noted."""

from __future__ import annotations

import io
import re

from werkzeug.test import TestResponse

from tests.exchange.test_upload import book, hand_in, settled
from tests.pages import form_of, send, token_of
from tests.security.audited import World

LIST = b"Nom usuel;Prenom\nListe;Zoe\n"


def page_of_import(world: World, last_name: str = "Importée") -> TestResponse:
    """The page of a workbook that is checked."""
    return hand_in(world.client, book().person("B1", last_name).save(world.folder))


def show(world: World) -> TestResponse:
    return page_of_import(world)


def confirm(world: World) -> TestResponse:
    return send(world.client, page_of_import(world))


def marked(world: World) -> TestResponse:
    bad = book().act("A2", "hier", "anne@apeas.example")
    page = hand_in(world.client, bad.save(world.folder))
    # Its page was noted; what follows is noted too, in a transaction of its own.
    world.client.get("/personnes")
    return world.client.get(f"{page.request.path}/a-corriger.xlsx")


def undo(world: World) -> TestResponse:
    made = book().person("B2", "Reprise").save(world.folder)
    page = hand_in(world.client, made)
    place = page.request.path
    settled(world.client, send(world.client, page))
    return send(world.client, world.client.get(f"{place}/annulation"))


def columns(world: World) -> TestResponse:
    """What each column of a spreadsheet is, said and kept under a name."""
    page = world.client.get("/classeurs")
    data = {"csrf_token": token_of(page), "files": [(io.BytesIO(LIST), "liste.csv")]}
    page = settled(world.client, world.client.post("/classeurs", data=data))
    place = f"{page.request.path}?structure=APEAS&sheet=Bénéficiaires"
    return send(world.client, world.client.get(place), "/colonnes", name="Notre liste")


def remove(world: World) -> TestResponse:
    columns(world)
    page = world.client.get("/classeurs/lectures")
    found = re.search(r"/classeurs/lectures/[0-9a-f-]{36}/retirer", page.text)
    assert found
    return world.client.post(form_of(page, found[0]).action, data={"csrf_token": token_of(page)})
