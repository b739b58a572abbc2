"""Work on an import in the background, so that its page answers at once and is found again.

A thread of the application works in the name of who asked, with a session of its own. It holds a
lock of PostgreSQL while it lives: a running import that nobody holds was interrupted, by a restart
for instance, and nothing of it is written.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from threading import Thread
from typing import TypeAlias

from sqlalchemy import Connection, Update, func, select, text, update
from sqlalchemy.orm import Session

from ramsess.database import Acting, acting, db
from ramsess.exchange.applying import Progress
from ramsess.logs import log_fault
from ramsess.models import Import
from ramsess.models.imports import RUNNING

# With the import's id, names the lock of who works on it.
LOCK = 0x52414D54
# Seconds between two notes of progress within a step.
PACE = 0.2

_LOCK = text("SELECT pg_try_advisory_lock(:lock, :id)")
_UNLOCK = text("SELECT pg_advisory_unlock(:lock, :id)")

Work: TypeAlias = Callable[[Session, Import, Progress], None]
Context: TypeAlias = Callable[[], AbstractContextManager[object]]


def start(
    context: Context, import_id: int, work: Work, *, state: str, after: tuple[str, ...]
) -> Thread | None:
    """Put an import that is in one of the states *after* in *state*, and begin *work* on it.

    None when it is in none of them any more, or is being worked on: somebody was faster. *context*
    is the application's.
    """
    lock = db.engines["batch"].connect().execution_options(isolation_level="AUTOCOMMIT")
    if not lock.scalar(_LOCK, {"lock": LOCK, "id": import_id}):
        lock.close()
        return None
    moved = lock.execute(
        update(Import)
        .where(Import.id == import_id, Import.state.in_(after))
        .values(state=state, step="", done=0, total=0)
    )
    if not moved.rowcount:
        _let_go(lock, import_id)
        return None
    who = replace(acting.get(), role="batch")
    thread = Thread(target=_run, args=(context, who, lock, import_id, work), daemon=True)
    thread.start()
    return thread


def _let_go(lock: Connection, import_id: int) -> None:
    lock.execute(_UNLOCK, {"lock": LOCK, "id": import_id})
    lock.close()


def _run(context: Context, who: Acting, lock: Connection, import_id: int, work: Work) -> None:
    acting.set(who)
    with context():
        session = db.session()
        try:
            record = session.get_one(Import, import_id)
            work(session, record, _Teller(lock, import_id))
        except Exception as fault:  # nobody above would tell of it
            session.rollback()
            log_fault(fault)
            lock.execute(_ended(import_id, "failed"))
        finally:
            db.session.remove()
            _let_go(lock, import_id)


class _Teller:
    """Notes the progress, apart from the transaction that works."""

    def __init__(self, connection: Connection, import_id: int) -> None:
        self._connection, self._id = connection, import_id
        self._step, self._told = "", 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if step == self._step and now - self._told < PACE:
            return
        self._step, self._told = step, now
        self._connection.execute(
            update(Import)
            .where(Import.id == self._id)
            .values(step=step, done=min(done, total), total=total)
        )


def interrupted(session: Session, record: Import) -> bool:
    """True for an import that is said to run, and on which nothing works any more."""
    held = text(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 "
        "AND classid = :lock AND objid = :id)"
    )
    if not record.running or session.scalar(held, {"lock": LOCK, "id": record.id}):
        return False
    # It may have ended between the two readings.
    session.refresh(record)
    return record.running


def note_interrupted(session: Session, account_id: int) -> None:
    """Say of the account's imports which were interrupted."""
    running = session.scalars(
        select(Import).where(Import.account_id == account_id, Import.state.in_(RUNNING))
    ).all()
    for record in [one for one in running if interrupted(session, one)]:
        session.execute(_ended(record.id, "interrupted"))


def _ended(import_id: int, state: str) -> Update:
    return (
        update(Import)
        .where(Import.id == import_id, Import.state.in_(RUNNING))
        .values(state=state, ended_at=func.now())
    )
