"""The columns that no action writes at will, by the administrator's connection."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, text

from ramsess.database import Base
from tests.security.canary.columns import PLANTED
from tests.security.canary.correcting import plant_corrections
from tests.security.canary.network import Network
from tests.security.canary.words import NETWORK, STRUCTURES, Thing, Words

# A colleague of each structure who never signs in: her secrets are canaries, and lead nowhere.
_ASLEEP = (
    "UPDATE accounts SET password = :password, fs_uniquifier = :fs_uniquifier, "
    "tf_primary_method = :tf_primary_method, tf_totp_secret = :tf_totp_secret, "
    "mf_recovery_codes = ARRAY[:mf_recovery_codes], invitation_hash = :invitation_hash, "
    "fs_webauthn_user_handle = :fs_webauthn_user_handle WHERE id = :id"
)
_HER_KEY = (
    "INSERT INTO security_keys (account_id, name, credential_id, public_key, sign_count, "
    "transports, backup_state, device_type, extensions, usage, lastuse_datetime) VALUES (:id, "
    ":name, uuid_send(gen_random_uuid()), '', 0, ARRAY[:transports], false, :device_type, "
    ":extensions, :usage, now())"
)
_HER_SIGN_IN = (
    "INSERT INTO sign_ins (id, account_id, token_hash, idle_until, expires_at, browser) VALUES "
    "(gen_random_uuid(), :id, :token_hash, now() + interval '1 h', now() + interval '1 h', "
    ":browser)"
)

_HER_TOKEN = (
    "INSERT INTO api_tokens (id, account_id, role_name, name, token_hash, expires_at) VALUES "
    "(gen_random_uuid(), :id, 'adviser', :name, :token_hash, now() + interval '1 day')"
)


def plant_the_rest(admin: Connection, net: Network) -> None:
    """Keys of names and titles, codes to join, secrets of accounts."""
    for thing in net.things:
        if thing.kind == "person":
            for column in ("name_key", "search_key"):
                word = net.words.make(f"beneficiaries.{column}", thing.lead, thing)
                admin.execute(
                    text(f"UPDATE beneficiaries SET {column} = {column} || ' ' || :word "
                         "WHERE public_id = CAST(:key AS uuid)"),
                    {"word": word, "key": thing.address},
                )  # fmt: skip
            _plant_history(admin, net, thing)
        if thing.kind == "parcours":
            # The code outlives what is erased of the parcours.
            door = Thing("code", thing.name, thing.concerned, thing.lead, people=thing.people)
            code = net.words.make("parcours.join_code", thing.lead, door)
            title = net.words.make("projects.search_key", thing.lead, thing)
            admin.execute(
                text("UPDATE projects SET search_key = search_key || ' ' || :title "
                     "WHERE id = (SELECT project_id FROM parcours WHERE reference = :key)"),
                {"title": title, "key": thing.address},
            )  # fmt: skip
            admin.execute(
                text("UPDATE parcours SET join_code = :code WHERE reference = :key"),
                {"code": code.upper() + "0", "key": thing.address},
            )
        if thing.kind == "resource":
            key = net.words.make("resources.search_key", thing.lead, thing)
            admin.execute(
                text("UPDATE resources SET search_key = search_key || ' ' || :word "
                     "WHERE public_id = CAST(:key AS uuid)"),
                {"word": key, "key": thing.address},
            )  # fmt: skip
    plant_corrections(admin, net)
    for code in STRUCTURES:
        _plant_account(admin, net, code)
        _plant_draft(admin, net, code)


def _plant_history(admin: Connection, net: Network, thing: Thing) -> None:
    """In the last change of somebody's record; whose identity was put away has none."""
    last = admin.execute(
        text("SELECT max(c.id) FROM changes c JOIN beneficiaries b ON b.id = c.person_id "
             "WHERE c.kind = 'U' AND c.noun = 'beneficiaries' AND b.nameless_since IS NULL "
             "AND b.public_id = CAST(:key AS uuid)"),
        {"key": thing.address},
    ).scalar()  # fmt: skip
    for column in ("before", "after") if last else ():
        admin.execute(
            text(f"UPDATE changes SET {column} = jsonb_build_object('phone', "
                 "CAST(:word AS text)) WHERE id = :last"),
            {"word": net.words.make(f"changes.{column}", thing.lead, thing), "last": last},
        )  # fmt: skip


def _plant_account(admin: Connection, net: Network, code: str) -> None:
    thing = Thing("account", f"dormant_{code}", frozenset({code}), owner=f"dormant_{code}")
    account = net.accounts[thing.name].id
    for statement, table in (
        (_ASLEEP, "accounts"),
        (_HER_KEY, "security_keys"),
        (_HER_SIGN_IN, "sign_ins"),
        (_HER_TOKEN, "api_tokens"),
        ("INSERT INTO attempts (kind, key) VALUES (:kind, :key)", "attempts"),
    ):
        values: dict[str, Any] = {
            column.name: net.words.make(f"{table}.{column.name}", code, thing)
            for column in Base.metadata.tables[table].columns
            if f":{column.name}" in statement and f"{table}.{column.name}" in PLANTED
        }
        admin.execute(text(statement), values | {"id": account})


def _plant_draft(admin: Connection, net: Network, code: str) -> None:
    """What an adviser was typing, about nobody whose record has a page yet."""
    owner = f"adviser_{code}"
    thing = Thing("draft", f"of {owner}", frozenset({code}), code, owner=owner)
    admin.execute(
        text("INSERT INTO drafts (account_id, form, text) VALUES (:id, '/actes/nouveau', :text)"),
        {
            "id": net.accounts[owner].id,
            "text": json.dumps([["note", f"Note {net.words.make('drafts.text', code, thing)}"]]),
        },
    )


def planted(admin: Connection, words: Words) -> dict[str, set[str]]:
    """Text column → the structures whose canaries it holds now, read from the database."""
    found: dict[str, set[str]] = {}
    for table in Base.metadata.sorted_tables:
        names = [item.name for item in table.columns if f"{table.name}.{item.name}" in PLANTED]
        for row in admin.execute(table.select()).mappings() if names else ():
            for name in names:
                held = words.found(json.dumps(row[name], default=str))
                owners = {words.known[word].structure for word in held} - {NETWORK}
                found.setdefault(f"{table.name}.{name}", set()).update(owners)
    return found
