"""A period that is sealed, and who may see what of it."""

from __future__ import annotations

from typing import Any

# Known to all who are inside: that a period is sealed, since when, by which key.
TOLD = ("seal_keys", "seals")
TABLES = (*TOLD, "sealed_files")
# Of whom coordinates today: the lists of records, and what the Région receives.
COORDINATORS = (6, 12)


def write_seals(admin: Any) -> None:
    """One seal, a file of each edition."""
    admin.execute(
        "INSERT INTO seal_keys (name, public_key) VALUES (repeat('0', 16), "
        "sha256('clé')); "
        "INSERT INTO periods (id, kind, first_on, last_on, consolidated_on, version) "
        "VALUES (900, 'year', '1985-01-01', '1985-12-31', '1986-01-10', 1); "
        "INSERT INTO seals (id, period_id, address, manifest, digest, signature, key_name, "
        "account_id, sealed_at) SELECT 9000, 900, '7KQ2-M9XD', 'manifeste', "
        "encode(sha256('manifeste'), 'hex'), sha512('signature'), repeat('0', 16), 6, now()"
    )
    for number, edition in enumerate(("network", "detail", "region"), 1):
        admin.execute(
            "INSERT INTO sealed_files (id, seal_id, edition, suffix, digest, content) "
            "SELECT %s, 9000, %s, 'json', encode(sha256('contenu'), 'hex'), 'contenu'",
            [number, edition],
        )
