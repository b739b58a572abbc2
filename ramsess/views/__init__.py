"""Blueprints: thin views; form in, action or query, template out."""

from __future__ import annotations

from flask import Flask

from ramsess.views import (
    account,
    acts,
    beneficiaries,
    exchange,
    guard,
    home,
    invitation,
    lookups,
    parcours,
    reports,
    sessions,
)
from ramsess.views.errors import init_errors
from ramsess.views.typography import init_typography

BLUEPRINTS = (
    account,
    acts,
    beneficiaries,
    exchange,
    home,
    invitation,
    lookups,
    parcours,
    reports,
    sessions,
)


def register(app: Flask) -> None:
    """Register every blueprint, then refuse to start when a route names no action."""
    for module in BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    guard.init_guard(app)
    init_typography(app)
    init_errors(app)
    guard.check(app)
