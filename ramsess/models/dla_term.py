"""What our codes are called in the vocabulary of the DLA (*dispositif local d'accompagnement*)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ramsess.database import Base


class DlaTerm(Base):
    """The DLA's *term* for a code of the code list *list* (a table's name).

    It is our proposal, not checked against the State's forms. An empty term: nothing of the DLA
    answers to this code; *note* says why.
    """

    __tablename__ = "dla_terms"
    __table_args__ = (
        CheckConstraint("code ~ '^[A-Z0-9]{1,8}$'", name="code_is_plain"),
        CheckConstraint("valid_to >= valid_from", name="closed_after_opened"),
        CheckConstraint("term <> '' OR note <> ''", name="says_something"),
    )

    list: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    term: Mapped[str] = mapped_column(String(120), primary_key=True)
    note: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]
