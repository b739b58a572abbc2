"""What somebody is typing in a form (*brouillon*): her own, for a few days."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, String, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from ramsess.database import Base

LONGEST = 200_000


class Draft(Base):
    """One for each form of an account; *form* is the address that the form is sent to.

    *text* is what its fields hold, as JSON: a list of names and values.
    """

    __tablename__ = "drafts"
    __table_args__ = (CheckConstraint(f"length(text) <= {LONGEST}", name="text_is_a_form_s"),)

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    form: Mapped[str] = mapped_column(String(200), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
