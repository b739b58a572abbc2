"""The history of records: what each row was before, and the operation that changed it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    String,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ramsess.database import Base

# The tables whose rows have a history, in the words of a sentence.
TRACKED = {
    "beneficiaries": "la fiche d’une personne",
    "acquaintances": "ce que la structure a dit à une personne",
    "exchange_keys": "une référence de classeur",
    "erasure_requests": "une demande d’effacement",
    "projects": "un projet",
    "parcours": "un parcours",
    "parcours_beneficiaries": "une personne d’un parcours",
    "involvements": "la participation d’une structure à un parcours",
    "phase_changes": "une phase d’un parcours",
    "fundings": "un financement",
    "acts": "un acte",
    "act_advisers": "le temps passé à un acte",
    "act_beneficiaries": "une personne nommée par un acte",
    "group_sessions": "une séance",
    "session_hosts": "une structure qui anime une séance",
    "session_slots": "une tranche horaire d’une séance",
    "attendances": "une présence à une séance",
    "enrolments": "une inscription à une séance",
    "slot_attendances": "une présence à une tranche horaire",
    "orientations": "une orientation",
    "plans": "un plan d’accompagnement",
    "plan_actions": "une action d’un plan",
    "advisers": "un·e chargé·e d’accompagnement",
    "assignments": "une affectation",
}


class Change(Base):
    """One row added (``I``), changed (``U``), removed (``D``), or the many that a statement added.

    Written by the tables' own triggers. ``operation`` is shared by everything that one transaction
    did. ``key`` holds the primary key's columns; of what was added, a list of them. ``before`` and
    ``after`` hold the columns that changed, or the whole row removed or added. Whom and what the
    row is about, and its columns, are not told of the many that were added together. It lives and
    dies with the person: erasing her empties it.
    """

    __tablename__ = "changes"
    __table_args__ = (
        CheckConstraint("kind IN ('I', 'U', 'D')", name="kind_is_known"),
        Index("ix_changes_noun_key", "noun", "key", postgresql_where=text("kind <> 'I'")),
        *(
            Index(f"ix_changes_{name}", name, postgresql_where=text(f"{name} IS NOT NULL"))
            for name in ("person_id", "act_id", "parcours_id")
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    operation: Mapped[uuid.UUID] = mapped_column(index=True)
    at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    noun: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(1))
    key: Mapped[Any] = mapped_column(JSONB)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    person_id: Mapped[int | None]
    act_id: Mapped[int | None]
    parcours_id: Mapped[int | None]
    structure_id: Mapped[int | None]
