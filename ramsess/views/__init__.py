"""Blueprints: thin views; form in, action or query, template out."""

from __future__ import annotations

from flask import Flask

from ramsess.views import (
    account,
    acts,
    agreement,
    beneficiaries,
    completion,
    diagnostics,
    disclosure,
    drafts,
    duplicates,
    exchange,
    guard,
    history,
    home,
    invitation,
    journal,
    lookups,
    matches,
    meetings,
    messages,
    network,
    offers,
    orientations,
    parcours,
    plans,
    positioning,
    posts,
    preparation,
    protection,
    quality,
    quick,
    recipes,
    reports,
    resources,
    rights,
    saved_lists,
    searching,
    series,
    sessions,
    sheets,
    structures,
    week,
    week_calendar,
    week_paste,
)
from ramsess.views.drafts import init_drafts
from ramsess.views.errors import init_errors
from ramsess.views.noting import init_noting
from ramsess.views.typography import init_typography
from ramsess.views.undo_offer import init_undo_offer

BLUEPRINTS = (
    account,
    acts,
    agreement,
    beneficiaries,
    completion,
    diagnostics,
    disclosure,
    drafts,
    duplicates,
    exchange,
    history,
    home,
    invitation,
    journal,
    lookups,
    matches,
    meetings,
    messages,
    network,
    offers,
    orientations,
    parcours,
    plans,
    positioning,
    posts,
    preparation,
    protection,
    quality,
    quick,
    recipes,
    reports,
    resources,
    rights,
    series,
    saved_lists,
    searching,
    sessions,
    sheets,
    structures,
    week,
    week_calendar,
    week_paste,
)


def register(app: Flask) -> None:
    """Register every blueprint, then refuse to start when a route names no action."""
    for module in BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    guard.init_guard(app)
    init_typography(app)
    init_undo_offer(app)
    init_errors(app)
    init_drafts(app)
    init_noting(app)
    guard.check(app)
