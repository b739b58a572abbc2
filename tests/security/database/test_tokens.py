"""What a program's token lets the database show: its role's part of its account, and no writing
of another token."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.security.database.test_functions import ADVISER_OF_A, COORDINATOR
from tests.security.database.world import Scene, World, secret_of

COUNTED = ("parcours", "acts", "resources", "messages")
ADDED = (
    "INSERT INTO api_tokens (id, account_id, role_name, name, token_hash, expires_at) VALUES "
    "(gen_random_uuid(), {account}, '{role}', 'essai', '{hash}', now() + interval '{days} days')"
)

#: By whom, for which role, for how many days, for whose account: how many are made.
MAKING: list[tuple[dict[str, str], str, int, int, int | None]] = [
    ({"sign_in": secret_of(1)}, "adviser", 365, 1, 1),
    ({"sign_in": secret_of(1)}, "coordinator", 30, 1, None),
    ({"sign_in": secret_of(1)}, "adviser", 30, 2, None),
    ({"sign_in": secret_of(1)}, "adviser", 367, 1, None),
    ({"token": secret_of(1, "token")}, "adviser", 30, 1, None),
]


def counts(scene: Scene, **settings: str) -> list[int]:
    return [len(scene.rows("app", f"SELECT 1 FROM {table}", **settings)) for table in COUNTED]


def test_of_an_account_of_two_roles_a_token_has_one(world: World) -> None:
    with world.scene() as scene:
        cookie = counts(scene, sign_in=secret_of(ADVISER_OF_A))
        scene.admin.execute(
            "INSERT INTO grants (id, account_id, role_name) VALUES (90, 1, 'funder')"
        )
        scene.admin.execute(
            ADDED.format(account=1, role="funder", hash=secret_of(1, "funder"), days=1)
        )
        assert counts(scene, token=secret_of(1, "token")) == cookie
        assert counts(scene, token=secret_of(1, "funder")) == [0] * len(COUNTED)
        assert scene.rows(
            "app", "SELECT sight.holds('funder'), sight.holds('adviser')",
            token=secret_of(1, "funder"),
        ) == [(True, False)]  # fmt: skip


def test_a_token_ends_in_the_database_with_its_role(world: World) -> None:
    account = "SELECT sight.account()"
    with world.scene() as scene:
        token = secret_of(COORDINATOR, "token")
        assert scene.rows("app", account, token=token) == [(COORDINATOR,)]
        scene.admin.execute("UPDATE grants SET until = current_date + 2 WHERE account_id = 6")
        assert scene.rows("app", account, token=token) == [(COORDINATOR,)]
        scene.admin.execute("UPDATE grants SET until = current_date - 2 WHERE account_id = 6")
        assert scene.rows("app", account, token=token) == [(None,)]
        # Another role that lasts does not keep it.
        scene.admin.execute(
            "INSERT INTO grants (id, account_id, role_name) VALUES (91, 6, 'funder')"
        )
        assert scene.rows("app", account, token=token) == [(None,)]


def test_a_sign_in_and_a_token_do_not_add_up(world: World) -> None:
    with world.scene() as scene:
        both = {"sign_in": secret_of(2), "token": secret_of(1, "token")}
        assert scene.rows("app", "SELECT sight.account()", **both) == [(2,)]


@pytest.mark.parametrize(("by", "role", "days", "account", "done"), MAKING)
def test_a_token_is_made_by_who_signed_in_for_her_own_role_and_a_year_at_most(
    world: World, by: dict[str, str], role: str, days: int, account: int, done: int | None
) -> None:
    with world.scene() as scene:
        made = ADDED.format(account=account, role=role, hash="neuf", days=days)
        assert scene.act("app", made, **by) == done


def test_a_token_that_ended_does_not_begin_again(world: World) -> None:
    with world.scene() as scene:
        again = "UPDATE api_tokens SET revoked_at = NULL"
        assert scene.act("app", again, sign_in=secret_of(1)) == 2
        gone = "SELECT 1 FROM api_tokens WHERE revoked_at IS NOT NULL"
        assert len(scene.rows("app", gone, sign_in=secret_of(1))) == 1
        longer = "UPDATE api_tokens SET expires_at = now() + interval '100 days'"
        assert scene.act("app", longer, sign_in=secret_of(1)) is None


def test_who_takes_a_token_leaves_it_to_its_account(world: World) -> None:
    """A right on the column, given by mistake, would not be enough."""
    with world.scene() as scene:
        scene.admin.execute("GRANT UPDATE ON api_tokens TO ramsess_app, ramsess_door")
        given = "UPDATE api_tokens SET account_id = 2"
        assert scene.act("app", given, sign_in=secret_of(1)) is None
        assert scene.act("door", given, door="compte1@demo.example") is None


def tokens_that_open_more_or_less(world: World) -> Iterator[str]:
    """What the tests above meet, each said by the first that does."""
    for test in (
        test_of_an_account_of_two_roles_a_token_has_one,
        test_a_token_ends_in_the_database_with_its_role,
        test_a_sign_in_and_a_token_do_not_add_up, test_a_token_that_ended_does_not_begin_again,
        test_who_takes_a_token_leaves_it_to_its_account,
    ):  # fmt: skip
        try:
            test(world)
        except AssertionError:
            yield test.__name__
    for case in MAKING:
        try:
            test_a_token_is_made_by_who_signed_in_for_her_own_role_and_a_year_at_most(world, *case)
        except AssertionError:
            yield str(case)
