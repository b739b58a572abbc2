"""Blueprints: thin views; form in, action or query, template out."""

from __future__ import annotations

from flask import Flask

from ramsess.views import (
    acts,
    beneficiaries,
    exchange,
    guard,
    home,
    journal,
    lookups,
    parcours,
    protection,
    reports,
    rights,
    sessions,
)
from ramsess.views.errors import init_errors
from ramsess.views.noting import init_noting
from ramsess.views.typography import init_typography

BLUEPRINTS = (
    acts,
    beneficiaries,
    exchange,
    home,
    journal,
    lookups,
    parcours,
    protection,
    reports,
    rights,
    sessions,
)


def register(app: Flask) -> None:
    """Register every blueprint, then refuse to start when a route names no action."""
    for module in BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    init_typography(app)
    init_errors(app)
    init_noting(app)
    guard.check(app)
