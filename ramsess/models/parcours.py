"""Parcours: the accompaniment of one project and its people by the network."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Numeric,
    String,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from ramsess.database import Base
from ramsess.models.beneficiary import AsItWas, Beneficiary
from ramsess.models.names import normalise
from ramsess.models.nomenclature import FundingSource, Outcome, Phase
from ramsess.models.structure import Structure
from ramsess.models.territory import Commune


class Project(Base):
    """What is being built; its present attributes (the parcours keeps those of the entry)."""

    __tablename__ = "projects"
    __table_args__ = (CheckConstraint("siret ~ '^\\d{14}$'", name="siret_has_14_digits"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    search_key: Mapped[str] = mapped_column(String(400))
    legal_form_code: Mapped[str | None] = mapped_column(ForeignKey("legal_forms.code"))
    sector_code: Mapped[str | None] = mapped_column(ForeignKey("sectors.code"))
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"))
    siret: Mapped[str | None] = mapped_column(String(14))
    collective: Mapped[bool | None]

    commune: Mapped[Commune | None] = relationship()


def _set_search_key(_mapper: Mapper[Project], _connection: Connection, project: Project) -> None:
    project.search_key = normalise(project.title)[:400]


event.listen(Project, "before_insert", _set_search_key)
event.listen(Project, "before_update", _set_search_key)


def new_code() -> str:
    """Eight hexadecimal digits that the référente gives to a structure invited to join."""
    return secrets.token_hex(4).upper()


class Parcours(Base):
    """From entry to exit; counts once in the network however many structures share it (Rule 1).

    ``join_code`` lets one structure in, and is then another. ``entry_*`` are the project's
    attributes as they were at entry (Rule 8). Dates are civil dates, jobs are full-time
    equivalents with two decimals.
    """

    __tablename__ = "parcours"
    __table_args__ = (
        CheckConstraint("reference ~ '^P-\\d{4}-\\d{4,}$'", name="reference_is_well_formed"),
        CheckConstraint("entered_on >= '1990-01-01'", name="entered_since_1990"),
        CheckConstraint("exited_on >= entered_on", name="exited_after_entered"),
        CheckConstraint("outcome_code IS NULL OR exited_on IS NOT NULL", name="outcome_at_exit"),
        CheckConstraint("jobs_created >= 0 AND jobs_consolidated >= 0", name="jobs_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    lead_structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"), index=True)
    entered_on: Mapped[dt.date] = mapped_column(index=True)
    entry_phase_code: Mapped[str] = mapped_column(ForeignKey("phases.code"))
    entry_legal_form_code: Mapped[str | None] = mapped_column(ForeignKey("legal_forms.code"))
    entry_sector_code: Mapped[str | None] = mapped_column(ForeignKey("sectors.code"))
    entry_commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"))
    origin: Mapped[str] = mapped_column(String(200), default="")
    exited_on: Mapped[dt.date | None]
    outcome_code: Mapped[str | None] = mapped_column(ForeignKey("outcomes.code"))
    jobs_created: Mapped[Decimal] = mapped_column(Numeric(8, 2), default=Decimal(0))
    jobs_consolidated: Mapped[Decimal] = mapped_column(Numeric(8, 2), default=Decimal(0))
    join_code: Mapped[str] = mapped_column(
        String(8),
        default=new_code,
        server_default=text("upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 8))"),
    )
    version: Mapped[int] = mapped_column(default=1)
    request_key: Mapped[uuid.UUID | None] = mapped_column(unique=True)

    project: Mapped[Project] = relationship()
    lead: Mapped[Structure] = relationship()
    entry_phase: Mapped[Phase] = relationship()
    outcome: Mapped[Outcome | None] = relationship()
    members: Mapped[list[ParcoursBeneficiary]] = relationship(
        back_populates="parcours", cascade="all, delete-orphan"
    )
    involvements: Mapped[list[Involvement]] = relationship(
        back_populates="parcours", order_by="Involvement.joined_on", cascade="all, delete-orphan"
    )
    phase_changes: Mapped[list[PhaseChange]] = relationship(
        order_by="PhaseChange.reached_on", cascade="all, delete-orphan"
    )
    fundings: Mapped[list[Funding]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}

    @property
    def beneficiaries(self) -> list[Beneficiary]:
        return [member.beneficiary for member in self.members]

    def phase_code_on(self, day: dt.date) -> str:
        """The code of the last phase reached by *day*; the entry phase before any change."""
        reached = [change for change in self.phase_changes if change.reached_on <= day]
        return reached[-1].phase_code if reached else self.entry_phase_code


class ParcoursBeneficiary(Base, AsItWas):
    """A person on a parcours, with the attributes held on the parcours' entry date (Rule 8)."""

    __tablename__ = "parcours_beneficiaries"

    parcours_id: Mapped[int] = mapped_column(
        ForeignKey("parcours.id", ondelete="CASCADE"), primary_key=True
    )
    beneficiary_id: Mapped[int] = mapped_column(
        ForeignKey("beneficiaries.id"), primary_key=True, index=True
    )

    parcours: Mapped[Parcours] = relationship(back_populates="members")
    beneficiary: Mapped[Beneficiary] = relationship()


