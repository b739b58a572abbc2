"""Structures of the network and their membership."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Select, String, select, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base


class Structure(Base):
    """A support structure; its code names it in workbooks and reports.

    Where it is, and what it does, is what it says itself: its ``Presentation``.
    """

    __tablename__ = "structures"
    __table_args__ = (CheckConstraint("code ~ '^[A-Z0-9]{2,16}$'", name="code_is_plain"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(500), default="")
    legal_form_code: Mapped[str | None] = mapped_column(ForeignKey("legal_forms.code"))

    memberships: Mapped[list[Membership]] = relationship(
        back_populates="structure", order_by="Membership.joined_on"
    )

    def __str__(self) -> str:
        return self.name

    def is_member_on(self, day: dt.date) -> bool:
        """True when the structure belongs to the network on *day*."""
        return any(stay.covers(day) for stay in self.memberships)


class Membership(Base):
    """A stay of a structure in the network, first and last day included."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("left_on >= joined_on", name="left_after_joined"),
        ExcludeConstraint(
            (text("int8range(structure_id, structure_id, '[]')"), "&&"),
            (text("daterange(joined_on, left_on, '[]')"), "&&"),
            using="gist",
            name="one_membership_at_a_time",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"))
    joined_on: Mapped[dt.date]
    left_on: Mapped[dt.date | None]

    structure: Mapped[Structure] = relationship(back_populates="memberships")

    def covers(self, day: dt.date) -> bool:
        """True when *day* is of that stay."""
        return self.joined_on <= day and (self.left_on is None or day <= self.left_on)


def members_between(first: dt.date, last: dt.date) -> Select[int]:
    """The ids of the members of the network on some day from *first* to *last*."""
    return select(Membership.structure_id).where(
        Membership.joined_on <= last,
        Membership.left_on.is_(None) | (Membership.left_on >= first),
    )
