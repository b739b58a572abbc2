"""Numbers as people say them: in figures, or in words up to ninety."""

from __future__ import annotations

_UNITS = ("zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
          "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit",
          "dix-neuf")  # fmt: skip
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante",
         75: "soixante-quinze", 80: "quatre-vingt", 90: "quatre-vingt-dix"}  # fmt: skip

WORDS: dict[str, int] = {word: value for value, word in enumerate(_UNITS)}
WORDS |= {word: value for value, word in _TENS.items()}
WORDS |= {f"{_TENS[ten]}-cinq": ten + 5 for ten in (20, 30, 40, 50)} | {"une": 1}

#: A number, for a pattern over folded text; the longest words first.
NUMBER = (
    r"(?:\d+|"
    + "|".join(sorted((word.replace("-", "[- ]") for word in WORDS), key=len, reverse=True))
    + ")"
)


def number(text: str) -> int:
    """The number that *text*, which NUMBER matched, says."""
    return int(text) if text.isdigit() else WORDS[text.replace(" ", "-")]