class Involvement(Base):
    """A structure's part in a parcours, lead included; it ends at ``left_on``, else at the exit.

    Entry into a structure is the date at which it joined (Rule 5).
    """

    __tablename__ = "involvements"
    __table_args__ = (
        CheckConstraint("left_on >= joined_on", name="left_after_joined"),
        CheckConstraint("joined_on >= '1990-01-01'", name="joined_since_1990"),
        ExcludeConstraint(
            (text("int8range(parcours_id, parcours_id, '[]')"), "&&"),
            (text("int8range(structure_id, structure_id, '[]')"), "&&"),
            (text("daterange(joined_on, left_on, '[]')"), "&&"),
            using="gist",
            name="one_involvement_at_a_time",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    parcours_id: Mapped[int] = mapped_column(
        ForeignKey("parcours.id", ondelete="CASCADE"), index=True
    )
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"), index=True)
    joined_on: Mapped[dt.date]
    left_on: Mapped[dt.date | None]

    parcours: Mapped[Parcours] = relationship(back_populates="involvements")
    structure: Mapped[Structure] = relationship()

    def covers(self, day: dt.date) -> bool:
        """True when the structure takes part on *day*; first and last day included.

        Who no longer sees the parcours left it: its own last day is the end.
        """
        exit_ = self.parcours.exited_on if self.parcours else None
        ends = [end for end in (self.left_on, exit_) if end]
        return self.joined_on <= day <= min(ends, default=day)


class PhaseChange(Base):
    """A phase reached after the entry; one a day, the last one said (Rule 10)."""

    __tablename__ = "phase_changes"
    __table_args__ = (UniqueConstraint("parcours_id", "reached_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    parcours_id: Mapped[int] = mapped_column(ForeignKey("parcours.id", ondelete="CASCADE"))
    phase_code: Mapped[str] = mapped_column(ForeignKey("phases.code"))
    reached_on: Mapped[dt.date]

    phase: Mapped[Phase] = relationship()


class Funding(Base):
    """Funding obtained for a project, in euro cents."""

    __tablename__ = "fundings"
    __table_args__ = (CheckConstraint("cents > 0", name="amount_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    parcours_id: Mapped[int] = mapped_column(
        ForeignKey("parcours.id", ondelete="CASCADE"), index=True
    )
    source_code: Mapped[str] = mapped_column(ForeignKey("funding_sources.code"))
    cents: Mapped[int]
    obtained_on: Mapped[dt.date]
    label: Mapped[str] = mapped_column(String(200), default="")

    source: Mapped[FundingSource] = relationship()


class ParcoursNumber(Base):
    """The last number given to a parcours of a year; the row is the lock of the numbering."""

    __tablename__ = "parcours_numbers"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
