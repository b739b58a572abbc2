"""Open accounts and grant roles."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.models import Account, Adviser, Assignment, Grant, Role, Structure
from ramsess.models.account import STRUCTURE_ROLES


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
    password_hash: str,
    since: dt.date | None = None,
) -> bool:
    """Open an account, or grant another role to one that exists; its password then stays.

    Returns True when the account is new.

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
    for structure_id in structure_ids or [None]:
        _grant(account, role, structure_id)
    if role == "adviser":
        _assign(session, account, list(zip(structures, posts, strict=True)), since)
    session.flush()
    return is_new


def _structure(session: Session, code: str) -> Structure:
    structure = session.scalar(select(Structure).where(Structure.code == code))
    if structure is None:
        raise AccountRefusedError(f"Structure inconnue : « {code} ».")
    return structure


def _grant(account: Account, role: str, structure_id: int | None) -> None:
    if not any(g.role_name == role and g.structure_id == structure_id for g in account.grants):
        account.grants.append(Grant(role_name=role, structure_id=structure_id))


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
    assigned = {item.structure_id for item in adviser.assignments}
    for structure, post in posts:
        if structure.id not in assigned:
            adviser.assignments.append(
                Assignment(structure=structure, share=post.share, from_on=since)
            )
