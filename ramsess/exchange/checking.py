"""Check workbooks given together: every problem is found, whatever the order of the files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ramsess.exchange import layout
from ramsess.exchange.check.acts import link_acts, read_acts
from ramsess.exchange.check.advisers import Posts, read_advisers
from ramsess.exchange.check.batch import ParcoursTarget, Workbook
from ramsess.exchange.check.catalogue import Catalogue, load_catalogue
from ramsess.exchange.check.known import Known, load_known
from ramsess.exchange.check.lines import Line, lines_of, sheets_by_name
from ramsess.exchange.check.parcours import link_parcours, link_people, read_parcours
from ramsess.exchange.check.people import read_people
from ramsess.exchange.check.sessions import (
    SessionGroup,
    group_sessions,
    link_sessions,
    read_sessions,
)
from ramsess.exchange.check.structure import read_structure
from ramsess.exchange.problems import Findings
from ramsess.exchange.workbook import Sheet, Sheets


@dataclass
class Batch:
    """The workbooks of one import by structure code, and the communes to add."""

    books: list[Workbook]
    sessions: list[SessionGroup]
    communes: set[str]

    def targets(self) -> Iterator[ParcoursTarget]:
        """The distinct parcours that the import speaks of, in the order of the rows."""
        seen: set[int] = set()
        for book in self.books:
            for row in book.parcours.values():
                if row.target and id(row.target) not in seen:
                    seen.add(id(row.target))
                    yield row.target


def check_sheets(
    session: Session,
    workbooks: Sequence[Sheets],
    findings: Findings,
    allowed: set[str] | None = None,
) -> tuple[Batch, Known, Catalogue]:
    """Check *workbooks* against each other and the database.

    *allowed* are the codes of the structures whose workbooks are accepted (all by default).

    Problems and notices are added to *findings*; the batch may be applied only when there is no
    problem. Nothing is written.
    """
    catalogue = load_catalogue(session)
    books: list[Workbook] = []
    found = [(book, sheets_by_name(book, findings)) for book in workbooks]
    for source, sheets in found:
        book = _begin(source, sheets, catalogue, findings, books)
        if book is not None and allowed is not None and book.code not in {*allowed, ""}:
            findings.foreign.add(book.structure_id)
            # What the rows say is not looked at: it would tell of another structure's records.
            findings.problem(
                source.file,
                layout.STRUCTURE,
                None,
                "code_structure",
                f"Ce classeur est celui de la structure {book.code} : vous ne pouvez remettre que "
                f"ceux de {', '.join(sorted(allowed))}.",
            )
            continue
        if book is not None:
            _read(book, sheets, catalogue, findings)
            books.append(book)
    books.sort(key=lambda book: book.code)
    references = {
        row.reference.upper() if row.reference[:2].upper() == "P-" else row.reference
        for book in books
        for row in book.parcours.values()
        if row.reference
    }
    known = load_known(
        session, [book.structure_id for book in books], catalogue.structures, references
    )
    link_parcours(books, known, catalogue, allowed)
    posts = Posts(books, known, catalogue)
    for book in books:
        link_people(book, known)
        link_acts(book, known, posts)
        link_sessions(book, known, posts)
    groups = group_sessions(session, books, known, catalogue)
    return Batch(books, groups, catalogue.outside), known, catalogue


def _begin(
    source: Sheets,
    sheets: dict[str, Sheet],
    catalogue: Catalogue,
    findings: Findings,
    books: list[Workbook],
) -> Workbook | None:
    if layout.STRUCTURE not in sheets:
        code = None
    else:
        code = read_structure(source.file, sheets[layout.STRUCTURE], catalogue, findings)
    twin = next((book for book in books if code and book.code == code), None)
    if twin is not None:
        findings.problem(
            source.file,
            layout.STRUCTURE,
            None,
            "code_structure",
            f"« {twin.file} » est déjà le classeur de la structure {code} : donnez-en un seul.",
        )
        return None
    # Without its structure a workbook's rows are still checked, for all that they say by
    # themselves; id 0 is no structure's.
    structure_id = catalogue.structures[code] if code else 0
    return Workbook(source.file, code or "", structure_id, source.partial)


def _read(
    book: Workbook, sheets: dict[str, Sheet], catalogue: Catalogue, findings: Findings
) -> None:
    readers: dict[str, Callable[[Iterable[Line], Workbook, Catalogue], None]] = {
        layout.ADVISERS: read_advisers,
        layout.PEOPLE: read_people,
        layout.PARCOURS: read_parcours,
        layout.ACTS: read_acts,
        layout.SESSIONS: read_sessions,
    }
    for name, read in readers.items():
        if name in sheets:
            lines = lines_of(book.file, sheets[name], layout.LAYOUTS[name], catalogue, findings)
            read(lines, book, catalogue)
