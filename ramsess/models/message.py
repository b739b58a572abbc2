"""Messages (*échanges*) between structures: about a parcours, its diagnostic, a session, or the
network itself."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Text,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.diagnostic import Diagnostic
from ramsess.models.group_session import GroupSession
from ramsess.models.parcours import Parcours
from ramsess.models.structure import Structure


class Message(Base):
    """Said once, never changed: its author may withdraw it, which leaves its place without text.

    What it is about is named by one column of ``ABOUT`` at most; by none, it is said to the
    network. It is read by those who see that object today, by nobody else. Of a parcours, it may be
    about one of its diagnostics, which the same people see. Without text and not withdrawn, it was
    about somebody who is erased.
    """

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("num_nonnulls(parcours_id, session_id) <= 1", name="about_one_thing"),
        ForeignKeyConstraint(
            ["diagnostic_id", "parcours_id"],
            ["diagnostics.id", "diagnostics.parcours_id"],
            ondelete="CASCADE",
        ),
        CheckConstraint(
            "diagnostic_id IS NULL OR parcours_id IS NOT NULL", name="diagnostic_of_a_parcours"
        ),
        CheckConstraint("withdrawn_at IS NULL OR text = ''", name="withdrawn_without_text"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id"))
    parcours_id: Mapped[int | None] = mapped_column(
        ForeignKey("parcours.id", ondelete="CASCADE"), index=True
    )
    diagnostic_id: Mapped[int | None]
    session_id: Mapped[int | None] = mapped_column(
        ForeignKey("group_sessions.act_id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), index=True
    )
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    request_key: Mapped[uuid.UUID | None] = mapped_column(unique=True)

    structure: Mapped[Structure | None] = relationship()
    parcours: Mapped[Parcours | None] = relationship(foreign_keys=[parcours_id])
    diagnostic: Mapped[Diagnostic | None] = relationship(viewonly=True)
    group_session: Mapped[GroupSession | None] = relationship()
    mentions: Mapped[list[MessageMention]] = relationship(cascade="all, delete-orphan")


#: The columns that say what a message is about; another kind of object is another column.
ABOUT = ("parcours_id", "session_id")


class MessageMention(Base):
    """A colleague whom a message calls; she may see what it is about."""

    __tablename__ = "message_mentions"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class MessageReading(Base):
    """An account has had the message before its eyes."""

    __tablename__ = "message_readings"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    message_id: Mapped[int] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, index=True
    )
