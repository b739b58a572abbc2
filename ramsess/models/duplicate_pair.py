"""Two records that may be one person (*doublon possible*), and what people said of them."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.beneficiary import Beneficiary

#: What ended a pair.
VERDICTS = {
    "distinct": "deux personnes",
    "refused": "rapprochement refusé",
    "merged": "fusionnées",
}


class DuplicatePair(Base):
    """A pair that detection found: ``first_id`` is the older record.

    ``evidence`` is a digest of what was compared: a pair that was settled is proposed again only
    when it differs. A pair of two structures, neither of which sees the other's record, is told to
    both on ``told_on``; each side then confirms for its own record (``first_structure_id``,
    ``second_structure_id``: who did; ``…_consent_on``: the day on which the person agreed). What
    ended it is ``verdict``; of a merge ``kept_id`` is the record that stays, and ``operation`` what
    reverses it.
    """

    __tablename__ = "duplicate_pairs"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        Index(
            "ix_duplicate_pairs_told_on",
            "told_on",
            postgresql_where=text("verdict IS NULL AND told_on IS NOT NULL"),
        ),
        CheckConstraint("first_id < second_id", name="older_first"),
        CheckConstraint("verdict IN ('distinct', 'refused', 'merged')", name="verdict_is_known"),
        CheckConstraint("(verdict IS NULL) = (ended_on IS NULL)", name="ended_once"),
        CheckConstraint(
            "(coalesce(verdict, '') = 'merged') = (kept_id IS NOT NULL)", name="merged_into_one"
        ),
        CheckConstraint(
            "kept_id IS NULL OR kept_id IN (first_id, second_id)", name="merged_into_one_of_both"
        ),
        CheckConstraint(
            "(first_structure_id IS NULL) = (first_consent_on IS NULL) "
            "AND (second_structure_id IS NULL) = (second_consent_on IS NULL)",
            name="confirmed_with_consent",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    first_id: Mapped[int] = mapped_column(ForeignKey("beneficiaries.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(
        ForeignKey("beneficiaries.id", ondelete="CASCADE"), index=True
    )
    score: Mapped[int] = mapped_column(SmallInteger)
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text))
    evidence: Mapped[str] = mapped_column(String(64))
    found_on: Mapped[dt.date]
    told_on: Mapped[dt.date | None]
    first_structure_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id"))
    first_consent_on: Mapped[dt.date | None]
    second_structure_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id"))
    second_consent_on: Mapped[dt.date | None]
    verdict: Mapped[str | None] = mapped_column(String(8))
    ended_on: Mapped[dt.date | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    kept_id: Mapped[int | None] = mapped_column(ForeignKey("beneficiaries.id", ondelete="CASCADE"))
    operation: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    version: Mapped[int] = mapped_column(default=1)

    first: Mapped[Beneficiary] = relationship(foreign_keys=[first_id])
    second: Mapped[Beneficiary] = relationship(foreign_keys=[second_id])
    kept: Mapped[Beneficiary | None] = relationship(foreign_keys=[kept_id])

    __mapper_args__ = {"version_id_col": version}

    @property
    def confirmed(self) -> bool:
        """True when each side said that its record is this person."""
        return self.first_structure_id is not None and self.second_structure_id is not None
