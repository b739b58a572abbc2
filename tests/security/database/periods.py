"""A period under way, in which A handed in and B was sent back; one consolidated, with comments."""

from __future__ import annotations

from typing import Any

UNDER_WAY, CONSOLIDATED = 1, 2
# Structure, number, step, account.
STEPS = ((1, 1, "handed_in", 9), (2, 1, "handed_in", 10), (2, 2, "sent_back", 6))


def write_periods(admin: Any) -> None:
    """Period 1 is the first quarter of 2020, period 2 the last one of 2019."""
    admin.execute(
        "INSERT INTO periods (id, kind, first_on, last_on, due_on, consolidated_on, version) "
        "VALUES (1, 'quarter', '2020-01-01', '2020-03-31', '2020-04-21', NULL, 1), "
        "(2, 'quarter', '2019-10-01', '2019-12-31', '2020-01-21', '2020-02-01', 1)"
    )
    for structure, number, step, account in STEPS:
        admin.execute(
            "INSERT INTO hand_ins (period_id, structure_id, number, step, remark, account_id) "
            "VALUES (1, %s, %s, %s, 'mot', %s)",
            [structure, number, step, account],
        )
    admin.execute(
        "INSERT INTO table_comments VALUES (1, 'B08', 'commentaire', 1), (2, 'BILAN', 'mot', 1)"
    )
