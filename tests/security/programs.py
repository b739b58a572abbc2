"""What programs read is noted as the screens are, for the test of the journal."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from werkzeug.test import TestResponse

from ramsess.actions.tokens import make_token
from ramsess.database import db
from ramsess.models import Account, Grant
from tests.security.audited import World

Scenario = tuple[Callable[[World], TestResponse], str, str | None]


def list_of(name: str) -> Callable[[World], TestResponse]:
    """A program of an adviser of the structure reads a list."""

    def read(world: World) -> TestResponse:
        with world.app.app_context():
            account = db.session.scalars(
                select(Account)
                .join(Grant)
                .where(Grant.role_name == "adviser", Grant.structure.has(code="APEAS"))
                .order_by(Account.id)
            ).first()
            assert account
            _, secret = make_token(db.session(), account, name="essai", role="adviser", days=30)
            db.session.commit()
            db.session.remove()
        shown = {"Authorization": f"Bearer {secret}"}
        return world.app.test_client().get(f"/api/v1/{name}", headers=shown)

    return read


PROGRAMS: dict[str, Scenario] = {
    f"api.{name}": (list_of(name), "read_by_program", None)
    for name in ("parcours", "acts", "sessions")
}
# Codes, periods and aggregates; one's own tokens. That a sealed report is read, or a token made,
# is noted, of nobody (tests/interface).
PROGRAMS_WITHOUT_PEOPLE = {
    "api.openapi", "api.periods", "api.sealed_report", "api.sealed_table", "api.sealed_csv",
    "api.report", "api.code_lists", "api.code_list", "api.dla", "interface.show", "interface.dla",
    "tokens.index", "tokens.new", "tokens.revoke", "region.index", "region.show",
    "region.download",
}  # fmt: skip
