"""Canary words: nowhere else, found again in whatever case and however the text is cut."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# A structure of the network, or what belongs to none of them.
A, B, C, NETWORK = "APEAS", "PLACE", "INTERMADE", ""
STRUCTURES = (A, B, C)

_WORD = re.compile(r"zq[a-z]{5}")
_NUMBER = re.compile(r"987654\d{8}")
_CUT = re.compile(r"[\s\u00ad\u200b\u2011-]+")
_LETTERS, _STEP = 26**5, 7_368_787


@dataclass(eq=False)
class Thing:
    """What words belong to, and who is concerned by it.

    *people* are those whom a record is about (a person is about herself); *lead*: who leads or
    keeps it; *there*: False once it is erased or undone; *put_away*: its identity is archived.
    """

    kind: str
    name: str
    concerned: frozenset[str]
    lead: str = ""
    address: str = ""
    people: list[Thing] = field(default_factory=list)
    there: bool = True
    put_away: bool = False
    owner: str = ""

    def about(self, person: Thing) -> bool:
        return person is self or person in self.people


@dataclass(frozen=True)
class Word:
    """A canary: in which column, of which structure."""

    text: str
    column: str
    structure: str
    thing: Thing


class Words:
    """All the canaries of a network."""

    def __init__(self) -> None:
        self.known: dict[str, Word] = {}
        self._made = 0

    def make(self, column: str, structure: str, thing: Thing) -> str:
        """A new word for that column."""
        text = f"987654{self._next():08d}" if column.endswith(".siret") else spelled(self._next())
        self.known[text] = Word(text, column, structure, thing)
        return text

    def _next(self) -> int:
        self._made += 1
        return self._made

    def of(self, thing: Thing, *columns: str) -> list[str]:
        return [
            text
            for text, word in self.known.items()
            if word.thing is thing and (not columns or word.column in columns)
        ]

    def found(self, text: str) -> set[str]:
        """The canaries that *text* holds, whole or cut by spaces, hyphens or ends of lines."""
        text = text.lower()
        seen = set(_WORD.findall(text)) | set(_NUMBER.findall(text))
        joined = _CUT.sub("", text)
        seen |= set(_WORD.findall(joined)) | set(_NUMBER.findall(joined))
        return {word for word in seen if word in self.known}


def spelled(number: int) -> str:
    """Neighbours in number are no neighbours in spelling: nobody takes one for another."""
    number = number * _STEP % _LETTERS
    letters = []
    for _ in range(5):
        number, rest = divmod(number, 26)
        letters.append(chr(ord("a") + rest))
    return "zq" + "".join(letters)
