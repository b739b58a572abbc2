"""What a phrase is understood with: the codes in force, the parcours one may see, one's habits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ramsess.models.names import normalise


@dataclass(frozen=True)
class KnownParcours:
    """A parcours that the adviser may see; *people* are (last name, first name).

    *plain_people* and *plain_title* are the same as they compare, where they are known already.
    """

    reference: str
    title: str
    people: tuple[tuple[str, str], ...]
    closed: bool = False
    plain_people: tuple[tuple[str, str], ...] = ()
    plain_title: str = ""

    def __post_init__(self) -> None:
        """Work out what is not known yet."""
        if not self.plain_people:
            plain = tuple((normalise(last), normalise(first)) for last, first in self.people)
            object.__setattr__(self, "plain_people", plain)
            object.__setattr__(self, "plain_title", normalise(self.title))

    @property
    def label(self) -> str:
        """As a list of suggestions shows it."""
        names = ", ".join(" ".join(filter(None, (first, last))) for last, first in self.people)
        return f"{self.reference} — {self.title} ({names})"


@dataclass(frozen=True)
class KnownType:
    """A type of act that the form offers; *kind* as in the code list."""

    code: str
    label: str
    family: str
    kind: str

    @property
    def wants_parcours(self) -> bool:
        """Receptions and network work have none."""
        return self.kind == "I" and self.family != "ACC"


@dataclass(frozen=True)
class Habits:
    """What the adviser does, the likeliest first: types, parcours, the last type of each."""

    types: Sequence[str] = ()
    parcours: Sequence[str] = ()
    last_types: Mapping[str, str] = field(default_factory=dict)
    minutes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """*words* are (list, code, words, how) as in ``quick_words.csv``; *structures* code → name."""

    today: dt.date
    types: Sequence[KnownType]
    words: Sequence[tuple[str, str, str, str]]
    modalities: Mapping[str, str]
    schemes: Mapping[str, str]
    parcours: Sequence[KnownParcours] = ()
    structures: Mapping[str, str] = field(default_factory=dict)
    habits: Habits = field(default_factory=Habits)

    def type(self, code: str | None) -> KnownType | None:
        """The type of that code, when it is on offer."""
        return next((item for item in self.types if item.code == code), None)
