"""Workbooks in any order, together or one after the other, once or again: the same figures."""

from __future__ import annotations

import copy
import random
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.models import ExchangeKey, Parcours, Structure
from tests.conftest import empty_records
from tests.counting.comparing import (
    YEAR,
    Tables,
    assert_same,
    figures,
    import_files,
    import_network,
)
from tests.counting.networks import random_network
from tests.counting.workbooks import Workbook, write
from tests.exchange.workbooks import everything


def files(folder: Path, workbooks: list[Workbook]) -> list[Path]:
    paths = [folder / f"{workbook.structure}.xlsx" for workbook in workbooks]
    for workbook, path in zip(workbooks, paths, strict=True):
        write(workbook, path)
    return paths


def every_figure(workbooks: list[Workbook]) -> list[Tables]:
    return [
        figures(YEAR),
        figures(YEAR, scheme="DLA"),
        figures(YEAR, structure=workbooks[0].structure),
    ]


def shuffled(paths: list[Path], seed: int) -> list[Path]:
    return random.Random(seed).sample(paths, len(paths))


def test_twelve_workbooks_together_in_any_order(session: Session, tmp_path: Path) -> None:
    workbooks = random_network(20, 12)
    paths = files(tmp_path, workbooks)
    import_files(session, paths)
    assert_same(workbooks, YEAR)
    records, counted = everything(session), every_figure(workbooks)
    for seed in range(3):
        empty_records()
        import_files(session, shuffled(paths, seed))
        assert everything(session) == records
        assert every_figure(workbooks) == counted


def test_sheets_columns_and_rows_in_any_order(session: Session, tmp_path: Path) -> None:
    workbooks = random_network(21, 12)
    import_network(session, tmp_path, workbooks)
    counted = every_figure(workbooks)
    for order in (1, 3):
        import_network(session, tmp_path, workbooks, order)
        assert every_figure(workbooks) == counted


def test_twelve_workbooks_one_after_the_other_in_any_order(
    session: Session, tmp_path: Path
) -> None:
    """What the format allows: workbooks that name nobody else's advisers and parcours; the
    people and the co-animated sessions meet all the same."""
    workbooks = random_network(22, 12, shared=False)
    paths = files(tmp_path, workbooks)
    import_files(session, paths)
    assert_same(workbooks, YEAR)
    counted = every_figure(workbooks)
    for order in range(2):
        empty_records()
        for path in shuffled(paths, order):
            import_files(session, [path])
        assert every_figure(workbooks) == counted


def test_handed_in_again_nothing_changes(session: Session, tmp_path: Path) -> None:
    workbooks = random_network(24, 12)
    paths = files(tmp_path, workbooks)
    import_files(session, paths)
    records, counted = everything(session), every_figure(workbooks)
    import_files(session, shuffled(paths, 1))
    assert everything(session) == records
    for path in shuffled(paths, 2):
        import_files(session, [path])
    assert everything(session) == records
    assert every_figure(workbooks) == counted


def test_a_parcours_named_by_its_network_reference(session: Session, tmp_path: Path) -> None:
    """The leads' workbooks first; then the others name their parcours `P-2009-0042`."""
    workbooks = random_network(25, 12)
    import_files(session, files(tmp_path, [led_only(workbook) for workbook in workbooks]))
    references = {
        f"{code}/{id_local}": reference
        for code, id_local, reference in session.execute(
            select(Structure.code, ExchangeKey.local_id, Parcours.reference)
            .join(ExchangeKey, ExchangeKey.structure_id == Structure.id)
            .join(Parcours, Parcours.id == ExchangeKey.record_id)
            .where(ExchangeKey.sheet == "Parcours")
        )
    }
    named = copy.deepcopy(workbooks)
    taking_part = [row for book in named for row in book["Parcours"] if row["référence_réseau"]]
    for row in taking_part:
        row["référence_réseau"] = references[row["référence_réseau"]]
    assert len(taking_part) > 10
    import_files(session, files(tmp_path, named))
    assert_same(workbooks, YEAR)


def led_only(workbook: Workbook) -> Workbook:
    """The same workbook without the parcours of others, nor the acts on them."""
    led = copy.deepcopy(workbook)
    kept = [row for row in led["Parcours"] if not row["référence_réseau"]]
    gone = set(led.ids("Parcours")) - {row["id_local"] for row in kept}
    led.sheets["Parcours"] = kept
    led.sheets["Actes"] = [row for row in led["Actes"] if row["parcours"] not in gone]
    return led
