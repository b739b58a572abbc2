"""A sealed period, for the test of the journal: its lists of records are noted, not its tables."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from werkzeug.test import TestResponse

from ramsess.database import db
from ramsess.models import Account
from tests.sealing.made import put_seal
from tests.security.audited import World

Scenario = tuple[Callable[[World], TestResponse], str, str | None]


def lists(world: World) -> TestResponse:
    """The coordinator takes the sealed lists."""
    with world.app.app_context():
        account = db.session.scalars(select(Account.id)).first()
        address = put_seal(db.session(), account or 0).public_id
        db.session.commit()
        db.session.remove()
    return world.coordinator.get(f"/bilan/scelle/{address}/listes.json")


SEALED: dict[str, Scenario] = {"sealing.detail": (lists, "export_details", None)}
# Aggregates, or digests; that a period is sealed is noted, of nobody.
SEALED_WITHOUT_PEOPLE = {
    "sealing.seal", "sealing.show", "sealing.network", "sealing.region",
    "verification.ask", "verification.answer", "verification.show", "verification.proof",
}  # fmt: skip
