"""Workbooks handed in through the pages, and how an import of them goes."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    FetchedValue,
    ForeignKey,
    Integer,
    String,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.account import Account

# At work in the background; who reads finds it interrupted when nothing works on it any more.
RUNNING = ("checking", "writing", "undoing")
STATES = {
    "checking": "en cours de vérification",
    "asking": "attend vos réponses",
    "refused": "à corriger",
    "checked": "attend votre accord",
    "writing": "en cours d’enregistrement",
    "written": "enregistré",
    "undoing": "en cours d’annulation",
    "undone": "annulé",
    "interrupted": "interrompu",
    "failed": "arrêté par une erreur",
    "dropped": "abandonné",
}


class Import(Base):
    """One deposit of workbooks: who, for which structures, how far it is. It names nobody.

    ``structures`` are ids, empty until read. ``counts`` holds rows by sheet (created, updated,
    unchanged), ``matched`` people and numbers of problems and notices. ``operation`` is the one
    transaction that wrote it. Files and what they say wait in the deposit for a day, not here.
    """

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name="digest_is_sha256"),
        CheckConstraint(
            "state IN (" + ", ".join(f"'{state}'" for state in STATES) + ")", name="state_is_known"
        ),
        CheckConstraint("done BETWEEN 0 AND total", name="progress_is_a_part"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, server_default=FetchedValue())
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    structures: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list)
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default="checking")
    step: Mapped[str] = mapped_column(String(60), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    operation: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), FetchedValue())
    ended_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))

    account: Mapped[Account] = relationship()

    @property
    def running(self) -> bool:
        """True while something works on it."""
        return self.state in RUNNING
