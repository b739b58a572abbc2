"""Every text column of the database: where its canaries may be read, or why it has none.

A new text column is in neither list, and the test of the columns fails until somebody says which.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ARRAY, JSON, Column, MetaData, String

from ramsess.models import CODE_LISTS


@dataclass(frozen=True)
class Sight:
    """Who may read a column, in the words of the trade, and where it is shown.

    *to*: ``concerned`` the structures that accompany, record or receive; ``lead`` the référente;
    ``keeper`` the structure whose workbook it is; ``network`` whoever works in the network;
    ``colleagues`` the same, but the officer;
    ``oneself`` the holder of the account; ``officer`` the data protection officer; ``nobody``.
    *shown*: on ``pages``, in the ``exports`` of a person alone, or ``nowhere``, with the *reason*.
    """

    to: str
    shown: str = "pages"
    reason: str = ""


CONCERNED = Sight("concerned")
COLLEAGUES = Sight("colleagues")
KEEPER = Sight("keeper")
SECRET = Sight("nobody", "nowhere", "a secret of the door, kept as a hash or encrypted")
LIBRARY = Sight("nobody", "nowhere", "what the library keeps of a key")
KEPT = "not shown on a page; told in the export of a person"

PLANTED: dict[str, Sight] = {
    "accounts.email": Sight("oneself"),
    "accounts.name": Sight("network"),
    "accounts.password": SECRET,
    "accounts.fs_uniquifier": SECRET,
    "accounts.tf_primary_method": SECRET,
    "accounts.tf_totp_secret": SECRET,
    "accounts.mf_recovery_codes": SECRET,
    "accounts.fs_webauthn_user_handle": SECRET,
    "accounts.invitation_hash": SECRET,
    "acts.note": CONCERNED,
    "advisers.email": Sight("nobody", "nowhere", "names the adviser in workbooks, typed there"),
    "advisers.first_name": Sight("network"),
    "advisers.last_name": Sight("network"),
    **{f"appraisals.{name}": CONCERNED for name in ("strengths", "weaknesses", "needs")},
    "api_tokens.name": Sight("oneself"),
    "api_tokens.token_hash": SECRET,
    "attempts.key": SECRET,
    "attempts.kind": SECRET,
    "audit_details.record": CONCERNED,
    "beneficiaries.email": CONCERNED,
    "beneficiaries.first_name": CONCERNED,
    "beneficiaries.last_name": CONCERNED,
    "beneficiaries.name_key": Sight("concerned", "exports", KEPT),
    "beneficiaries.phone": CONCERNED,
    "beneficiaries.search_key": Sight("concerned", "exports", KEPT),
    "changes.after": CONCERNED,
    "changes.before": CONCERNED,
    "corrections.reason": CONCERNED,
    "corrections.should_be": CONCERNED,
    "corrections.was": CONCERNED,
    "diagnostics.link_hash": SECRET,
    "diagnostics.synthesis": CONCERNED,
    "drafts.text": Sight("oneself", "nowhere", "given back to its author's own script, by POST"),
    "exchange_keys.local_id": Sight("keeper", "exports", KEPT),
    "fundings.label": Sight("concerned", "exports", KEPT),
    "group_sessions.reference": Sight("concerned", "exports", KEPT),
    "group_sessions.title": CONCERNED,
    "identity_archives.identity": Sight(
        "officer", "exports", "the name alone is shown, to the officer"
    ),
    "orientations.answer_note": CONCERNED,
    "orientations.reason": CONCERNED,
    "decisions.text": CONCERNED,
    "job_sheets.missions": CONCERNED,
    "mappings.name": KEEPER,
    "mappings.columns": KEEPER,
    "mappings.codes": Sight("keeper", "nowhere", "shown beside a spreadsheet that has the words"),
    "mappings.headings": Sight("keeper", "nowhere", "compared with those of a spreadsheet"),
    "meetings.summary": CONCERNED,
    "messages.text": CONCERNED,
    "hand_ins.remark": KEEPER,
    "table_comments.text": Sight(
        "colleagues", "nowhere", "read under its table, in the report of exactly these days"
    ),
    "parcours.join_code": Sight("lead"),
    "parcours.origin": CONCERNED,
    "plan_actions.objective": CONCERNED,
    "plans.reason": CONCERNED,
    "projects.search_key": Sight("concerned", "exports", KEPT),
    "projects.siret": Sight("concerned", "exports", KEPT),
    "projects.title": CONCERNED,
    "resource_files.name": COLLEAGUES,
    "resources.description": COLLEAGUES,
    "resources.search_key": Sight("nobody", "nowhere", "what one searches in, shown by no page"),
    "resources.title": COLLEAGUES,
    "saved_lists.name": Sight("oneself"),
    "security_keys.device_type": LIBRARY,
    "security_keys.extensions": LIBRARY,
    "security_keys.name": Sight("oneself"),
    "security_keys.transports": LIBRARY,
    "security_keys.usage": LIBRARY,
    "sign_ins.browser": Sight("oneself"),
    "sign_ins.token_hash": SECRET,
}

_REFERENCE = "reference data, the same for all and no structure's"
_PUBLIC = "what a structure says of itself in the network's public schema"
_CODE = "a code from a closed list"
_MADE = "made by the machine from random bytes or digests"

EXCUSED: dict[str, str] = {
    **{f"{name}.{column}": _REFERENCE for name in CODE_LISTS for column in ("code", "label")},
    "act_types.kind": _REFERENCE,
    **{f"communes.{name}": _REFERENCE for name in ("code", "name", "postcodes", "search_key")},
    "departments.code": _REFERENCE,
    **{f"dla_terms.{name}": _REFERENCE for name in ("list", "code", "term", "note")},
    "departments.name": _REFERENCE,
    "epcis.code": _REFERENCE,
    "epcis.name": _REFERENCE,
    "roles.label": _REFERENCE,
    "roles.name": _REFERENCE,
    **{f"structures.{name}": _PUBLIC for name in ("code", "name", "note")},
    **{f"presentations.{name}": _PUBLIC for name in ("address", "email", "phone", "website")},
    "resources.link": "an address of the web, which leads out of here",
    "resource_files.media_type": _CODE,
    "audit_details.salt": _MADE,
    "audit_events.action": _CODE,
    "audit_events.commitment": _MADE,
    "audit_events.digest": _MADE,
    "audit_events.previous": _MADE,
    "corrections.kind": _CODE,
    "changes.key": "numbers of ours, and what workbooks call a record: exchange_keys.local_id",
    "changes.kind": _CODE,
    "changes.noun": _CODE,
    "duplicate_pairs.evidence": _MADE,
    "duplicate_pairs.reasons": _CODE,
    "duplicate_pairs.verdict": _CODE,
    "erasure_requests.answer": _CODE,
    "erasure_requests.reason_code": _CODE,
    "exchange_keys.sheet": _CODE,
    "orientations.answer": _CODE,
    "hand_ins.figures": "numbers",
    "hand_ins.step": _CODE,
    "periods.kind": _CODE,
    "table_comments.table_id": _CODE,
    "plan_actions.state": _CODE,
    "drafts.form": "an address of ours, which names records by what addresses name them by",
    "signed_sheets.kind": _CODE,
    "seal_keys.name": _MADE,
    "seals.address": _MADE,
    "seals.digest": _MADE,
    "sealed_files.digest": _MADE,
    "sealed_files.edition": _CODE,
    "sealed_files.suffix": _CODE,
    "saved_lists.list": _CODE,
    "saved_lists.filters": "codes and dates, checked against the list",
    "imports.counts": "numbers; what stands in the way of an undo names nobody",
    "imports.digest": _MADE,
    "imports.state": _CODE,
    "imports.step": _CODE,
    "mappings.sheet": _CODE,
    "parcours.reference": "made by the machine: a year and a number",
}


def holds_text(column: Column[object]) -> bool:
    """True for texts, lists of texts and JSON that no code list decides."""
    kind = column.type.item_type if isinstance(column.type, ARRAY) else column.type
    return isinstance(kind, String | JSON) and not column.foreign_keys


def text_columns(metadata: MetaData) -> set[str]:
    """``table.column`` of every text column."""
    return {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if holds_text(column)
    }
