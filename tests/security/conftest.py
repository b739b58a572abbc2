"""A clean database, and no mail left from before."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import SignIn
from tests.security.people import Person, mails, make_person


@pytest.fixture
def ana(app: Flask, sign_in: SignIn) -> Person:
    """An adviser who is not signed in yet."""
    mails(app, wait=False)
    return make_person(app)
