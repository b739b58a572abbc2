"""Collective sessions (*séances collectives*), their hosts and their attendance."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.act import Act
from ramsess.models.beneficiary import AsItWas, Beneficiary
from ramsess.models.structure import Structure


class GroupSession(Base):
    """The collective side of an act; a co-animated session is one session (Rule 7).

    ``minutes`` is its length. ``reference`` is the text under which several structures hand in
    the same session.
    """

    __tablename__ = "group_sessions"
    __table_args__ = (CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes_within_a_day"),)

    act_id: Mapped[int] = mapped_column(ForeignKey("acts.id", ondelete="CASCADE"), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[int]
    reference: Mapped[str | None] = mapped_column(String(120), unique=True)

    act: Mapped[Act] = relationship(back_populates="group_session")
    hosts: Mapped[list[SessionHost]] = relationship(
        cascade="all, delete-orphan", order_by="SessionHost.structure_id"
    )
    attendances: Mapped[list[Attendance]] = relationship(cascade="all, delete-orphan")
    slots: Mapped[list[SessionSlot]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="SessionSlot.starts_at"
    )

    @property
    def anonymous_count(self) -> int:
        """Unnamed participants, all hosts together."""
        return sum(host.anonymous_count for host in self.hosts)

    @property
    def participants(self) -> list[Beneficiary]:
        """The known participants, once each, by name."""
        found = {item.beneficiary_id: item.beneficiary for item in self.attendances}
        return sorted(found.values(), key=lambda person: person.search_key)


class SessionHost(Base):
    """A structure that holds a session, with the unnamed people that it counted itself."""

    __tablename__ = "session_hosts"
    __table_args__ = (CheckConstraint("anonymous_count >= 0", name="anonymous_not_negative"),)

    act_id: Mapped[int] = mapped_column(
        ForeignKey("group_sessions.act_id", ondelete="CASCADE"), primary_key=True
    )
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"), primary_key=True)
    anonymous_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    __mapper_args__ = {"version_id_col": version}

    structure: Mapped[Structure] = relationship()


class Attendance(Base, AsItWas):
    """A known person's presence, as noted by one host; two hosts may note the same person.

    It counts once in the session (Rule 1), with the attributes of that day (Rule 8).
    """

    __tablename__ = "attendances"
    __table_args__ = (
        ForeignKeyConstraint(
            ["act_id", "structure_id"],
            ["session_hosts.act_id", "session_hosts.structure_id"],
            ondelete="CASCADE",
        ),
    )

    act_id: Mapped[int] = mapped_column(
        ForeignKey("group_sessions.act_id", ondelete="CASCADE"), primary_key=True
    )
    beneficiary_id: Mapped[int] = mapped_column(
        ForeignKey("beneficiaries.id"), primary_key=True, index=True
    )
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"), primary_key=True)

    beneficiary: Mapped[Beneficiary] = relationship()


class Enrolment(Base):
    """A person whom a host expects at a session; it counts in no figure and gives no sight."""

    __tablename__ = "enrolments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["act_id", "structure_id"],
            ["session_hosts.act_id", "session_hosts.structure_id"],
            ondelete="CASCADE",
        ),
    )

    act_id: Mapped[int] = mapped_column(
        ForeignKey("group_sessions.act_id", ondelete="CASCADE"), primary_key=True
    )
    beneficiary_id: Mapped[int] = mapped_column(
        ForeignKey("beneficiaries.id"), primary_key=True, index=True
    )
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"), primary_key=True)


class SessionSlot(Base):
    """A time slot (*tranche horaire*) of a session's day; its sheet is signed at each."""

    __tablename__ = "session_slots"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_it_begins"),)

    act_id: Mapped[int] = mapped_column(
        ForeignKey("group_sessions.act_id", ondelete="CASCADE"), primary_key=True
    )
    starts_at: Mapped[dt.time] = mapped_column(primary_key=True)
    ends_at: Mapped[dt.time]


class SlotAttendance(Base):
    """The slots at which somebody present was there; without any, she was there for the whole.

    Figures count her attendance once, whatever the slots (Rule 7).
    """

    __tablename__ = "slot_attendances"
    __table_args__ = (
        ForeignKeyConstraint(
            ["act_id", "beneficiary_id", "structure_id"],
            ["attendances.act_id", "attendances.beneficiary_id", "attendances.structure_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["act_id", "starts_at"],
            ["session_slots.act_id", "session_slots.starts_at"],
            ondelete="CASCADE",
        ),
    )

    act_id: Mapped[int] = mapped_column(primary_key=True)
    beneficiary_id: Mapped[int] = mapped_column(ForeignKey("beneficiaries.id"), primary_key=True)
    structure_id: Mapped[int] = mapped_column(primary_key=True)
    starts_at: Mapped[dt.time] = mapped_column(primary_key=True)
