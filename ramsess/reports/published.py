"""What of the network's figures is public: those of the last year that was sealed and published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class PublishedYear:
    """A year and its aggregate figures, each with its label, as they are printed."""

    year: int
    figures: Sequence[tuple[str, str]]


def last_published_year(_session: Session) -> PublishedYear | None:
    """The last sealed year that was published; none as long as no period can be sealed.

    A provisional figure is never public: whoever seals periods answers here.
    """
    return None
