"""Does a text name somebody? Compared as names are: without accents, case or punctuation."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Iterable
from typing import Any, TypeAlias

from ramsess.models.names import normalise

_WORD = re.compile(r"\w+")
SHORTEST_GLUED = 3


Name: TypeAlias = tuple[str, str]


def names(text: str | None, people: Iterable[Name]) -> bool:
    """True when *text* holds a last name or a first name of *people* as whole words."""
    plain = f" {normalise(text)} "
    return any(f" {name} " in plain for name in _keys(people))


def whole(text: str | None, people: Iterable[Name]) -> bool:
    """True when *text* holds both names of one of *people*."""
    return any(all(names(text, [(name, "")]) for name in pair if name) for pair in people)


def holds(text: str | None, people: Iterable[Name]) -> bool:
    """True when *text*, a reference without spaces perhaps, holds one of these names anywhere."""
    plain = normalise(text).replace(" ", "")
    glued = (name.replace(" ", "") for name in _keys(people))
    return any(len(name) >= SHORTEST_GLUED and name in plain for name in glued)


def without(text: str, people: Iterable[Name], instead: str = "…") -> str:
    """*text* with the words of these names replaced; unchanged when it names nobody."""
    people = list(people)
    if not names(text, people):
        return text
    words = {word for name in _keys(people) for word in name.split()}
    # Composed, an accented letter is one letter of its word.
    composed = unicodedata.normalize("NFC", text)
    return _WORD.sub(
        lambda found: instead if set(normalise(found[0]).split()) & words else found[0], composed
    )


def _keys(people: Iterable[Name]) -> set[str]:
    return {key for pair in people for key in map(normalise, pair)} - {""}


def nameless(word: str) -> dict[str, Any]:
    """What the record of somebody whose identity leaves it holds: « Personne *word* ».

    Written by a plain UPDATE: a key made from the name would make all of them one person.
    """
    return {
        "last_name": word,
        "first_name": "Personne",
        "name_key": f"|{uuid.uuid4().hex}",
        "search_key": "",
        "birth_date": None,
        "sex_code": "NR",
        "situation_code": "NR",
        "education_code": "NR",
        "commune_code": None,
        "rsa": None,
        "qpv": None,
        "phone": "",
        "email": "",
        "request_key": None,
    }
