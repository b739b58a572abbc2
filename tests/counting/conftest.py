from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.counting.builder import Network


@pytest.fixture
def network(session: Session) -> Network:
    return Network(session)
