"""Messages as the pages show them: those about one thing, and what is news to the person."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_login import current_user
from sqlalchemy import ColumnElement, Integer, String, column, exists, func, select
from sqlalchemy.orm import selectinload

from ramsess.actions.messages import NEWS, About, unread
from ramsess.database import db
from ramsess.models import Act, GroupSession, Message, MessageMention, Parcours, Project
from ramsess.models.message import ABOUT

SHOWN = 50
LISTED = 20


@dataclass(frozen=True)
class Thread:
    """What messages are about, where they are read, and how many are news (*mine* call one)."""

    title: str
    address: str
    news: int
    mine: int


@dataclass(frozen=True)
class Page:
    """Some messages, the oldest first; *before* names the oldest when there are older ones."""

    messages: Sequence[Message]
    before: uuid.UUID | None


def messages_about(about: About, before: uuid.UUID | None = None) -> Page:
    """The latest messages about it, or those before the one named."""
    query = (
        select(Message)
        .where(about.here)
        .options(
            selectinload(Message.mentions),
            selectinload(Message.structure),
            selectinload(Message.diagnostic),
        )
        .order_by(Message.id.desc())
        .limit(SHOWN + 1)
    )
    if before:
        limit = select(Message.id).where(Message.public_id == before).scalar_subquery()
        query = query.where(Message.id < limit)
    found = db.session.scalars(query).all()
    shown = found[:SHOWN][::-1]
    return Page(shown, shown[0].public_id if len(found) > SHOWN else None)


def count_about(about: About) -> int:
    """How many messages stand about it."""
    query = select(func.count()).select_from(Message).where(about.here, Message.text != "")
    return db.session.scalar(query) or 0


def names() -> dict[int, str]:
    """Account → name of everybody who works or worked in the network."""
    there = func.sight.colleagues().table_valued(column("account", Integer), column("name", String))
    return dict(db.session.execute(select(there)).all())


def news() -> list[Thread]:
    """What was said that the person has not read, by what it is about; the latest first."""
    return _threads(unread(current_user))


def latest() -> list[Thread]:
    """The parcours and sessions spoken of these last weeks, news or not."""
    about = [getattr(Message, name) for name in ABOUT]
    return _threads(func.num_nonnulls(*about) > 0)


def _threads(wanted: ColumnElement[bool]) -> list[Thread]:
    about = [getattr(Message, name) for name in ABOUT]
    new = unread(current_user)
    called = exists().where(
        MessageMention.message_id == Message.id, MessageMention.account_id == current_user.id
    )
    rows: Sequence[Any] = db.session.execute(
        select(*about, func.count().filter(new), func.count().filter(new & called))
        .where(Message.sent_at > func.now() - NEWS, wanted)
        .group_by(*about)
        .order_by(func.max(Message.id).desc())
        .limit(LISTED)
    ).all()
    parcours = _parcours([row[0] for row in rows])
    sessions = _sessions([row[1] for row in rows])
    network = ("Réseau", url_for("messages.index"))
    threads = []
    for first, second, count, mine in rows:
        title, address = parcours.get(first) or sessions.get(second) or network
        threads.append(Thread(title, address, count, mine))
    return threads


def _parcours(ids: Sequence[int | None]) -> dict[int | None, tuple[str, str]]:
    rows = db.session.execute(
        select(Parcours.id, Parcours.reference, Project.title)
        .join(Project, Project.id == Parcours.project_id)
        .where(Parcours.id.in_(ids))
    )
    return {
        id: (f"{reference} {title}", url_for("messages.of_parcours", reference=reference))
        for id, reference, title in rows
    }


def _sessions(ids: Sequence[int | None]) -> dict[int | None, tuple[str, str]]:
    rows = db.session.execute(
        select(Act.id, Act.public_id, GroupSession.title)
        .join(GroupSession, GroupSession.act_id == Act.id)
        .where(Act.id.in_(ids))
    )
    return {
        id: (title, url_for("messages.of_session", session_id=public_id))
        for id, public_id, title in rows
    }
