"""What every part of the writing shares: session, batch, findings, result, exchange keys."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from ramsess.exchange.apply.seals import Seals
from ramsess.exchange.bulk import delete_rows, insert_rows, update_rows
from ramsess.exchange.check.batch import Workbook
from ramsess.exchange.check.catalogue import Catalogue
from ramsess.exchange.check.known import Known
from ramsess.exchange.check.lines import Line
from ramsess.exchange.checking import Batch
from ramsess.exchange.problems import Findings, ImportResult
from ramsess.models import ExchangeKey

MOST_NAMED = 5
_KEY = ("structure_id", "sheet", "local_id")


@dataclass
class Writing:
    """One import being written; *keys* are the records that rows turn out to be.

    *fates* says of each row what becomes of it; *matched* are the rows of Bénéficiaires (file,
    number) that are a person already known.
    """

    session: Session
    batch: Batch
    known: Known
    catalogue: Catalogue
    findings: Findings
    result: ImportResult
    keys: dict[tuple[int, str, str], int] = field(default_factory=dict)
    fates: list[tuple[Line, str]] = field(default_factory=list)
    matched: set[tuple[str, int]] = field(default_factory=set)
    seals: Seals = field(init=False)

    def __post_init__(self) -> None:
        self.seals = Seals(self.session)

    @property
    def refused(self) -> bool:
        """True once a row may not be written: the others are still looked at, none is written."""
        return bool(self.findings.problems)

    def count(self, line: Line, *, new: bool, changed: bool) -> None:
        """Count one row as created, updated or unchanged."""
        fate = "created" if new else "updated" if changed else "unchanged"
        counts: Counter[str] = getattr(self.result, fate)
        counts[line.sheet] += 1
        self.fates.append((line, fate))

    def earlier(self, book: Workbook, sheet: str, local_id: str) -> int | None:
        """The record that the row was when it was handed in before."""
        return self.known.key(book.structure_id, sheet, local_id)

    def name(self, book: Workbook, sheet: str, local_id: str, record_id: int) -> None:
        """Remember which record the row is."""
        self.keys[book.structure_id, sheet, local_id] = record_id

    def write_keys(self) -> None:
        """Write the exchange keys that are new or point elsewhere."""
        new: list[dict[str, Any]] = []
        moved: list[dict[str, Any]] = []
        for (structure_id, sheet, local_id), record_id in self.keys.items():
            before = self.known.key(structure_id, sheet, local_id)
            if before == record_id:
                continue
            row = {
                "structure_id": structure_id,
                "sheet": sheet,
                "local_id": local_id,
                "record_id": record_id,
            }
            (new if before is None else moved).append(row)
        if self.refused:
            return
        # A key whose record was erased is not known, and may still be there.
        stale = [(row["structure_id"], row["sheet"], row["local_id"]) for row in new]
        delete_rows(self.session, ExchangeKey, stale, _KEY)
        insert_rows(self.session, ExchangeKey, new)
        update_rows(self.session, ExchangeKey, moved, _KEY)

    def report_absent(self) -> None:
        """Say which rows handed in before are no longer in the workbook: they are kept."""
        for book in self.batch.books:
            if book.partial:
                continue
            for sheet, present in book.rows().items():
                absent = sorted(
                    set(self.known.keys.get((book.structure_id, sheet), ())) - set(present)
                )
                if absent:
                    named = ", ".join(absent[:MOST_NAMED]) + ("…" if absent[MOST_NAMED:] else "")
                    self.findings.notice(
                        book.file,
                        sheet,
                        None,
                        "id_local",
                        f"{len(absent)} ligne(s) reçue(s) auparavant, absente(s) du classeur, "
                        f"conservée(s) : {named}.",
                    )
