"""Several people, one after the other: what one does decides what the next one may."""

from __future__ import annotations

from collections.abc import Iterator

from tests.security.database.world import World, secret_of

A_SIGNED_IN, B_SIGNED_IN = {"sign_in": secret_of(1)}, {"sign_in": secret_of(2)}


def test_what_another_host_noted_does_not_go_with_a_session(world: World) -> None:
    assert list(notes_of_others_that_go(world)) == []


def notes_of_others_that_go(world: World) -> Iterator[str]:
    """What takes away heads that another structure counted."""
    with world.scene() as scene:
        if scene.act("app", "DELETE FROM session_hosts WHERE act_id = 12", **B_SIGNED_IN) != 2:
            yield "a host that noted nothing is not taken away"
    with world.scene() as scene:
        scene.act("batch", "UPDATE session_hosts SET anonymous_count = 1 WHERE structure_id = 1")
        for statement in (
            "DELETE FROM acts WHERE id = 12",
            "DELETE FROM group_sessions WHERE act_id = 12",
            "DELETE FROM session_hosts WHERE act_id = 12 AND structure_id = 1",
        ):
            if scene.act("app", statement, **B_SIGNED_IN):
                yield statement


def test_a_code_has_served_once_somebody_came_or_left(world: World) -> None:
    assert list(codes_that_serve_again(world)) == []


def codes_that_serve_again(world: World) -> Iterator[str]:
    """The code of a parcours that stays when somebody leaves or comes."""
    code = "SELECT join_code FROM parcours WHERE id = 2"
    with world.scene() as scene:
        before = scene.rows("app", code, **A_SIGNED_IN)
        scene.act(
            "app", "UPDATE involvements SET left_on = current_date WHERE id = 5", **A_SIGNED_IN
        )
        if scene.rows("app", code, **A_SIGNED_IN) == before:
            yield "the code stays when somebody leaves"


def test_who_presents_the_code_sees_and_joins_but_changes_nothing(world: World) -> None:
    assert list(codes_that_open_more_or_less(world)) == []


def codes_that_open_more_or_less(world: World) -> Iterator[str]:
    """What the code of a parcours gives beyond joining it, or does not give."""
    with world.scene() as scene:
        (code,) = scene.rows("batch", "SELECT join_code FROM parcours WHERE id = 3")
        guest = {**A_SIGNED_IN, "presented": f"P-2020-0003 {code[0]}"}
        for statement, reached in (
            ("SELECT 1 FROM parcours WHERE id = 3 FOR UPDATE", 1),
            ("SELECT 1 FROM beneficiaries WHERE id = 3", 0),
            ("DELETE FROM fundings WHERE parcours_id = 3", 0),
            ("UPDATE parcours SET exited_on = current_date WHERE id = 3", None),
            (
                "INSERT INTO involvements (id, parcours_id, structure_id, joined_on) "
                "VALUES (99, 3, 1, current_date)",
                1,
            ),
            ("SELECT 1 FROM beneficiaries WHERE id = 3", 1),
        ):
            found = scene.act("app", statement, **guest)
            if found != reached:
                yield f"{statement}: {found} ≠ {reached}"
