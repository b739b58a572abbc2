"""Network meetings (*réunions du réseau*): what was said and decided, for the whole network."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.group_session import GroupSession
from ramsess.models.structure import Structure


class Meeting(Base):
    """The record of a session of network work (a type of kind N), read by the whole network.

    The session is an act like any other: it counts as such, its note stays with its structures.
    """

    __tablename__ = "meetings"

    act_id: Mapped[int] = mapped_column(
        ForeignKey("group_sessions.act_id", ondelete="CASCADE"), primary_key=True
    )
    summary: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    group_session: Mapped[GroupSession] = relationship()
    decisions: Mapped[list[Decision]] = relationship(
        cascade="all, delete-orphan", order_by="Decision.position"
    )

    __mapper_args__ = {"version_id_col": version}


class Decision(Base):
    """Something decided at a meeting, by which structure it is done, and for when."""

    __tablename__ = "decisions"

    act_id: Mapped[int] = mapped_column(
        ForeignKey("meetings.act_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id"))
    due_on: Mapped[dt.date | None]

    structure: Mapped[Structure | None] = relationship()
