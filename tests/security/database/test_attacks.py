"""What somebody signed in would try, if she could say any SQL to the database."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.security.database.world import World, secret_of

DENIED = psycopg.errors.InsufficientPrivilege

REFUSED = {
    "know an unseen person by moving what one knows":
        "UPDATE acquaintances SET beneficiary_id = 3",
    "know an unseen person": "INSERT INTO acquaintances VALUES (3, 1, current_date)",
    "know an unseen person, on conflict":
        "INSERT INTO acquaintances VALUES (3, 1, current_date) "
        "ON CONFLICT (beneficiary_id, structure_id) DO UPDATE SET informed_on = current_date",
    "take somebody's project into a parcours of one's own":
        "INSERT INTO parcours (reference, project_id, lead_structure_id, entered_on, "
        "entry_phase_code, origin, jobs_created, jobs_consolidated, version) "
        "VALUES ('P-2020-0099', 3, 1, current_date, 'EME', '', 0, 0, 1)",
    "take somebody's project by an update": "UPDATE parcours SET project_id = 3 WHERE id = 1",
    "become the lead": "UPDATE parcours SET lead_structure_id = 1 WHERE id = 2",
    "choose the code": "UPDATE parcours SET join_code = '00000000' WHERE id = 2",
    "take part without the code":
        "INSERT INTO involvements (parcours_id, structure_id, joined_on) "
        "VALUES (3, 1, current_date)",
    "come back after leaving":
        "INSERT INTO involvements (parcours_id, structure_id, joined_on) "
        "VALUES (4, 1, current_date)",
    "move one's part": "UPDATE involvements SET parcours_id = 3 WHERE id = 5",
    "attach a person to another's parcours":
        "INSERT INTO parcours_beneficiaries (parcours_id, beneficiary_id, sex_code, "
        "situation_code, education_code) VALUES (2, 1, 'NR', 'NR', 'NR')",
    "attach an act to an unseen parcours": "UPDATE acts SET parcours_id = 3 WHERE id = 1",
    "attach an act to a parcours left, after leaving":
        "UPDATE acts SET parcours_id = 4, done_on = current_date WHERE id = 1",
    "give an act away": "UPDATE acts SET structure_id = 2 WHERE id = 1",
    "name an unseen person in one's act":
        "INSERT INTO act_beneficiaries (act_id, beneficiary_id, sex_code, situation_code, "
        "education_code) VALUES (1, 3, 'NR', 'NR', 'NR')",
    "prolong one's role": "UPDATE grants SET until = NULL",
    "give oneself a role": "INSERT INTO grants (account_id, role_name) VALUES (1, 'dpo')",
    "open one's account again": "UPDATE accounts SET active = true",
    "take an address": "UPDATE accounts SET email = 'autre@demo.example'",
    "a sign-in without end":
        "INSERT INTO sign_ins (id, account_id, token_hash, idle_until, expires_at, browser) "
        "VALUES (gen_random_uuid(), 1, 'x', now(), now() + interval '1 year', '')",
    "a sign-in for another":
        "INSERT INTO sign_ins (id, account_id, token_hash, idle_until, expires_at, browser) "
        "VALUES (gen_random_uuid(), 2, 'x', now(), now() + interval '1 hour', '')",
    "stay for ever": "UPDATE sign_ins SET idle_until = now() + interval '1 year'",
    "prolong a sign-in": "UPDATE sign_ins SET expires_at = now() + interval '1 year'",
    "ask whose address has an account": "SELECT sight.at_the_door()",
    "sign the journal for another":
        "SELECT audit_note_many('{read_person}', '{2}', '{2}', '{1}', '{x}')",
    "sign the journal for nobody":
        "SELECT audit_note_many('{read_person}', '{NULL}', '{1}', '{1}', '{x}')",
    "sign the journal for a structure of others":
        "SELECT audit_note_many('{read_person}', '{1}', '{2}', '{1}', '{x}')",
    "forget the journal": "SELECT audit_forget(1)",
    "erase the day of an erasure": "UPDATE beneficiaries SET nameless_since = current_date",
    "put a table before ours": "CREATE TEMP TABLE beneficiaries (id int)",
    "a function that tells": "CREATE FUNCTION pg_temp.tell(text) RETURNS bool LANGUAGE sql "
        "AS 'SELECT true'",
    "a table of one's own": "CREATE TABLE public.copy (id int)",
    "another role": "SET ROLE ramsess_batch",
    "the owner": "SET ROLE ramsess_owner",
    "another session": "SET SESSION AUTHORIZATION ramsess_batch",
    "no policies": "SET row_security = off; SELECT 1 FROM beneficiaries",
    "a file of the server": "COPY beneficiaries TO '/tmp/people'",
    "a command of the server": "COPY beneficiaries TO PROGRAM 'cat'",
    "what the planner knows": "SELECT 1 FROM pg_statistic",
}  # fmt: skip


@pytest.fixture
def attacker(world: World) -> Any:
    """A connection of the pages, on which an adviser of A says what she likes."""
    with world.enter("app", sign_in=secret_of(1)) as connection:
        yield connection


def test_each_attempt_is_refused(attacker: psycopg.Connection[Any]) -> None:
    passed = []
    for name, statement in REFUSED.items():
        try:
            with attacker.transaction(force_rollback=True):
                attacker.execute(statement)
        except DENIED:
            continue
        passed.append(name)
    assert passed == []


@pytest.mark.parametrize("statement", [
    "UPDATE sign_ins SET revoked_at = NULL WHERE revoked_at IS NOT NULL",
    "UPDATE beneficiaries SET version = 9 WHERE id IN (3, 4)",
    "SELECT 1 FROM beneficiaries WHERE id IN (3, 4) FOR UPDATE",
    "DELETE FROM attendances WHERE structure_id = 2",
    "SELECT 1 FROM pg_stats WHERE tablename IN ('beneficiaries', 'acts', 'accounts')",
    "SELECT 1 WHERE sight.who((SELECT 3)::bigint) IS NOT NULL",
    "SELECT 1 FROM sight.work_of_others(3)",
    "SELECT 1 FROM sight.attendance(13) WHERE people > 0",
    "SELECT 1 WHERE sight.newborn(3) OR sight.person(3) OR sight.parcours(3) OR sight.act(3)",
    "SELECT 1 WHERE sight.last_act(3) IS NOT NULL",
    "SELECT 1 WHERE sight.meet('fictif3|jo', '1980-01-01', 2) IS NOT NULL",
])  # fmt: skip
def test_a_statement_reaches_nothing(attacker: psycopg.Connection[Any], statement: str) -> None:
    assert attacker.execute(statement).rowcount == 0


def test_at_the_door_of_another_nobody_inside_sees_her_account(world: World) -> None:
    for role, seen in (("app", {1}), ("door", {1, 2})):
        with world.enter(role, sign_in=secret_of(1), door="compte2@demo.example") as connection:
            assert {row[0] for row in connection.execute("SELECT id FROM accounts")} == seen


def test_the_door_opens_on_no_record(world: World) -> None:
    with world.enter("door", door="compte1@demo.example") as connection:
        for table in ("beneficiaries", "parcours", "acts", "advisers", "audit_details"):
            with pytest.raises(DENIED), connection.transaction():
                connection.execute(f"SELECT 1 FROM {table}")


def test_what_another_host_noted_does_not_go_with_a_session(world: World) -> None:
    with world.enter("app", sign_in=secret_of(2)) as connection:
        assert connection.execute("DELETE FROM session_hosts WHERE act_id = 12").rowcount == 2
        connection.rollback()
    with psycopg.connect(world.address("batch")) as connection:
        connection.execute("UPDATE session_hosts SET anonymous_count = 1 WHERE structure_id = 1")
    with world.enter("app", sign_in=secret_of(2)) as connection:
        for statement in (
            "DELETE FROM acts WHERE id = 12",
            "DELETE FROM group_sessions WHERE act_id = 12",
            "DELETE FROM session_hosts WHERE act_id = 12 AND structure_id = 1",
        ):
            assert connection.execute(statement).rowcount == 0


def test_a_code_has_served_once_somebody_came_or_left(world: World) -> None:
    code = "SELECT join_code FROM parcours WHERE id = 2"
    with world.enter("app", sign_in=secret_of(1)) as connection:
        before = connection.execute(code).fetchone()
        connection.execute("UPDATE involvements SET left_on = current_date WHERE id = 5")
        assert connection.execute(code).fetchone() != before


def test_who_presents_the_code_sees_and_joins_but_changes_nothing(world: World) -> None:
    with world.enter("batch") as connection:
        code = connection.execute("SELECT join_code FROM parcours WHERE id = 3").fetchone()
    assert code
    with world.enter("app", sign_in=secret_of(1), presented=f"P-2020-0003 {code[0]}") as inside:
        assert inside.execute("SELECT 1 FROM parcours WHERE id = 3 FOR UPDATE").rowcount == 1
        assert inside.execute("SELECT 1 FROM beneficiaries WHERE id = 3").rowcount == 0
        assert inside.execute("DELETE FROM fundings WHERE parcours_id = 3").rowcount == 0
        with pytest.raises(DENIED), inside.transaction():
            inside.execute("UPDATE parcours SET exited_on = current_date WHERE id = 3")
        inside.execute(
            "INSERT INTO involvements (id, parcours_id, structure_id, joined_on) "
            "VALUES (99, 3, 1, current_date)"
        )
        assert inside.execute("SELECT 1 FROM beneficiaries WHERE id = 3").rowcount == 1


def test_an_error_quotes_no_row_of_another(attacker: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation) as told, attacker.transaction():
        attacker.execute(
            "INSERT INTO beneficiaries (last_name, first_name, name_key, search_key, birth_date, "
            "sex_code, situation_code, education_code, phone, email, version) VALUES "
            "('x', 'x', 'fictif3|jo', 'x', '1980-01-01', 'NR', 'NR', 'NR', '', '', 1)"
        )
    assert told.value.diag.message_detail is None
