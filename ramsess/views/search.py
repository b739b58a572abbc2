"""What one searches for: kept in the person's own session, as a name stays out of addresses."""

from __future__ import annotations

from flask import request, session

LONGEST = 200


def remember(place: str) -> None:
    """Keep what the search form of *place* says until the next search there."""
    session[f"search_{place}"] = request.form.get("q", "").strip()[:LONGEST]


def remembered(place: str) -> str:
    """What was last searched for at *place*."""
    return str(session.get(f"search_{place}", ""))


def forget(place: str) -> None:
    """Search for nothing there any more."""
    session.pop(f"search_{place}", None)
