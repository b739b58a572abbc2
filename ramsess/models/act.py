"""Acts, the counted unit of work, and the minutes of those who did them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.adviser import Adviser
from ramsess.models.beneficiary import AsItWas, Beneficiary
from ramsess.models.nomenclature import ActType, Modality, Scheme
from ramsess.models.parcours import Parcours
from ramsess.models.plan import PlanAction
from ramsess.models.structure import Structure
from ramsess.models.territory import Commune

if TYPE_CHECKING:
    from ramsess.models.group_session import GroupSession


class Act(Base):
    """One act, counted once however many advisers and structures did it (Rule 1).

    ``structure_id`` is the structure that recorded it; a structure's column counts the act when
    one of its advisers took part for it. A collective session is an act with a ``GroupSession``.
    ``anonymous_count`` is the number of unnamed people received; a session's stands with its
    hosts. The note never leaves the structures concerned.
    """

    __tablename__ = "acts"
    __table_args__ = (
        CheckConstraint("done_on >= '1990-01-01'", name="done_since_1990"),
        CheckConstraint("anonymous_count >= 0", name="anonymous_not_negative"),
        # An act carries out an action of its own parcours.
        ForeignKeyConstraint(
            ["plan_action_id", "parcours_id"], ["plan_actions.id", "plan_actions.parcours_id"]
        ),
        CheckConstraint(
            "plan_action_id IS NULL OR parcours_id IS NOT NULL", name="action_of_a_parcours"
        ),
        Index("ix_acts_structure_id_done_on", "structure_id", "done_on"),
        Index(
            "ix_acts_plan_action_id",
            "plan_action_id",
            postgresql_where=text("plan_action_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    done_on: Mapped[dt.date] = mapped_column(index=True)
    type_code: Mapped[str] = mapped_column(ForeignKey("act_types.code"))
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"))
    parcours_id: Mapped[int | None] = mapped_column(ForeignKey("parcours.id"), index=True)
    plan_action_id: Mapped[int | None] = mapped_column()
    scheme_code: Mapped[str] = mapped_column(ForeignKey("schemes.code"), default="DRA")
    modality_code: Mapped[str | None] = mapped_column(ForeignKey("modalities.code"))
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"))
    anonymous_count: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    version: Mapped[int] = mapped_column(default=1)
    request_key: Mapped[uuid.UUID | None] = mapped_column(unique=True)

    type: Mapped[ActType] = relationship()
    structure: Mapped[Structure] = relationship()
    parcours: Mapped[Parcours | None] = relationship(foreign_keys=[parcours_id])
    plan_action: Mapped[PlanAction | None] = relationship(
        foreign_keys=[plan_action_id], primaryjoin="Act.plan_action_id == PlanAction.id"
    )
    scheme: Mapped[Scheme] = relationship()
    modality: Mapped[Modality | None] = relationship()
    commune: Mapped[Commune | None] = relationship()
    shares: Mapped[list[ActAdviser]] = relationship(
        back_populates="act", order_by="ActAdviser.position", cascade="all, delete-orphan"
    )
    people: Mapped[list[ActBeneficiary]] = relationship(cascade="all, delete-orphan")
    group_session: Mapped[GroupSession | None] = relationship(
        back_populates="act", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def minutes(self) -> int:
        """The minutes of all its advisers together."""
        return sum(share.minutes for share in self.shares)


class ActAdviser(Base):
    """An adviser's minutes in an act, for the one structure they were worked for (Rule 2).

    ``recorded_by_id`` is the structure whose record names the adviser: for a co-animated session
    each structure brings, and corrects, its own.
    """

    __tablename__ = "act_advisers"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes_within_a_day"),
        # The latest acts of somebody are the first that it gives.
        Index("ix_act_advisers_adviser_id_act_id", "adviser_id", "act_id"),
    )

    act_id: Mapped[int] = mapped_column(ForeignKey("acts.id", ondelete="CASCADE"), primary_key=True)
    adviser_id: Mapped[int] = mapped_column(ForeignKey("advisers.id"), primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"), primary_key=True)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("structures.id"))
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    minutes: Mapped[int]

    act: Mapped[Act] = relationship(back_populates="shares")
    adviser: Mapped[Adviser] = relationship()
    structure: Mapped[Structure] = relationship(foreign_keys=[structure_id])


class ActBeneficiary(Base, AsItWas):
    """A person whom an act names (a reception without parcours), as she was that day (Rule 8)."""

    __tablename__ = "act_beneficiaries"

    act_id: Mapped[int] = mapped_column(ForeignKey("acts.id", ondelete="CASCADE"), primary_key=True)
    beneficiary_id: Mapped[int] = mapped_column(
        ForeignKey("beneficiaries.id"), primary_key=True, index=True
    )

    beneficiary: Mapped[Beneficiary] = relationship()
