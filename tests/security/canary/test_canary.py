"""A word in every text column of every structure is read by those who may, and by nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from ramsess.database import Base
from tests.security.canary.answers import Reader
from tests.security.canary.columns import EXCUSED, PLANTED, text_columns
from tests.security.canary.crawler import crawl, export, leave
from tests.security.canary.logbook import keep_logs
from tests.security.canary.principals import PRINCIPALS
from tests.security.canary.programs import read_by_program
from tests.security.canary.refusals import search, send_wrong_forms, touch_others
from tests.security.canary.words import STRUCTURES
from tests.security.canary.workbooks import hand_in
from tests.security.canary.world import World
from tests.whole import part_of

# A crawl that is answered less than this has missed its way.
FEWEST = 100
FEW = ("anonymous", "adviser_PLACE", "funder")


def test_every_text_column_is_planted_or_excused_with_a_reason(world: World) -> None:
    assert set(PLANTED) | set(EXCUSED) == text_columns(Base.metadata)
    assert not set(PLANTED) & set(EXCUSED)
    assert all(EXCUSED.values())
    assert all(sight.reason for sight in PLANTED.values() if sight.shown != "pages")
    held = world.planted()
    assert {name: held.get(name) for name in PLANTED if held.get(name) != set(STRUCTURES)} == {}


@pytest.mark.parametrize("name", part_of(list(PRINCIPALS), FEW))
def test_whoever_asks_reads_what_she_may_and_nothing_else(
    world: World, name: str, tmp_path: Path
) -> None:
    reader = Reader(world, PRINCIPALS[name])
    world.sign_in(name)
    before = world.planted()
    with keep_logs(world.app, tmp_path / "logs") as logbook:
        crawl(reader)
        export(reader)
        read_by_program(reader)
        touch_others(reader)
        differ = search(reader) if reader.principal.structures() else []
        send_wrong_forms(reader)
        if reader.principal.holds("manager", "coordinator"):
            hand_in(reader, tmp_path)
        leave(reader)
    print(f"{name} : {sum(reader.met.values())} réponses, {reader.checks} vérifications, "
          f"{len(reader.seen)} mots lus ; {dict(reader.met)}")  # fmt: skip
    assert [str(leak) for leak in reader.leaks] == []
    assert differ == []
    assert [f"{word.column}, {word.thing.name}" for word in reader.missed()] == []
    assert reader.met["fault"] == 0
    assert sum(reader.met.values()) > FEWEST
    assert logbook.text().count('"request"') >= sum(reader.met.values()) - 5
    assert logbook.words(world.words) == []
    # Nobody changed what the next one must find.
    assert world.planted() == before
