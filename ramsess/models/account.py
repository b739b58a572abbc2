"""Accounts that sign in, and the roles granted to them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.calendar import today
from ramsess.models.structure import Structure

if TYPE_CHECKING:
    from ramsess.models.adviser import Adviser
    from ramsess.models.security_key import SecurityKey

STRUCTURE_ROLES = ("adviser", "manager")


class Role(Base, RoleMixin):
    """What a person is in the network: adviser, manager… (reference_data.ROLES)."""

    __tablename__ = "roles"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    label: Mapped[str] = mapped_column(String(80))


class Grant(Base):
    """A role held by an account, in one structure or (coordinator, funder, admin, dpo) in none.

    *until* is the last day on which it holds; open where it is missing.
    """

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
    until: Mapped[dt.date | None]

    structure: Mapped[Structure | None] = relationship()

    def holds_on(self, day: dt.date) -> bool:
        """True when the role has not ended, and its structure belongs to the network on *day*."""
        if self.until is not None and self.until < day:
            return False
        return self.structure is None or self.structure.is_member_on(day)


class Account(Base, UserMixin):
    """A person who signs in. The password is kept as an argon2id hash.

    ``tf_``, ``mf_`` and ``fs_`` columns have the library's names: the authenticator's secret is
    encrypted, the recovery codes are keyed hashes. *totp_counter* is the last code accepted.
    *digested_at* is when a mail last told how many messages wait; *to_complete* how many records
    were incomplete on the day *counted_on*.
    """

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

    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(Text)
    totp_counter: Mapped[int | None] = mapped_column(BigInteger)
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(
        MutableList.as_mutable(ARRAY(String(64)))
    )
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(  # type: ignore[assignment]  # the mixin’s is bare
        String(64), unique=True
    )
    invitation_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    invited_until: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    digested_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    counted_on: Mapped[dt.date | None]
    to_complete: Mapped[int | None]

    # The mixin says list[RoleMixin]; these are ours.
    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]
        secondary="grants", viewonly=True
    )
    grants: Mapped[list[Grant]] = relationship(cascade="all, delete-orphan")
    adviser: Mapped[Adviser | None] = relationship(back_populates="account")
    webauthn: Mapped[list[SecurityKey]] = relationship(  # type: ignore[assignment]  # ours
        back_populates="account", cascade="all, delete-orphan"
    )

    @property
    def grants_today(self) -> list[Grant]:
        """The roles that hold today."""
        day = today()
        return [grant for grant in self.grants if grant.holds_on(day)]

    @property
    def has_second_factor(self) -> bool:
        """True when an authenticator app or a security key is set up."""
        return bool(self.tf_primary_method and self.tf_totp_secret) or bool(self.webauthn)

    def structures(self, *roles: str) -> list[Structure]:
        """The structures in which the account holds one of *roles* (any role by default)."""
        found = {
            grant.structure.id: grant.structure
            for grant in self.grants_today
            if grant.structure and (not roles or grant.role_name in roles)
        }
        return sorted(found.values(), key=lambda structure: structure.name)

    def holds(self, role: str) -> bool:
        """True when the account holds *role*, in whatever structure."""
        return any(grant.role_name == role for grant in self.grants_today)
