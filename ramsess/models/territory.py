"""Territory: départements and EPCI of the region, communes by INSEE code."""

from __future__ import annotations

import re

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ramsess.database import Base

# Mainland, Corsica, overseas (971 to 989), and 99 for abroad.
INSEE_CODE = re.compile(r"(0[1-9]|[1-8]\d|9[0-5]|2[AB]|97|98|99)\d{3}", re.ASCII)


class Department(Base):
    """A département of the region."""

    __tablename__ = "departments"

    code: Mapped[str] = mapped_column(String(3), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Epci(Base):
    """An EPCI; *department_code* is the département where most of its people live.

    An EPCI may reach over a département's border: it is still one row of the territory table.
    """

    __tablename__ = "epcis"

    code: Mapped[str] = mapped_column(String(9), primary_key=True)
    name: Mapped[str] = mapped_column(String(160))
    department_code: Mapped[str] = mapped_column(ForeignKey("departments.code"))


class Commune(Base):
    """A commune or arrondissement; one outside the region has no département and no EPCI here.

    Communes outside the region are added by code when first used, and reported as *hors région*.
    """

    __tablename__ = "communes"
    __table_args__ = (
        CheckConstraint("code ~ '^(\\d{5}|2[AB]\\d{3})$'", name="code_is_insee"),
        CheckConstraint(
            "(department_code IS NULL) = (epci_code IS NULL)", name="in_the_region_or_not"
        ),
    )

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    search_key: Mapped[str] = mapped_column(String(200), index=True)
    postcodes: Mapped[str] = mapped_column(String(120), default="")
    department_code: Mapped[str | None] = mapped_column(ForeignKey("departments.code"))
    epci_code: Mapped[str | None] = mapped_column(ForeignKey("epcis.code"))
