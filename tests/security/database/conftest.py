"""A small network in the database, and its people signed in as the database knows them."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import SignIn
from tests.security.database.world import World, make_world


@pytest.fixture
def world(app: Flask, sign_in: SignIn) -> World:
    """APEAS leads two parcours, shares one with CRDES; MARSEILLE takes part in nothing."""
    return make_world(app)
