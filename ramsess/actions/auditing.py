"""Note who read or changed which record, in the transaction of the reading or the change."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from ramsess.database import acting


def note(
    session: Session,
    action: str,
    *,
    person_id: int | None = None,
    structure_id: int | None = None,
    record: uuid.UUID | str | None = None,
    account_id: int | None = None,
) -> None:
    """Note *action* (``read_person``, ``correct_person``…) on a person or another record.

    *record* is what an address shows of it (a random identifier or a parcours' reference). The
    account is the one that acts now, unless *account_id* says otherwise.
    """
    session.info.setdefault("audit", []).append(
        {
            "action": action,
            "person_id": person_id,
            "structure_id": structure_id,
            "record": str(record) if record else None,
            "account_id": account_id or acting.get().account_id,
        }
    )
