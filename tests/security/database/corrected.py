"""Corrections of the cases: of each act and parcours, and of what each structure had forgotten.

The period that they correct has no seal here: what the cases try is refused by their rules alone.
"""

from __future__ import annotations

from typing import Any

PERIOD = 901
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
    """Each correction is made today."""
    admin.execute(
        "INSERT INTO periods (id, kind, first_on, last_on, version) "
        "VALUES (%s, 'year', '1995-01-01', '1995-12-31', 1)",
        [PERIOD],
    )
    admin.execute("SET session_replication_role = replica")
    for number, (account, structure, kind, act, parcours) in CORRECTIONS.items():
        admin.execute(
            "INSERT INTO corrections (id, account_id, structure_id, period_id, kind, act_id, "
            "parcours_id, was, should_be, reason) VALUES (%s, %s, %s, %s, %s, %s, %s, '', '', "
            "'motif')",
            [number, account, structure, PERIOD, kind, act, parcours],
        )
    admin.execute("SET session_replication_role = DEFAULT")
