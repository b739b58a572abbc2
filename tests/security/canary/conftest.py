"""One network for all the tests of the folder."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.security.canary.world import World, build


@pytest.fixture(scope="package")
def world(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The network, planted; nobody is signed in."""
    return build(app, tmp_path_factory.mktemp("ledger"))
