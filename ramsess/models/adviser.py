"""Advisers (*chargé·es d’accompagnement*) and their assignments to structures."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, String, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.account import Account
from ramsess.models.structure import Structure


class Adviser(Base):
    """A person whose minutes are counted; known by e-mail, with or without an account."""

    __tablename__ = "advisers"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_in_lower_case"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    email: Mapped[str] = mapped_column(String(254), unique=True)
    last_name: Mapped[str] = mapped_column(String(120))
    first_name: Mapped[str] = mapped_column(String(120), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), unique=True)

    account: Mapped[Account | None] = relationship(back_populates="adviser")
    assignments: Mapped[list[Assignment]] = relationship(
        back_populates="adviser", order_by="Assignment.from_on"
    )

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def structures_on(self, day: dt.date) -> list[Structure]:
        """The structures to which the adviser is assigned on *day*."""
        return [item.structure for item in self.assignments if item.covers(day)]


class Assignment(Base):
    """A share of an adviser's full time in one structure; open where a date is missing.

    An adviser with two assignments at once holds a mutualised post.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        CheckConstraint("to_on >= from_on", name="ends_after_it_begins"),
        CheckConstraint("share BETWEEN 1 AND 100", name="share_in_percent"),
        ExcludeConstraint(
            (text("int8range(adviser_id, adviser_id, '[]')"), "&&"),
            (text("int8range(structure_id, structure_id, '[]')"), "&&"),
            (text("daterange(from_on, to_on, '[]')"), "&&"),
            using="gist",
            name="one_assignment_at_a_time",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    adviser_id: Mapped[int] = mapped_column(ForeignKey("advisers.id"))
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"))
    share: Mapped[int | None]
    from_on: Mapped[dt.date | None]
    to_on: Mapped[dt.date | None]

    adviser: Mapped[Adviser] = relationship(back_populates="assignments")
    structure: Mapped[Structure] = relationship()

    def covers(self, day: dt.date) -> bool:
        """True when the assignment holds on *day*."""
        return (self.from_on is None or self.from_on <= day) and (
            self.to_on is None or day <= self.to_on
        )
