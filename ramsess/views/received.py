"""What the Région receives, read by an engine that sees nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from ramsess.database import db


@contextmanager
def received() -> Iterator[Session]:
    """Sealed reports in the Région's edition: whoever asks, the database shows no more."""
    with Session(db.engines["funder"]) as session:
        yield session
