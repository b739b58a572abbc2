"""A program that shows a token; what it reads is made by the real actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from ramsess.actions.tokens import make_token
from ramsess.database import db
from ramsess.models import Account
from tests.conftest import empty_records, open_account


@dataclass
class Program:
    """It asks the interface by GET, its token in each request."""

    app: Flask
    secret: str
    email: str

    def get(self, path: str, **headers: str) -> TestResponse:
        shown = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        client = self.app.test_client(use_cookies=False)
        return client.get(f"/api/v1{path}", headers=shown | headers)


MakeProgram = Callable[..., Program]


@pytest.fixture
def program(app: Flask) -> MakeProgram:
    """A program of somebody with that role, in those structures, on an empty database."""
    with app.app_context():
        empty_records()

    def make(role: str, *structures: str, email: str | None = None) -> Program:
        with app.app_context():
            address = open_account(db.session(), role, *structures, email=email).email
            secret = new_token(address, role)
        return Program(app, secret, address)

    return make


def new_token(email: str, role: str, days: int = 30) -> str:
    """Another token of that account; needs an application context."""
    account = db.session.scalars(select(Account).where(Account.email == email)).one()
    _, secret = make_token(db.session(), account, name="essai", role=role, days=days)
    db.session.commit()
    return secret
