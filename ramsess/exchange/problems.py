"""What is wrong in a workbook (nothing is written), and what is only worth knowing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ramsess.exchange.typography import french


@dataclass(frozen=True, order=True)
class Remark:
    """A French sentence about one place: file, sheet, row (from 1), column (its heading)."""

    file: str
    sheet: str
    row: int | None
    column: str | None
    message: str

    @property
    def place(self) -> str:
        """The place in words: « Actes, ligne 12, durée_minutes »."""
        parts = [self.sheet] if self.sheet else []
        if self.row is not None:
            parts.append(f"ligne {self.row}")
        if self.column:
            parts.append(self.column)
        return ", ".join(parts)

    def __str__(self) -> str:
        return " : ".join(part for part in (self.file, self.place, self.message) if part)


class Problem(Remark):
    """Something to correct: while one is left, nothing of the import is written."""


class Notice(Remark):
    """Something worth knowing that stops nothing: a difference, an unknown heading."""


@dataclass
class Findings:
    """Everything found in the workbooks of one import.

    ``foreign`` are the structures whose workbooks the person may not hand in.
    """

    problems: list[Problem] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    foreign: set[int] = field(default_factory=set)

    def problem(
        self, file: str, sheet: str, row: int | None, column: str | None, message: str
    ) -> None:
        """Add an error."""
        self.problems.append(Problem(file, sheet, row, column, french(message)))

    def notice(
        self, file: str, sheet: str, row: int | None, column: str | None, message: str
    ) -> None:
        """Add a remark that stops nothing."""
        self.notices.append(Notice(file, sheet, row, column, french(message)))


@dataclass
class ImportResult:
    """What an import found and did.

    ``created``, ``updated`` and ``unchanged`` count rows by sheet (one row of a co-animated
    session or of a shared parcours counts in each workbook); ``matched_people`` counts the rows of
    Bénéficiaires that are a person already known by another row or record (Rule 1).
    """

    problems: list[Problem] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    matched_people: int = 0
    structures: list[str] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        """True when nothing was wrong."""
        return not self.problems
