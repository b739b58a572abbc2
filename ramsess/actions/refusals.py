"""Why an action did not happen, in French, field by field."""

from __future__ import annotations

import datetime as dt

from ramsess.models.calendar import FIRST_DAY, LONGEST_DAY, today


class RefusedError(ValueError):
    """What was given cannot be recorded; *reasons*: field → French sentence.

    *sealed*: a period is, and a correction may say what should have been.
    """

    def __init__(self, reasons: dict[str, str], *, sealed: bool = False) -> None:
        super().__init__(" ".join(reasons.values()))
        self.reasons = reasons
        self.sealed = sealed


class ConflictError(Exception):
    """Somebody else changed the record meanwhile; nothing was overwritten."""


class Checks:
    """Collects every reason to refuse before refusing once."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}
        self.sealed = False

    def refuse(self, field: str, reason: str, *, sealed: bool = False) -> None:
        """Add a reason; the first one of a field stands."""
        self.reasons.setdefault(field, reason)
        self.sealed |= sealed

    def day(self, field: str, value: dt.date | None, *, ahead: int = 0) -> bool:
        """Refuse a date that is missing, more than *ahead* days in the future, or before 1990.

        True when it stands.
        """
        if value is None:
            self.refuse(field, "Indiquez une date.")
        elif value > today() + dt.timedelta(days=ahead):
            self.refuse(
                field,
                "Cette date est trop loin dans le futur."
                if ahead
                else "Cette date est dans le futur.",
            )
        elif value < FIRST_DAY:
            self.refuse(field, "Cette date est antérieure à 1990.")
        return field not in self.reasons

    def minutes(self, field: str, value: int | None) -> None:
        """Refuse a duration of nothing, or of more than 24 hours."""
        if value is None or value <= 0:
            self.refuse(field, "La durée doit être d’au moins une minute.")
        elif value > LONGEST_DAY:
            self.refuse(field, "La durée dépasse 24 heures.")

    def conclude(self) -> None:
        """Raise RefusedError when there is a reason to."""
        if self.reasons:
            raise RefusedError(self.reasons, sealed=self.sealed)
