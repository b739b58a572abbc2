"""Several acts recorded, corrected and undone as one: all of them, or none."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.actions.acts import ActDraft, as_said, correct_act, record_act, remove_act
from ramsess.actions.refusals import Checks, ConflictError, RefusedError
from ramsess.actions.sealed import SealedError
from ramsess.models import Account, Act, Adviser

T = TypeVar("T")
CHANGED = "Cet acte a changé entre-temps : rien n’a été remplacé."


@dataclass(frozen=True)
class Addition:
    """An act to record; *where* is what of the form says it; *key* tells it from the others of the
    same request, *where* by default."""

    where: str
    draft: ActDraft
    key: str = ""


@dataclass(frozen=True)
class Change:
    """New minutes, or another day, for an act that its adviser did alone.

    *version* is the one that the person was looking at; *minutes* of None undo the act.
    """

    where: str
    public_id: uuid.UUID
    version: int
    done_on: dt.date
    minutes: int | None


@dataclass(frozen=True)
class Outcome:
    """What was written."""

    recorded: Sequence[Act] = ()
    corrected: Sequence[Act] = ()
    undone: int = 0


def record_all(
    session: Session,
    account: Account,
    additions: Iterable[Addition],
    *,
    request_key: uuid.UUID | None = None,
) -> list[Act]:
    """Record every act; the same *request_key* records once. Raises RefusedError, by *where*."""
    checks = Checks()
    made = _each(
        checks,
        [
            (
                item.where,
                partial(
                    record_act,
                    session,
                    account,
                    item.draft,
                    request_key=key_of(request_key, item),
                ),
            )
            for item in additions
        ],
    )
    checks.conclude()
    return made


def key_of(request_key: uuid.UUID | None, addition: Addition) -> uuid.UUID | None:
    """What makes the act recorded once."""
    return uuid.uuid5(request_key, addition.key or addition.where) if request_key else None


def save_week(
    session: Session,
    account: Account,
    adviser: Adviser,
    *,
    additions: Sequence[Addition],
    changes: Sequence[Change],
    request_key: uuid.UUID | None = None,
) -> Outcome:
    """Write what a whole week says, in one go.

    Raises RefusedError with every reason, each by its *where*. An act that somebody corrected or
    undid meanwhile is such a reason: the others are not lost for it, and nothing is written.
    """
    checks = Checks()
    acts = own_acts(session, account, adviser, [change.public_id for change in changes])
    corrected = _each(
        checks,
        [(item.where, partial(_change, session, account, acts, item)) for item in changes],
    )
    try:
        recorded = record_all(session, account, additions, request_key=request_key)
    except SealedError:
        raise
    except RefusedError as refusal:
        for where, reason in refusal.reasons.items():
            checks.refuse(where, reason, sealed=refusal.sealed)
    checks.conclude()
    return Outcome(
        recorded=recorded,
        corrected=[act for act in corrected if act is not None],
        undone=sum(change.minutes is None for change in changes),
    )


def own_acts(
    session: Session, account: Account, adviser: Adviser, asked: Iterable[uuid.UUID]
) -> dict[uuid.UUID, Act]:
    """The acts among *asked* that the adviser did alone, of a structure of the account; locked."""
    found = session.scalars(
        select(Act)
        .where(
            Act.public_id.in_(list(asked)),
            Act.id.in_(policy.acts_seen(account)),
            Act.structure_id.in_(policy.structure_ids(account)),
        )
        .order_by(Act.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {
        act.public_id: act
        for act in found
        if act.group_session is None and [one.adviser_id for one in act.shares] == [adviser.id]
    }


def _change(
    session: Session, account: Account, acts: dict[uuid.UUID, Act], change: Change
) -> Act | None:
    act = acts.get(change.public_id)
    if act is None or act.version != change.version:
        raise ConflictError
    if change.minutes is None:
        remove_act(session, act)
        return None
    said = as_said(act)
    work = [replace(said.work[0], minutes=change.minutes)]
    draft = replace(said, done_on=change.done_on, work=work)
    return correct_act(session, account, act, draft, version=change.version)


def _each(checks: Checks, works: Sequence[tuple[str, Callable[[], T]]]) -> list[T]:
    done = []
    for where, work in works:
        try:
            done.append(work())
        except SealedError:
            # Sealed meanwhile: the transaction is over.
            raise
        except RefusedError as refusal:
            checks.refuse(where, str(refusal), sealed=refusal.sealed)
        except ConflictError:
            checks.refuse(where, CHANGED)
    return done
