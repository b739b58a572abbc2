"""What is compared of a record: its names, as people may write them, and what else identifies."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from ramsess.models.names import normalise

# Between a woman's two names: « Dupont épouse Martin ».
_MARRIED = re.compile(r"\b(?:epouse|epse|ep|nee|veuve|vve|usage|dite?)\b")
# Not a name by themselves: « El Amrani » is no « El ».
_PARTICLES = frozenset(
    ("ait", "al", "ali", "aux", "ben", "bent", "bin", "bint", "bou", "da", "dal", "de", "del",
     "della", "des", "di", "du", "el", "la", "le", "les", "mac", "ould", "saint", "sainte", "van",
     "von")
)  # fmt: skip
_SHORTEST_PART = 3


@dataclass(frozen=True)
class Identity:
    """A record to compare. Names and address as they are written; *id* is the caller's."""

    id: int
    last_name: str
    first_name: str
    birth_date: dt.date | None = None
    phone: str = ""
    email: str = ""
    commune_code: str | None = None
    sex_code: str = "NR"
    last: str = field(init=False)
    first: str = field(init=False)
    families: tuple[str, ...] = field(init=False)
    firsts: tuple[str, ...] = field(init=False)
    number: str = field(init=False)
    address: str = field(init=False)

    def __post_init__(self) -> None:
        say = object.__setattr__
        last = normalise(self.last_name)
        say(self, "last", " ".join(_MARRIED.sub(" ", last).split()) or last)
        say(self, "first", normalise(self.first_name))
        say(self, "families", _families(last))
        say(self, "firsts", _parts(self.first))
        say(self, "number", digits(self.phone))
        say(self, "address", self.email.strip().casefold())


def _families(last: str) -> tuple[str, ...]:
    """The names under which somebody may be filed: both of a couple's, each part of a double."""
    found: list[str] = []
    for piece in _MARRIED.split(last):
        found.extend(_parts(" ".join(piece.split())))
    return tuple(dict.fromkeys(found)) or (last,)


def _parts(name: str) -> tuple[str, ...]:
    words = name.split()
    parts = [word for word in words if len(word) >= _SHORTEST_PART and word not in _PARTICLES]
    return tuple(dict.fromkeys([name, *parts])) if name else ()


def digits(phone: str) -> str:
    """The nine digits that tell a French number, however it is written; none for half a number."""
    said = re.sub(r"\D", "", phone)
    return said[-9:] if len(said) >= 9 else ""


def turned(birth: dt.date) -> dt.date | None:
    """The date with its day and month the other way round; None when that is no other date."""
    if birth.day > 12 or birth.day == birth.month:
        return None
    return birth.replace(month=birth.day, day=birth.month)
