"""One network for all the tests of the folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.security.matrix.world import World, build


@pytest.fixture(scope="package")
def world(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The network, everybody signed in, and a copy of the database to come back to."""
    with build(app, tmp_path_factory.mktemp("ledger")) as made:
        yield made
