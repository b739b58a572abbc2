"""A program reads exactly what the pages of who gave it a token show."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from ramsess.actions.tokens import Bearer
from ramsess.database import Acting, act_as
from ramsess.models import Account
from tests.security.matrix.expected import sees
from tests.security.matrix.principals import PRINCIPALS
from tests.security.matrix.sending import Matrix
from tests.security.matrix.world import World
from tests.whole import part_of

FEW = ("adviser", "mutualised", "manager_and_adviser", "funder")


def items(world: World, name: str, path: str, field: str) -> set[str]:
    """What one list holds, slice by slice."""
    found: list[str] = []
    cursor = ""
    while True:
        asked = f"/api/v1/{path}?limit=3{cursor}"
        answer = world.browsers[name].ask(asked, program=True)
        if answer.status_code != 200:
            assert answer.status_code in (401, 404)
            return set()
        page: dict[str, Any] = answer.get_json()
        found += [one[field] for one in page["items"]]
        if page["next"] is None:
            assert len(found) == len(set(found))
            return set(found)
        assert len(page["items"]) == 3
        cursor = f"&cursor={page['next']}"


@pytest.mark.parametrize("name", part_of(list(PRINCIPALS), FEW))
def test_the_lists_of_a_program_are_what_the_trade_says_of_its_role(
    world: World, name: str
) -> None:
    principal = PRINCIPALS[name]
    own = principal.structures(principal.bears) if principal.bears else set()

    def seen(kind: str) -> set[str]:
        return {one.address for one in world.things if one.kind == kind and sees(own, one)}

    # A meeting of the network is a session of who recorded it.
    met = {one.address for one in world.things if one.kind == "meeting" and one.recorded_by in own}
    assert items(world, name, "parcours", "reference") == seen("parcours")
    assert items(world, name, "acts", "id") == seen("act")
    assert items(world, name, "sessions", "id") == seen("session") | met
    if own & principal.structures("adviser"):
        assert seen("parcours")


def test_no_word_of_anybody_is_in_what_programs_read(world: World) -> None:
    words = {word for word in world.canaries if not word.startswith("p-")}
    read = 0
    for name in PRINCIPALS:
        for path in ("parcours?limit=500", "acts?limit=500", "sessions?limit=500", "periods",
                     "report?from=2026-01-01&to=2026-12-31", "code-lists",
                     "correspondences/dla"):  # fmt: skip
            answer = world.browsers[name].ask(f"/api/v1/{path}", program=True)
            said = (answer.text + str(answer.headers)).lower()
            assert [word for word in words if word in said] == []
            read += answer.status_code == 200
    assert read > 30


@pytest.mark.parametrize(
    ("name", "endpoint", "taken"),
    [
        # Its role is not asked.
        ("funder", "api.acts", "ramsess.views.api.operations.policy.allowed"),
        # Whether its token is worth anything is not asked.
        ("revoked", "api.code_lists", "ramsess.views.token_gate.bearer_of"),
    ],
)
def test_the_matrix_finds_an_interface_without_its_guard(
    world: World, name: str, endpoint: str, taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def somebody(session: Session, _token_hash: str) -> Bearer:
        with world.admin.connect() as connection:
            found = connection.execute(text("SELECT min(account_id) FROM grants")).scalar_one()
        act_as(session, Acting(role="batch"))
        return Bearer(session.get_one(Account, found), "adviser")

    said = {"bearer_of": somebody, "allowed": lambda *_: True}
    monkeypatch.setattr(taken, said[taken.rpartition(".")[2]])
    matrix = Matrix(world, PRINCIPALS[name])
    matrix.run({endpoint})
    assert any("200" in fault for fault in matrix.faults)
