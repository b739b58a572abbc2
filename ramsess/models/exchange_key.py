"""What an exchange workbook calls a record of ours."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ramsess.database import Base


class ExchangeKey(Base):
    """The record that a structure's workbook names by (sheet, ``id_local``).

    Handing in the same workbook again finds the same records and updates them. ``since`` is the day
    on which it was first handed in.
    """

    __tablename__ = "exchange_keys"
    __table_args__ = (
        CheckConstraint(
            "sheet IN ('Bénéficiaires', 'Parcours', 'Actes', 'Séances')", name="sheet_is_known"
        ),
    )

    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"), primary_key=True)
    sheet: Mapped[str] = mapped_column(String(20), primary_key=True)
    local_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    record_id: Mapped[int] = mapped_column(index=True)
    since: Mapped[dt.date] = mapped_column(
        server_default=text("(now() AT TIME ZONE 'Europe/Paris')::date")
    )
