"""Accounts that sign in, and the roles granted to them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.structure import Structure

if TYPE_CHECKING:
    from ramsess.models.adviser import Adviser

STRUCTURE_ROLES = ("adviser", "manager")


class Role(Base, RoleMixin):
    """What a person is in the network: adviser, manager… (reference_data.ROLES)."""

    __tablename__ = "roles"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    label: Mapped[str] = mapped_column(String(80))


class Grant(Base):
    """A role held by an account, in one structure or (coordinator, funder, admin, dpo) in none."""

    __tablename__ = "grants"
    __table_args__ = (
        UniqueConstraint(
            "account_id", "role_name", "structure_id", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint(
            "(role_name IN ('adviser', 'manager')) = (structure_id IS NOT NULL)",
            name="structure_where_the_role_has_one",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    role_name: Mapped[str] = mapped_column(ForeignKey("roles.name"))
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id"))

    structure: Mapped[Structure | None] = relationship()


class Account(Base, UserMixin):
    """A person who signs in. The password is kept as an argon2id hash."""

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_in_lower_case"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )

    # The mixin says list[RoleMixin]; these are ours.
    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]
        secondary="grants", viewonly=True
    )
    grants: Mapped[list[Grant]] = relationship(cascade="all, delete-orphan")
    adviser: Mapped[Adviser | None] = relationship(back_populates="account")

    def structures(self, *roles: str) -> list[Structure]:
        """The structures in which the account holds one of *roles* (any role by default)."""
        found = {
            grant.structure.id: grant.structure
            for grant in self.grants
            if grant.structure and (not roles or grant.role_name in roles)
        }
        return sorted(found.values(), key=lambda structure: structure.name)

    def holds(self, role: str) -> bool:
        """True when the account holds *role*, in whatever structure."""
        return any(grant.role_name == role for grant in self.grants)
