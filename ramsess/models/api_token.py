"""Tokens by which a program reads what its account may see (the programming interface)."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, DateTime, FetchedValue, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.account import Role


class ApiToken(Base):
    """A secret that acts for an account in one of its roles, until it is revoked or expires.

    Whoever made it keeps the secret; here is its SHA-256 only. *name* is what its owner calls it.
    """

    __tablename__ = "api_tokens"
    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("expires_at <= created_at + interval '366 days'", name="a_year_at_most"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    role_name: Mapped[str] = mapped_column(ForeignKey("roles.name"))
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    request_key: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), FetchedValue())
    expires_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))

    role: Mapped[Role] = relationship()
