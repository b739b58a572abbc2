"""Accompaniment plans: what is to be done after a validated diagnostic, by whom, until when."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.diagnostic import Diagnostic
from ramsess.models.nomenclature import ActType, Axis
from ramsess.models.parcours import Parcours
from ramsess.models.structure import Structure

STATES = {"todo": "à faire", "doing": "en cours", "done": "faite", "dropped": "abandonnée"}
OPEN_STATES = ("todo", "doing")


class Plan(Base):
    """One version (``number``) of the plan of a parcours; a revision supersedes it.

    ``reason`` says what the review had shown; ``review_on`` is the day of the next one.
    """

    __tablename__ = "plans"
    __table_args__ = (
        UniqueConstraint("parcours_id", "number"),
        UniqueConstraint("id", "parcours_id"),
        Index(
            "uq_plans_in_force",
            "parcours_id",
            unique=True,
            postgresql_where=text("superseded_on IS NULL"),
        ),
        ForeignKeyConstraint(
            ["diagnostic_id", "parcours_id"], ["diagnostics.id", "diagnostics.parcours_id"]
        ),
        CheckConstraint("superseded_on >= opened_on", name="superseded_after_opened"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    parcours_id: Mapped[int] = mapped_column(ForeignKey("parcours.id"))
    diagnostic_id: Mapped[int]
    number: Mapped[int] = mapped_column(SmallInteger)
    opened_on: Mapped[dt.date]
    superseded_on: Mapped[dt.date | None]
    review_on: Mapped[dt.date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    parcours: Mapped[Parcours] = relationship()
    diagnostic: Mapped[Diagnostic] = relationship(overlaps="parcours")
    actions: Mapped[list[PlanAction]] = relationship(
        back_populates="plan",
        order_by="PlanAction.due_on, PlanAction.id",
        foreign_keys="PlanAction.plan_id",
        cascade="all, delete-orphan",
    )

    __mapper_args__ = {"version_id_col": version}


class PlanAction(Base):
    """An action of a plan: objective, who answers for it, planned acts and minutes, due date.

    ``first_id`` is the same action in the first version that held it: acts are recorded for that
    one, so that what was done stays known through every revision. ``closed_on`` is the day on
    which it was done or dropped.
    """

    __tablename__ = "plan_actions"
    __table_args__ = (
        UniqueConstraint("id", "parcours_id"),
        ForeignKeyConstraint(["plan_id", "parcours_id"], ["plans.id", "plans.parcours_id"]),
        ForeignKeyConstraint(
            ["first_id", "parcours_id"], ["plan_actions.id", "plan_actions.parcours_id"]
        ),
        CheckConstraint("state IN ('todo', 'doing', 'done', 'dropped')", name="state_is_known"),
        CheckConstraint(
            "(state IN ('done', 'dropped')) = (closed_on IS NOT NULL)", name="closed_once_over"
        ),
        CheckConstraint("planned_acts >= 0 AND planned_minutes >= 0", name="planned_not_negative"),
        CheckConstraint("due_on >= '1990-01-01'", name="due_since_1990"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    plan_id: Mapped[int] = mapped_column(index=True)
    parcours_id: Mapped[int] = mapped_column(ForeignKey("parcours.id"), index=True)
    first_id: Mapped[int | None]
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"), index=True)
    axis_code: Mapped[str | None] = mapped_column(ForeignKey("axes.code"))
    type_code: Mapped[str | None] = mapped_column(ForeignKey("act_types.code"))
    objective: Mapped[str] = mapped_column(Text)
    planned_acts: Mapped[int] = mapped_column(default=1)
    planned_minutes: Mapped[int] = mapped_column(default=0)
    due_on: Mapped[dt.date]
    state: Mapped[str] = mapped_column(String(8), default="todo")
    closed_on: Mapped[dt.date | None]
    version: Mapped[int] = mapped_column(default=1)
    request_key: Mapped[uuid.UUID | None] = mapped_column(unique=True)

    plan: Mapped[Plan] = relationship(
        back_populates="actions",
        foreign_keys=[plan_id],
        primaryjoin="PlanAction.plan_id == Plan.id",
    )
    structure: Mapped[Structure] = relationship()
    axis: Mapped[Axis | None] = relationship()
    type: Mapped[ActType | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def root_id(self) -> int:
        """The id that acts are recorded for."""
        return self.first_id or self.id

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    def is_late(self, day: dt.date) -> bool:
        """True when it was due before *day* and is neither done nor dropped."""
        return self.is_open and self.due_on < day
