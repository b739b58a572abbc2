"""A merge counts one person where there were two; undone, every figure is what it was.

The recount is told which rows are one person, and counts by itself.
"""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramsess.actions.merging import FIELDS, FIRST, SECOND, merge_people, undo_merge
from ramsess.actions.refusals import RefusedError
from ramsess.database import db
from ramsess.models import Beneficiary, DuplicatePair, ExchangeKey, ParcoursBeneficiary, Structure
from ramsess.models.calendar import today
from ramsess.reports.consolidation import make_report
from tests.counting.comparing import (
    PERIODS,
    YEAR,
    differences,
    expected,
    figures,
    import_files,
    import_network,
)
from tests.counting.networks import random_network
from tests.counting.recount import reading
from tests.counting.recount.records import Person
from tests.counting.workbooks import Workbook, write

MERGED = 4


def reports(code: str) -> list[Any]:
    """The whole JSON report of each period, of the network and of a structure."""
    made = []
    for period, limits in (
        (YEAR, {}),
        (PERIODS[2], {}),
        (YEAR, {"structure": code}),
        (YEAR, {"scheme": "DLA"}),
    ):
        report = make_report(db.engines["report"], period, **limits).as_json()
        report.pop("made_at", None)
        made.append(report)
    return made


def without_ages(made: list[Any]) -> list[Any]:
    """The reports without the table of ages."""
    for report in made:
        for tables in (report["tables"], report.get("network", {})):
            tables.pop("B03", None)
    return made


def pair_up(session: Session, seed: int, *, apart: bool) -> list[DuplicatePair]:
    """Some pairs of people, no one twice; *apart*: who are not on one parcours."""
    chooser = random.Random(seed)
    ids = list(session.scalars(select(Beneficiary.id).order_by(Beneficiary.id)))
    chooser.shuffle(ids)
    together = {
        frozenset(people)
        for _, group in itertools.groupby(
            session.execute(
                select(
                    ParcoursBeneficiary.parcours_id, ParcoursBeneficiary.beneficiary_id
                ).order_by(ParcoursBeneficiary.parcours_id)
            ),
            key=lambda row: row[0],
        )
        for people in itertools.combinations([row[1] for row in group], 2)
    }
    pairs: list[DuplicatePair] = []
    while len(pairs) < MERGED and len(ids) > 1:
        first, second = sorted((ids.pop(), ids.pop()))
        if apart and frozenset((first, second)) in together:
            continue
        pairs.append(
            DuplicatePair(first_id=first, second_id=second, score=99, reasons=["last_same"],
                          evidence="0" * 64, found_on=today())
        )  # fmt: skip
    if not apart and together:
        first, second = sorted(next(iter(together)))
        used = {one for pair in pairs for one in (pair.first_id, pair.second_id)}
        if not used & {first, second}:
            pairs.append(
                DuplicatePair(first_id=first, second_id=second, score=99, reasons=["last_same"],
                              evidence="0" * 64, found_on=today())
            )  # fmt: skip
    session.add_all(pairs)
    session.commit()
    return pairs


def merge_all(session: Session, pairs: list[DuplicatePair], seed: int) -> None:
    chooser = random.Random(seed)
    for pair in pairs:
        choices = {name: chooser.choice((FIRST, SECOND)) for name in FIELDS}
        try:
            merge_people(session, pair, choices)
        except RefusedError:
            # The name of the one with the birth date of the other may be somebody else's.
            session.rollback()
            merge_people(session, pair, {})
        session.commit()


def same_people(
    session: Session, workbooks: list[Workbook], pairs: list[DuplicatePair]
) -> dict[Person, Person]:
    """What the recount calls the record that goes → what it calls the one that stays."""
    codes = dict(session.execute(select(Structure.id, Structure.code)).all())
    called: dict[int, Person] = {}
    rows = {
        (book.structure, row["id_local"]): row
        for book in workbooks
        for row in book["Bénéficiaires"]
    }
    keys = select(ExchangeKey).where(ExchangeKey.sheet == "Bénéficiaires")
    for key in session.scalars(keys):
        code = codes[key.structure_id]
        called[key.record_id] = reading.identity(code, rows[code, key.local_id])
    return {called[pair.second_id]: called[pair.first_id] for pair in pairs}


@pytest.mark.parametrize("seed", range(2))
def test_figures_after_a_merge_are_a_recount_and_after_its_reversal_what_they_were(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    workbooks = random_network(40 + seed, 3)
    import_network(session, tmp_path, workbooks, seed)
    code = workbooks[0].structure
    before = reports(code)
    pairs = pair_up(session, seed, apart=True)
    one = same_people(session, workbooks, pairs)
    people = session.scalar(select(func.count()).select_from(Beneficiary))
    merge_all(session, pairs, seed)
    assert reports(code) != before
    told_apart = expected(workbooks, YEAR)
    assert differences(figures(YEAR), told_apart)
    called = reading.identity
    monkeypatch.setattr(
        reading, "identity", lambda code, row: one.get(called(code, row), called(code, row))
    )
    for period in PERIODS[:3]:
        assert differences(figures(period), expected(workbooks, period)) == {}
    ours, theirs = figures(YEAR, structure=code), expected(workbooks, YEAR, structure=code)
    assert differences(ours, theirs) == {}
    for pair in reversed(pairs):
        undo_merge(session, pair)
        session.commit()
    assert reports(code) == before
    assert session.scalar(select(func.count()).select_from(Beneficiary)) == people
    assert not session.scalars(
        select(Beneficiary).where(Beneficiary.merged_into_id.is_not(None))
    ).all()


def test_on_one_parcours_too_a_merge_undone_leaves_every_figure(
    session: Session, tmp_path: Path
) -> None:
    workbooks = random_network(50, 3)
    import_network(session, tmp_path, workbooks)
    code = workbooks[0].structure
    before = reports(code)
    pairs = pair_up(session, 1, apart=False)
    merge_all(session, pairs, 1)
    assert reports(code) != before
    for pair in pairs:
        undo_merge(session, pair)
        session.commit()
    assert reports(code) == before


def test_the_same_workbooks_again_neither_double_nor_part_who_was_merged(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbooks = random_network(60, 4)
    import_network(session, tmp_path, workbooks)
    pairs = pair_up(session, 2, apart=True)
    one = same_people(session, workbooks, pairs)
    merge_all(session, pairs, 2)
    code, people = workbooks[0].structure, select(func.count()).select_from(Beneficiary)
    after, number = reports(code), session.scalar(people)
    paths = [tmp_path / f"{book.structure}.xlsx" for book in workbooks]
    for path, book in zip(paths, workbooks, strict=True):
        write(book, path)
    import_files(session, paths)
    assert session.scalar(people) == number
    # Ages follow the birth date that stays, as they follow any that a workbook corrects.
    assert without_ages(reports(code)) == without_ages(after)
    called = reading.identity
    monkeypatch.setattr(
        reading, "identity", lambda code, row: one.get(called(code, row), called(code, row))
    )
    assert set(differences(figures(YEAR), expected(workbooks, YEAR))) <= {"B03"}
