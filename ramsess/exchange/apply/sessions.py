"""Write collective sessions: a co-animated one is one session, each host bringing its own part.

Handing in a workbook again replaces only what that workbook had brought (Rule 7).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ramsess.exchange import layout
from ramsess.exchange.apply.acts import SHARE, SHARE_KEY, load_shares, share_rows
from ramsess.exchange.apply.attendance import AttendanceBook
from ramsess.exchange.apply.snapshots import Portraits
from ramsess.exchange.apply.writing import Writing
from ramsess.exchange.bulk import delete_rows, insert_rows, new_ids, update_rows
from ramsess.exchange.check.acts import DEFAULT_SCHEME
from ramsess.exchange.check.batch import SessionRow, Workbook
from ramsess.exchange.check.lines import Line
from ramsess.exchange.check.sessions import SessionGroup
from ramsess.models import Act, ActAdviser, Attendance, GroupSession, SessionHost


def write_sessions(writing: Writing, portraits: Portraits, advisers: dict[str, int]) -> None:
    """Write the sheets Séances."""
    groups = writing.batch.sessions
    fresh = [group for group in groups if group.known is None]
    ids = dict(zip(map(id, fresh), new_ids(writing.session, Act, len(fresh)), strict=True))
    known = {group.known.act_id for group in groups if group.known}
    shares = load_shares(writing, known)
    attendance = AttendanceBook(writing, known)
    parts = _Parts()
    left: list[tuple[int, Line]] = []
    for group in groups:
        act_id = group.known.act_id if group.known else ids[id(group)]
        described = parts.describe(writing, group, act_id)
        counted = described and not parts.only_titled(group)
        counted |= parts.hosts(group, act_id)
        counted |= parts.animators(writing, group, shares.get(act_id, []), advisers, act_id)
        changed = described or counted
        for book, row in group.rows:
            changed |= attendance.take(act_id, book, row, portraits)
        if counted or act_id in attendance.moved:
            for _, row in group.rows:
                day = group.known.done_on if group.known else None
                writing.seals.refuse(row.line, "date", day, row.done_on)
        for book, row in group.rows:
            earlier = writing.earlier(book, layout.SESSIONS, row.local_id)
            if earlier not in (None, act_id):
                parts.left.append((earlier, book.structure_id))
                left.append((earlier, row.line))
            writing.count(row.line, new=earlier is None, changed=changed)
            writing.name(book, layout.SESSIONS, row.local_id, act_id)
    days = writing.seals.days_of({earlier for earlier, _ in left})
    for earlier, line in left:
        writing.seals.refuse(line, "référence_séance", days.get(earlier))
    if writing.refused:
        return
    parts.write(writing)
    attendance.write(writing)


class _Parts:
    """What is to be written of the sessions, table by table."""

    def __init__(self) -> None:
        self.left: list[tuple[Any, ...]] = []
        self._titled: set[int] = set()
        self._new: list[dict[str, Any]] = []
        self._changed: list[dict[str, Any]] = []
        self._new_hosts: list[dict[str, Any]] = []
        self._changed_hosts: list[dict[str, Any]] = []
        self._new_shares: list[dict[str, Any]] = []
        self._gone_shares: list[tuple[Any, ...]] = []

    def describe(self, writing: Writing, group: SessionGroup, act_id: int) -> bool:
        """Compare the session itself; True when it is new or changed."""
        known = group.known
        said = _described(writing, group)
        if known is None:
            self._new.append({"id": act_id, **said})
            return True
        before = {name: getattr(known, name) for name in said}
        if before != said:
            self._changed.append({"id": act_id, **said})
            if all(before[name] == said[name] for name in said if name != "title"):
                self._titled.add(act_id)
        return before != said

    def only_titled(self, group: SessionGroup) -> bool:
        """True when nothing but the title, which no report counts, changes of the session."""
        return group.known is not None and group.known.act_id in self._titled

    def hosts(self, group: SessionGroup, act_id: int) -> bool:
        """Compare each host's anonymous head count; True when one is new or changed."""
        known = group.known.hosts if group.known else {}
        changed = False
        for book, row in group.rows:
            host = {
                "act_id": act_id,
                "structure_id": book.structure_id,
                "anonymous_count": row.anonymous,
            }
            if book.structure_id not in known:
                self._new_hosts.append(host)
                changed = True
            elif known[book.structure_id] != row.anonymous:
                self._changed_hosts.append(host)
                changed = True
        return changed

    def animators(
        self,
        writing: Writing,
        group: SessionGroup,
        before: list[tuple[int, ...]],
        advisers: dict[str, int],
        act_id: int,
    ) -> bool:
        """Compare the animators' minutes; True when they change.

        An adviser named by several hosts counts once: as the row of the structure for which
        they worked says, else that of the lexically first.
        """
        present = {book.structure_id for book, _ in group.rows}
        named = [share for share in before if share[2] not in present]
        for book, row in group.rows:
            named += share_rows(row.shares, advisers, book.structure_id)
        code_of = writing.catalogue.code_of
        named.sort(key=lambda share: (share[2] != share[1], code_of(share[2])))
        kept: dict[tuple[int, ...], tuple[int, ...]] = {}
        for share in named:
            kept.setdefault(share[:2], share)
        if sorted(kept.values()) == sorted(before):
            return False
        self._gone_shares += [(act_id, *share[:2]) for share in before]
        self._new_shares += [
            {"act_id": act_id, **dict(zip(SHARE, share, strict=True))} for share in kept.values()
        ]
        return True

    def write(self, writing: Writing) -> None:
        """Write acts, sessions, hosts and animators; take away what moved to another session."""
        session = writing.session
        _leave(writing, self.left)
        insert_rows(session, Act, [_act(item) | {"version": 1} for item in self._new])
        insert_rows(session, GroupSession, list(map(_group, self._new)))
        update_rows(session, Act, list(map(_act, self._changed)))
        update_rows(session, GroupSession, list(map(_group, self._changed)), ("act_id",))
        insert_rows(session, SessionHost, self._new_hosts)
        update_rows(session, SessionHost, self._changed_hosts, ("act_id", "structure_id"))
        delete_rows(session, ActAdviser, self._gone_shares, SHARE_KEY)
        insert_rows(session, ActAdviser, self._new_shares)


