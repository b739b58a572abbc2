"""Comment the tables of a period's report."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.auditing import note
from ramsess.actions.periods import SEALED
from ramsess.actions.refusals import RefusedError
from ramsess.actions.standings import sealed_periods
from ramsess.models import ReportingPeriod, TableComment


@dataclass(frozen=True)
class Said:
    """What somebody wrote of a table; *seen*: the mark of the text that she had before her."""

    text: str
    seen: str


def mark_of(text: str) -> str:
    """What tells a text from another one; a form carries it."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def comments_of(session: Session, period: ReportingPeriod) -> dict[str, str]:
    """What is said, by table id (``BILAN``: of the whole)."""
    rows = session.execute(
        select(TableComment.table_id, TableComment.text).where(TableComment.period_id == period.id)
    )
    return dict(rows.all())


def write_comments(
    session: Session, period: ReportingPeriod, said: Mapping[str, Said]
) -> tuple[int, set[str]]:
    """Keep what was changed; how many, and the tables whose text somebody else changed meanwhile.

    These keep the other's text. A text that its author did not touch stays what it became; an empty
    one removes the comment. Raises RefusedError when the period is sealed.
    """
    if sealed_periods(session, [period.id]):
        raise RefusedError({"": SEALED})
    held = {
        one.table_id: one
        for one in session.scalars(
            select(TableComment)
            .where(TableComment.period_id == period.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    written, conflicts = 0, set()
    for table_id, item in said.items():
        text, comment = item.text.replace("\r\n", "\n").strip(), held.get(table_id)
        stored = comment.text if comment else ""
        if text == stored or mark_of(text) == item.seen:
            continue
        if mark_of(stored) != item.seen:
            conflicts.add(table_id)
            continue
        if comment is None:
            session.add(TableComment(period_id=period.id, table_id=table_id, text=text))
        elif text:
            comment.text = text
        else:
            session.delete(comment)
        written += 1
    session.flush()
    if written:
        note(session, "comment_tables", record=period.public_id)
    return written, conflicts
