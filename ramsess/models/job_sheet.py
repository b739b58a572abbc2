"""The job sheet of a mutualised post (*fiche de poste mutualisé*)."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.adviser import Adviser


class JobSheet(Base):
    """What an adviser of two structures or more does for them, as they agreed on."""

    __tablename__ = "job_sheets"

    adviser_id: Mapped[int] = mapped_column(ForeignKey("advisers.id"), primary_key=True)
    missions: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)

    adviser: Mapped[Adviser] = relationship()

    __mapper_args__ = {"version_id_col": version}
