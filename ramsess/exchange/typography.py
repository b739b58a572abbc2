"""No-break spaces where French wants them, so that sentences are typed plainly in the code."""

from __future__ import annotations

import re

_BEFORE = re.compile(r" ([:»])")
_NARROW = re.compile(r" ([;?!%])")


def french(sentence: str) -> str:
    """Return *sentence* with no-break spaces inside « », before « : », « ; », « ? », « ! »."""
    spaced = _BEFORE.sub("\N{NO-BREAK SPACE}\\1", sentence.replace("« ", "«\N{NO-BREAK SPACE}"))
    return _NARROW.sub("\N{NARROW NO-BREAK SPACE}\\1", spaced)
