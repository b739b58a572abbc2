"""What each function that decides answers, for every case and whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.security.database.world import World, secret_of

ADVISER_OF_A, ADVISER_OF_B, ADVISER_OF_C, COORDINATOR, OF_A_AND_C = 1, 2, 3, 6, 8
LEFT, ADMINISTRATOR, COORDINATED, COORDINATES_FOR_SOME_WEEKS = 4, 7, 11, 12
MANAGER_OF_A, MANAGER_OF_B = 9, 10
# Condition → the cases for which it holds, asked by A and by B; a session is ten more.
HOLDS: dict[str, tuple[set[int], set[int]]] = {
    "sight.takes_part(k)": ({1, 2}, {2, 3, 4}),
    "sight.parcours(k)": ({1, 2}, {2, 3, 4}),
    "sight.project(k)": ({1, 2}, {2, 3, 4}),
    "sight.person(k)": ({1, 2}, {2, 3, 4}),
    "sight.invited(k)": (set(), set()),
    "sight.leads(k)": ({1}, {2, 3, 4}),
    "sight.led_by(k, 1)": ({1}, set()),
    "sight.led_by(k, 2)": (set(), {2, 3, 4}),
    "sight.took_part(k, 1, '2020-06-01')": ({1, 2, 4}, set()),
    "sight.took_part(k, 1, current_date)": ({1, 2}, set()),
    "sight.took_part(k, 1, '2019-12-31')": (set(), set()),
    "sight.took_part(k, 2, current_date)": (set(), {2, 3, 4}),
    "sight.act(k)": ({1, 2, 11, 12}, {2, 3, 4, 12, 13, 14}),
    "sight.records(k)": ({1, 11}, {2, 3, 4, 12, 13, 14}),
    "sight.newborn(k)": (set(), set()),
    "sight.new_project(k)": (set(), set()),
    "sight.noted_by(k, 1)": (set(), {11}),
    "sight.noted_by(k, 2)": ({12, 13, 14}, set()),
    "sight.noted_by_others(k)": ({12, 13, 14}, {11}),
    "sight.last_act(k) = '2020-01-31'::date + k % 10": ({1, 2}, {2, 3, 4}),
    "sight.last_act(k, 1) = '2020-01-31'::date + k % 10": ({1, 2}, {2}),
    "sight.last_act(k, 3) IS NOT NULL": (set(), set()),
    "(2, 1) IN (SELECT structure, people FROM sight.attendance(k))": ({12}, {12, 13, 14}),
    "(1, 1) IN (SELECT structure, people FROM sight.attendance(k))": ({11}, set()),
    "(SELECT people FROM sight.attendance(k) WHERE structure IS NULL) = 1":
        ({11, 12}, {12, 13, 14}),
    "EXISTS (SELECT FROM sight.work_of_others(k))": (set(), set()),
    "sight.who(k) IS NOT NULL": ({1, 2}, {2, 3, 4}),
    "sight.party(k)": ({1, 5, 6, 7, 10, 11, 12}, {2, 3, 4, 8, 9, 10, 11, 12}),
    "sight.unshared(k)": (set(), set()),
    "sight.taken_up(k) IS NOT NULL": (set(), set()),
    "sight.open_diagnostic(k)": ({1, 2}, {2, 3, 4}),
    "sight.current_plan(k)": ({1, 2}, {2, 3, 4}),
    "EXISTS (SELECT FROM sight.done_for_plan(k))": ({1, 2}, {2}),
    "(SELECT count(*) FROM sight.network_meetings()) = 4": (set(range(1, 16)),) * 2,
    "sight.manages_post(k)": (set(), set()),
    "EXISTS (SELECT FROM sight.post_hours(k, '2020-01-01', '2020-12-31'))": (set(), set()),
    "sight.works()": (set(range(1, 16)),) * 2,
    # Who may read: the accounts of A (1 and 8, not those who left or are disabled), of B (2).
    "(1 IN (SELECT account FROM sight.audience(k, NULL)))": ({1, 2}, {2}),
    "(8 IN (SELECT account FROM sight.audience(k, NULL)))": ({1, 2}, {2}),
    "(2 IN (SELECT account FROM sight.audience(k, NULL)))": ({2}, {2, 3, 4}),
    "(1 IN (SELECT account FROM sight.audience(NULL, k)))": ({1, 2, 11, 12}, {2, 12}),
    "(2 IN (SELECT account FROM sight.audience(NULL, k)))": ({2, 12}, {2, 3, 4, 12, 13, 14}),
    "EXISTS (SELECT FROM sight.audience(k, NULL) WHERE account IN (3, 4, 5, 6, 7))":
        (set(), set()),
    "EXISTS (SELECT FROM sight.audience(NULL, k) WHERE account IN (3, 4, 5, 6, 7))":
        (set(), set()),
    "(SELECT array_agg(account ORDER BY account) FROM sight.audience(NULL, NULL)) "
    "= '{1,2,3,6,8,9,10,12}'": (set(range(1, 16)),) * 2,
    "(SELECT array_agg(account ORDER BY account) FROM sight.colleagues()) "
    "= '{1,2,3,4,5,6,8,9,10,11,12}'": (set(range(1, 16)),) * 2,
}  # fmt: skip
# What is true, or not, of one identity, and who asks.
KNOWN = (
    (ADVISER_OF_A, "sight.known('fictif3|jo', '1980-01-01')", True),
    (ADVISER_OF_A, "sight.known('fictif3|jo', '1980-01-02')", False),
    (ADVISER_OF_A, "sight.known('fictif9|jo', '1980-01-01')", False),
    (ADVISER_OF_A, "sight.known('fictif3|jo', '1980-01-01', 3)", False),
    (COORDINATOR, "sight.known('fictif3|jo', '1980-01-01')", False),
    (ADVISER_OF_A, "sight.meet('fictif3|jo', '1980-01-02', 1) IS NULL", True),
    (ADVISER_OF_A, "sight.meet('fictif9|jo', '1980-01-01', 1) IS NULL", True),
    (ADVISER_OF_A, "sight.meet('fictif3|jo', '1980-01-01', 2) IS NULL", True),
    (ADVISER_OF_A, "sight.meet('fictif3|jo', '1980-01-01', 1) = 3", True),
    (
        ADVISER_OF_A,
        "(SELECT (action, acts, minutes) = (12, 1, 90) FROM sight.done_for_plan(2))",
        True,
    ),
    (OF_A_AND_C, "sight.led_by(1, 1)", True),
    (OF_A_AND_C, "sight.led_by(1, 3)", False),
    (ADVISER_OF_A, "sight.works()", True),
    (COORDINATOR, "sight.works()", True),
    (COORDINATOR, "sight.editions() = '{network,detail,region}'", True),
    (COORDINATES_FOR_SOME_WEEKS, "sight.editions() = '{network,detail,region}'", True),
    (COORDINATED, "sight.editions() = '{}' AND NOT sight.holds('coordinator')", True),
    (ADVISER_OF_A, "sight.editions() = '{network}'", True),
    (ADMINISTRATOR, "sight.editions() = '{}'", True),
    (LEFT, "sight.editions() = '{}'", True),
    (LEFT, "EXISTS (SELECT FROM sight.seals() WHERE address = '7KQ2-M9XD')", True),
    (LEFT, "sight.works()", False),
    (ADMINISTRATOR, "sight.works()", False),
    (COORDINATED, "sight.works()", False),
    (COORDINATES_FOR_SOME_WEEKS, "sight.works()", True),
    (COORDINATOR, "(SELECT count(*) FROM sight.network_meetings()) = 4", True),
    (ADMINISTRATOR, "EXISTS (SELECT FROM sight.network_meetings())", False),
    (
        COORDINATOR,
        "(SELECT people FROM sight.network_meetings() WHERE act_id = 11) LIKE '%,%'",
        False,
    ),
    (
        COORDINATOR,
        "(SELECT people FROM sight.network_meetings() WHERE act_id = 12) LIKE "
        "'Ana Fictive (%), Ana Fictive (%)'",
        True,
    ),
    (
        MANAGER_OF_A,
        "sight.manages_post(8) AND sight.manages_post(1) AND NOT sight.manages_post(2)",
        True,
    ),
    (MANAGER_OF_B, "sight.manages_post(2) AND NOT sight.manages_post(8)", True),
    (COORDINATOR, "sight.manages_post(8)", False),
    (
        MANAGER_OF_A,
        "(SELECT minutes FROM sight.post_hours(1, '2020-01-01', '2020-12-31')) = 180",
        True,
    ),
    (
        MANAGER_OF_A,
        "(SELECT minutes FROM sight.post_hours(1, '2020-02-02', '2020-02-02')) = 30",
        True,
    ),
    (
        MANAGER_OF_A,
        "(SELECT minutes FROM sight.post_hours(1, '2020-01-01', '2020-02-01')) = 150",
        True,
    ),
    (MANAGER_OF_A, "EXISTS (SELECT FROM sight.post_hours(2, '2020-01-01', '2020-12-31'))", False),
    (COORDINATOR, "sight.works()", True),
    (ADMINISTRATOR, "sight.works()", False),
    (LEFT, "sight.works()", False),
    (ADMINISTRATOR, "EXISTS (SELECT FROM sight.audience(NULL, NULL))", False),
    (ADMINISTRATOR, "EXISTS (SELECT FROM sight.colleagues())", False),
    (COORDINATOR, "EXISTS (SELECT FROM sight.audience(1, NULL))", False),
)
# A change, and what one answers afterwards: (account, condition, holds).
AFTER: tuple[tuple[str, int, str, bool], ...] = (
    ("DELETE FROM act_advisers WHERE act_id = 2 AND structure_id = 2",
     ADVISER_OF_A, "sight.last_act(2, 2) = '2020-02-02'", True),
    ("DELETE FROM act_advisers WHERE act_id = 2 AND structure_id = 1",
     ADVISER_OF_B, "sight.last_act(2, 1) IS NULL", True),
    ("DELETE FROM act_advisers WHERE act_id = 2 AND structure_id = 1",
     ADVISER_OF_A, "(SELECT minutes FROM sight.work_of_others(2)) = 60", True),
    ("DELETE FROM act_advisers WHERE act_id = 2 AND structure_id = 1",
     ADVISER_OF_A, "EXISTS (SELECT FROM sight.work_of_others(1))", False),
    ("UPDATE acts SET parcours_id = 2 WHERE id IN (3, 13)",
     ADVISER_OF_A, "(SELECT count(*) FROM sight.work_of_others(2)) = 2", True),
    ("UPDATE involvements SET joined_on = current_date + 2 WHERE id = 5",
     ADVISER_OF_A, "sight.takes_part(2) OR sight.parcours(2) OR sight.project(2)", False),
    ("UPDATE sign_ins SET idle_until = now() - interval '1 s'",
     ADVISER_OF_A, "sight.account() IS NOT NULL", False),
    ("DELETE FROM attendances WHERE act_id = 12; "
     "UPDATE session_hosts SET anonymous_count = 0 WHERE act_id = 12",
     ADVISER_OF_A, "sight.noted_by(12, 2) OR sight.noted_by_others(12)", False),
    ("DELETE FROM attendances WHERE act_id = 12",
     ADVISER_OF_A, "sight.noted_by(12, 2) AND sight.noted_by_others(12)", True),
    ("UPDATE session_hosts SET anonymous_count = 0 WHERE act_id = 12",
     ADVISER_OF_A, "sight.noted_by(12, 2) AND sight.noted_by_others(12)", True),
    ("DELETE FROM act_advisers WHERE act_id = 1", ADVISER_OF_A, "sight.act(1)", True),
    *((change, MANAGER_OF_A, "sight.manages_post(8)", holds) for change, holds in (
        ("UPDATE grants SET until = current_date WHERE account_id = 9", True),
        ("UPDATE grants SET until = current_date - 2 WHERE account_id = 9", False),
        ("UPDATE assignments SET from_on = current_date, to_on = current_date WHERE id = 8", True),
        ("UPDATE assignments SET from_on = current_date + 2 WHERE id = 8", False),
        ("UPDATE assignments SET to_on = current_date - 2 WHERE id = 8", False),
        ("UPDATE grants SET role_name = 'adviser' WHERE account_id = 9", False),
    )),
    *((change, MANAGER_OF_A, "EXISTS (SELECT FROM sight.post_hours(1, '2020-01-01', "
       "'2020-12-31') WHERE structure = 2)", holds) for change, holds in (
        ("UPDATE act_advisers SET structure_id = 2 WHERE act_id = 1", False),
        ("INSERT INTO assignments (id, adviser_id, structure_id, from_on) "
         "VALUES (20, 1, 2, '2000-01-01'); "
         "UPDATE act_advisers SET structure_id = 2 WHERE act_id = 1", True),
        ("INSERT INTO assignments (id, adviser_id, structure_id, from_on, to_on) "
         "VALUES (20, 1, 2, '2000-01-01', current_date - 2); "
         "UPDATE act_advisers SET structure_id = 2 WHERE act_id = 1", False),
        ("INSERT INTO assignments (id, adviser_id, structure_id, from_on) "
         "VALUES (20, 1, 2, current_date + 2); "
         "UPDATE act_advisers SET structure_id = 2 WHERE act_id = 1", False),
        ("INSERT INTO assignments (id, adviser_id, structure_id, from_on, to_on) "
         "VALUES (20, 1, 2, current_date, current_date); "
         "UPDATE act_advisers SET structure_id = 2 WHERE act_id = 1", True),
        ("INSERT INTO assignments (id, adviser_id, structure_id, from_on) "
         "VALUES (20, 3, 2, '2000-01-01'); "
         "UPDATE act_advisers SET structure_id = 2 WHERE act_id = 1", False),
    )),
    ("UPDATE act_advisers SET adviser_id = 8 WHERE act_id = 1", MANAGER_OF_A,
     "(SELECT minutes FROM sight.post_hours(1, '2020-01-01', '2020-12-31')) = 120", True),
    *((f"UPDATE acts SET done_on = current_date + {ahead} WHERE id = 1", MANAGER_OF_A,
       "EXISTS (SELECT FROM sight.post_hours(1, current_date, current_date + 9))", holds)
      for ahead, holds in ((0, True), (2, False))),
    ("DELETE FROM act_advisers WHERE act_id = 11", ADVISER_OF_A,
     "1 IN (SELECT account FROM sight.audience(NULL, 11))", True),
    ("UPDATE involvements SET joined_on = current_date + 2 WHERE id = 5", ADVISER_OF_B,
     "1 IN (SELECT account FROM sight.audience(2, NULL))", False),
    ("UPDATE involvements SET left_on = current_date WHERE id = 5", ADVISER_OF_B,
     "1 IN (SELECT account FROM sight.audience(2, NULL))", True),
    ("UPDATE grants SET until = current_date WHERE account_id = 1", ADVISER_OF_A,
     "sight.works() AND 1 IN (SELECT account FROM sight.audience(NULL, NULL))", True),
    ("UPDATE grants SET until = current_date WHERE account_id = 1",
     ADVISER_OF_A, "sight.takes_part(1)", True),
    ("UPDATE involvements SET left_on = current_date WHERE id = 5", ADVISER_OF_A,
     "sight.takes_part(2) AND EXISTS (SELECT FROM phase_changes WHERE parcours_id = 2)", True),
    ("UPDATE involvements SET joined_on = current_date + 2 WHERE id = 5", ADVISER_OF_A,
     "EXISTS (SELECT FROM phase_changes WHERE parcours_id = 2)", False),
)  # fmt: skip
# The same of orientations: what is asked and told of them, what takes them up.
_ALONE = "UPDATE acts SET parcours_id = NULL, plan_action_id = NULL"
_APRIL = "UPDATE acts SET done_on = '2020-04-01'"
_OF_C, _OF_A = ("INSERT INTO act_advisers VALUES (2, 3, 3, 2, 2, 10)",
                "INSERT INTO act_advisers VALUES (4, 1, 1, 2, 2, 10)")  # fmt: skip
_REASONS = "(SELECT count(reason) FROM sight.offers())"
_PHASE = "(SELECT phase_code FROM sight.offers() WHERE from_structure_id = 1 AND answer IS NULL)"
AFTER_ORIENTATION: tuple[tuple[str, int, str, bool], ...] = (
    ("SELECT 1", ADVISER_OF_C, "(SELECT count(*) FROM sight.offers()) = 7", True),
    ("SELECT 1", ADVISER_OF_C, f"{_REASONS} = 4", True),
    ("SELECT 1", ADVISER_OF_A, f"(SELECT count(*) FROM sight.offers()) = 3 AND {_REASONS} = 1",
     True),
    ("SELECT 1", ADVISER_OF_B, "EXISTS (SELECT FROM sight.offers())", False),
    ("SELECT 1", COORDINATOR, "EXISTS (SELECT FROM sight.offers())", False),
    ("SELECT 1", ADVISER_OF_A,
     "(SELECT array_agg(answer_note) FROM sight.offers() WHERE answer_note IS NOT NULL) "
     "= '{pourquoi}'", True),
    ("SELECT 1", ADVISER_OF_C, "EXISTS (SELECT FROM sight.offers() WHERE answer IS NOT NULL "
     "AND num_nonnulls(answer_note, reason, phase_code, sector_code, legal_form_code, "
     "department_code) > 0)", False),
    ("UPDATE phase_changes SET phase_code = 'DEV' WHERE parcours_id <> 1; "
     "INSERT INTO phase_changes VALUES (90, 1, 'CON', current_date + 2)",
     ADVISER_OF_C, f"{_PHASE} = 'FAI'", True),
    ("UPDATE phase_changes SET reached_on = current_date", ADVISER_OF_C, f"{_PHASE} = 'FAI'", True),
    ("DELETE FROM phase_changes", ADVISER_OF_C, f"{_PHASE} = 'EME'", True),
    ("UPDATE projects SET sector_code = 'NUM', legal_form_code = 'SCOP', commune_code = '13005'",
     ADVISER_OF_C, "(SELECT count(*) FROM sight.offers() WHERE sector_code = 'NUM' "
     "AND legal_form_code = 'SCOP' AND department_code = '13') = 4", True),
    ("UPDATE beneficiaries SET commune_code = '84003'", ADVISER_OF_A,
     "(SELECT array_agg(department_code) FROM sight.offers() WHERE reason IS NOT NULL) "
     "= '{84}'", True),
    ("UPDATE acquaintances SET sharing_agreed = false", ADVISER_OF_A,
     "sight.unshared(1) AND sight.unshared(5) AND sight.unshared(10)", True),
    ("UPDATE acquaintances SET sharing_agreed = false", ADVISER_OF_A, "sight.unshared(3)", False),
    ("UPDATE acquaintances SET sharing_agreed = true", ADVISER_OF_A, "sight.unshared(1)", False),
    ("UPDATE acquaintances SET sharing_agreed = false WHERE beneficiary_id <> 1",
     ADVISER_OF_A, "sight.unshared(1) OR sight.unshared(5)", False),
    ("INSERT INTO acquaintances VALUES (2, 3, current_date, NULL, false), "
     "(3, 1, current_date, NULL, false)",
     ADVISER_OF_B, "sight.unshared(2) OR sight.unshared(10)", False),
    # What the référente was told counts when another structure orients.
    ("UPDATE orientations SET from_structure_id = 1 WHERE id = 2; "
     "UPDATE acquaintances SET sharing_agreed = false WHERE structure_id = 2",
     ADVISER_OF_A, "sight.unshared(2)", True),
    (_APRIL, ADVISER_OF_B, "coalesce(sight.taken_up(8), sight.taken_up(12)) IS NOT NULL", False),
    (_OF_C, ADVISER_OF_B, "sight.taken_up(8) IS NOT NULL", False),
    (f"{_OF_C}; UPDATE acts SET done_on = '2020-03-02'", ADVISER_OF_B,
     "sight.taken_up(8) = '2020-03-02' AND sight.taken_up(9) IS NULL", True),
    (f"{_OF_C}; {_APRIL}", ADVISER_OF_C, "sight.taken_up(8) = '2020-04-01'", True),
    (f"{_OF_C}; {_APRIL}", ADVISER_OF_A, "sight.taken_up(8) IS NOT NULL", False),
    (f"{_OF_C}; {_APRIL}; UPDATE orientations SET answer = 'refused' WHERE id = 8",
     ADVISER_OF_B, "sight.taken_up(8) IS NOT NULL", False),
    (f"{_OF_A}; {_APRIL}", ADVISER_OF_B, "sight.taken_up(12) = '2020-04-01'", True),
    (f"{_OF_A}; {_APRIL}; {_ALONE}",
     ADVISER_OF_B, "sight.taken_up(12) = '2020-04-01'", True),
    (f"{_OF_A}; {_APRIL}; DELETE FROM act_beneficiaries",
     ADVISER_OF_B, "sight.taken_up(12) = '2020-04-01'", True),
    (f"{_OF_A}; {_APRIL}; DELETE FROM act_beneficiaries; {_ALONE}",
     ADVISER_OF_B, "sight.taken_up(12) IS NOT NULL", False),
    # Who may read a message, and who manages a post, is of a structure that belongs to the network.
    *(
        (f"UPDATE memberships SET {change} WHERE structure_id = 1", account, condition, holds)
        for account, condition in (
            (ADVISER_OF_B, "1 IN (SELECT account FROM sight.audience(NULL, NULL))"),
            (ADVISER_OF_B, "1 IN (SELECT account FROM sight.audience(2, NULL))"),
            (MANAGER_OF_A, "sight.manages_post(1)"),
        )
        for change, holds in (
            ("left_on = current_date", True),
            ("left_on = current_date - 2", False),
            ("joined_on = current_date", True),
            ("joined_on = current_date + 2", False),
        )
    ),
    ("UPDATE grants SET until = current_date - 2 WHERE account_id = 9;"
     "INSERT INTO grants (id, account_id, role_name, structure_id) VALUES (99, 9, 'adviser', 1)",
     MANAGER_OF_A, "sight.manages_post(1)", False),
    ("UPDATE grants SET until = current_date WHERE account_id = 9",
     MANAGER_OF_A, "sight.manages_post(1)", True),
    # A structure sees from its first day in the network to its last one.
    ("UPDATE memberships SET left_on = current_date", ADVISER_OF_A, "sight.takes_part(1)", True),
    ("UPDATE memberships SET left_on = current_date - 2 WHERE structure_id = 1",
     ADVISER_OF_A, "sight.structures() <> '{}' OR sight.person(1)", False),
    ("UPDATE memberships SET left_on = current_date - 2 WHERE structure_id <> 1",
     ADVISER_OF_A, "sight.takes_part(1)", True),
    ("UPDATE memberships SET joined_on = current_date + 2 WHERE structure_id = 1",
     ADVISER_OF_A, "sight.structures() <> '{}'", False),
)  # fmt: skip
# The ways of knowing person 1, each of which is enough.
WAYS = {
    "acquaintances": "DELETE FROM acquaintances WHERE beneficiary_id = 1",
    "parcours": "DELETE FROM parcours_beneficiaries WHERE beneficiary_id = 1",
    "acts": "DELETE FROM act_beneficiaries WHERE beneficiary_id = 1",
    "sessions": "DELETE FROM attendances WHERE beneficiary_id = 1",
    "workbooks": "DELETE FROM exchange_keys WHERE record_id = 1",
}


def test_each_function_answers_what_the_trade_says(world: World) -> None:
    assert list(answers_that_differ(world)) == []


def answers_that_differ(world: World) -> Iterator[str]:
    """Answers that are not those of the cases."""
    for place, account in enumerate((ADVISER_OF_A, ADVISER_OF_B)):
        with world.enter("app", sign_in=secret_of(account)) as connection:
            for condition, cases in HOLDS.items():
                found = connection.execute(
                    f"SELECT k FROM generate_series(1, 15) k WHERE {condition}".encode()
                )
                if {k for (k,) in found} != cases[place]:
                    yield f"{condition} for {account}"
    for account, condition, holds in KNOWN:
        with world.enter("app", sign_in=secret_of(account)) as connection:
            if connection.execute(f"SELECT {condition}".encode()).fetchone() != (holds,):
                yield f"{condition} for {account}"
    yield from _answers_after(world)
    yield from _ways_that_do_not_lead(world)


def _answers_after(world: World) -> Iterator[str]:
    for change, account, condition, holds in (*AFTER, *AFTER_ORIENTATION):
        with world.scene() as scene:
            for statement in change.split("; "):
                scene.admin.execute(statement.encode())
            asked: Any = scene.rows("app", f"SELECT {condition}", sign_in=secret_of(account))
            if asked != [(holds,)]:
                yield f"{condition} after {change}"


def _ways_that_do_not_lead(world: World) -> Iterator[str]:
    for way, change, seen in (
        *((way, "SELECT 1", True) for way in WAYS),
        ("", "SELECT 1", False),
        ("parcours", "UPDATE involvements SET left_on = current_date WHERE id = 1", True),
        ("parcours", "UPDATE involvements SET left_on = current_date - 2 WHERE id = 1", False),
        ("parcours", "UPDATE involvements SET joined_on = current_date + 2 WHERE id = 1", False),
        ("workbooks", "UPDATE exchange_keys SET sheet = 'Actes' WHERE record_id = 1", False),
    ):
        with world.scene() as scene:
            for statement in (change, *(WAYS[other] for other in WAYS if other != way)):
                scene.admin.execute(statement.encode())
            for question in (
                "SELECT 1 FROM beneficiaries WHERE id = 1",
                "SELECT 1 WHERE sight.person(1)",
            ):
                if scene.act("app", question, sign_in=secret_of(ADVISER_OF_A)) != seen:
                    yield f"{way}, {change}: {question}"
    with world.scene() as scene:
        for condition in (
            "sight.who(3) IS NOT NULL",
            "sight.who(5) IS NOT NULL",
            "cardinality(sight.structures()) > 9",
            "sight.works()",
            "sight.manages_post(1)",
        ):
            if scene.rows("batch", f"SELECT {condition}") != [(True,)]:
                yield f"a command: {condition}"
