"""Time slots (*tranches horaires*), typed as ``9h-12h ; 14h-17h30``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from itertools import pairwise

from wtforms import StringField
from wtforms.validators import ValidationError

MOST = 8
_TIME = r"(\d{1,2})\s*(?:h|:)\s*(\d{2})?"
_SLOT = re.compile(rf"{_TIME}\s*(?:-|–|—|à)\s*{_TIME}", re.IGNORECASE | re.ASCII)
_EXAMPLE = "écrivez par exemple 9h-12h ; 14h-17h30."

Slot = tuple[dt.time, dt.time]


class SlotsField(StringField):  # type: ignore[misc]  # the library is untyped
    """Slots of one day, each after the one before; none for a session in one piece."""

    data: list[Slot]

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return " ; ".join(written(slot) for slot in self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the slots; raise ValidationError in French."""
        self.data = []
        self.data = parse_slots(valuelist[0] if valuelist else "")


def parse_slots(text: str) -> list[Slot]:
    """The slots of a typed text, in order. Raises ValidationError."""
    slots = sorted(_slot(part.strip()) for part in text.split(";") if part.strip())
    if len(slots) > MOST:
        raise ValidationError(f"Indiquez {MOST} tranches au plus.")
    for before, after in pairwise(slots):
        if after[0] < before[1]:
            raise ValidationError(f"Deux tranches se chevauchent : {written(before)} et "
                                  f"{written(after)}.")  # fmt: skip
    return slots


def _slot(text: str) -> Slot:
    said = _SLOT.fullmatch(text)
    if said is None:
        raise ValidationError(f"Tranche illisible : « {text} » ; {_EXAMPLE}")
    first, past, last, more = (int(value or 0) for value in said.groups())
    try:
        start, end = dt.time(first, past), dt.time(last, more)
    except ValueError:
        raise ValidationError(f"Cette heure n’existe pas : « {text} ».") from None
    if end <= start:
        raise ValidationError(f"« {text} » finit avant de commencer.")
    return start, end


def minutes_of(slots: Sequence[Slot]) -> int:
    """How long they last together."""
    return sum(_minute(end) - _minute(start) for start, end in slots)


def written(slot: Slot) -> str:
    """A slot as the field shows it: ``9h-12h30``."""
    return "-".join(f"{time.hour}h{time.minute:02d}" if time.minute else f"{time.hour}h"
                    for time in slot)  # fmt: skip


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute
