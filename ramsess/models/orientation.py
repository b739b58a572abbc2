"""Orientations: somebody is shown the way to another structure or to an outside partner."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.adviser import Adviser
from ramsess.models.beneficiary import Beneficiary
from ramsess.models.nomenclature import Partner
from ramsess.models.parcours import Parcours
from ramsess.models.structure import Structure

#: What an orientation was answered, in the words of the screens; « closed » is the sender's word.
ANSWERS = {"accepted": "Acceptée", "refused": "Refusée", "closed": "Sans suite"}


class Orientation(Base):
    """A proposal from a structure, about a parcours or about a person who has none.

    Goes to a structure, which answers, or to a partner, whose answer the sender records. The
    person's consent (*consent_on*) is what lets it be proposed. ``answer`` is missing while it
    waits. Taken up is not kept here: it is the receiver's first act from ``answered_on`` on.
    """

    __tablename__ = "orientations"
    __table_args__ = (
        CheckConstraint("num_nonnulls(to_structure_id, partner_code) = 1", name="one_destination"),
        CheckConstraint("num_nonnulls(parcours_id, beneficiary_id) = 1", name="one_subject"),
        CheckConstraint("to_structure_id <> from_structure_id", name="to_somebody_else"),
        CheckConstraint("answer IN ('accepted', 'refused', 'closed')", name="answer_is_known"),
        CheckConstraint("(answer IS NULL) = (answered_on IS NULL)", name="answered_on_a_day"),
        CheckConstraint("answered_on >= proposed_on", name="answered_after_proposed"),
        CheckConstraint("consent_on <= proposed_on", name="consent_before_proposed"),
        Index("ix_orientations_from_structure_id", "from_structure_id", "proposed_on"),
        Index("ix_orientations_to_structure_id", "to_structure_id", "proposed_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    from_structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"))
    adviser_id: Mapped[int | None] = mapped_column(ForeignKey("advisers.id"))
    to_structure_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id"))
    partner_code: Mapped[str | None] = mapped_column(ForeignKey("partners.code"))
    parcours_id: Mapped[int | None] = mapped_column(ForeignKey("parcours.id"), index=True)
    beneficiary_id: Mapped[int | None] = mapped_column(ForeignKey("beneficiaries.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    consent_on: Mapped[dt.date]
    proposed_on: Mapped[dt.date]
    answer: Mapped[str | None] = mapped_column(String(8))
    answered_on: Mapped[dt.date | None]
    answer_note: Mapped[str] = mapped_column(Text, default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    request_key: Mapped[uuid.UUID | None] = mapped_column(unique=True)

    from_structure: Mapped[Structure] = relationship(foreign_keys=[from_structure_id])
    to_structure: Mapped[Structure | None] = relationship(foreign_keys=[to_structure_id])
    partner: Mapped[Partner | None] = relationship()
    adviser: Mapped[Adviser | None] = relationship()
    parcours: Mapped[Parcours | None] = relationship()
    beneficiary: Mapped[Beneficiary | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def destination(self) -> str:
        """The name of the structure or of the partner."""
        if self.to_structure:
            return self.to_structure.name
        assert self.partner  # a constraint: one or the other
        return self.partner.label
