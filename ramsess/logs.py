"""Logs: what happened, never to whom nor what was typed; security events apart."""

from __future__ import annotations

import structlog

_security = structlog.get_logger("ramsess.security")


def security_event(name: str, **fields: str | int | None) -> None:
    """Log a security event: a name, and fields that hold no personal data (ids and codes only)."""
    _security.info(name, **fields)
