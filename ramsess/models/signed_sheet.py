"""The signed copy of an attendance sheet, kept as evidence by the host that filed it."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from ramsess.database import Base


class SignedSheet(Base):
    """A file as it was scanned (``pdf``, ``jpeg`` or ``png``); it names those who signed.

    It goes when one of those whom its host noted or expected at the session is erased.
    """

    __tablename__ = "signed_sheets"
    __table_args__ = (
        ForeignKeyConstraint(
            ["act_id", "structure_id"],
            ["session_hosts.act_id", "session_hosts.structure_id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("kind IN ('pdf', 'jpeg', 'png')", name="kind_is_known"),
        Index("ix_signed_sheets_act_id", "act_id", "structure_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    act_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.act_id", ondelete="CASCADE"))
    structure_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(4))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    filed_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    request_key: Mapped[uuid.UUID | None] = mapped_column(unique=True)
