"""Open accounts and grant roles."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.sealed import opened_on
from ramsess.actions.sign_ins import revoke_all
from ramsess.logs import security_event
from ramsess.models import Account, Adviser, Assignment, Grant, Role, Structure
from ramsess.models.account import STRUCTURE_ROLES
from ramsess.models.calendar import today


class AccountRefusedError(ValueError):
    """The account cannot be opened; the message is a French sentence."""


@dataclass(frozen=True)
class Post:
    """A structure by its code, with the share of full time worked there, in per cent."""

    structure: str
    share: int | None = None

    @classmethod
    def parse(cls, text: str) -> Post:
        """Read ``CODE`` or ``CODE:SHARE``; raise AccountRefusedError."""
        code, _, share = text.partition(":")
        if not share:
            return cls(code.strip().upper())
        if not (share.isascii() and share.isdigit()) or not 1 <= int(share) <= 100:
            raise AccountRefusedError(
                f"Quotité incorrecte dans « {text} » : un nombre entier de 1 à 100 est attendu."
            )
        return cls(code.strip().upper(), int(share))


def add_account(
    session: Session,
    *,
    email: str,
    name: str,
    role: str,
    posts: Sequence[Post],
    password_hash: str | None,
    since: dt.date | None = None,
) -> bool:
    """Open an account, or grant another role to one that exists; its password then stays.

    Returns True when the account is new. Without *password_hash* nobody can sign in to it before
    an invitation is accepted. A role that changes signs the account out.

    An adviser is linked to the adviser of the same e-mail, whose minutes are counted, and
    assigned to the structures from *since*. Raises AccountRefusedError.
    """
    email = email.strip().lower()
    if email.count("@") != 1 or not all(email.split("@")):
        raise AccountRefusedError(f"« {email} » n’est pas une adresse électronique.")
    if len(email) > 254 or not 0 < len(name.strip()) <= 120:
        raise AccountRefusedError("L’adresse compte 254 caractères au plus, le nom de 1 à 120.")
    if len({post.structure for post in posts}) < len(posts):
        raise AccountRefusedError("La même structure est indiquée deux fois.")
    if session.get(Role, role) is None:
        raise AccountRefusedError(f"Rôle inconnu : « {role} ».")
    if (role in STRUCTURE_ROLES) != bool(posts):
        raise AccountRefusedError(
            f"Le rôle « {role} » demande une structure."
            if role in STRUCTURE_ROLES
            else f"Le rôle « {role} » n’est attaché à aucune structure."
        )
    account = session.scalar(select(Account).where(Account.email == email))
    is_new = account is None
    if account is None:
        account = Account(
            email=email, name=name, password=password_hash, fs_uniquifier=uuid.uuid4().hex
        )
        session.add(account)
        session.flush()
    structures = [_structure(session, post.structure) for post in posts]
    structure_ids: list[int | None] = [structure.id for structure in structures]
    changed = [_grant(account, role, structure_id) for structure_id in structure_ids or [None]]
    if any(changed):
        revoke_all(session, account.id)
    if role == "adviser":
        _assign(session, account, list(zip(structures, posts, strict=True)), since)
    session.flush()
    return is_new


def _structure(session: Session, code: str) -> Structure:
    structure = session.scalar(select(Structure).where(Structure.code == code))
    if structure is None:
        raise AccountRefusedError(f"Structure inconnue : « {code} ».")
    return structure


def account_of(session: Session, email: str) -> Account:
    """The account of that address. Raises AccountRefusedError."""
    account = session.scalar(select(Account).where(Account.email == email.strip().lower()))
    if account is None:
        raise AccountRefusedError(f"Aucun compte n’a l’adresse « {email} ».")
    return account


def accounts_by_address(session: Session) -> list[Account]:
    """Every account."""
    return list(session.scalars(select(Account).order_by(Account.email)))


def set_active(session: Session, account: Account, *, active: bool) -> None:
    """Disable an account, or give it back; disabled, it is signed out everywhere."""
    account.active = active
    if not active:
        revoke_all(session, account.id)
    security_event("account_enabled" if active else "account_disabled", account_id=account.id)
    session.flush()


def end_role(session: Session, account: Account, role: str, codes: Sequence[str] = ()) -> int:
    """End a role now, in the structures of *codes* or in all; returns how many grants ended.

    An adviser's assignments there end today. Raises AccountRefusedError when nothing would end.
    """
    wanted = {_structure(session, code.strip().upper()).id for code in codes}
    ended = [
        grant
        for grant in account.grants_today
        if grant.role_name == role and (not wanted or grant.structure_id in wanted)
    ]
    if not ended or len(ended) < len(wanted):
        raise AccountRefusedError(f"{account.email} n’a pas ce rôle à cet endroit.")
    for grant in ended:
        grant.until = today() - dt.timedelta(days=1)
    if role == "adviser" and account.adviser:
        _end_assignments(session, account.adviser, {grant.structure_id for grant in ended})
    revoke_all(session, account.id)
    security_event("role_ended", account_id=account.id, role=role)
    session.flush()
    return len(ended)


def _end_assignments(session: Session, adviser: Adviser, structures: set[int | None]) -> None:
    for item in list(adviser.assignments):
        if item.structure_id not in structures or (item.to_on and item.to_on <= today()):
            continue
        if item.from_on and item.from_on > today():
            adviser.assignments.remove(item)
            session.delete(item)
        else:
            item.to_on = today()


def _grant(account: Account, role: str, structure_id: int | None) -> bool:
    """Grant the role, again when it has ended; False when it was held already."""
    for grant in account.grants:
        if grant.role_name == role and grant.structure_id == structure_id:
            held = grant.until is None
            grant.until = None
            return not held
    account.grants.append(Grant(role_name=role, structure_id=structure_id))
    return True


def _assign(
    session: Session,
    account: Account,
    posts: Sequence[tuple[Structure, Post]],
    since: dt.date | None,
) -> None:
    adviser = session.scalar(select(Adviser).where(Adviser.email == account.email))
    if adviser is None:
        first_name, _, last_name = account.name.partition(" ")
        adviser = Adviser(
            email=account.email, first_name=first_name, last_name=last_name or first_name
        )
        session.add(adviser)
    adviser.account = account
    for structure, post in posts:
        known = [item for item in adviser.assignments if item.structure_id == structure.id]
        last = max((item.to_on or dt.date.max for item in known), default=None)
        if last == today():
            # Ended today by mistake: it goes on.
            for item in known:
                item.to_on = None if item.to_on == last else item.to_on
        elif last is None or last < today():
            adviser.assignments.append(
                Assignment(
                    structure=structure,
                    share=post.share,
                    from_on=since or opened_on(session) if last is None else today(),
                )
            )
