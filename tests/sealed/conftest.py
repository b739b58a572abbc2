"""What these tests share with those of the pages."""

from __future__ import annotations

from tests.views.conftest import count

__all__ = ["count"]
