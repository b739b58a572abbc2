"""Corrections of the cases: of each act and parcours, and of what each structure had forgotten.

The period that they correct is one in which nothing else happened: nothing is refused for it.
"""

from __future__ import annotations

from typing import Any

PERIOD = 1
# Correction → who makes it, for which structure, its kind, which act, which parcours.
CORRECTIONS: dict[int, tuple[int, int, str, int | None, int | None]] = {
    **{case: (1 if case == 1 else 2, 1 if case == 1 else 2, "date", case, None)
       for case in (1, 2, 3, 4)},
    **{10 + case: (1 if case == 1 else 2, 1 if case == 1 else 2, "entry", None, case)
       for case in (1, 2, 3, 4)},
    # A holds the session of case 2 with B: it corrects what it noted itself, and no more.
    15: (1, 1, "attendance", 12, None),
    16: (1, 1, "type", 12, None),
    **{20 + structure: (structure, structure, "act_forgotten", None, None)
       for structure in (1, 2, 3)},
}  # fmt: skip


def write_corrections(admin: Any) -> None:
    """The period is sealed, and each correction made today."""
    admin.execute(
        "INSERT INTO periods (id, kind, first_on, last_on, version) "
        "VALUES (%s, 'year', '1995-01-01', '1995-12-31', 1)",
        [PERIOD],
    )
    admin.execute("INSERT INTO seal_keys (name, public_key) VALUES ('essai', %s)", [bytes(32)])
    admin.execute(
        "INSERT INTO seals (id, period_id, address, manifest, digest, signature, key_name, "
        "account_id, sealed_at) VALUES (1, %s, 'ESSAI', '', repeat('0', 64), %s, 'essai', 6, "
        "now())",
        [PERIOD, bytes(64)],
    )
    for number, (account, structure, kind, act, parcours) in CORRECTIONS.items():
        admin.execute(
            "INSERT INTO corrections (id, account_id, structure_id, period_id, kind, act_id, "
            "parcours_id, was, should_be, reason) VALUES (%s, %s, %s, %s, %s, %s, %s, '', '', "
            "'motif')",
            [number, account, structure, PERIOD, kind, act, parcours],
        )
