"""The coordinator's comments on the tables of a period's report."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ramsess.database import Base

#: In the place of a table's id: the comment on the whole report.
WHOLE = "BILAN"


class TableComment(Base):
    """What is said under a table (``B08``) of the report of a period; ``BILAN``: of all of it."""

    __tablename__ = "table_comments"
    __table_args__ = (
        CheckConstraint("table_id ~ '^(B[0-9]{2}[A-Z]?|BILAN)$'", name="of_a_table"),
        CheckConstraint("text <> ''", name="says_something"),
    )

    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id"), primary_key=True)
    table_id: Mapped[str] = mapped_column(String(5), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
