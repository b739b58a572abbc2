"""What a structure says of itself in public: how to reach it, where it intervenes and how much."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.nomenclature import Degree
from ramsess.models.structure import Structure
from ramsess.models.territory import Commune


class Presentation(Base):
    """How to reach a structure, and its line of the network's global schema.

    ``confirmed_on`` is the day on which the structure last said so itself. Until then the line is a
    starting point that somebody else proposed, and nothing of it is public.
    """

    __tablename__ = "presentations"
    __table_args__ = (
        CheckConstraint("website = '' OR website ~ '^https?://[^[:space:]]+$'", name="web_address"),
    )

    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"), primary_key=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"))
    confirmed_on: Mapped[dt.date | None]
    version: Mapped[int] = mapped_column(default=1)

    structure: Mapped[Structure] = relationship()
    commune: Mapped[Commune | None] = relationship()
    positionings: Mapped[list[Positioning]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}


class Positioning(Base):
    """How much a structure intervenes in a speciality at a phase; without a line, not at all."""

    __tablename__ = "positionings"

    structure_id: Mapped[int] = mapped_column(
        ForeignKey("presentations.structure_id"), primary_key=True
    )
    phase_code: Mapped[str] = mapped_column(ForeignKey("phases.code"), primary_key=True)
    speciality_code: Mapped[str] = mapped_column(ForeignKey("specialities.code"), primary_key=True)
    degree_code: Mapped[str] = mapped_column(ForeignKey("degrees.code"))

    degree: Mapped[Degree] = relationship()
