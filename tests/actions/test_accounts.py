"""Accounts and the roles granted to them."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.accounts import AccountRefusedError, Post, add_account
from ramsess.models import Account, Adviser


def add(session: Session, role: str, *posts: str, email: str = "ana@demo.example") -> bool:
    return add_account(
        session,
        email=email,
        name="Ana Fictive",
        role=role,
        posts=[Post.parse(post) for post in posts],
        password_hash="!",
    )


def test_a_mutualised_adviser_has_two_assignments_with_shares(session: Session) -> None:
    assert add(session, "adviser", "apeas:60", "PLACE:40")
    adviser = session.scalars(select(Adviser)).one()
    assert {item.structure.code: item.share for item in adviser.assignments} == {
        "APEAS": 60,
        "PLACE": 40,
    }


def test_a_person_is_adviser_in_one_structure_and_manager_in_another(session: Session) -> None:
    assert add(session, "adviser", "APEAS")
    assert not add(session, "manager", "PLACE")
    assert not add(session, "manager", "PLACE")
    account = session.scalars(select(Account)).one()
    session.expire(account)
    assert [item.code for item in account.structures("adviser")] == ["APEAS"]
    assert [item.code for item in account.structures("manager")] == ["PLACE"]
    assert account.holds("manager")
    assert not account.holds("funder")


def test_an_adviser_already_known_by_her_acts_keeps_her_record(session: Session) -> None:
    session.add(Adviser(email="ana@demo.example", last_name="Fictive", first_name="Ana"))
    session.flush()
    add(session, "adviser", "APEAS")
    add(session, "adviser", "APEAS")
    adviser = session.scalars(select(Adviser)).one()
    assert adviser.account
    assert len(adviser.assignments) == 1


@pytest.mark.parametrize(
    ("role", "posts", "email", "message"),
    [
        ("adviser", ["APEAS"], "ana", "n’est pas une adresse"),
        ("adviser", ["APEAS"], "ana@", "n’est pas une adresse"),
        ("chef", [], "ana@demo.example", "Rôle inconnu"),
        ("adviser", [], "ana@demo.example", "demande une structure"),
        ("funder", ["APEAS"], "ana@demo.example", "attaché à aucune structure"),
        ("adviser", ["XYZ"], "ana@demo.example", "Structure inconnue"),
        ("adviser", ["APEAS", "apeas"], "ana@demo.example", "deux fois"),
        ("adviser", ["APEAS:²"], "ana@demo.example", "de 1 à 100"),
        ("coordinator", [], "a" * 250 + "@demo.example", "254 caractères"),
        ("adviser", ["APEAS:0"], "ana@demo.example", "de 1 à 100"),
        ("adviser", ["APEAS:moitié"], "ana@demo.example", "de 1 à 100"),
    ],
)
def test_what_is_refused(
    session: Session, role: str, posts: list[str], email: str, message: str
) -> None:
    with pytest.raises(AccountRefusedError, match=message):
        add(session, role, *posts, email=email)
