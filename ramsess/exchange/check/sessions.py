"""The sheet Séances: one session for each ``référence_séance``, whatever the workbooks (Rule 7)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ramsess.exchange import layout
from ramsess.exchange.bulk import among
from ramsess.exchange.check.acts import DEFAULT_SCHEME
from ramsess.exchange.check.advisers import Posts
from ramsess.exchange.check.batch import SessionRow, Workbook, add_once
from ramsess.exchange.check.catalogue import Catalogue
from ramsess.exchange.check.known import Known, day_text
from ramsess.exchange.check.lines import Line
from ramsess.exchange.check.parcours import refuse_unknown_person
from ramsess.models import Act, GroupSession, SessionHost
from ramsess.models.calendar import FIRST_DAY

_CODES = [column for column in layout.LAYOUTS[layout.SESSIONS].columns if column.code_list]


@dataclass
class KnownSession:
    """A session in the database; *hosts* gives each structure's anonymous head count."""

    act_id: int
    done_on: dt.date
    type: str
    scheme: str
    commune: str | None
    structure_id: int
    title: str
    minutes: int
    reference: str | None
    hosts: dict[int, int] = field(default_factory=dict)


@dataclass
class SessionGroup:
    """One session: its rows by structure code, and the record that it is, when there is one."""

    reference: str | None
    rows: list[tuple[Workbook, SessionRow]]
    known: KnownSession | None = None

    @property
    def others(self) -> set[int]:
        """Hosts in the database whose workbook is not in this import."""
        present = {book.structure_id for book, _ in self.rows}
        return set(self.known.hosts) - present if self.known else set()


def read_sessions(lines: Iterable[Line], book: Workbook, catalogue: Catalogue) -> None:
    """Add to *book* the lines of its sheet Séances."""
    references: dict[str, int] = {}
    for line in lines:
        day = line["date"] or FIRST_DAY
        if line["date"]:
            for column in _CODES:
                catalogue.refuse_closed(line, column, day)
        row = SessionRow(
            line=line,
            local_id=line["id_local"] or "",
            done_on=day,
            type=line["type"] or "",
            title=line["intitulé"] or "",
            minutes=line["durée_minutes"] or 1,
            commune=line["commune_insee"],
            people=tuple(dict.fromkeys(line["participants"] or ())),
            anonymous=line["personnes_anonymes"] or 0,
            scheme=line["dispositif"],
            reference=line["référence_séance"],
        )
        if row.reference:
            first = references.setdefault(row.reference, line.number)
            if first != line.number:
                line.problem(
                    "référence_séance",
                    f"La ligne {first} porte déjà cette référence : une séance n’a qu’une ligne "
                    "par classeur.",
                )
        if catalogue.kinds.get(row.type) == "I":
            line.notice("type", f"{row.type} est un type individuel, noté comme une séance.")
        add_once(row, book.sessions)


def link_sessions(book: Workbook, known: Known, posts: Posts) -> None:
    """Find the animators and participants that each session names; report what is amiss."""
    for row in book.sessions.values():
        line = row.line
        for local_id in row.people:
            refuse_unknown_person(line, "participants", local_id, book, known)
        if line.sound("date", "animateurs", "durée_minutes"):
            row.shares = posts.shares(
                line,
                "animateurs",
                line["animateurs"],
                book=book,
                day=row.done_on,
                default=row.minutes,
            )
            posts.refuse_twice(line, "animateurs", row.shares)


def group_sessions(
    session: Session, books: list[Workbook], known: Known, catalogue: Catalogue
) -> list[SessionGroup]:
    """The sessions of the import, one a reference, each with its record if it has one."""
    groups: list[SessionGroup] = []
    by_reference: dict[str, SessionGroup] = {}
    for book in books:
        for row in book.sessions.values():
            group = by_reference.get(row.reference) if row.reference else None
            if group is None:
                group = SessionGroup(row.reference, [])
                groups.append(group)
                if row.reference:
                    by_reference[row.reference] = group
            group.rows.append((book, row))
    records = _load_sessions(session, known, set(by_reference))
    by_name = {record.reference: record for record in records.values() if record.reference}
    for group in groups:
        group.known = by_name.get(group.reference) if group.reference else None
    taken = {group.known.act_id for group in groups if group.known}
    for group in groups:
        if group.known is None:
            group.known = _renamed(group, records, known, taken)
        if group.known:
            taken.add(group.known.act_id)
        _check_agreement(group, catalogue)
    return groups


def _renamed(
    group: SessionGroup, records: dict[int, KnownSession], known: Known, taken: set[int]
) -> KnownSession | None:
    """The record that the rows already were, when nobody else holds it and no group took it."""
    present = {book.structure_id for book, _ in group.rows}
    for book, row in group.rows:
        act_id = known.key(book.structure_id, layout.SESSIONS, row.local_id)
        record = records.get(act_id) if act_id else None
        if record and record.act_id not in taken and set(record.hosts) <= present:
            return record
    return None


def _load_sessions(session: Session, known: Known, references: set[str]) -> dict[int, KnownSession]:
    ids = {
        act_id
        for (_, sheet), found in known.keys.items()
        if sheet == layout.SESSIONS
        for act_id in found.values()
    }
    rows = session.execute(
        select(
            Act.id,
            Act.done_on,
            Act.type_code,
            Act.scheme_code,
            Act.commune_code,
            Act.structure_id,
            GroupSession.title,
            GroupSession.minutes,
            GroupSession.reference,
        )
        .join(GroupSession, GroupSession.act_id == Act.id)
        .where(or_(among(Act.id, ids), among(GroupSession.reference, references)))
    )
    found = {row.id: KnownSession(*row) for row in rows}
    hosts: dict[int, dict[int, int]] = defaultdict(dict)
    for act_id, structure_id, count in session.execute(
        select(SessionHost.act_id, SessionHost.structure_id, SessionHost.anonymous_count).where(
            among(SessionHost.act_id, found)
        )
    ):
        hosts[act_id][structure_id] = count
    for act_id, record in found.items():
        record.hosts = hosts[act_id]
    return found


def _check_agreement(group: SessionGroup, catalogue: Catalogue) -> None:
    """Report date, type and scheme that differ between the workbooks of one session."""
    said: list[tuple[str, dt.date, str, str | None]] = []
    if group.known and group.others:
        codes = ", ".join(sorted(map(catalogue.code_of, group.others)))
        # The database does not tell a blank scheme from the default: it cannot contradict.
        scheme = group.known.scheme if group.known.scheme != DEFAULT_SCHEME else None
        said.append(
            (f"la séance déjà reçue de {codes}", group.known.done_on, group.known.type, scheme)
        )
    for book, row in group.rows:
        if not row.line.sound("date", "type", "dispositif"):
            continue
        for where, day, kind, scheme in said:
            if day != row.done_on:
                _disagree(
                    row,
                    book,
                    "date",
                    own=day_text(row.done_on),
                    other=day_text(day),
                    where=where,
                )
            if kind != row.type:
                _disagree(row, book, "type", own=row.type, other=kind, where=where)
            if scheme and row.scheme and scheme != row.scheme:
                _disagree(row, book, "dispositif", own=row.scheme, other=scheme, where=where)
        said.append(
            (f"le classeur de {book.code} ({book.file})", row.done_on, row.type, row.scheme)
        )


def _disagree(
    row: SessionRow, book: Workbook, column: str, *, own: str, other: str, where: str
) -> None:
    row.line.problem(
        column,
        f"La séance « {row.reference} » porte « {own} » dans le classeur de {book.code} et "
        f"« {other} » dans {where} : accordez-vous, ou donnez deux références.",
    )
