"""How names are compared: without accents, case, hyphens, apostrophes or double spaces."""

from __future__ import annotations

import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o"}
)


def normalise(text: str | None) -> str:
    """Return *text* for comparison and search: « Ben-Ali  Éloïse » becomes ``ben ali eloise``."""
    decomposed = unicodedata.normalize("NFKD", (text or "").translate(_LIGATURES).casefold())
    letters = (ch if ch.isalnum() else " " for ch in decomposed if not unicodedata.combining(ch))
    return " ".join("".join(letters).split())
