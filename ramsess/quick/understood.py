"""What was understood of a phrase, how sure it is, and what goes to the note."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeAlias

# Written so by the person; read from something less clear, or from habit; to be settled by her.
SAID, LIKELY, ASK = "said", "likely", "ask"

Value: TypeAlias = str | int | dt.date


@dataclass(frozen=True)
class Found:
    """One field: its value (none while it is to be settled), the words that it came from, how sure.

    *choices* are what may be meant, the likeliest first; *why* tells the person what to look at.
    """

    value: Value | None
    text: str
    how: str
    choices: tuple[Value, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Understood:
    """The fields by name (type, parcours, minutes, done_on, modality, anonymous_count, scheme,
    structure), those alone of which something is known, and the rest as a note."""

    fields: dict[str, Found]
    note: str

    @property
    def settled(self) -> bool:
        """True when nothing is guessed nor left open: it may be recorded as it stands."""
        return all(found.how == SAID for found in self.fields.values())

    def value(self, name: str) -> Value | None:
        """The value of a field, none when it is not known."""
        return self.fields[name].value if name in self.fields else None
