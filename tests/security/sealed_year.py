"""A year sealed long before anything else happened: corrections of it say what they like."""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

_STATEMENTS = (
    "INSERT INTO periods (id, kind, first_on, last_on, version) "
    "VALUES (9000, 'year', '1991-01-01', '1991-12-31', 1)",
    "INSERT INTO seal_keys (name, public_key) VALUES ('essai', :key)",
    "INSERT INTO seals (period_id, address, manifest, digest, signature, key_name, account_id, "
    "sealed_at) SELECT 9000, 'ESSAI-1991', '', encode(sha256(''), 'hex'), :signature, 'essai', min(id), "
    "now() FROM accounts",
)


def seal_1991(where: Connection | Session) -> int:
    """Seal the year; the period's id."""
    for statement in _STATEMENTS:
        where.execute(text(statement), {"key": bytes(32), "signature": bytes(64)})
    return 9000
