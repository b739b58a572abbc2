"""Acts and sessions that answer a search: a million of them are not read.

They are found by their date, their type, the parcours found, and the latest notes of one's own
structures.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, select

from ramsess import policy
from ramsess.actions.question import Hit, Question, rest_of, titled
from ramsess.actions.ranking import Grade, Keys, Match, together
from ramsess.models import (
    Act,
    ActType,
    GroupSession,
    Parcours,
)
from ramsess.models.calendar import today
from ramsess.models.names import normalise
from ramsess.reports.period import french_date

#: Latest sessions and notes that are read.
LATEST = 300
SESSIONS_SINCE = dt.timedelta(days=730)
ACTS_OF = 3

_DATE = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?\b", re.ASCII)


def find_acts(question: Question) -> Iterable[Hit]:
    wanted: dict[int, tuple[Match, str]] = {}

    def want(query: Select[int], match: Match, why: str) -> None:
        for number in question.session.scalars(query):
            wanted.setdefault(number, (match, why))

    seen = Act.id.in_(policy.acts_seen(question.account))
    latest = select(Act.id).where(seen).order_by(Act.done_on.desc(), Act.id.desc())
    day = _day(question.text)
    kinds = _types(question)
    if day:
        dated = latest.where(Act.done_on == day)
        dated = dated.where(Act.type_code.in_(kinds)) if kinds else dated
        want(dated.limit(50), Match(Grade.NAME, 0), "date")
    elif kinds:
        # Of one's own structures: an index leads to their latest ones.
        mine = latest.where(Act.structure_id.in_(question.own), Act.type_code.in_(kinds))
        want(mine.limit(question.most), Match(Grade.NAME, 0), "type d’acte")
    else:
        for number, reference in question.parcours[:ACTS_OF]:
            of = latest.where(Act.parcours_id == number).limit(ACTS_OF)
            want(of, Match(Grade.BEGINNING, 1), f"acte de {reference}")
        wanted |= _by_note(question, wanted)
    rows = question.session.execute(
        select(Act, ActType.label, GroupSession.title, Parcours.reference)
        .join(ActType, ActType.code == Act.type_code)
        .outerjoin(GroupSession, GroupSession.act_id == Act.id)
        .outerjoin(Parcours, Parcours.id == Act.parcours_id)
        .where(Act.id.in_(list(wanted)), seen)
    )
    for act, label, title, reference in rows:
        match, why = wanted[act.id]
        page = "sessions.show" if title else "acts.show"
        yield Hit(
            f"{title or label}, {french_date(act.done_on)}",
            ", ".join(filter(None, (label if title else "", reference))),
            why,
            (page, {"public_id": act.public_id}),
            match,
            act.done_on.toordinal(),
        )


def _by_note(question: Question, but: Mapping[int, Any]) -> dict[int, tuple[Match, str]]:
    """Among the latest acts of one's own structures, those whose note holds every word."""
    rows = question.session.execute(
        select(Act.id, Act.note)
        .where(Act.structure_id.in_(question.own), Act.note != "")
        .order_by(Act.done_on.desc(), Act.id.desc())
        .limit(LATEST)
    )
    keys = Keys((row.id, normalise(row.note)) for row in rows if row.id not in but)
    found = together([keys.answering(word) for word in question.words], keys.words)
    sure = {number: match for number, match in found.items() if match.grade < Grade.NEAR}
    return {number: (match._replace(grade=Grade.INSIDE), "note") for number, match in sure.items()}


def _day(text: str) -> dt.date | None:
    """The day that the text says: ``12/03/2009``, ``12/03`` for the last one."""
    said = _DATE.search(text)
    if not said:
        return None
    day, month, year = said.groups()
    now = today()
    try:
        if year:
            return dt.date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
        found = dt.date(now.year, int(month), int(day))
        return found if found <= now else found.replace(year=now.year - 1)
    except ValueError:
        return None


def _types(question: Question) -> list[str]:
    """The types of act whose code or whole label was typed."""
    rows = question.session.execute(select(ActType.code, ActType.label)).all()
    label = " ".join(question.words)
    return [
        row.code
        for row in rows
        if row.code.lower() in question.words or normalise(row.label) == label
    ]


def find_sessions(question: Question) -> Iterable[Hit]:
    rows = question.session.execute(
        select(
            Act.id, Act.public_id, Act.done_on, GroupSession.title, ActType.label.label("detail")
        )
        .join(GroupSession, GroupSession.act_id == Act.id)
        .join(ActType, ActType.code == Act.type_code)
        .where(Act.structure_id.in_(question.own), Act.done_on >= today() - SESSIONS_SINCE)
        .order_by(Act.done_on.desc(), Act.id.desc())
        .limit(LATEST)
    ).all()
    hits = titled(question, rows, "intitulé", "sessions.show", lambda row: row.done_on.toordinal())
    dates = {str(row.public_id): french_date(row.done_on) for row in rows}
    for hit in hits:
        day = dates[str(hit.target[1]["public_id"])]
        yield Hit(hit.title, f"{day}, {hit.detail}", *rest_of(hit))
