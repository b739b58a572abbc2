"""Import exchange workbooks: read, check everything, write all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from ramsess.actions.auditing import note
from ramsess.actions.sealed import SealedError
from ramsess.exchange.apply.acts import write_acts
from ramsess.exchange.apply.advisers import write_advisers
from ramsess.exchange.apply.members import write_members
from ramsess.exchange.apply.parcours import write_parcours
from ramsess.exchange.apply.people import forget_left, write_people
from ramsess.exchange.apply.sessions import write_sessions
from ramsess.exchange.apply.writing import Writing
from ramsess.exchange.checking import check_sheets
from ramsess.exchange.preview import Preview
from ramsess.exchange.problems import Findings, ImportResult, Remark
from ramsess.exchange.reader import read_workbooks
from ramsess.exchange.watch import watched
from ramsess.exchange.workbook import Sheets
from ramsess.models import Commune
from ramsess.models.names import normalise

# Told, in French, what is under way, how much is done and of how much.
Progress: TypeAlias = Callable[[str, int, int], None]

# One import at a time: two could each believe a person new.
LOCK = 0x52414D53
STEPS = 6


def import_workbooks(
    session: Session,
    paths: Sequence[Path | tuple[Path, str]],
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    allowed: set[str] | None = None,
) -> ImportResult:
    """Import the workbooks at *paths* as one: all or nothing, in any order.

    A path may come with the name by which messages call the file. *allowed* are the codes of the
    structures whose workbooks are accepted (all by default). The transaction is the caller's: it
    commits when the result is ``accepted``; with problems, or with *dry_run*, nothing is written.
    """
    files = [(item, item.name) if isinstance(item, Path) else item for item in paths]
    findings = Findings()

    def tell(done: int) -> None:
        if progress:
            progress("Lecture des classeurs", done, len(files))

    tell(0)
    sheets = read_workbooks(files, findings, tell)
    return import_sheets(
        session, sheets, dry_run=dry_run, progress=progress, allowed=allowed, findings=findings
    )


def import_sheets(
    session: Session,
    sheets: Sequence[Sheets],
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    allowed: set[str] | None = None,
    findings: Findings | None = None,
    preview: Preview | None = None,
) -> ImportResult:
    """Import workbooks already read; as ``import_workbooks``.

    *findings* are what reading them found; *preview* is filled with what becomes of each row.
    """
    findings = findings or Findings()

    def tell(what: str, done: int) -> None:
        if progress:
            progress(what, done, STEPS)

    tell("Vérification", 0)
    session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    batch, known, catalogue = check_sheets(session, sheets, findings, allowed)
    result = ImportResult(structures=[book.code for book in batch.books if book.code])
    if not findings.problems:
        writing = Writing(session, batch, known, catalogue, findings, result)
        with _told(findings), session.begin_nested() as savepoint:
            if preview is None:
                _write(writing, tell)
            else:
                watch = watched(session, lambda: _write(writing, tell))
                preview.look(writing, watch)
            # A row may turn out to be dated in a sealed period.
            if dry_run or findings.problems:
                savepoint.rollback()
        if preview is not None:
            preview.conclude(session)
    result.problems = sorted(findings.problems, key=_place)
    result.notices = sorted(findings.notices, key=_place)
    return result


@contextmanager
def _told(findings: Findings) -> Iterator[None]:
    """What the database itself refuses is a problem like another: a period sealed meanwhile."""
    try:
        yield
    except SealedError as refusal:
        findings.problem("", "", None, None, refusal.period.sentence)


def _write(writing: Writing, tell: Callable[[str, int], None]) -> None:
    what = "Écriture"
    tell(what, 1)
    for book in writing.batch.books:
        note(writing.session, "import_workbook", structure_id=book.structure_id)
    _add_communes(writing)
    advisers = write_advisers(writing)
    portraits, left = write_people(writing)
    tell(what, 2)
    write_parcours(writing)
    write_members(writing, portraits)
    tell(what, 3)
    write_acts(writing, portraits, advisers)
    tell(what, 4)
    write_sessions(writing, portraits, advisers)
    tell(what, 5)
    writing.write_keys()
    if not writing.refused:
        forget_left(writing, left)
    writing.report_absent()
    # What the session had loaded may have changed under it.
    writing.session.expire_all()
    tell(what, 6)


def _add_communes(writing: Writing) -> None:
    new = sorted(writing.batch.communes - writing.catalogue.communes)
    if new:
        writing.session.execute(
            insert(Commune),
            [
                {
                    "code": code,
                    "name": f"Commune {code}",
                    "search_key": normalise(f"Commune {code}"),
                    "postcodes": "",
                }
                for code in new
            ],
        )


def _place(remark: Remark) -> tuple[object, ...]:
    return (remark.file, remark.sheet, remark.row or 0, remark.column or "", remark.message)
