"""What each role that signs in may do with each table, and which functions it may call."""

from __future__ import annotations

from collections.abc import Iterator

from ramsess.database import Base
from tests.security.database.rules import DOOR_RULES, OPEN, RULES, VERBS, WORKINGS

ROLES = ("app", "door", "batch", "report", "funder")
# What the pages change of a record; identifiers, dates of entry and who recorded it are not there.
CHANGES = {
    "accounts": "password fs_uniquifier tf_primary_method tf_totp_secret totp_counter "
                "mf_recovery_codes fs_webauthn_user_handle counted_on to_complete",
    "sign_ins": "seen_at idle_until revoked_at",
    "security_keys": "sign_count lastuse_datetime backup_state device_type",
    "beneficiaries": "last_name first_name name_key search_key birth_date sex_code "
                     "situation_code education_code commune_code rsa qpv phone email version",
    "acquaintances": "informed_on sharing_agreed",
    "projects": "title search_key legal_form_code sector_code commune_code siret collective",
    "parcours": "exited_on outcome_code jobs_created jobs_consolidated version "
                "entry_sector_code entry_legal_form_code entry_commune_code",
    "parcours_beneficiaries": "age sex_code situation_code education_code commune_code rsa qpv",
    "involvements": "left_on",
    "orientations": "answer answered_on answer_note version",
    "phase_changes": "phase_code",
    "diagnostics": "synthesis wording beneficiary_agreed_on beneficiary_manner_code link_hash "
                   "link_until version",
    "contributions": "handed_in_on agreed_on agreed_wording",
    "appraisals": "level strengths weaknesses needs version",
    "plans": "superseded_on review_on version",
    "plan_actions": "structure_id axis_code type_code objective planned_acts planned_minutes "
                    "due_on state closed_on version",
    "acts": "done_on type_code structure_id parcours_id plan_action_id scheme_code "
            "modality_code commune_code anonymous_count note version",
    "act_beneficiaries": "age",
    "group_sessions": "title minutes",
    "session_hosts": "anonymous_count version",
    "presentations": "phone email website address commune_code confirmed_on version",
    "positionings": "degree_code",
    "resources": "title kind_code theme_code description search_key link version",
    "messages": "text withdrawn_at",
    "meetings": "summary version",
    "job_sheets": "missions version",
    "saved_lists": "name filters saved_at",
    "drafts": "text updated_at",
    "duplicate_pairs": "verdict ended_on account_id version",
    "mappings": "sheet headings columns codes",
}  # fmt: skip
CHANGES_AT_THE_DOOR = {
    "accounts": CHANGES["accounts"].removesuffix(" counted_on to_complete")
    + " invitation_hash invited_until",
    "sign_ins": CHANGES["sign_ins"],
    "security_keys": CHANGES["security_keys"],
}
# What figures are made of: no name, note, title, contact, birth date or identifier of ours.
FIGURES = {
    "acts": "id done_on type_code scheme_code modality_code commune_code parcours_id "
            "plan_action_id anonymous_count recorded_at",
    "corrections": "id made_on structure_id period_id kind scheme_code parcours_id acts minutes "
                   "sessions attendances parcours",
    "exchange_keys": "sheet record_id",
    "act_advisers": "act_id adviser_id structure_id minutes",
    "act_beneficiaries": "act_id beneficiary_id",
    "attendances": "act_id beneficiary_id",
    "group_sessions": "act_id",
    "session_hosts": "act_id structure_id anonymous_count",
    "parcours": "id lead_structure_id entered_on exited_on entry_phase_code entry_sector_code "
                "entry_legal_form_code entry_commune_code outcome_code jobs_created "
                "jobs_consolidated",
    "involvements": "parcours_id structure_id joined_on left_on",
    "parcours_beneficiaries": "parcours_id beneficiary_id age sex_code situation_code "
                              "education_code commune_code rsa qpv",
    "phase_changes": "parcours_id phase_code reached_on",
    "fundings": "id parcours_id source_code cents",
    "assignments": "id adviser_id structure_id share from_on to_on",
    "orientations": "id from_structure_id to_structure_id partner_code parcours_id beneficiary_id "
                    "proposed_on answer answered_on",
    "diagnostics": "id parcours_id number opened_on contributed_on validated_on",
    "contributions": "diagnostic_id structure_id parcours_id",
    "plans": "id parcours_id opened_on superseded_on",
    "plan_actions": "id plan_id parcours_id structure_id planned_acts planned_minutes due_on "
                    "state closed_on",
}  # fmt: skip
# Of the schema sight and of the journal, beside what is said below.
COMMAND_ONLY = {"audit_forget", "audit_note", "audit_commitment", "audit_field", "audit_link",
                "audit_refuse", "audit_erase", "shareable", "let_identity_move",
                "hold_still"}  # fmt: skip
# What tables and functions call by themselves.
CALLED_BY_NOBODY = {
    "keep_sealed",
    "hold_still_for_a_seal",
    "keep_history",
    "key_of",
    "about",
    "told_reasons",
}
# What a visitor shows a secret for; nobody inside asks it.
AT_THE_DOOR_ALONE = {"at_the_door", "diagnostic_by_link", "agree_by_link"}
AT_THE_DOOR = {"account", *AT_THE_DOOR_ALONE}


def expected(role: str, table: str) -> Iterator[str]:
    """The rights of a role on a table: a verb, or a verb and a column."""
    if table in OPEN:
        yield "SELECT"
        if role == "app" and table == "communes":
            yield "INSERT"
    elif table == "alembic_version":
        if role == "batch":
            yield "SELECT"
    elif role in ("app", "door"):
        yield from _of_pages(role, table)
    elif role == "report":
        yield from (f"SELECT {column}" for column in FIGURES.get(table, "").split())
    if role == "batch" and table == "changes":
        yield from ("SELECT", "UPDATE", "DELETE")
    elif role == "batch" and table == "corrections":
        # What is said stays; an erasure empties its words.
        yield from ("SELECT", "INSERT", "UPDATE was", "UPDATE should_be", "UPDATE reason")
    elif role == "batch" and table in Base.metadata.tables:
        yield from VERBS if table not in ("audit_events", "audit_details") else ("SELECT",)
        if table == "audit_details":
            yield "UPDATE"


def _of_pages(role: str, table: str) -> Iterator[str]:
    columns = CHANGES if role == "app" else CHANGES_AT_THE_DOOR
    if table in WORKINGS:
        if role == "app" or table == "attempts":
            yield from (verb for verb in VERBS if verb[0] in WORKINGS[table])
        return
    rules = (RULES if role == "app" else DOOR_RULES).get(table, ())
    for verb, rule in zip(VERBS, rules, strict=False):
        if rule and verb != "UPDATE":
            yield verb
        elif rule:
            yield from (f"UPDATE {column}" for column in columns[table].split())


def may_call(role: str, schema: str, function: str) -> bool:
    """Whether a role may call one of our functions."""
    if function in CALLED_BY_NOBODY:
        return False
    if role == "door":
        return schema == "sight" and function in AT_THE_DOOR
    if role == "app":
        return function not in COMMAND_ONLY | AT_THE_DOOR_ALONE
    return role == "batch"
