"""Blueprints: thin views; form in, action or query, template out."""

from __future__ import annotations

from flask import Flask

from ramsess.views import (
    account,
    acts,
    agreement,
    beneficiaries,
    diagnostics,
    exchange,
    guard,
    home,
    invitation,
    journal,
    lookups,
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
    recipes,
    reports,
    resources,
    rights,
    sessions,
    sheets,
    structures,
)
from ramsess.views.errors import init_errors
from ramsess.views.noting import init_noting
from ramsess.views.typography import init_typography

BLUEPRINTS = (
    account,
    acts,
    agreement,
    beneficiaries,
    diagnostics,
    exchange,
    home,
    invitation,
    journal,
    lookups,
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
    recipes,
    reports,
    resources,
    rights,
    sessions,
    sheets,
    structures,
)


def register(app: Flask) -> None:
    """Register every blueprint, then refuse to start when a route names no action."""
    for module in BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    guard.init_guard(app)
    init_typography(app)
    init_errors(app)
    init_noting(app)
    guard.check(app)
