"""What an import changes in records already there: old and new values, as they are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session

Row = dict[str, Any]
# Where a session keeps its watch.
WATCH = "exchange_watch"


@dataclass
class Watch:
    """The rows updated (old, new), added and removed, by table."""

    updated: dict[str, list[tuple[Row, Row]]] = field(default_factory=dict)
    added: dict[str, list[Row]] = field(default_factory=dict)
    removed: dict[str, list[Row]] = field(default_factory=dict)

    def update(self, table: Table, key: Sequence[str], rows: Sequence[Row], old: list[Row]) -> None:
        """Keep what *rows* change of *old*, matched by *key*."""
        before = {tuple(row[name] for name in key): row for row in old}
        pairs = self.updated.setdefault(table.name, [])
        for row in rows:
            pairs.append((before[tuple(row[name] for name in key)], row))

    def add(self, table: Table, rows: Sequence[Row]) -> None:
        """Keep the rows added."""
        self.added.setdefault(table.name, []).extend(rows)

    def remove(self, table: Table, old: list[Row]) -> None:
        """Keep the rows removed."""
        self.removed.setdefault(table.name, []).extend(old)


def watch_of(session: Session) -> Watch | None:
    """The watch of an import that is looked at; None when it is simply done."""
    watch: Watch | None = session.info.get(WATCH)
    return watch


def watched(session: Session, work: Callable[[], None]) -> Watch:
    """Do *work* under a watch, and return what it saw."""
    watch = session.info[WATCH] = Watch()
    try:
        work()
    finally:
        del session.info[WATCH]
    return watch
