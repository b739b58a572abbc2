"""What the rights of a person leave in the database: requests to erase, identities put away."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.beneficiary import Beneficiary
from ramsess.models.structure import Structure

#: Why an erasure is asked for; a code, so that nothing is told about the person.
REASONS = {
    "DEM": "La personne le demande",
    "OPP": "La personne s’oppose au traitement",
    "ERR": "Personne enregistrée par erreur",
}
ANSWERS = {"done": "Effacée", "refused": "Refusée"}


class ErasureRequest(Base):
    """A structure asks the network to erase a person; the answer is the network's."""

    __tablename__ = "erasure_requests"
    __table_args__ = (
        CheckConstraint("reason_code IN ('DEM', 'OPP', 'ERR')", name="reason_is_known"),
        CheckConstraint("answer IN ('done', 'refused')", name="answer_is_known"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_once"),
        Index(
            "uq_erasure_requests_waiting",
            "structure_id",
            "person_id",
            unique=True,
            postgresql_where="answer IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("beneficiaries.id"), index=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    asked_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    reason_code: Mapped[str] = mapped_column(String(3))
    answer: Mapped[str | None] = mapped_column(String(8))
    answered_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))

    person: Mapped[Beneficiary] = relationship()
    structure: Mapped[Structure] = relationship()


class IdentityArchive(Base):
    """The identity of a person whom nobody met for long; for the data protection officer only.

    ``identity`` holds the columns that her record lost, so that she can be given them back.
    """

    __tablename__ = "identity_archives"

    beneficiary_id: Mapped[int] = mapped_column(
        ForeignKey("beneficiaries.id", ondelete="CASCADE"), primary_key=True
    )
    identity: Mapped[dict[str, Any]] = mapped_column(JSONB)
    archived_on: Mapped[dt.date]

    beneficiary: Mapped[Beneficiary] = relationship()
