"""Pairs of the cases' people: settled, open, told to two structures, merged."""

from __future__ import annotations

from typing import Any

_COLUMNS = (
    "first_id, second_id, score, reasons, evidence, found_on, told_on, verdict, ended_on, "
    "account_id, kept_id, version"
)
# First, second, told, verdict, account, kept.
PAIRS: tuple[tuple[int, int, bool, str | None, int | None, int | None], ...] = (
    (1, 2, False, "distinct", 1, None),
    (3, 4, False, "distinct", 2, None),
    (2, 3, False, "distinct", 10, None),
    (1, 4, False, "distinct", 1, None),
    (1, 3, True, None, None, None),
    (2, 4, False, "merged", 2, 2),
)


def write_pairs(admin: Any) -> None:
    """Pair n is the n-th, from 1."""
    for first, second, told, verdict, account, kept in PAIRS:
        admin.execute(
            f"INSERT INTO duplicate_pairs ({_COLUMNS}) VALUES (%s, %s, 80, "
            "'{last_sound,first_same,birth_same,phone,commune}', '', current_date, "
            "CASE WHEN %s THEN current_date END, %s, CASE WHEN %s::text IS NOT NULL THEN "
            "current_date END, %s, %s, 1)",
            [first, second, told, verdict, verdict, account, kept],
        )
