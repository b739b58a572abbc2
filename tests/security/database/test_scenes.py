"""Several people, one after the other: what one does decides what the next one may."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import psycopg

from tests.security.database.world import World, secret_of

A_SIGNED_IN, B_SIGNED_IN = {"sign_in": secret_of(1)}, {"sign_in": secret_of(2)}


# Who is invited by the code of parcours 3 once its lead's, or another's, people refuse.
INVITED = (
    ("SELECT 1", 1, {3}),
    ("SELECT 1", 6, set()),
    ("UPDATE acquaintances SET sharing_agreed = false WHERE beneficiary_id = 3", 1, set()),
    ("UPDATE acquaintances SET sharing_agreed = false WHERE beneficiary_id <> 3", 1, {3}),
    ("INSERT INTO acquaintances VALUES (3, 3, current_date, NULL, false)", 1, {3}),
)


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
    for change, account, cases in INVITED:
        with world.scene() as scene:
            (code,) = scene.rows("batch", "SELECT join_code FROM parcours WHERE id = 3")
            scene.admin.execute(change.encode())
            asked = scene.rows(
                "app",
                "SELECT k FROM generate_series(1, 4) k WHERE sight.invited(k)",
                sign_in=secret_of(account),
                presented=f"P-2020-0003 {code[0]}",
            )
            if {k for (k,) in asked} != cases:
                yield f"{account} is invited after {change}: {asked}"
    with world.scene() as scene:
        (code,) = scene.rows("batch", "SELECT join_code FROM parcours WHERE id = 3")
        guest = {**A_SIGNED_IN, "presented": f"P-2020-0003 {code[0]}"}
        joining = (
            "INSERT INTO involvements (id, parcours_id, structure_id, joined_on) "
            "VALUES (90, 3, {}, now())"
        )
        other = "SELECT join_code FROM parcours WHERE id = 1"
        before = scene.rows("batch", other)
        if scene.act("app", joining.format(3), **guest) is not None:
            yield "who presents the code lets another in"
        if scene.act("app", joining.format(1), **guest) != 1:
            yield "who presents the code does not join"
        (now,) = scene.rows("batch", "SELECT join_code FROM parcours WHERE id = 3")
        if now == code:
            yield "the code stays when somebody comes"
        if scene.rows("batch", other) != before:
            yield "the code of another parcours changes"


# What is changed, who answers which orientation and how: what comes of it.
_UNSHARED = "UPDATE acquaintances SET sharing_agreed = false WHERE beneficiary_id {} 1"
_EXITED = "UPDATE parcours SET exited_on = current_date {} WHERE id {} 1"
_NAMELESS = "UPDATE beneficiaries SET nameless_since = current_date WHERE id {} 3"
ANSWERS = (
    ("SELECT 1", 3, 1, "accepted", "accepted"),
    ("SELECT 1", 3, 1, "refused", "refused"),
    ("SELECT 1", 3, 1, "closed", None),
    ("SELECT 1", 2, 1, "accepted", None),
    ("SELECT 1", 1, 1, "accepted", None),
    ("SELECT 1", 6, 1, "accepted", None),
    ("SELECT 1", 3, 7, "accepted", "answered"),
    ("SELECT 1", 3, 8, "refused", "answered"),
    (_EXITED.format("- 1", "="), 3, 1, "accepted", "over"),
    (_EXITED.format("- 1", "="), 3, 1, "refused", "refused"),
    (_EXITED.format("", "="), 3, 1, "accepted", "accepted"),
    (_EXITED.format("- 1", "<>"), 3, 1, "accepted", "accepted"),
    (_NAMELESS.format("="), 1, 10, "accepted", "over"),
    (_NAMELESS.format("<>"), 1, 10, "accepted", "accepted"),
    (_UNSHARED.format("="), 3, 1, "accepted", "unshared"),
    (_UNSHARED.format("="), 3, 1, "refused", "refused"),
    (_UNSHARED.format("<>"), 3, 1, "accepted", "accepted"),
)
# Stays of C before it accepts: how many it has afterwards on parcours 1.
STAYS = (
    ("SELECT 1", 1),
    ("INSERT INTO involvements (parcours_id, structure_id, joined_on) VALUES (3, 3, now())", 1),
    ("INSERT INTO involvements (parcours_id, structure_id, joined_on) VALUES (1, 3, now())", 1),
    ("INSERT INTO involvements (parcours_id, structure_id, joined_on, left_on) "
     "VALUES (1, 3, current_date - 9, current_date)", 1),
    ("INSERT INTO involvements (parcours_id, structure_id, joined_on, left_on) "
     "VALUES (1, 3, current_date - 9, current_date - 2)", 2),
)  # fmt: skip


def test_accepting_opens_and_refusing_does_not(world: World) -> None:
    assert list(orientations_that_open_more_or_less(world)) == []


def orientations_that_open_more_or_less(world: World) -> Iterator[str]:
    """Answers of an orientation that are not given, or that open something else."""
    ids = {row["id"]: row["public_id"] for row in world.rows["orientations"]}

    def answer(number: int, said: str) -> str:
        return f"SELECT sight.answer('{ids[number]}', '{said}', 'trop loin')"

    for change, account, number, said, expected in ANSWERS:
        with world.scene() as scene:
            scene.admin.execute(change.encode())
            found = scene.rows("app", answer(number, said), sign_in=secret_of(account))
            if found != [(expected,)]:
                yield f"{account} {said} {number} after {change}: {found}"
    guest = {"sign_in": secret_of(3)}
    for said, opened in (("accepted", 1), ("refused", 0)):
        with world.scene() as scene:
            scene.act("app", answer(1, said), **guest)
            for table in ("parcours", "beneficiaries", "projects", "orientations"):
                if scene.act("app", f"SELECT 1 FROM {table} WHERE id = 1", **guest) != opened:
                    yield f"{said}: {table}"
            kept = scene.rows("batch", "SELECT answer, answered_on = current_date, answer_note, "
                              "version FROM orientations WHERE id = 1")  # fmt: skip
            if kept != [(said, True, "trop loin", 2)]:
                yield f"{said} is kept as {kept}"
            (told,) = scene.rows(
                "app", f"SELECT count(reason) FROM sight.offers() WHERE public_id = '{ids[1]}'",
                **guest,
            )  # fmt: skip
            if told != (0,):
                yield f"{said}: the reason stays"
            waiting = "SELECT count(*) FROM orientations WHERE answer IS NULL"
            before = sum(row["answer"] is None for row in world.rows["orientations"])
            if scene.rows("batch", waiting) != [(before - 1,)]:
                yield f"{said}: others are answered"
            if scene.rows("app", answer(1, said), **guest) != [("answered",)]:
                yield f"{said}: twice"
    for change, stays in STAYS:
        with world.scene() as scene:
            scene.admin.execute(change.encode())
            scene.act("app", answer(1, "accepted"), **guest)
            kept = scene.rows("batch", "SELECT count(*) FROM involvements WHERE parcours_id = 1 "
                              "AND structure_id = 3")  # fmt: skip
            if kept != [(stays,)]:
                yield f"{kept} stays after {change}"
    with world.scene() as scene:
        scene.act("app", answer(10, "accepted"), **A_SIGNED_IN)
        if scene.act("app", "SELECT 1 FROM beneficiaries WHERE id = 3", **A_SIGNED_IN) != 1:
            yield "who accepts does not know the person"
        if scene.act("app", "SELECT 1 FROM parcours WHERE id = 3", **A_SIGNED_IN):
            yield "who accepts a person sees her parcours"
        closing = (
            "UPDATE orientations SET answer = 'closed', answered_on = current_date WHERE id = 1"
        )
        if scene.act("app", closing, **A_SIGNED_IN) != 1:
            yield "who proposes does not give up"
        if scene.rows("app", answer(1, "accepted"), **guest) != [("answered",)]:
            yield "what is given up is accepted"


# What the pages do, in order, as an adviser of A: how many rows each deed reaches, None refused.
OPENING: tuple[tuple[str, int | None], ...] = (
    ("INSERT INTO beneficiaries (id, last_name, first_name, name_key, search_key, sex_code, "
     "situation_code, education_code, phone, email, version) VALUES (90, 'Fictif', 'Zoé', "
     "'fictif|zoe', 'fictif', 'NR', 'NR', 'NR', '', '', 1)", 1),
    ("SELECT 1 WHERE sight.newborn(90) AND NOT sight.newborn(1)", 1),
    ("INSERT INTO acquaintances VALUES (90, 1, current_date)", 1),
    ("INSERT INTO projects (id, title, search_key) VALUES (90, 'Épicerie', 'epicerie')", 1),
    ("SELECT 1 WHERE sight.new_project(90) AND NOT sight.new_project(9)", 1),
    (
        "INSERT INTO parcours (id, reference, project_id, lead_structure_id, entered_on, "
        "entry_phase_code, origin, jobs_created, jobs_consolidated, version) VALUES (90, "
        "'P-2020-0090', 90, 2, '2020-01-01', 'EME', '', 0, 0, 1)",
        None,
    ),
    ("INSERT INTO parcours (id, reference, project_id, lead_structure_id, entered_on, "
     "entry_phase_code, origin, jobs_created, jobs_consolidated, version) VALUES (90, "
     "'P-2020-0090', 90, 1, '2020-01-01', 'EME', '', 0, 0, 1) RETURNING id", 1),
    ("SELECT 1 WHERE sight.new_project(90)", 0),
    ("SELECT 1 FROM parcours WHERE id = 90 FOR UPDATE", 1),
    ("UPDATE parcours SET exited_on = current_date WHERE id = 90", None),
    ("INSERT INTO involvements (id, parcours_id, structure_id, joined_on) "
     "VALUES (90, 90, 3, '2020-01-01')", None),
    ("INSERT INTO involvements (id, parcours_id, structure_id, joined_on) "
     "VALUES (90, 90, 1, '2020-01-01') RETURNING id", 1),
    ("INSERT INTO acts (id, done_on, type_code, structure_id, parcours_id, scheme_code, "
     "anonymous_count, note, version) VALUES (90, '2020-02-01', 'CSL1', 1, 90, 'DRA', 0, '', 1) "
     "RETURNING id", 1),
    ("INSERT INTO act_advisers VALUES (90, 1, 1, 1, 0, 60) RETURNING act_id", 1),
    ("DELETE FROM acts WHERE id = 90", 1),
)  # fmt: skip


def test_each_deed_reaches_what_it_should(world: World) -> None:
    assert list(deeds_that_differ(world)) == []


def deeds_that_differ(world: World) -> Iterator[str]:
    """What the pages cannot do any more, or what they may do too much."""
    with world.enter("app", **A_SIGNED_IN) as connection:
        for statement, reached in OPENING:
            try:
                # What is refused is undone; what is new is new in the transaction itself.
                with connection.transaction() if reached is None else nullcontext():
                    found: int | None = connection.execute(statement.encode()).rowcount
            except psycopg.errors.InsufficientPrivilege:
                found = None
            if found != reached:
                yield f"{statement}: {found}"
                break
    with world.scene() as scene:
        scene.admin.execute("UPDATE beneficiaries SET nameless_since = current_date WHERE id = 1")
        if scene.act("app", "UPDATE beneficiaries SET version = 2 WHERE id = 1", **A_SIGNED_IN):
            yield "somebody without name is changed"
    with world.scene() as scene:
        scene.admin.execute("DELETE FROM attendances WHERE act_id = 12")
        scene.admin.execute("UPDATE session_hosts SET anonymous_count = 0 WHERE act_id = 12")
        if scene.act("app", "DELETE FROM group_sessions WHERE act_id = 12", **A_SIGNED_IN):
            yield "who took part in a session removes it"
    with world.scene() as scene:
        if scene.act("app", "SELECT sight.meet('fictif3|jo', '1980-01-01', 1)", **A_SIGNED_IN) != 1:
            yield "nobody is met"
        if scene.act("app", "SELECT 1 FROM beneficiaries WHERE id = 3", **A_SIGNED_IN) != 1:
            yield "who is met is not seen"
    for account, reached in ((1, 1), (6, 1), (7, None)):
        with world.scene() as scene:
            saying = f"INSERT INTO messages (id, account_id, text) VALUES (99, {account}, 'x')"
            if scene.act("app", saying, sign_in=secret_of(account)) != reached:
                yield f"{account} speaks to the network, or not"


def second_lines_that_give_way(world: World) -> Iterator[str]:
    """Rows that change hands once a right on columns is given by mistake."""
    for role, table, change, settings in (
        ("app", "sign_ins", "account_id = 2", A_SIGNED_IN),
        ("door", "sign_ins", "account_id = 1", {"door": "compte2@demo.example"}),
        ("app", "involvements", "structure_id = 3", A_SIGNED_IN),
        ("app", "acts", "structure_id = 3", A_SIGNED_IN),
        ("app", "orientations", "from_structure_id = 2, to_structure_id = 3", A_SIGNED_IN),
        ("app", "plans", "parcours_id = 3", A_SIGNED_IN),
    ):
        with world.scene() as scene:
            scene.admin.execute(f"GRANT UPDATE ON {table} TO ramsess_{role}".encode())
            if scene.act(role, f"UPDATE {table} SET {change}", **settings) is not None:
                yield f"{role}: {change} {table}"


def test_a_row_does_not_change_hands_even_with_a_right_too_many(world: World) -> None:
    assert list(second_lines_that_give_way(world)) == []
