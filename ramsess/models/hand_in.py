"""Handing in: what each structure has said of a period, and what it was answered."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    FetchedValue,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.account import Account
from ramsess.models.reporting_period import ReportingPeriod
from ramsess.models.structure import Structure

HANDED_IN, TAKEN_BACK, SENT_BACK = STEPS = ("handed_in", "taken_back", "sent_back")


class HandIn(Base):
    """A step of a structure's period: handed in, taken back by it, or sent back with a remark.

    Steps are added, never changed, and are numbered from 1: the last one says where the structure
    is. *figures*: the structure's key figures (B01, by row) on the day it handed in. The database
    refuses a step once the period is consolidated.
    """

    __tablename__ = "hand_ins"
    __table_args__ = (
        UniqueConstraint("period_id", "structure_id", "number"),
        CheckConstraint("step IN ('handed_in', 'taken_back', 'sent_back')", name="step_is_known"),
        CheckConstraint("step <> 'sent_back' OR remark <> ''", name="sent_back_says_why"),
        CheckConstraint("number > 0", name="numbered_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id"))
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"))
    number: Mapped[int]
    step: Mapped[str] = mapped_column(String(10))
    remark: Mapped[str] = mapped_column(Text, default="")
    figures: Mapped[dict[str, float] | None] = mapped_column(JSONB(none_as_null=True))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), FetchedValue())

    period: Mapped[ReportingPeriod] = relationship()
    structure: Mapped[Structure] = relationship()
    account: Mapped[Account] = relationship()
