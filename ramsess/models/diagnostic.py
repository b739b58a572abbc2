"""Shared diagnostics: what several structures say together of one parcours, axis by axis."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import (
    CheckConstraint,
    DateTime,
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
from ramsess.models.nomenclature import AgreementManner, Axis
from ramsess.models.parcours import Parcours
from ramsess.models.structure import Structure

LEVELS = (1, 2, 3, 4)


class Diagnostic(Base):
    """One version (``number``) of the diagnostic of a parcours; once validated it never changes.

    Its state is told by its dates: draft, contributed once every structure handed its part in,
    validated once all of them and the beneficiary agreed. ``wording`` counts what one may agree
    with: it grows when the synthesis changes or a part is taken back, and earlier agreements no
    longer hold. The link that the beneficiary may receive is kept as a SHA-256.
    """

    __tablename__ = "diagnostics"
    __table_args__ = (
        UniqueConstraint("parcours_id", "number"),
        UniqueConstraint("id", "parcours_id"),
        Index(
            "uq_diagnostics_under_way",
            "parcours_id",
            unique=True,
            postgresql_where=text("validated_on IS NULL"),
        ),
        CheckConstraint("number >= 1", name="number_from_1"),
        CheckConstraint(
            "validated_on IS NULL OR "
            "(contributed_on IS NOT NULL AND beneficiary_agreed_on IS NOT NULL)",
            name="validated_by_all",
        ),
        CheckConstraint(
            "(beneficiary_agreed_on IS NULL) = (beneficiary_manner_code IS NULL)",
            name="agreed_in_some_manner",
        ),
        CheckConstraint("(link_hash IS NULL) = (link_until IS NULL)", name="link_ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    parcours_id: Mapped[int] = mapped_column(ForeignKey("parcours.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    opened_on: Mapped[dt.date]
    contributed_on: Mapped[dt.date | None]
    validated_on: Mapped[dt.date | None]
    synthesis: Mapped[str] = mapped_column(Text, default="")
    wording: Mapped[int] = mapped_column(default=1)
    beneficiary_agreed_on: Mapped[dt.date | None]
    beneficiary_manner_code: Mapped[str | None] = mapped_column(
        ForeignKey("agreement_manners.code")
    )
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    link_until: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(default=1)

    parcours: Mapped[Parcours] = relationship()
    beneficiary_manner: Mapped[AgreementManner | None] = relationship()
    contributions: Mapped[list[Contribution]] = relationship(
        back_populates="diagnostic",
        order_by="Contribution.invited_on, Contribution.structure_id",
        cascade="all, delete-orphan",
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def state(self) -> str:
        """``draft``, ``contributed`` or ``validated``."""
        if self.validated_on:
            return "validated"
        return "contributed" if self.contributed_on else "draft"

    def on(self, structure_id: int, axis_code: str) -> Appraisal | None:
        """What a structure says on an axis; None while it says nothing."""
        part = self.contribution_of(structure_id)
        return part.on(axis_code) if part else None

    def contribution_of(self, structure_id: int) -> Contribution | None:
        """The part of a structure; None when it is not invited."""
        return next((one for one in self.contributions if one.structure_id == structure_id), None)


class Contribution(Base):
    """A structure's part in a diagnostic: its own column, which nobody else writes in."""

    __tablename__ = "contributions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["diagnostic_id", "parcours_id"], ["diagnostics.id", "diagnostics.parcours_id"]
        ),
        CheckConstraint(
            "(agreed_on IS NULL) = (agreed_wording IS NULL)", name="agreed_with_a_wording"
        ),
    )

    diagnostic_id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(
        ForeignKey("structures.id"), primary_key=True, index=True
    )
    parcours_id: Mapped[int] = mapped_column(ForeignKey("parcours.id"), index=True)
    invited_on: Mapped[dt.date]
    handed_in_on: Mapped[dt.date | None]
    agreed_on: Mapped[dt.date | None]
    agreed_wording: Mapped[int | None]

    diagnostic: Mapped[Diagnostic] = relationship(back_populates="contributions")
    structure: Mapped[Structure] = relationship()
    appraisals: Mapped[list[Appraisal]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def agrees(self) -> bool:
        """True when the structure validated the diagnostic as it is worded now."""
        return self.agreed_wording == self.diagnostic.wording

    def on(self, axis_code: str) -> Appraisal | None:
        """What is said on an axis; None while nothing is."""
        return next((one for one in self.appraisals if one.axis_code == axis_code), None)


class Appraisal(Base):
    """What a structure says of one axis: maturity from 1 to 4 or none, and three texts."""

    __tablename__ = "appraisals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["diagnostic_id", "structure_id"],
            ["contributions.diagnostic_id", "contributions.structure_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["diagnostic_id", "parcours_id"], ["diagnostics.id", "diagnostics.parcours_id"]
        ),
        CheckConstraint("level BETWEEN 1 AND 4", name="level_from_1_to_4"),
    )

    diagnostic_id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"), primary_key=True)
    axis_code: Mapped[str] = mapped_column(ForeignKey("axes.code"), primary_key=True)
    parcours_id: Mapped[int] = mapped_column(ForeignKey("parcours.id"), index=True)
    level: Mapped[int | None] = mapped_column(SmallInteger)
    strengths: Mapped[str] = mapped_column(Text, default="")
    weaknesses: Mapped[str] = mapped_column(Text, default="")
    needs: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    axis: Mapped[Axis] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def said(self) -> tuple[int | None, str, str, str]:
        """Level, strengths, weaknesses, needs."""
        return self.level, self.strengths, self.weaknesses, self.needs
