"""What somebody signed in would try, if she could say any SQL to the database."""

from __future__ import annotations

from collections.abc import Iterator
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
    "open a parcours for another":
        "INSERT INTO projects (id, title, search_key) VALUES (90, 'x', 'x'); "
        "INSERT INTO parcours (reference, project_id, lead_structure_id, entered_on, "
        "entry_phase_code, origin, jobs_created, jobs_consolidated, version) "
        "VALUES ('P-2020-0099', 90, 2, current_date, 'EME', '', 0, 0, 1)",
    "an act of one's own on an unseen parcours":
        "INSERT INTO acts (id, done_on, type_code, structure_id, parcours_id, scheme_code, "
        "anonymous_count, note, version) "
        "VALUES (99, '2020-02-01', 'CSL1', 1, 3, 'DRA', 0, '', 1)",
    "give a session away": "UPDATE acts SET structure_id = 2 WHERE id = 11",
    "note an unseen person at a session":
        "INSERT INTO attendances (act_id, beneficiary_id, structure_id, sex_code, "
        "situation_code, education_code) VALUES (12, 3, 1, 'NR', 'NR', 'NR')",
    "expect an unseen person at a session": "INSERT INTO enrolments VALUES (12, 3, 1)",
    "speak for another structure":
        "INSERT INTO messages (id, account_id, structure_id, text) VALUES (99, 1, 2, 'x')",
    "speak of an unseen parcours":
        "INSERT INTO messages (id, account_id, parcours_id, text) VALUES (99, 1, 3, 'x')",
    "speak of an unseen session":
        "INSERT INTO messages (id, account_id, session_id, text) VALUES (99, 1, 13, 'x')",
    "say again what was withdrawn":
        "UPDATE messages SET text = 'x', withdrawn_at = NULL WHERE id = 1",
    "put an unseen person on one's parcours":
        "INSERT INTO parcours_beneficiaries (parcours_id, beneficiary_id, sex_code, "
        "situation_code, education_code) VALUES (1, 3, 'NR', 'NR', 'NR')",
    "ask for an erasure as another structure":
        "INSERT INTO erasure_requests (person_id, structure_id, account_id, reason_code) "
        "VALUES (2, 3, 1, 'DEM')",
    "ask for an erasure as somebody else":
        "INSERT INTO erasure_requests (person_id, structure_id, account_id, reason_code) "
        "VALUES (2, 1, 2, 'DEM')",
    "ask for the erasure of an unseen person":
        "INSERT INTO erasure_requests (person_id, structure_id, account_id, reason_code) "
        "VALUES (3, 1, 1, 'DEM')",
    "answer one's own request for an erasure":
        "INSERT INTO erasure_requests (person_id, structure_id, account_id, reason_code, answer, "
        "answered_at) VALUES (2, 1, 1, 'DEM', 'done', now())",
    "choose the reference of a session":
        "INSERT INTO group_sessions VALUES (1, 'Atelier', 60, 'S-1')",
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
    "orient from an unseen parcours":
        "INSERT INTO orientations (from_structure_id, to_structure_id, parcours_id, reason, "
        "consent_on, proposed_on) VALUES (1, 3, 3, '', current_date, current_date)",
    "orient from a parcours left":
        "INSERT INTO orientations (from_structure_id, to_structure_id, parcours_id, reason, "
        "consent_on, proposed_on) VALUES (1, 3, 4, '', current_date, current_date)",
    "orient an unseen person":
        "INSERT INTO orientations (from_structure_id, to_structure_id, beneficiary_id, reason, "
        "consent_on, proposed_on) VALUES (1, 3, 3, '', current_date, current_date)",
    "orient in another's name":
        "INSERT INTO orientations (from_structure_id, to_structure_id, beneficiary_id, reason, "
        "consent_on, proposed_on) VALUES (2, 3, 1, '', current_date, current_date)",
    "orient and accept at once":
        "INSERT INTO orientations (from_structure_id, to_structure_id, parcours_id, reason, "
        "consent_on, proposed_on, answer, answered_on) "
        "VALUES (1, 3, 1, '', current_date, current_date, 'accepted', current_date)",
    "accept in another's place":
        "UPDATE orientations SET answer = 'accepted', answered_on = current_date WHERE id = 1",
    "refuse in another's place":
        "UPDATE orientations SET answer = 'refused', answered_on = current_date WHERE id = 1",
    "turn an orientation to somebody else": "UPDATE orientations SET beneficiary_id = 3",
    "prolong one's role": "UPDATE grants SET until = NULL",
    "give oneself a role": "INSERT INTO grants (account_id, role_name) VALUES (1, 'dpo')",
    "open one's account again": "UPDATE accounts SET active = true",
    "take an address": "UPDATE accounts SET email = 'autre@demo.example'",
    "a sign-in without end":
        "INSERT INTO sign_ins (id, account_id, token_hash, idle_until, expires_at, browser) "
        "VALUES (gen_random_uuid(), 1, 'x', now(), now() + interval '1 year', '')",
    "a sign-in that never sleeps":
        "INSERT INTO sign_ins (id, account_id, token_hash, idle_until, expires_at, browser) "
        "VALUES (gen_random_uuid(), 1, 'x', now() + interval '2 hours', now(), '')",
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
    "no policies": "SET row_security = off; SELECT 1 FROM beneficiaries",
    "a file of the server": "COPY beneficiaries TO '/tmp/people'",
    "a command of the server": "COPY beneficiaries TO PROGRAM 'cat'",
    "what the planner knows": "SELECT 1 FROM pg_statistic",
}  # fmt: skip
# At the door of account 2.
REFUSED_AT_THE_DOOR = {
    "a sign-in without end":
        "INSERT INTO sign_ins (id, account_id, token_hash, idle_until, expires_at, browser) "
        "VALUES (gen_random_uuid(), 2, 'x', now(), now() + interval '1 year', '')",
    "a sign-in that never sleeps":
        "INSERT INTO sign_ins (id, account_id, token_hash, idle_until, expires_at, browser) "
        "VALUES (gen_random_uuid(), 2, 'x', now() + interval '2 hours', now(), '')",
    "stay for ever": "UPDATE sign_ins SET idle_until = now() + interval '1 year'",
}  # fmt: skip
# What reaches no row instead of being refused.
IN_VAIN = (
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
    "UPDATE orientations SET version = 2 WHERE id IN (7, 8, 10, 11, 12)",
    "SELECT 1 FROM orientations WHERE id IN (3, 4, 9, 10, 11)",
    "SELECT 1 FROM sight.offers() WHERE answer = 'refused' AND reason IS NOT NULL",
    "SELECT 1 WHERE sight.meet('fictif3|jo', '1980-01-01', 2) IS NOT NULL",
)


