"""A workbook of 10,000 acts, handed in as by a page: checked with its preview, then written.

Run by ``python -m benchmarks.workbook``; prints seconds, and those of the same with every act in
error and its cells marked. The limit is ten seconds for checking and writing together.
"""

from __future__ import annotations

import io
import tempfile
import time
import uuid
from pathlib import Path

from ramsess import create_app, prepare_database
from ramsess.actions.accounts import Post, add_account
from ramsess.actions.reference_data import load_reference_data
from ramsess.config import Settings
from ramsess.database import Acting, acting, db
from ramsess.exchange.deposit import Deposit
from ramsess.exchange.importing import Importing
from ramsess.models import Account, Import
from tests.exchange.workbooks import Book, day

ACTS, PEOPLE = 10_000, 1_000
ANNE = "anne@apeas.example"


def made(*, wrong: bool = False) -> Book:
    """Ten acts a parcours, a parcours a person."""
    book = Book("APEAS").adviser(ANNE)
    for number in range(PEOPLE):
        book.person(f"B{number}", f"Fictive{number}", date_naissance=day("1980-05-01"))
        book.parcours(f"P{number}", f"B{number}", day("2009-01-05"))
    for number in range(ACTS):
        date = "hier" if wrong else day(f"2009-{number % 10 + 2:02d}-{number % 27 + 1:02d}")
        book.act(f"A{number}", date, ANNE, parcours=f"P{number % PEOPLE}", commentaire="Point")
    return book


def main() -> None:
    """Measure on a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(Path(folder) / "instance", None, secure_cookies=False))
        acting.set(Acting(role="batch"))
        with app.app_context():
            prepare_database(app)
            load_reference_data(db.session())
            add_account(db.session(), email="a@demo.example", name="Ana Fictive", role="manager",
                        posts=[Post("APEAS")], password_hash="!")  # fmt: skip  # noqa: S106  # nobody signs in
            db.session.commit()
            right, wrong = (hand_in(Path(folder), made(wrong=flag)) for flag in (False, True))
            times = [measure(right, "check"), measure(right, "write"), measure(wrong, "check")]
    print(
        f"workbook of {ACTS} acts: checked {times[0]:.2f} s, written {times[1]:.2f} s, together "
        f"{times[0] + times[1]:.2f} s (limit 10 s); every act in error and marked {times[2]:.2f} s"
    )


def hand_in(folder: Path, book: Book) -> tuple[Import, Deposit]:
    """An import whose file waits."""
    number = uuid.uuid4()
    kept = Deposit(folder / "deposits", number)
    content = book.save(folder).read_bytes()
    digest = kept.keep([(io.BytesIO(content), "classeur.xlsx")])
    account = db.session.query(Account).one()
    record = Import(public_id=number, account_id=account.id, digest=digest)
    db.session.add(record)
    db.session.commit()
    return record, kept


def measure(handed: tuple[Import, Deposit], step: str) -> float:
    """Seconds of a step."""
    record, kept = handed
    told: list[tuple[str, int, int]] = []
    start = time.perf_counter()
    getattr(Importing(record.account_id, kept), step)(
        db.session(), record, lambda *said: told.append(said)
    )
    seconds = time.perf_counter() - start
    assert record.state in ("checked", "written", "refused"), record.state
    assert len({said[0] for said in told}) > 1
    return seconds


if __name__ == "__main__":
    main()
