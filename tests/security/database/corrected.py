"""Corrections of the cases: of each act and parcours, and of what each structure had forgotten.

The period that they correct has no seal here: what the cases try is refused by their rules alone.
"""

from __future__ import annotations

from typing import Any

PERIOD = 901
#: Made on another day than today.
EARLIER = 30
# Correction → who makes it, for which structure, its kind, which act, which parcours.
CORRECTIONS: dict[int, tuple[int, int, str, int | None, int | None]] = {
    **{case: (1 if case == 1 else 2, 1 if case == 1 else 2, "date", case, None)
       for case in (1, 2, 3, 4)},
    **{10 + case: (1 if case == 1 else 2, 1 if case == 1 else 2, "entry", None, case)
       for case in (1, 2, 3, 4)},
    # A holds the session of case 2 with B: it corrects what it noted itself, and no more.
    15: (1, 1, "attendance", 12, None),
    16: (1, 1, "type", 12, None),
    # For a structure that is not hers; of what A does not see.
    17: (1, 2, "act_forgotten", None, None),
    18: (1, 1, "attendance", 13, None),
    19: (1, 1, "entry", None, 3),
    30: (1, 1, "act_forgotten", None, None),
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
            "parcours_id, was, should_be, reason, made_on) VALUES (%s, %s, %s, %s, %s, %s, %s, "
            "'', '', 'motif', CASE WHEN %s THEN '2020-01-01' ELSE sight.today() END)",
            [number, account, structure, PERIOD, kind, act, parcours, number == EARLIER],
        )
    admin.execute("SET session_replication_role = DEFAULT")
