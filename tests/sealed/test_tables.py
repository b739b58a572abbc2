"""What the database itself refuses, table by table; the same in the open quarter passes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from ramsess.reports.fact_columns import (
    ACTIONS,
    ACTS,
    ASSIGNMENTS,
    DIAGNOSTICS,
    FUNDINGS,
    HANDED_IN,
    INVOLVEMENTS,
    MEMBERS,
    NAMED,
    PARCOURS,
    PHASES,
    PLANS,
    SHARES,
)
from ramsess.reports.orientations import ORIENTATIONS
from ramsess.roles import role_url
from tests.conftest import administrator
from tests.sealed.scene import Scene, make_scene

# {q} is ``in`` for the sealed quarter and ``out`` for the open one, {day} a day of it: what is
# refused of the one passes of the other.
DATED = """
INSERT INTO acts (done_on, type_code, structure_id, scheme_code, anonymous_count, note, version) VALUES ('{day}', 'CSL1', {APEAS}, 'DRA', 0, '', 1)
UPDATE acts SET done_on = done_on + 1 WHERE id = {q_act}
UPDATE acts SET type_code = 'CSL2' WHERE id = {q_act}
UPDATE acts SET scheme_code = 'DLA' WHERE id = {q_act}
UPDATE acts SET modality_code = 'T' WHERE id = {q_act}
UPDATE acts SET commune_code = '13055' WHERE id = {q_act}
UPDATE acts SET parcours_id = NULL, plan_action_id = NULL WHERE id = {q_act}
UPDATE acts SET plan_action_id = {q_action} WHERE id = {q_act}
UPDATE acts SET anonymous_count = 7 WHERE id = {q_act}
UPDATE acts SET recorded_at = now() - interval '1 day' WHERE id = {q_act}
DELETE FROM acts WHERE id = {q_welcome}
INSERT INTO act_advisers (act_id, adviser_id, structure_id, recorded_by_id, position, minutes) VALUES ({q_act}, {ana}, {PLACE}, {APEAS}, 1, 30)
UPDATE act_advisers SET minutes = 90 WHERE act_id = {q_act}
UPDATE act_advisers SET structure_id = {PLACE} WHERE act_id = {q_act}
DELETE FROM act_advisers WHERE act_id = {q_act}
INSERT INTO act_beneficiaries (act_id, beneficiary_id, sex_code, situation_code, education_code) VALUES ({q_act}, {max}, 'NR', 'NR', 'NR')
UPDATE act_beneficiaries SET beneficiary_id = {max} WHERE act_id = {q_welcome}
DELETE FROM act_beneficiaries WHERE act_id = {q_welcome}
INSERT INTO group_sessions (act_id, title, minutes) VALUES ({q_act}, 'Atelier', 60)
UPDATE group_sessions SET minutes = 30 WHERE act_id = {q_session}
DELETE FROM group_sessions WHERE act_id = {q_session}
INSERT INTO session_hosts (act_id, structure_id, anonymous_count) VALUES ({q_session}, {PLACE}, 0)
UPDATE session_hosts SET anonymous_count = 4 WHERE act_id = {q_session}
DELETE FROM session_hosts WHERE act_id = {q_session}
INSERT INTO session_slots (act_id, starts_at, ends_at) VALUES ({q_session}, '14:00', '15:00')
UPDATE session_slots SET ends_at = '10:30' WHERE act_id = {q_session} AND starts_at = '09:00'
DELETE FROM session_slots WHERE act_id = {q_session} AND starts_at = '11:00'
INSERT INTO attendances (act_id, beneficiary_id, structure_id, sex_code, situation_code, education_code) VALUES ({q_session}, {max}, {APEAS}, 'NR', 'NR', 'NR')
UPDATE attendances SET beneficiary_id = {max} WHERE act_id = {q_session} AND beneficiary_id = {lou}
DELETE FROM attendances WHERE act_id = {q_session} AND beneficiary_id = {lou}
INSERT INTO slot_attendances (act_id, beneficiary_id, structure_id, starts_at) VALUES ({q_session}, {zoe}, {APEAS}, '11:00')
UPDATE slot_attendances SET starts_at = '11:00' WHERE act_id = {q_session}
DELETE FROM slot_attendances WHERE act_id = {q_session}
INSERT INTO exchange_keys (structure_id, sheet, local_id, record_id) VALUES ({APEAS}, 'Actes', 'B', {q_act})
UPDATE exchange_keys SET record_id = {q_welcome} - 1000 WHERE record_id = {q_act}
DELETE FROM exchange_keys WHERE record_id = {q_act}
INSERT INTO parcours (reference, project_id, lead_structure_id, entered_on, entry_phase_code, jobs_created, jobs_consolidated, origin, version) VALUES ('P-2009-9999', {project}, {APEAS}, '{day}', 'EME', 0, 0, '', 1)
UPDATE parcours SET entered_on = entered_on - 1 WHERE id = {q_parcours}
UPDATE parcours SET lead_structure_id = {PLACE} WHERE id = {q_parcours}
UPDATE parcours SET entry_phase_code = 'DEM' WHERE id = {q_parcours}
UPDATE parcours SET entry_sector_code = 'AGR' WHERE id = {q_parcours}
UPDATE parcours SET entry_legal_form_code = 'ASSO' WHERE id = {q_parcours}
UPDATE parcours SET entry_commune_code = '13055' WHERE id = {q_parcours}
UPDATE parcours SET exited_on = '{day}' WHERE id = {q_parcours}
UPDATE parcours SET exited_on = NULL, outcome_code = NULL WHERE id = {q_ended}
UPDATE parcours SET outcome_code = 'ABA' WHERE id = {q_ended}
UPDATE parcours SET jobs_created = 2 WHERE id = {q_ended}
UPDATE parcours SET jobs_consolidated = 1.5 WHERE id = {q_ended}
DELETE FROM parcours WHERE id = {q_bare}
INSERT INTO parcours_beneficiaries (parcours_id, beneficiary_id, sex_code, situation_code, education_code) VALUES ({q_parcours}, {max}, 'NR', 'NR', 'NR')
UPDATE parcours_beneficiaries SET sex_code = 'F' WHERE parcours_id = {q_parcours}
UPDATE parcours_beneficiaries SET age = 50 WHERE parcours_id = {q_parcours}
UPDATE parcours_beneficiaries SET situation_code = 'SAL' WHERE parcours_id = {q_parcours}
UPDATE parcours_beneficiaries SET education_code = 'N4' WHERE parcours_id = {q_parcours}
UPDATE parcours_beneficiaries SET commune_code = '13055' WHERE parcours_id = {q_parcours}
UPDATE parcours_beneficiaries SET rsa = true WHERE parcours_id = {q_parcours}
UPDATE parcours_beneficiaries SET qpv = true WHERE parcours_id = {q_parcours}
UPDATE parcours_beneficiaries SET beneficiary_id = {max} WHERE parcours_id = {q_parcours}
DELETE FROM parcours_beneficiaries WHERE parcours_id = {q_parcours}
INSERT INTO phase_changes (parcours_id, reached_on, phase_code) VALUES ({q_parcours}, DATE '{day}' + 1, 'MON')
UPDATE phase_changes SET phase_code = 'DEM' WHERE parcours_id = {q_parcours}
DELETE FROM phase_changes WHERE parcours_id = {q_parcours}
INSERT INTO fundings (parcours_id, source_code, cents, obtained_on, label) VALUES ({q_ended}, 'DEP', 5, '{day}', '')
UPDATE fundings SET cents = 1 WHERE parcours_id = {q_ended}
UPDATE fundings SET source_code = 'DEP' WHERE parcours_id = {q_ended}
DELETE FROM fundings WHERE parcours_id = {q_ended}
INSERT INTO involvements (parcours_id, structure_id, joined_on) VALUES ({q_parcours}, {INTERMADE}, '{day}')
UPDATE involvements SET joined_on = joined_on + 1 WHERE parcours_id = {q_parcours} AND structure_id = {PLACE}
UPDATE involvements SET left_on = '{day}' WHERE parcours_id = {q_parcours} AND structure_id = {PLACE}
DELETE FROM involvements WHERE parcours_id = {q_parcours} AND structure_id = {PLACE}
INSERT INTO assignments (adviser_id, structure_id, share, from_on, to_on) VALUES ({ana}, {PLACE}, 20, '{day}', '{day}')
UPDATE assignments SET share = 50 WHERE '{day}' BETWEEN from_on AND coalesce(to_on, 'infinity')
UPDATE assignments SET to_on = '{day}' WHERE '{day}' BETWEEN from_on AND coalesce(to_on, 'infinity')
DELETE FROM assignments WHERE '{day}' BETWEEN from_on AND coalesce(to_on, 'infinity')
INSERT INTO orientations (from_structure_id, to_structure_id, beneficiary_id, reason, answer_note, consent_on, proposed_on, version) VALUES ({APEAS}, {PLACE}, {max}, 'Motif', '', '{day}', '{day}', 1)
UPDATE orientations SET answered_on = answered_on + 1 WHERE id = {q_orientation}
UPDATE orientations SET to_structure_id = NULL, partner_code = (SELECT min(code) FROM partners) WHERE id = {q_orientation}
UPDATE orientations SET answer = 'refused' WHERE id = {q_orientation}
UPDATE orientations SET answer = NULL, answered_on = NULL WHERE id = {q_orientation}
DELETE FROM orientations WHERE id = {q_orientation}
INSERT INTO diagnostics (parcours_id, number, opened_on, synthesis, wording, version) VALUES ({q_parcours}, 2, '{day}', '', 1, 1)
UPDATE diagnostics SET validated_on = validated_on + 1 WHERE id = {q_diagnostic}
UPDATE diagnostics SET opened_on = opened_on + 90 WHERE id = {q_diagnostic}
INSERT INTO plans (parcours_id, diagnostic_id, number, opened_on, superseded_on, reason, version) VALUES ({q_parcours}, {q_diagnostic}, 2, '{day}', '2030-01-01', '', 1)
UPDATE plans SET superseded_on = '{day}' WHERE id = {q_plan}
UPDATE plans SET opened_on = opened_on + 90 WHERE id = {q_plan}
INSERT INTO plan_actions (plan_id, parcours_id, structure_id, objective, planned_acts, planned_minutes, due_on, state, version) VALUES ({q_plan}, {q_parcours}, {APEAS}, 'But', 1, 60, '{day}', 'todo', 1)
UPDATE plan_actions SET planned_minutes = 120 WHERE id = {q_action}
UPDATE plan_actions SET planned_acts = 5 WHERE id = {q_action}
UPDATE plan_actions SET due_on = due_on + 90 WHERE id = {q_action}
UPDATE plan_actions SET structure_id = {PLACE} WHERE id = {q_action}
UPDATE plan_actions SET state = 'done', closed_on = '{day}' WHERE id = {q_action}
DELETE FROM plan_actions WHERE id = {q_action}
INSERT INTO memberships (structure_id, joined_on) SELECT id, '{day}' FROM structures WHERE NOT EXISTS (SELECT FROM memberships m WHERE m.structure_id = structures.id) LIMIT 1
""".strip().splitlines()  # noqa: E501  # a statement a line
# What is not dated in the sealed quarter, or what no report counts: it passes.
FREE = """
UPDATE acts SET note = 'Ajout', version = version + 1 WHERE id = {in_act}
UPDATE act_advisers SET position = 1 WHERE act_id = {in_act}
UPDATE act_beneficiaries SET age = 40, sex_code = 'F' WHERE act_id = {in_welcome}
UPDATE group_sessions SET title = 'Autre titre' WHERE act_id = {in_session}
UPDATE session_hosts SET version = version + 1 WHERE act_id = {in_session}
UPDATE exchange_keys SET local_id = 'efface' WHERE record_id = {in_act}
UPDATE projects SET title = 'Autre titre'
UPDATE beneficiaries SET last_name = 'Autre', phone = '04', birth_date = '1970-01-01', sex_code = 'F'
UPDATE parcours SET origin = 'Mairie', version = version + 1 WHERE id = {in_parcours}
UPDATE parcours SET exited_on = '2009-04-01', outcome_code = 'CRE', jobs_created = 1 WHERE id = {in_parcours}
UPDATE fundings SET label = '' WHERE parcours_id = {in_ended}
INSERT INTO phase_changes (parcours_id, reached_on, phase_code) VALUES ({in_parcours}, '2009-04-01', 'MON')
INSERT INTO involvements (parcours_id, structure_id, joined_on) VALUES ({in_parcours}, {INTERMADE}, '2009-04-01')
UPDATE involvements SET left_on = '2009-04-01' WHERE parcours_id = {in_parcours} AND structure_id = {PLACE}
INSERT INTO parcours (reference, project_id, lead_structure_id, entered_on, exited_on, entry_phase_code, jobs_created, jobs_consolidated, origin, version) VALUES ('P-2008-9999', {project}, {APEAS}, '2008-05-01', '2008-12-31', 'EME', 0, 0, '', 1)
UPDATE assignments SET to_on = '2009-12-31' WHERE to_on IS NULL
UPDATE diagnostics SET synthesis = 'Ajout', version = version + 1 WHERE id = {in_diagnostic}
UPDATE plans SET superseded_on = '2009-04-01', reason = 'Ajout' WHERE id = {in_plan}
UPDATE plan_actions SET objective = 'Autre but', state = 'doing' WHERE id = {in_action}
UPDATE plan_actions SET state = 'done', closed_on = '2009-04-01' WHERE id = {in_action}
UPDATE memberships SET left_on = '2009-12-31'
INSERT INTO acts (done_on, type_code, structure_id, parcours_id, scheme_code, anonymous_count, note, version) VALUES ('2009-04-01', 'CSL1', {APEAS}, {in_parcours}, 'DRA', 0, '', 1)
INSERT INTO acts (done_on, type_code, structure_id, scheme_code, anonymous_count, note, version) VALUES ('2008-12-31', 'CSL1', {APEAS}, 'DRA', 0, '', 1)
""".strip().splitlines()  # noqa: E501  # a statement a line
# Of what goes on, the sealed quarter's report counts what happened before it too.
BEFORE = """
INSERT INTO parcours (reference, project_id, lead_structure_id, entered_on, entry_phase_code, jobs_created, jobs_consolidated, origin, version) VALUES ('P-2008-9999', {project}, {APEAS}, '2008-05-01', 'EME', 0, 0, '', 1)
UPDATE acts SET done_on = '2009-02-10' WHERE id = {out_act}
UPDATE acts SET done_on = '2009-05-10' WHERE id = {in_act}
UPDATE parcours SET entered_on = '2009-03-31' WHERE id = {out_parcours}
UPDATE parcours SET entered_on = '2009-04-01' WHERE id = {in_parcours}
UPDATE involvements SET joined_on = '2008-12-01' WHERE parcours_id = {out_parcours}
""".strip().splitlines()  # noqa: E501  # a statement a line


@pytest.fixture
def scene(session: Session) -> Scene:
    made = make_scene(session)
    # Parcours on which nothing else hangs.
    with administrator() as connection:
        for name, day in (("in", "2009-02-01"), ("out", "2009-05-01")):
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            made.ids[f"{name}_bare"] = connection.execute(
                text(
                    "INSERT INTO parcours (reference, project_id, lead_structure_id, entered_on, "
                    "entry_phase_code, jobs_created, jobs_consolidated, origin, version) VALUES "
                    f"('P-2009-{8000 + len(made.ids)}', :project, :APEAS, '{day}', 'EME', 0, 0, "
                    "'', 1) RETURNING id"
                ),
                made.ids,
            ).scalar_one()
    return made


@pytest.fixture
def entering(app: Flask, scene: Scene) -> Iterator[dict[str, psycopg.Connection]]:
    """Connections as a command and as the pages; nothing of them stays."""
    found = {}
    for role in ("batch", "app"):
        url = role_url(app.config["SETTINGS"], app.config["DATABASE_ADDRESS"], role)
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        found[role] = psycopg.connect(address)
    yield found
    for connection in found.values():
        connection.rollback()
        connection.close()


def done(connection: psycopg.Connection, statement: str) -> str:
    """``passed``, or the SQLSTATE of the refusal; nothing of it stays."""
    with connection.transaction(force_rollback=True):
        try:
            with connection.transaction():
                changed = connection.execute(statement.encode()).rowcount
        except psycopg.Error as fault:
            return fault.sqlstate or "?"
        return "passed" if changed else "nothing"


def of_quarter(scene: Scene, statement: str, quarter: str) -> str:
    named = {name.replace(quarter, "q", 1): number for name, number in scene.ids.items()
             if name.startswith(f"{quarter}_")}  # fmt: skip
    day = {"in": "2009-03-15", "out": "2009-05-15"}[quarter]
    return statement.format(**scene.ids, **named, day=day)


def test_nothing_dated_in_the_sealed_quarter_changes_and_its_twins_do(
    scene: Scene, entering: dict[str, psycopg.Connection]
) -> None:
    batch, wrong = entering["batch"], []
    for statement in DATED:
        sealed = done(batch, of_quarter(scene, statement, "in"))
        opened = done(batch, of_quarter(scene, statement, "out"))
        if (sealed, opened) != ("RS011", "passed"):
            wrong.append((sealed, opened, statement))
    assert not wrong, "\n".join(map(str, wrong))
    for statement in BEFORE:
        assert done(batch, scene.fill(statement)) == "RS011", statement
    for statement in FREE:
        assert done(batch, scene.fill(statement)) == "passed", statement


def test_the_pages_change_nothing_of_it_either(
    scene: Scene, entering: dict[str, psycopg.Connection]
) -> None:
    for statement in (*(of_quarter(scene, one, "in") for one in DATED), *map(scene.fill, BEFORE)):
        # Without right, without row, or sealed.
        assert done(entering["app"], statement) in ("RS011", "42501", "nothing"), statement


def test_every_column_that_a_report_reads_is_one_that_is_tried() -> None:
    """A column added to the facts is found here until somebody decides when it is dated."""
    read = {
        part
        for columns in (ACTS, SHARES, PARCOURS, INVOLVEMENTS, MEMBERS, PHASES, FUNDINGS, NAMED,
                        ASSIGNMENTS, DIAGNOSTICS, PLANS, ACTIONS, ORIENTATIONS, HANDED_IN)
        for sql, _ in columns.values()
        for part in re.findall(r"[a-z]\.([a-z_]+)", sql)
    } - {"id", "act_id"}  # fmt: skip
    # Never changed, or no fact that a date is known of (docs/adr/0022).
    undated = {"contributed_on", "plan_id", "anonymous"}
    tried = " ".join(DATED + BEFORE)
    assert {name for name in read if not re.search(rf"\b{name}\b", tried)} <= undated


def test_a_table_without_its_trigger_is_found(
    scene: Scene, entering: dict[str, psycopg.Connection]
) -> None:
    statement = of_quarter(scene, "UPDATE acts SET type_code = 'CSL2' WHERE id = {q_act}", "in")
    with administrator() as connection:
        connection.execute(text("ALTER TABLE acts DISABLE TRIGGER sealed_changed"))
    try:
        assert done(entering["batch"], statement) == "passed"
    finally:
        with administrator() as connection:
            connection.execute(text("ALTER TABLE acts ENABLE TRIGGER sealed_changed"))
    assert done(entering["batch"], statement) == "RS011"
