"""How a structure's own spreadsheet is read: its columns, and its words for our codes."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, FetchedValue, ForeignKey, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ramsess.database import Base


class Mapping(Base):
    """A reading kept under a name, used again for a spreadsheet of the same headings.

    ``headings`` are the spreadsheet's own, normalised, in their order. ``columns`` says for each
    heading of ours ``{"from": heading}`` or ``{"always": value}``; ``codes`` gives, for a column of
    codes, the code that each word met stands for.
    """

    __tablename__ = "mappings"
    __table_args__ = (
        UniqueConstraint("structure_id", "name"),
        CheckConstraint(
            "sheet IN ('Bénéficiaires', 'Parcours', 'Actes', 'Séances')", name="sheet_is_known"
        ),
        CheckConstraint("name <> ''", name="has_a_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, server_default=FetchedValue())
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"))
    name: Mapped[str] = mapped_column(String(80))
    sheet: Mapped[str] = mapped_column(String(20))
    headings: Mapped[list[str]] = mapped_column(ARRAY(String(120)))
    columns: Mapped[dict[str, dict[str, str]]] = mapped_column(JSONB)
    codes: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSONB, default=dict)
