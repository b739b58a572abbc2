"""Handing in: what each structure has said of a period, and what it was answered."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, DateTime, FetchedValue, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.account import Account
from ramsess.models.reporting_period import ReportingPeriod
from ramsess.models.structure import Structure

STEPS = {"handed_in": "rendu", "sent_back": "renvoyé"}


class HandIn(Base):
    """A step of a structure's period: handed in by it, or sent back with a remark.

    Steps are added, never changed: the last one says where the structure is.
    """

    __tablename__ = "hand_ins"
    __table_args__ = (
        CheckConstraint("step IN ('handed_in', 'sent_back')", name="step_is_known"),
        CheckConstraint("step <> 'sent_back' OR remark <> ''", name="sent_back_says_why"),
        Index("ix_hand_ins_period_id_structure_id", "period_id", "structure_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id"))
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"))
    step: Mapped[str] = mapped_column(String(9))
    remark: Mapped[str] = mapped_column(Text, default="")
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), FetchedValue())

    period: Mapped[ReportingPeriod] = relationship()
    structure: Mapped[Structure] = relationship()
    account: Mapped[Account] = relationship()
