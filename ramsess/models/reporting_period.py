"""Periods that are handed in, consolidated and sealed: quarters and years."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, FetchedValue, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ramsess.database import Base

KINDS = {"quarter": "trimestre", "year": "année"}


def quarter_label(first: dt.date) -> str:
    """``1er trimestre 2009``: the quarter that begins on *first*."""
    number = (first.month + 2) // 3
    return f"{number}{'er' if number == 1 else 'e'} trimestre {first.year}"


class ReportingPeriod(Base):
    """A quarter or a year that structures hand in; both days are included (Rule 3).

    ``due_on`` is the day by which structures hand in. ``consolidated_on`` is set when the
    coordinator has consolidated it; a row of ``seals`` seals it.
    """

    __tablename__ = "periods"
    __table_args__ = (
        UniqueConstraint("first_on", "last_on"),
        CheckConstraint("kind IN ('quarter', 'year')", name="kind_is_known"),
        CheckConstraint(
            "first_on = date_trunc(kind, first_on)::date AND last_on = (date_trunc(kind, first_on)"
            " + CASE kind WHEN 'year' THEN interval '1 year' ELSE interval '3 months' END"
            " - interval '1 day')::date",
            name="whole_quarter_or_year",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, server_default=FetchedValue())
    kind: Mapped[str] = mapped_column(String(7))
    first_on: Mapped[dt.date]
    last_on: Mapped[dt.date]
    due_on: Mapped[dt.date | None]
    consolidated_on: Mapped[dt.date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def label(self) -> str:
        """``2e trimestre 2009``, ``année 2009``."""
        if self.kind == "year":
            return f"année {self.first_on.year}"
        return quarter_label(self.first_on)

    @property
    def short_label(self) -> str:
        """The head of a column: ``T2``, ``Année``."""
        return "Année" if self.kind == "year" else f"T{(self.first_on.month + 2) // 3}"
