"""Lists that somebody keeps under a name, to find the same filters again."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, String, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ramsess.database import Base


class SavedList(Base):
    """The filters of a list, kept by an account for itself.

    *list* is the list's name (``actes``); *filters* what its address says after the « ? »: codes,
    dates and numbers of structures, checked against the list before they are kept. What was
    searched for is not among them: it holds names.
    """

    __tablename__ = "saved_lists"
    __table_args__ = (
        UniqueConstraint("account_id", "list", "name"),
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("list ~ '^[a-z]+$'", name="list_is_plain"),
        CheckConstraint("jsonb_typeof(filters) = 'object'", name="filters_by_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    list: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    filters: Mapped[dict[str, str]] = mapped_column(JSONB)
    saved_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
