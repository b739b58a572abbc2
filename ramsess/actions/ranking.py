"""How well words answer what was typed: exactly, from their beginning, inside, or nearly.

Pure functions over normalised keys (models.names). Every word typed must be answered; a key is
worth what its worst answer is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

# Letters that a word of that length may have wrong, swapped, too many or too few.
_NEAR = ((8, 2), (4, 1))
_SHORT = 3
_NO_LIMIT = None


class Grade(IntEnum):
    """How something was found, the best first."""

    REFERENCE = 0
    NAME = 1
    BEGINNING = 2
    INSIDE = 3
    NEAR = 4


class Match(NamedTuple):
    """How a key answers: its grade, then *off*, how far it is from what was typed."""

    grade: Grade
    off: float


class Keys:
    """Normalised keys by their words, to be asked word after word."""

    def __init__(self, keys: Iterable[tuple[int, str]]) -> None:
        pairs = list(keys)
        self._split = [(number, _words(key)) for number, key in pairs]
        self._known = list({word for _, words in self._split for word in words})
        self.words = {number: len(key.split()) for number, key in pairs}

    def answering(self, typed: str) -> dict[int, Match]:
        """The keys that a word typed is answered by, each by its best word."""
        like: dict[str, Match] = {}
        for word, match in self._like(typed):
            like[word] = min(match, like.get(word, match))
        if not like:
            return {}
        found = {}
        for number, words in self._split:
            matches = [like[word] for word in words if word in like]
            if matches:
                found[number] = min(matches)
        return found

    def _like(self, typed: str) -> Iterable[tuple[str, Match]]:
        size = len(typed)
        for word in self._known:
            if word.startswith(typed):
                begun = len(word) > size
                yield word, Match(Grade.BEGINNING if begun else Grade.NAME, 1 - size / len(word))
            elif size >= _SHORT and typed in word:
                yield word, Match(Grade.INSIDE, 1 - size / len(word))
        wrong = next((letters for least, letters in _NEAR if size >= least), 0)
        if not wrong:
            return
        # As one types, what is typed may be near the beginning of a longer word.
        for words, extra in ((self._known, 0.0), ([word[:size] for word in self._known], 0.5)):
            near = process.extract(
                typed, words, scorer=OSA.distance, score_cutoff=wrong, limit=_NO_LIMIT
            )
            for _, distance, place in near:
                yield self._known[place], Match(Grade.NEAR, distance + extra)


def _words(key: str) -> list[str]:
    """The words of a key; « ben ali » answers « benali » too."""
    words = key.split()
    if min(map(len, words), default=0) > _SHORT:
        return words
    return words + [
        first + second
        for first, second in pairwise(words)
        if len(first) <= _SHORT or len(second) <= _SHORT
    ]


def together(answers: Sequence[Mapping[int, Match]], words: Mapping[int, int]) -> dict[int, Match]:
    """The keys that answer every word typed; *words* is how many each key has.

    Only a key that has no other word is answered by its name.
    """
    found = {}
    for number in min(answers, key=len):
        matches = [one[number] for one in answers if number in one]
        if len(matches) < len(answers):
            continue
        grade = max(match.grade for match in matches)
        left = max(0, words.get(number, 0) - len(answers))
        if grade is Grade.NAME and left:
            grade = Grade.BEGINNING
        # A word more that was not typed counts a little.
        found[number] = Match(grade, sum(match.off for match in matches) + left / 100)
    return found
