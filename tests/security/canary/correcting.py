"""Corrections of every act, in the words of the structure that recorded it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, text

from tests.sealed.sealing import seal_in
from tests.security.canary.network import Network

COLUMNS = ("was", "should_be", "reason")
_ADD = text(
    "INSERT INTO corrections (account_id, structure_id, period_id, kind, act_id, was, should_be, "
    "reason) SELECT (SELECT min(id) FROM accounts), a.structure_id, :period, 'type', a.id, :was, "
    ":should_be, :reason FROM acts a WHERE a.public_id = CAST(:key AS uuid)"
)


def plant_corrections(admin: Connection, net: Network) -> None:
    """One of each act whose people are there."""
    period = seal_in(admin, dt.date(1991, 1, 1), "year")
    for thing in net.things:
        if thing.kind == "act" and thing.there and not thing.put_away:
            words = {
                column: net.words.make(f"corrections.{column}", thing.lead, thing)
                for column in COLUMNS
            }
            admin.execute(_ADD, words | {"period": period, "key": thing.address})