def test_each_attempt_is_refused(world: World) -> None:
    assert list(attempts_that_pass(world)) == []


def test_nobody_becomes_who_came_in_as_another(world: World) -> None:
    with world.enter("app", sign_in=secret_of(1)) as attacker, pytest.raises(DENIED):
        attacker.execute("SET SESSION AUTHORIZATION ramsess_batch")


def attempts_that_pass(world: World) -> Iterator[str]:
    """What an adviser of A, or somebody at a door, says that should have been refused."""
    with world.enter("app", sign_in=secret_of(1)) as connection:
        yield from _pass(connection, REFUSED)
    with world.enter("door", door="compte2@demo.example") as connection:
        yield from _pass(connection, REFUSED_AT_THE_DOOR)


def _pass(
    connection: psycopg.Connection[tuple[Any, ...]], refused: dict[str, str]
) -> Iterator[str]:
    for name, statement in refused.items():
        try:
            with connection.transaction(force_rollback=True):
                connection.execute(statement.encode())
        except DENIED:
            continue
        yield name


def test_a_statement_reaches_nothing(world: World) -> None:
    assert list(statements_that_reach(world)) == []


def statements_that_reach(world: World) -> Iterator[str]:
    """What she says that finds a row of others."""
    with world.enter("app", sign_in=secret_of(1)) as connection:
        for statement in IN_VAIN:
            with connection.transaction(force_rollback=True):
                if connection.execute(statement).rowcount:
                    yield statement


def test_at_the_door_of_another_nobody_inside_sees_her_account(world: World) -> None:
    for role, seen in (("app", {1}), ("door", {1, 2})):
        with world.enter(role, sign_in=secret_of(1), door="compte2@demo.example") as connection:
            assert {row[0] for row in connection.execute("SELECT id FROM accounts")} == seen


def test_the_door_opens_on_no_record(world: World) -> None:
    with world.enter("door", door="compte1@demo.example") as connection:
        for table in ("beneficiaries", "parcours", "acts", "advisers", "audit_details"):
            with pytest.raises(DENIED), connection.transaction():
                connection.execute(f"SELECT 1 FROM {table}")


def test_an_error_quotes_no_row_of_another(world: World) -> None:
    with (
        world.enter("app", sign_in=secret_of(1)) as attacker,
        pytest.raises(psycopg.errors.UniqueViolation) as told,
        attacker.transaction(),
    ):
        attacker.execute(
            "INSERT INTO beneficiaries (last_name, first_name, name_key, search_key, birth_date, "
            "sex_code, situation_code, education_code, phone, email, version) VALUES "
            "('x', 'x', 'fictif3|jo', 'x', '1980-01-01', 'NR', 'NR', 'NR', '', '', 1)"
        )
    assert told.value.diag.message_detail is None
