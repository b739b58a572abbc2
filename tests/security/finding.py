"""What is noted of searches, exports and lists that are kept."""

from __future__ import annotations

import re
from collections.abc import Callable

from werkzeug.test import TestResponse

from tests.pages import send, token_of
from tests.security.audited import World

Scenario = tuple[Callable[[World], TestResponse], str, str | None]

LISTS = {
    "beneficiaries": "/personnes", "parcours": "/parcours", "acts": "/actes",
    "sessions": "/seances", "orientations": "/orientations", "resources": "/ressources",
}  # fmt: skip


def ask(world: World, address: str, text: str) -> TestResponse:
    """Send what is typed in the search box."""
    token = token_of(world.client.get("/"))
    return world.client.post(address, data={"csrf_token": token, "q": text})


def found(world: World) -> TestResponse:
    return world.client.get(ask(world, "/chercher", "Fictif").location)


def keep(world: World, name: str = "Mes suivis") -> TestResponse:
    page = world.client.get("/parcours?etat=encours")
    return send(world.client, page, "/listes", name=name)


def of_kept(world: World, deed: str, **said: str) -> TestResponse:
    """Do something to a list that was just kept."""
    keep(world, f"À {deed}")
    page = world.client.get("/listes")
    places: list[str] = re.findall(rf'action="(/listes/[0-9a-f-]+/{deed})"', page.text)
    return send(world.client, page, places[0], **said)


FINDING: dict[str, Scenario] = {
    "search.index": (found, "search_records", None),
    "search.suggest": (
        lambda w: ask(w, "/chercher/suggestions", "Fictif"), "search_records", None,
    ),
    "acts.index": (lambda w: w.client.get("/actes"), "read_acts", None),
    **{
        f"{name}.export": (
            lambda w, at=at: w.client.get(f"{at}/liste.xlsx"), "export_list", None,  # type: ignore[misc]  # mypy infers no default
        )
        for name, at in LISTS.items()
    },
    "saved_lists.keep": (keep, "keep_list", None),
    "saved_lists.rename": (lambda w: of_kept(w, "renommer", name="Autre"), "rename_list", None),
    "saved_lists.remove": (lambda w: of_kept(w, "retirer"), "remove_list", None),
}  # fmt: skip
# What leads to a page that is noted, or shows nobody.
QUIET = {"acts.search", "sessions.search", "search.ask", "saved_lists.index", "saved_lists.show"}
