"""Code lists (*nomenclatures*): one table a list, so that every code is a real foreign key.

A code once used is closed by ``valid_to``, never deleted nor given another meaning.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from ramsess.database import Base


class Nomenclature:
    """What every code list has: code, label, order, dates of validity."""

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    label: Mapped[str] = mapped_column(String(120))
    position: Mapped[int]
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]

    @declared_attr.directive
    def __table_args__(cls) -> tuple[CheckConstraint, ...]:  # noqa: N805  # SQLAlchemy gives the class
        return (
            CheckConstraint("code ~ '^[A-Z0-9]{1,8}$'", name="code_is_plain"),
            CheckConstraint("valid_to >= valid_from", name="closed_after_opened"),
        )


class Phase(Nomenclature, Base):
    __tablename__ = "phases"


class ActFamily(Nomenclature, Base):
    __tablename__ = "act_families"


class ActType(Nomenclature, Base):
    """A type of act: *kind* is I individual, C collective, N network work.

    *usual_minutes* is only what a form proposes.
    """

    __tablename__ = "act_types"

    family_code: Mapped[str] = mapped_column(ForeignKey("act_families.code"))
    kind: Mapped[str] = mapped_column(String(1))
    usual_minutes: Mapped[int] = mapped_column(default=60)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[CheckConstraint, ...]:  # noqa: N805  # SQLAlchemy gives the class
        return (
            CheckConstraint("code ~ '^[A-Z0-9]{1,8}$'", name="code_is_plain"),
            CheckConstraint("valid_to >= valid_from", name="closed_after_opened"),
            CheckConstraint("kind IN ('I', 'C', 'N')", name="kind_is_known"),
        )


class Sex(Nomenclature, Base):
    __tablename__ = "sexes"


class Situation(Nomenclature, Base):
    __tablename__ = "situations"


class Education(Nomenclature, Base):
    __tablename__ = "educations"


class LegalForm(Nomenclature, Base):
    __tablename__ = "legal_forms"


class Sector(Nomenclature, Base):
    __tablename__ = "sectors"


class Outcome(Nomenclature, Base):
    __tablename__ = "outcomes"


class Scheme(Nomenclature, Base):
    """A *dispositif*: what pays for an act; each act is charged to one (Rule 14)."""

    __tablename__ = "schemes"


class Modality(Nomenclature, Base):
    __tablename__ = "modalities"


class FundingSource(Nomenclature, Base):
    __tablename__ = "funding_sources"


class Speciality(Nomenclature, Base):
    """What a structure knows how to help with; also the theme of a resource."""

    __tablename__ = "specialities"


class Degree(Nomenclature, Base):
    """How much a structure intervenes; its *position* is its weight."""

    __tablename__ = "degrees"


class ResourceKind(Nomenclature, Base):
    __tablename__ = "resource_kinds"


class Partner(Nomenclature, Base):
    """Who is outside the network, and to whom people are oriented."""

    __tablename__ = "partners"


class Axis(Nomenclature, Base):
    """What a shared diagnostic looks at, one after the other."""

    __tablename__ = "axes"


class AgreementManner(Nomenclature, Base):
    """How a beneficiary said that she agrees with a diagnostic."""

    __tablename__ = "agreement_manners"


class Limit(Nomenclature):
    """Where something begins: *amount* in the unit that its label says."""

    amount: Mapped[int]

    @declared_attr.directive
    def __table_args__(cls) -> tuple[CheckConstraint, ...]:  # noqa: N805  # SQLAlchemy gives the class
        return (
            CheckConstraint("code ~ '^[A-Z0-9]{1,8}$'", name="code_is_plain"),
            CheckConstraint("valid_to >= valid_from", name="closed_after_opened"),
            CheckConstraint("amount > 0", name="amount_positive"),
        )


class QualityLimit(Limit, Base):
    """Where a record becomes one to look at."""

    __tablename__ = "quality_limits"


class DisclosureLimit(Limit, Base):
    """``PERSONS``: the least count of persons, but for 0, that leaves for the Région (Rule 15)."""

    __tablename__ = "disclosure_limits"


CODE_LISTS: dict[str, type[Nomenclature]] = {
    model.__tablename__: model
    for model in (
        Phase, ActFamily, ActType, Sex, Situation, Education, LegalForm, Sector, Outcome, Scheme,
        Modality, FundingSource, Partner, Speciality, Degree, ResourceKind, Axis, AgreementManner,
        QualityLimit, DisclosureLimit,
    )
}  # fmt: skip
