"""Imports made through the pages: from files handed in to what is written, step by step."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.actions.auditing import note
from ramsess.actions.history import IrreversibleError, current_operation, reverse
from ramsess.actions.refusals import RefusedError
from ramsess.exchange import deposit, headings, recipe
from ramsess.exchange.applying import Progress, import_sheets
from ramsess.exchange.container import NotAWorkbookError
from ramsess.exchange.deposit import Deposit
from ramsess.exchange.jobs import note_interrupted
from ramsess.exchange.lists import lists_of
from ramsess.exchange.preview import Preview
from ramsess.exchange.problems import Findings, ImportResult, Problem
from ramsess.exchange.reader import is_text, marked_copy, read_table, read_workbook
from ramsess.exchange.recipe import Recipe
from ramsess.exchange.workbook import Sheets
from ramsess.models import Account, Import, Mapping, Structure
from ramsess.models.calendar import day_starts, today

MOST_A_DAY = 20
MOST_KEPT = 5_000
ALONE = "Un tableau qui n’est pas un classeur RAMSESS se remet seul, par sa structure."


def open_import(
    session: Session, account: Account, folder: Path, files: Iterable[tuple[BinaryIO, str]]
) -> Import:
    """Keep *files* and make the import that checks them. Raises RefusedError over the quota."""
    deposit.sweep(folder)
    note_interrupted(session, account.id)
    made = session.scalar(
        select(func.count())
        .select_from(Import)
        .where(Import.account_id == account.id, Import.at >= day_starts(today()))
    )
    if (made or 0) >= MOST_A_DAY:
        raise RefusedError(
            {"files": f"Vous avez remis {MOST_A_DAY} fois un classeur aujourd’hui : reprenez "
             "demain, ou demandez à la coordination du réseau."}
        )  # fmt: skip
    number = uuid.uuid4()
    digest = Deposit(folder, number).keep(files)
    record = Import(public_id=number, account_id=account.id, digest=digest)
    session.add(record)
    session.flush()
    return record


@dataclass
class Handed:
    """The workbooks of an import once read; *doubts* by file, and *recipe* of a free spreadsheet.

    ``books`` are as given, ``ready`` as they are to be checked.
    """

    books: list[Sheets]
    ready: list[Sheets]
    doubts: list[tuple[int, headings.Doubt]]
    recipe: Recipe | None = None
    table: bool = False
    asks: bool = False


class Importing:
    """The work on one import; each public method is a step, in one transaction."""

    def __init__(self, account_id: int, kept: Deposit) -> None:
        self._account_id, self._kept = account_id, kept

    def check(self, session: Session, record: Import, tell: Progress) -> None:
        """Read and check everything, write nothing; ends asking, refused or checked."""
        account = session.get_one(Account, self._account_id)
        findings = Findings()
        handed = self._read(session, account, findings, tell)
        if handed.asks:
            record.state = "asking"
            record.counts = {"table": handed.table}
            self._kept.put(
                "doubts",
                [
                    (number, doubt.sheet, doubt.title, doubt.candidates, doubt.sure)
                    for number, doubt in handed.doubts
                ],
            )
            session.commit()
            return
        preview = Preview(account)
        result = import_sheets(
            session,
            handed.ready,
            dry_run=True,
            progress=tell,
            allowed=self._allowed(account),
            findings=findings,
            preview=preview,
        )
        for structure_id in findings.foreign:
            note(session, "refuse_workbook", structure_id=structure_id, record=record.public_id)
        self._tell(session, record, handed, result)
        self._kept.put("preview", preview.as_json() if result.accepted else [])
        record.state = "checked" if result.accepted else "refused"
        self._end(session, record)

    def write(self, session: Session, record: Import, tell: Progress) -> None:
        """Write what was checked, all or nothing; what no longer stands is told."""
        account = session.get_one(Account, self._account_id)
        findings = Findings()
        handed = self._read(session, account, findings, tell)
        result = import_sheets(
            session,
            handed.ready,
            progress=tell,
            allowed=self._allowed(account),
            findings=findings,
        )
        self._tell(session, record, handed, result)
        record.state = "written" if result.accepted else "refused"
        record.operation = current_operation(session)
        self._end(session, record)

    def undo(self, session: Session, record: Import, tell: Progress) -> None:
        """Put back every row that the import added or changed, or none of them."""
        assert record.operation
        tell("Annulation", 0, 1)
        try:
            reverse(session, record.operation)
        except IrreversibleError as refusal:
            record.state = "written"
            record.counts = {**record.counts, "obstacles": list(map(str, refusal.obstacles))}
        else:
            record.state = "undone"
            for structure_id in record.structures:
                note(session, "undo_import", structure_id=structure_id, record=record.public_id)
        self._end(session, record)

    def _end(self, session: Session, record: Import) -> None:
        record.ended_at = func.now()
        session.commit()

    def _allowed(self, account: Account) -> set[str] | None:
        """The structures whose workbooks the account may hand in; None for all of them."""
        return None if account.holds("coordinator") else policy.structure_codes(account)

    def _read(
        self, session: Session, account: Account, findings: Findings, tell: Progress
    ) -> Handed:
        """Read the files; what cannot be is a problem, what is doubtful is asked."""
        files = self._kept.files()
        handed = Handed([], [], [])
        answers = self._kept.get("headings") or {}
        for number, (path, name) in enumerate(files):
            tell("Lecture des classeurs", number, len(files))
            try:
                book = Sheets(name) if is_text(name) else read_workbook(path, name)
                if not book.sheets:
                    self._read_table(session, account, handed, path, name)
                    continue
            except NotAWorkbookError as refusal:
                findings.problem(name, "", None, None, str(refusal))
                continue
            said = answers.get(str(number), {})
            found = [
                doubt for doubt in headings.doubts(book)
                if doubt.title not in said.get(doubt.sheet, {})
            ]  # fmt: skip
            handed.doubts += [(number, doubt) for doubt in found]
            handed.asks |= bool(found)
            handed.books.append(book)
            handed.ready.append(headings.renamed(book, said))
        return handed

    def _read_table(
        self, session: Session, account: Account, handed: Handed, path: Path, name: str
    ) -> None:
        """Read a spreadsheet that is no RAMSESS workbook, as it was said to be read."""
        if len(self._kept.files()) > 1 or not policy.may(account, "map_spreadsheets"):
            raise NotAWorkbookError(ALONE)
        book = read_table(path, name)
        if not book.sheets or not recipe.table_of(book).rows:
            raise NotAWorkbookError("Ce fichier ne contient aucune ligne.")
        table = recipe.table_of(book)
        said = self._kept.get("recipe") or _remembered(session, account, table)
        handed.books.append(book)
        handed.table = True
        handed.recipe = Recipe(**said) if said else None
        if handed.recipe is None or handed.recipe.structure not in policy.structure_codes(account):
            handed.asks = True
            return
        unsaid = any(
            word not in handed.recipe.codes.get(column, {})
            for column, met in recipe.words(
                table, handed.recipe, lists_of(session, handed.recipe)
            ).items()
            for word in met
        )
        handed.asks = unsaid or bool(handed.recipe.missing())
        # What was remembered is shown with what is still to be said.
        self._kept.put("recipe", said)
        handed.ready.append(recipe.as_workbook(book, handed.recipe))

    def _tell(self, session: Session, record: Import, handed: Handed, result: ImportResult) -> None:
        """Keep what was found, for the page of the import."""
        problems = result.problems
        if handed.recipe is not None:
            problems = [recipe.located(item, handed.books[0], handed.recipe) for item in problems]
        self._kept.put(
            "remarks",
            {
                "problems": [asdict(item) for item in problems[:MOST_KEPT]],
                "notices": [asdict(item) for item in result.notices[:MOST_KEPT]],
            },
        )
        self._mark(handed, problems)
        record.structures = sorted(
            session.scalars(select(Structure.id).where(Structure.code.in_(result.structures)))
        )
        record.counts = {
            **{name: dict(getattr(result, name)) for name in ("created", "updated", "unchanged")},
            "table": handed.table,
            "matched": result.matched_people,
            "problems": len(problems),
            "notices": len(result.notices),
        }

    def _mark(self, handed: Handed, problems: list[Problem]) -> None:
        names = [name for _, name in self._kept.files()]
        # The copy of a workbook has our headings already.
        for book in handed.books if handed.recipe else handed.ready:
            own = [item for item in problems if item.file == book.file]
            if own:
                try:
                    copy = marked_copy(book, own, self._kept.place)
                except NotAWorkbookError:
                    # The list of what is to be corrected says it all the same.
                    continue
                self._kept.write(f"marked-{names.index(book.file)}.xlsx", copy)


def _remembered(session: Session, account: Account, table: Any) -> dict[str, Any] | None:
    """The reading kept for a spreadsheet of these headings by one of the account's structures."""
    found = session.execute(
        select(Mapping, Structure.code)
        .join(Structure, Structure.id == Mapping.structure_id)
        .where(
            Mapping.structure_id.in_(policy.structure_ids(account)),
            Mapping.headings == recipe.headings_of(table),
        )
        .order_by(Mapping.name)
    ).first()
    if found is None:
        return None
    mapping, code = found
    return {
        "structure": code, "sheet": mapping.sheet, "columns": mapping.columns,
        "codes": mapping.codes,
    }  # fmt: skip
