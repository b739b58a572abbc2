"""Seals: the report of a period as it will be for ever (Rule 12)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    FetchedValue,
    ForeignKey,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.reporting_period import ReportingPeriod


class SealKey(Base):
    """A public key (Ed25519, 32 bytes) that seals are verified with; *name* is its fingerprint."""

    __tablename__ = "seal_keys"
    __table_args__ = (CheckConstraint("length(public_key) = 32", name="is_ed25519"),)

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    since: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), FetchedValue())


class Seal(Base):
    """The seal of a period: its manifest (canonical JSON that names every file by its SHA-256),
    the manifest's SHA-256 and its signature.

    ``address`` is the short code at which anybody verifies it.
    """

    __tablename__ = "seals"
    __table_args__ = (
        CheckConstraint("digest = encode(sha256(manifest), 'hex')", name="digest_is_sha256"),
        CheckConstraint("length(signature) = 64", name="signature_is_ed25519"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id"), unique=True)
    address: Mapped[str] = mapped_column(String(16), unique=True)
    manifest: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    key_name: Mapped[str] = mapped_column(ForeignKey("seal_keys.name"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    sealed_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))

    period: Mapped[ReportingPeriod] = relationship()
    key: Mapped[SealKey] = relationship()


class SealedFile(Base):
    """One file of a seal, byte for byte: *suffix* is ``json`` (canonical data), ``xlsx``, ``pdf``.

    *edition* ``network`` is for who works in the network; ``detail`` adds to it the pseudonymised
    lists of records, for the coordinator; ``region`` is what the Région receives.
    """

    __tablename__ = "sealed_files"
    __table_args__ = (
        UniqueConstraint("seal_id", "edition", "suffix"),
        CheckConstraint("edition IN ('network', 'detail', 'region')", name="edition_is_known"),
        CheckConstraint("digest = encode(sha256(content), 'hex')", name="digest_is_sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seal_id: Mapped[int] = mapped_column(ForeignKey("seals.id"))
    edition: Mapped[str] = mapped_column(String(9))
    suffix: Mapped[str] = mapped_column(String(4))
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    seal: Mapped[Seal] = relationship()
