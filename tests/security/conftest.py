"""A clean database, and no mail left from before."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import SignIn
from tests.security.audited import World, make_world
from tests.security.people import Person, mails, make_person


@pytest.fixture
def ana(app: Flask, sign_in: SignIn) -> Person:
    """An adviser who is not signed in yet."""
    mails(app, wait=False)
    return make_person(app)


@pytest.fixture
def world(app: Flask, sign_in: SignIn, tmp_path: Path) -> World:
    """A person with a parcours, an act and a session, whose every page is noted."""
    return make_world(app, sign_in, tmp_path)
