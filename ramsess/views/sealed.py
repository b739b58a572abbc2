"""What was sealed of a period, for those of its pages that offer it."""

from __future__ import annotations

from flask_login import current_user

from ramsess import policy
from ramsess.database import db
from ramsess.reports.seal import EDITION_LABELS
from ramsess.reports.sealed import SealedPeriod, sealed_files

#: Editions as the pages name them, and files as people call them, in the order of the pages.
LABELS = {**EDITION_LABELS, "xlsx": "Classeur", "pdf": "PDF", "json": "JSON"}


def files_of(found: SealedPeriod) -> dict[str, list[str]]:
    """The sealed files that the person may have, by edition."""
    mine: dict[str, list[str]] = {}
    order = [*LABELS]
    kept = sorted(
        sealed_files(db.session(), found.period),
        key=lambda file: (order.index(file[0]), order.index(file[1])),
    )
    for edition, suffix, _ in kept:
        if edition in policy.sealed_editions(current_user):
            mine.setdefault(edition, []).append(suffix)
    return mine