def _described(writing: Writing, group: SessionGroup) -> dict[str, Any]:
    """Date, type, title… of a session: the lexically first host's, the known over the unknown.

    Differences between hosts are reported on the rows that do not stand.
    """
    known = group.known
    codes = [writing.catalogue.code_of(host) for host in group.others]
    rows = group.rows
    first_book, first = rows[0]
    stored = known is not None and any(code < first_book.code for code in codes)
    said: dict[str, Any] = {
        "done_on": first.done_on,
        "type": first.type,
        "title": known.title if known and stored else first.title,
        "minutes": known.minutes if known and stored else first.minutes,
        "commune": _known_first(known.commune if known and stored else None, rows, "commune"),
        "scheme": _known_first(None, rows, "scheme"),
        "reference": group.reference,
        "structure_id": min(
            [book.structure_id for book, _ in rows] + sorted(group.others),
            key=writing.catalogue.code_of,
        ),
    }
    if said["commune"] is None and known:
        said["commune"] = known.commune
    if said["scheme"] is None:
        said["scheme"] = known.scheme if known and group.others else DEFAULT_SCHEME
    for _, row in rows:
        for name, heading in (("title", "intitulé"), ("minutes", "durée_minutes"),
                              ("commune", "commune_insee")):  # fmt: skip
            value = getattr(row, name)
            if value is not None and value != said[name]:
                row.line.notice(
                    heading,
                    f"Cette valeur diffère de celle qui est retenue pour la séance "
                    f"« {row.reference} », co-animée.",
                )
    return said


def _known_first(before: Any, rows: list[tuple[Workbook, SessionRow]], name: str) -> Any:
    if before is not None:
        return before
    return next((value for _, row in rows if (value := getattr(row, name)) is not None), None)


def _act(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": item["id"],
        "done_on": item["done_on"],
        "type_code": item["type"],
        "structure_id": item["structure_id"],
        "scheme_code": item["scheme"],
        "commune_code": item["commune"],
        "anonymous_count": 0,
        "note": "",
    }


def _group(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "act_id": item["id"],
        "title": item["title"],
        "minutes": item["minutes"],
        "reference": item["reference"],
    }


def _leave(writing: Writing, left: list[tuple[Any, ...]]) -> None:
    """Take hosts away from sessions that they no longer hold; one without host disappears."""
    if not left:
        return
    session = writing.session
    key = ("act_id", "structure_id")
    delete_rows(session, Attendance, left, key)
    delete_rows(session, ActAdviser, left, ("act_id", "recorded_by_id"))
    delete_rows(session, SessionHost, left, key)
    acts = {act_id for act_id, _ in left}
    held = set(session.scalars(select(SessionHost.act_id).where(SessionHost.act_id.in_(acts))))
    delete_rows(session, Act, [(act_id,) for act_id in acts - held], ("id",))
