"""Keep the filters of a list under a name, rename it, let it go: one's own alone."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ramsess.actions.auditing import note
from ramsess.actions.refusals import Checks
from ramsess.models import Account, SavedList

MOST = 50
LONGEST_NAME = 80
# A code, a date, a number, a random identifier, a column's name: nothing that names anybody.
_PLAIN = re.compile(r"-?[A-Za-z0-9-]{1,40}", re.ASCII)


def kept_lists(session: Session, account: Account) -> Sequence[SavedList]:
    """The account's lists, by name."""
    return session.scalars(
        select(SavedList)
        .where(SavedList.account_id == account.id)
        .order_by(func.lower(SavedList.name), SavedList.id)
    ).all()


def find_list(session: Session, account: Account, public_id: uuid.UUID) -> SavedList | None:
    """The account's list of that random identifier."""
    return session.scalar(
        select(SavedList).where(
            SavedList.public_id == public_id, SavedList.account_id == account.id
        )
    )


def keep_list(
    session: Session, account: Account, *, of: str, name: str, filters: Mapping[str, str]
) -> SavedList:
    """Keep the *filters* of the list *of* under a *name*; the same name again replaces them.

    Raises RefusedError.
    """
    checks = Checks()
    name = _name(checks, name)
    if not all(_PLAIN.fullmatch(word) for item in filters.items() for word in item):
        checks.refuse("", "Ces filtres ne peuvent pas être gardés.")
    known = select(SavedList.name).where(SavedList.account_id == account.id, SavedList.list == of)
    if name not in (names := session.scalars(known).all()) and len(names) >= MOST:
        checks.refuse("name", f"Vous gardez déjà {MOST} listes : supprimez-en une.")
    checks.conclude()
    kept = session.scalars(
        insert(SavedList)
        .values(account_id=account.id, list=of, name=name, filters=dict(filters))
        .on_conflict_do_update(
            index_elements=["account_id", "list", "name"],
            set_={"filters": dict(filters), "saved_at": func.now()},
        )
        .returning(SavedList),
        execution_options={"populate_existing": True},
    ).one()
    note(session, "keep_list", record=kept.public_id)
    return kept


def rename_list(session: Session, kept: SavedList, name: str) -> None:
    """Give it another name. Raises RefusedError."""
    checks = Checks()
    name = _name(checks, name)
    taken = select(SavedList.id).where(
        SavedList.account_id == kept.account_id,
        SavedList.list == kept.list,
        SavedList.name == name,
        SavedList.id != kept.id,
    )
    if session.scalar(taken) is not None:
        checks.refuse("name", f"Une autre liste s’appelle déjà « {name} ».")
    checks.conclude()
    kept.name = name
    note(session, "rename_list", record=kept.public_id)


def remove_list(session: Session, kept: SavedList) -> None:
    """Let it go; the records it showed stay."""
    note(session, "remove_list", record=kept.public_id)
    session.delete(kept)
    session.flush()


def _name(checks: Checks, said: str) -> str:
    name = " ".join(said.split())
    if not name:
        checks.refuse("name", "Donnez un nom à cette liste.")
    elif len(name) > LONGEST_NAME:
        checks.refuse("name", f"Ce nom dépasse {LONGEST_NAME} caractères.")
    return name
