"""Write, read and withdraw messages; tell by mail how many wait."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    and_,
    column,
    exists,
    func,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.actions.auditing import note, note_parcours
from ramsess.actions.refusals import Checks
from ramsess.models import (
    Account,
    Act,
    Diagnostic,
    Message,
    MessageMention,
    MessageReading,
    Parcours,
)

# What nobody read for that long is no news any more: news never costs more as years go by.
NEWS = dt.timedelta(days=60)


@dataclass(frozen=True)
class About:
    """What messages are about: a parcours, a session, or (neither) the network.

    Of a parcours, perhaps one of its diagnostics: what is said of it is said of the parcours too.
    """

    parcours: Parcours | None = None
    session: Act | None = None
    diagnostic: Diagnostic | None = None

    @classmethod
    def of(cls, diagnostic: Diagnostic) -> About:
        """Messages about a diagnostic."""
        return cls(parcours=diagnostic.parcours, diagnostic=diagnostic)

    @property
    def columns(self) -> dict[str, int | None]:
        """The columns of a message that name it."""
        return {
            "parcours_id": self.parcours.id if self.parcours else None,
            "session_id": self.session.id if self.session else None,
        }

    @property
    def here(self) -> ColumnElement[bool]:
        """True for a message about it."""
        return and_(
            *(getattr(Message, name).is_not_distinct_from(value)
              for name, value in self.columns.items()),
            Message.diagnostic_id == self.diagnostic.id if self.diagnostic else true(),
        )  # fmt: skip


def audience(session: Session, about: About) -> list[tuple[int, str]]:
    """Colleagues who may read messages about it today: account and name, by name."""
    there = func.sight.audience(*about.columns.values()).table_valued(
        column("account", Integer), column("name", String)
    )
    return [tuple(row) for row in session.execute(select(there).order_by(there.c.name))]


def write_message(
    session: Session,
    account: Account,
    about: About,
    text: str,
    mentioned: Sequence[int] = (),
    *,
    request_key: uuid.UUID | None = None,
) -> Message:
    """Say *text* about it to those who may see it, and call some of them (*mentioned*: accounts).

    The same *request_key* says it once. Raises RefusedError.
    """
    if request_key:
        there = session.scalar(select(Message).where(Message.request_key == request_key))
        if there is not None:
            return there
    checks = Checks()
    if not text.strip():
        checks.refuse("text", "Écrivez votre message.")
    if set(mentioned) - {colleague for colleague, _ in audience(session, about)}:
        checks.refuse("mentions", "Une des personnes mentionnées ne peut pas lire ce message.")
    checks.conclude()
    message = Message(
        account_id=account.id,
        structure_id=_in_whose_name(account, about),
        text=text.strip(),
        request_key=request_key,
        diagnostic_id=about.diagnostic.id if about.diagnostic else None,
        **about.columns,
    )
    session.add(message)
    # Who may read the message is asked of the database, which must have it first.
    session.flush()
    session.add_all(
        MessageMention(message_id=message.id, account_id=colleague)
        for colleague in dict.fromkeys(mentioned)
    )
    session.flush()
    _note(session, "write_message", message, about)
    return message


def _in_whose_name(account: Account, about: About) -> int | None:
    """One of the author's structures: of those that take part in it, if any is hers."""
    own = policy.structure_ids(account)
    concerned: set[int] = set()
    if about.parcours:
        concerned = {item.structure_id for item in about.parcours.involvements}
    if about.session:
        concerned = {share.structure_id for share in about.session.shares}
    return min(own & concerned or own, default=None)


def withdraw_message(session: Session, message: Message, about: About) -> None:
    """Take the text of a message back; its place stays, and says so."""
    session.execute(
        update(Message)
        .where(Message.id == message.id, Message.withdrawn_at.is_(None))
        .values(text="", withdrawn_at=func.now())
        .execution_options(synchronize_session=False)
    )
    session.expire(message)
    _note(session, "withdraw_message", message, about)


def _note(session: Session, action: str, message: Message, about: About) -> None:
    if about.parcours:
        note_parcours(session, action, about.parcours, message.structure_id)
    elif about.session and about.session.group_session:
        # In the name of who speaks: a guest of the session did not record it.
        there = {item.beneficiary_id for item in about.session.group_session.attendances}
        people: list[int | None] = [*sorted(there)]
        for person_id in people or [None]:
            note(
                session,
                action,
                person_id=person_id,
                structure_id=message.structure_id,
                record=about.session.public_id,
            )
    else:
        note(session, action, record=message.public_id, structure_id=message.structure_id)


def unread(account: Account) -> ColumnElement[bool]:
    """True for a message that is news to *account*: recent, not its own, not read yet."""
    return and_(
        Message.sent_at > func.now() - NEWS,
        Message.text != "",
        Message.account_id != account.id,
        ~exists().where(
            MessageReading.message_id == Message.id, MessageReading.account_id == account.id
        ),
    )


def mark_read(session: Session, account: Account, about: About) -> None:
    """Nothing that was said about it is news any more to *account*."""
    news = select(literal(account.id), Message.id).where(about.here, unread(account))
    session.execute(
        insert(MessageReading)
        .from_select(["account_id", "message_id"], news)
        .on_conflict_do_nothing()
    )


@dataclass(frozen=True)
class Waiting:
    """Somebody to tell by mail: *messages* that she has not read, *mentions* that call her."""

    account_id: int
    email: str
    messages: int
    mentions: int


def to_tell(session: Session) -> list[Waiting]:
    """Those to whom something was said since the mail before, and what they have not read.

    For a command: it sees every message, and asks who may read each one today.
    """
    reader = func.sight.audience(Message.parcours_id, Message.session_id).table_valued(
        column("account", Integer), column("name", String)
    ).lateral()  # fmt: skip
    called = exists().where(
        MessageMention.message_id == Message.id, MessageMention.account_id == Account.id
    )
    query = (
        select(Account.id, Account.email, func.count(), func.count().filter(called))
        .select_from(Message)
        .join(reader, reader.c.account != Message.account_id)
        .join(Account, Account.id == reader.c.account)
        .where(
            Message.sent_at > func.now() - NEWS,
            Message.text != "",
            ~exists().where(
                MessageReading.message_id == Message.id, MessageReading.account_id == Account.id
            ),
        )
        .group_by(Account.id)
        .having(
            func.coalesce(
                func.max(Message.sent_at) > Account.digested_at, Account.digested_at.is_(None)
            )
        )
        .order_by(Account.email)
    )
    rows: Any = session.execute(query)
    return [Waiting(*row) for row in rows]


def told(session: Session, waiting: Waiting) -> None:
    """The mail left: what it told is not told again."""
    session.execute(
        update(Account)
        .where(Account.id == waiting.account_id)
        .values(digested_at=func.now())
        .execution_options(synchronize_session=False)
    )
