"""Accounts as the ``ramsess user`` command changes them."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.actions.accounts import AccountRefusedError, Post, account_of, add_account, end_role
from ramsess.models.calendar import today
from tests.conftest import SignIn, open_account


def give(session: Session, email: str, role: str, *posts: str) -> None:
    add_account(
        session,
        email=email,
        name="Ana Fictive",
        role=role,
        posts=[Post.parse(post) for post in posts],
        password_hash=None,
    )
    session.flush()


def test_a_role_that_ended_gives_nothing_and_its_assignment_ends_today(session: Session) -> None:
    account = open_account(session, "adviser", "APEAS", "PLACE")
    assert end_role(session, account, "adviser", ["apeas"]) == 1
    assert policy.structure_codes(account) == {"PLACE"}
    assert account.adviser
    ends = {item.structure.code: item.to_on for item in account.adviser.assignments}
    assert ends == {"APEAS": today(), "PLACE": None}
    end_role(session, account, "adviser")
    assert policy.roles_of(account) == set()
    assert not account.holds("adviser")


def test_a_role_holds_through_its_last_day(session: Session) -> None:
    account = open_account(session, "coordinator")
    account.grants[0].until = today()
    assert policy.roles_of(account) == {"coordinator"}
    account.grants[0].until = today() - dt.timedelta(days=1)
    assert policy.roles_of(account) == set()


def test_a_role_ended_by_mistake_is_given_again(session: Session) -> None:
    account = open_account(session, "adviser", "APEAS")
    end_role(session, account, "adviser")
    give(session, account.email, "adviser", "APEAS")
    assert policy.structure_codes(account) == {"APEAS"}
    assert account.adviser
    assert [item.to_on for item in account.adviser.assignments] == [None]
    assert len(account.grants) == 1


def test_an_adviser_who_comes_back_has_a_second_assignment(session: Session) -> None:
    account = open_account(session, "adviser", "APEAS")
    end_role(session, account, "adviser")
    assert account.adviser
    account.adviser.assignments[0].to_on = today() - dt.timedelta(days=30)
    session.flush()
    give(session, account.email, "adviser", "APEAS:50")
    spans = [(item.from_on, item.to_on) for item in account.adviser.assignments]
    assert spans[-1] == (today(), None)
    assert len(spans) == 2


def test_a_post_that_had_not_begun_is_taken_back(session: Session) -> None:
    account = open_account(session, "adviser", "APEAS")
    assert account.adviser
    account.adviser.assignments[0].from_on = today() + dt.timedelta(days=10)
    session.flush()
    end_role(session, account, "adviser")
    session.refresh(account.adviser)
    assert account.adviser.assignments == []


@pytest.mark.parametrize(
    ("role", "codes", "message"),
    [
        ("manager", [], "n’a pas ce rôle"),
        ("adviser", ["PLACE"], "n’a pas ce rôle"),
        ("adviser", ["RIEN"], "Structure inconnue"),
    ],
)
def test_a_role_that_is_not_held_cannot_end(
    session: Session, role: str, codes: list[str], message: str
) -> None:
    account = open_account(session, "adviser", "APEAS")
    with pytest.raises(AccountRefusedError, match=message):
        end_role(session, account, role, codes)


def test_an_unknown_address_is_told(session: Session) -> None:
    with pytest.raises(AccountRefusedError, match="Aucun compte n’a l’adresse"):
        account_of(session, "personne@demo.example")


def test_somebody_without_role_reads_that_she_has_none(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("coordinator", email="ana@demo.example")
    assert "Coordination du réseau" in client.get("/compte").text
