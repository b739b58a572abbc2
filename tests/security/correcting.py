"""Corrections: what shows or makes one is noted."""

from __future__ import annotations

from tests.security.together import Scenario

CORRECTING: dict[str, Scenario] = {
    "corrections.index": (lambda w: w.client.get("/corrections"), "read_corrections", None),
    "corrections.of_act": (
        lambda w: w.client.get(f"/corrections/acte/{w.act.rsplit('/', 1)[-1]}"),
        "read_act",
        "Fictif",
    ),
    "corrections.of_session": (
        lambda w: w.client.get(f"/corrections/seance/{w.session.rsplit('/', 1)[-1]}"),
        "read_attendance",
        None,
    ),
    "corrections.of_parcours": (
        lambda w: w.client.get(f"/corrections/parcours/{w.reference}"),
        "read_parcours",
        "Fictif",
    ),
}
CORRECTING_WITHOUT_PEOPLE = {"corrections.forgotten"}
