"""Text of records made fit for a file: nothing that breaks it, nothing cut in silence."""

from __future__ import annotations

import re

CUT_MARK = " … [texte coupé]"

# Control characters but TAB and line feed, lone surrogates, the two non-characters of XML 1.0.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Marks that turn the direction of writing of what follows them: a name could disguise itself.
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def clean(text: str) -> str:
    """Return *text* without the characters that no file can hold; line ends become ``\\n``."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Return *text* cleaned, on one line, without marks of writing direction."""
    return " ".join(re.split(r"[ \t\n]+", _DIRECTION.sub("", clean(text)))).strip(" ")


def cut(text: str, limit: int) -> str:
    """Return *text* in at most *limit* characters, visibly cut when it is longer."""
    return text if len(text) <= limit else text[: limit - len(CUT_MARK)] + CUT_MARK


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text that somebody typed, each on one line."""
    return [line for line in (one_line(part) for part in clean(text).split("\n")) if line]
