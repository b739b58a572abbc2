"""The least count of persons, but for 0, that is published: policy, hence data."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.models import DisclosureLimit


def threshold(session: Session) -> int:
    """The count of persons below which nothing is published (code ``PERSONS``)."""
    return session.scalars(
        select(DisclosureLimit.amount).where(DisclosureLimit.code == "PERSONS")
    ).one()
