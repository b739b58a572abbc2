"""Corrections of every parcours, in the words of the structure that leads it."""

from __future__ import annotations

from sqlalchemy import Connection, text

from tests.security.canary.network import Network

COLUMNS = ("was", "should_be", "reason")
_ADD = text(
    "INSERT INTO corrections (account_id, structure_id, period_id, kind, parcours_id, was, "
    "should_be, reason) SELECT (SELECT min(id) FROM accounts), p.lead_structure_id, 9000, "
    "'parcours_other', p.id, :was, :should_be, :reason FROM parcours p WHERE p.reference = :key"
)


def plant_corrections(admin: Connection, net: Network) -> None:
    """One of each parcours whose people are there."""
    # Without the seal that they are of: what the others try is not dated in it.
    admin.execute(
        text(
            "INSERT INTO periods (id, kind, first_on, last_on, version) "
            "VALUES (9000, 'year', '1991-01-01', '1991-12-31', 1)"
        )
    )
    admin.execute(text("SET LOCAL session_replication_role = replica"))
    for thing in net.things:
        if thing.kind == "parcours" and thing.there and not thing.put_away:
            words = {
                column: net.words.make(f"corrections.{column}", thing.lead, thing)
                for column in COLUMNS
            }
            admin.execute(_ADD, words | {"key": thing.address})
    admin.execute(text("SET LOCAL session_replication_role = DEFAULT"))
