"""Write who attended a session, as each host's workbook says (Rules 7 and 8)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ramsess.exchange.apply.snapshots import SNAPSHOT, Portraits, completed
from ramsess.exchange.apply.writing import Writing
from ramsess.exchange.bulk import among, delete_rows, insert_rows, update_rows
from ramsess.exchange.check.batch import SessionRow, Workbook
from ramsess.models import Attendance

_KEY = ("act_id", "beneficiary_id", "structure_id")


class AttendanceBook:
    """The attendances of the sessions of an import, compared with those recorded."""

    def __init__(self, writing: Writing, act_ids: set[int]) -> None:
        self._known: dict[tuple[int, int], dict[int, dict[str, Any]]] = {}
        self._new: list[dict[str, Any]] = []
        self._changed: list[dict[str, Any]] = []
        self._gone: list[tuple[int, int, int]] = []
        #: The sessions of which a host names others than before.
        self.moved: set[int] = set()
        columns = [getattr(Attendance, name) for name in (*_KEY, *SNAPSHOT)]
        for act_id, person, structure_id, *values in writing.session.execute(
            select(*columns).where(among(Attendance.act_id, act_ids))
        ):
            place = self._known.setdefault((act_id, structure_id), {})
            place[person] = dict(zip(SNAPSHOT, values, strict=True))

    def take(self, act_id: int, book: Workbook, row: SessionRow, portraits: Portraits) -> bool:
        """Compare the participants that one host names; True when something changes."""
        before = self._known.get((act_id, book.structure_id), {})
        named = {portraits.person_id(book, local_id): local_id for local_id in row.people}
        gone = [(act_id, person, book.structure_id) for person in before if person not in named]
        self._gone += gone
        changed = bool(gone)
        if set(named) != set(before):
            self.moved.add(act_id)
        for person, local_id in named.items():
            now = portraits.on(book, local_id, row.done_on)
            place = {
                "act_id": act_id,
                "beneficiary_id": person,
                "structure_id": book.structure_id,
            }
            if person not in before:
                self._new.append({**place, **now})
                changed = True
                continue
            stands = completed(row.line, before[person], now, local_id)
            if stands != before[person]:
                self._changed.append({**place, **stands})
                changed = True
        return changed

    def write(self, writing: Writing) -> None:
        """Write what changed."""
        delete_rows(writing.session, Attendance, self._gone, _KEY)
        insert_rows(writing.session, Attendance, self._new)
        update_rows(writing.session, Attendance, self._changed, _KEY)
