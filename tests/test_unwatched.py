"""Who watches comes back, sees the end of what she missed and nothing of its inside."""

from __future__ import annotations

import sys
from contextlib import suppress
from types import FrameType
from typing import Any

import pytest

from tests.unwatched import unwatched


def quiet(fault: bool) -> None:
    if fault:
        raise ValueError


def loud() -> None:
    """Called by the tests, watched."""


@pytest.mark.parametrize("fault", [False, True])
def test_one_call_is_missed_and_the_next_is_seen(fault: bool) -> None:
    seen: list[tuple[str, str]] = []

    def watch(frame: FrameType, event: str, _: Any) -> Any:
        if event in ("call", "return"):
            seen.append((event, frame.f_code.co_name))
        return watch

    alone, before = unwatched(quiet), sys.gettrace()
    sys.settrace(watch)
    try:
        with suppress(ValueError):
            alone(fault)
        loud()
    finally:
        sys.settrace(before)
    told = [(name, event) for event, name in seen if name in ("alone", "quiet", "loud")]
    assert told == [("alone", "call"), ("alone", "return"), ("loud", "call"), ("loud", "return")]
