"""A phrase from which pieces are taken as they are understood; what stays is the note."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from ramsess.models.names import normalise

LONGEST = 500
# Little words that only link what is understood to the rest.
LINKS = frozenset({
    "a", "au", "aux", "avec", "chez", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les",
    "m", "madame", "mlle", "mme", "monsieur", "mr", "par", "pour", "sur",
})  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:[.](?=\s|$))?")
_EDGE = " \t\n,;.:/–—-+&"
_NOTE = re.compile(r"\s*(?<!\d):(?=\s)|\s:(?=\S)|(?<=\d)\s*:\s")
# What apostrophes and primes people type become, one character each.
_SIGNS = str.maketrans({"’": "'", "ʼ": "'", "′": "'", "´": "'", "\u00a0": " ", "\u202f": " "})


def fold(text: str) -> str:
    """*text* without accents or capitals, of the same length: places are those of the phrase."""
    return "".join(_plain(ch) for ch in text.translate(_SIGNS))


def _plain(ch: str) -> str:
    parts = unicodedata.normalize("NFD", ch.lower())
    return parts[0]


@dataclass(frozen=True)
class Word:
    """A word of the phrase: its place, and how it compares."""

    start: int
    end: int
    plain: str
    capital: bool


class Phrase:
    """The text typed; *plain* is what patterns are looked for in, place for place."""

    def __init__(self, text: str) -> None:
        self.text = unicodedata.normalize("NFC", text)[:LONGEST]
        self.plain = fold(self.text)
        self._taken = [False] * len(self.text)
        self._kept = [False] * len(self.text)

    def tail(self) -> int | None:
        """Where a note begins after a colon."""
        found = _NOTE.search(self.plain)
        return found.end() if found else None

    def find(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """The places of a pattern among what is not understood yet."""
        for found in pattern.finditer(self.plain):
            if self.free(*found.span()):
                yield found

    def free(self, start: int, end: int) -> bool:
        """True when nothing of that place is taken or kept."""
        return not any(self._taken[start:end]) and not any(self._kept[start:end])

    def is_taken(self, start: int, end: int) -> bool:
        """True when some of that place is understood."""
        return any(self._taken[start:end])

    def take(self, start: int, end: int) -> str:
        """Say that this is understood; returns the text."""
        self._taken[start:end] = [True] * (end - start)
        return self.text[start:end].strip()

    def keep(self, start: int, end: int) -> str:
        """Say that this stays in the note, and is not to be read as something else."""
        self._kept[start:end] = [True] * (end - start)
        return self.text[start:end].strip()

    def words(self) -> list[Word]:
        """What is neither taken nor kept, word by word."""
        return [
            Word(
                found.start(), found.end(), normalise(found[0]), self.text[found.start()].isupper()
            )
            for found in _WORD.finditer(self.text)
            if self.free(*found.span())
        ]

    def runs(self) -> list[list[Word]]:
        """The words that follow each other with nothing understood between."""
        runs: list[list[Word]] = []
        for word in self.words():
            if runs and self.free(runs[-1][-1].end, word.start):
                runs[-1].append(word)
            else:
                runs.append([word])
        return runs

    def beside(self, start: int, end: int) -> list[Word]:
        """The free words just before and just after a place."""
        words = self.words()
        before = [word for word in words if word.end <= start and not self._text(word.end, start)]
        after = [word for word in words if word.start >= end and not self._text(end, word.start)]
        return [*before, *after]

    def _text(self, start: int, end: int) -> str:
        return self.text[start:end].strip(_EDGE)

    def note(self, end: int | None = None) -> str:
        """What was not understood, up to *end*, without the little words left alone."""
        limit = len(self.text) if end is None else end
        pieces, start = [], 0
        while start < limit:
            stop = start
            while stop < limit and not self._taken[stop]:
                stop += 1
            piece = self._cleaned(self.text[start:stop], last=stop == limit, first=start == 0)
            if piece:
                pieces.append(piece)
            start = stop + 1
        return " ".join(pieces)

    @staticmethod
    def _cleaned(text: str, *, first: bool, last: bool) -> str:
        text = text.strip(_EDGE)
        while not last or not first:
            words = [*_WORD.finditer(text)]
            if not words:
                return text.strip(_EDGE + "'’")
            if not last and _links(words[-1]) and not text[words[-1].end() :].strip(_EDGE + "'’"):
                text = text[: words[-1].start()].strip(_EDGE)
            elif not first and normalise(words[0][0]) == "et":
                text = text[words[0].end() :].strip(_EDGE)
            elif all(_links(word) for word in words):
                return ""
            else:
                return text
        return text


def _links(word: re.Match[str]) -> bool:
    return normalise(word[0]) in LINKS
