"""The tables keep the history of their rows, whoever changes them; an erasure keeps nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ramsess.database import Base
from ramsess.models.change import TRACKED
from tests.security.database.test_functions import WAYS
from tests.security.database.world import Scene, World, key_of, secret_of

READ = "SELECT noun, kind, key, before, after, account_id FROM changes WHERE id > {} ORDER BY id"
# Statement → what is kept of it: kind, key, before, after, of how many rows.
KEPT: tuple[tuple[str, list[tuple[str, Any, Any, Any]]], ...] = (
    ("UPDATE acts SET note = 'après' WHERE id = 1", [
        ("U", {"id": 1}, {"note": "note"}, {"note": "après"}),
    ]),
    ("UPDATE acts SET note = note", []),
    ("UPDATE act_advisers SET adviser_id = 4 WHERE act_id = 1", [
        ("D", {"act_id": 1, "adviser_id": 1, "structure_id": 1}, "whole", None),
        ("I", [{"act_id": 1, "adviser_id": 4, "structure_id": 1}], None, "whole"),
    ]),
    ("DELETE FROM fundings WHERE id = 1", [("D", {"id": 1}, "whole", None)]),
    ("INSERT INTO act_beneficiaries (act_id, beneficiary_id, sex_code, situation_code, "
     "education_code) SELECT 1, k, 'NR', 'NR', 'NR' FROM generate_series(2, 3) k", [
        ("I", [{"act_id": 1, "beneficiary_id": 2}], None, "whole"),
        ("I", [{"act_id": 1, "beneficiary_id": 3}], None, "whole"),
    ]),
    ("INSERT INTO projects (id, title, search_key) SELECT k, '', '' "
     "FROM generate_series(100, 119) k", [("I", "one", None, "whole")] * 20),
    ("INSERT INTO projects (id, title, search_key) SELECT k, '', '' "
     "FROM generate_series(100, 120) k", [
        ("I", [{"id": number} for number in range(100, 121)], None, None),
    ]),
)  # fmt: skip


# The only way left of knowing person 1, what changes of it, from when A's adviser knows her.
SINCE = (
    ("acquaintances", "UPDATE acquaintances SET since = '2019-01-01'", "2019-01-01"),
    ("acquaintances", "UPDATE acquaintances SET structure_id = 3", None),
    ("parcours", "UPDATE involvements SET joined_on = '2021-05-05' WHERE id = 1", "2021-05-05"),
    ("parcours", "UPDATE involvements SET joined_on = current_date + 2 WHERE id = 1", None),
    ("parcours", "UPDATE involvements SET left_on = current_date - 2 WHERE id = 1", None),
    ("parcours", "UPDATE involvements SET left_on = current_date WHERE id = 1", "2020-01-01"),
    ("acts", "UPDATE acts SET done_on = '2021-06-06' WHERE id = 1", "2021-06-06"),
    ("acts", "UPDATE acts SET structure_id = 3; DELETE FROM act_advisers", None),
    ("sessions", "UPDATE acts SET done_on = '2021-07-07' WHERE id = 11", "2021-07-07"),
    ("workbooks", "UPDATE exchange_keys SET since = '2021-08-08'", "2021-08-08"),
    ("workbooks", "UPDATE exchange_keys SET structure_id = 3 WHERE record_id = 1", None),
    ("workbooks", "UPDATE exchange_keys SET sheet = 'Actes' WHERE record_id = 1", None),
    ("", "SELECT 1", None),
)


def test_every_table_says_what_its_rows_were(world: World) -> None:
    assert list(tables_without_history(world)) == []


def tables_without_history(world: World) -> Iterator[str]:
    """Tables of which an addition, a change or a removal would not be kept."""
    found = {
        (noun, name)
        for noun, name in world.ask(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'O' "
            "AND tgfoid = 'sight.keep_history'::regproc"
        )
    }
    for noun in TRACKED:
        for deed in ("added", "changed", "removed"):
            if (noun, f"history_of_{deed}") not in found:
                yield f"{noun}: {deed}"


def test_what_is_kept_is_what_changed(world: World) -> None:
    assert list(changes_that_differ(world)) == []


def changes_that_differ(world: World) -> Iterator[str]:
    """What the history tells otherwise than it was."""
    for statement, expected in KEPT:
        with world.scene() as scene:
            kept = _kept(scene, statement, "batch")
            told = [
                (kind, key if wanted[1] != "one" else "one", *_sides(before, after, wanted))
                for (_, kind, key, before, after, *_), wanted in zip(kept, expected, strict=False)
            ]
            if told != expected or len(kept) != len(expected):
                yield f"{statement}: {kept}"
    yield from _about(world)
    yield from _by_whom(world)
    yield from _known_since(world)


def _sides(before: Any, after: Any, wanted: tuple[str, Any, Any, Any]) -> tuple[Any, Any]:
    """Of a whole row it is enough that it is there, with its key."""
    return tuple(
        "whole" if expected == "whole" and side and len(side) > 1 else side
        for side, expected in zip((before, after), wanted[2:], strict=True)
    )  # type: ignore[return-value]


def _kept(scene: Scene, statement: str, role: str, **settings: str) -> list[tuple[Any, ...]]:
    (last,) = scene.admin.execute("SELECT max(id) FROM changes").fetchone() or (0,)
    scene.act(role, statement, **settings)
    return scene.admin.execute(READ.format(last).encode()).fetchall()


def _about(world: World) -> Iterator[str]:
    """Whom and what the rows of the world are about, told otherwise than by the rows."""
    told = {
        (noun, tuple(str(key[0][name]) for name in sorted(key[0]))): about
        for noun, key, *about in world.ask(
            "SELECT noun, key, person_id, act_id, parcours_id, structure_id FROM changes "
            "WHERE kind = 'I' AND jsonb_array_length(key) = 1"
        )
    }
    for noun in TRACKED:
        for row in world.rows[noun]:
            key = dict(zip(_names(noun), key_of(noun, row), strict=True))
            found = told.get((noun, tuple(str(key[name]) for name in sorted(key))))
            if found is not None and found != [
                row["id"] if noun == "beneficiaries" else _person(noun, row),
                row["id"] if noun == "acts" else row.get("act_id"),
                row["id"] if noun == "parcours" else row.get("parcours_id"),
                _structure(row),
            ]:
                yield f"{noun} {key}: {found}"


def _names(noun: str) -> list[str]:
    return [column.name for column in Base.metadata.tables[noun].primary_key]


def _person(noun: str, row: dict[str, Any]) -> Any:
    if noun == "exchange_keys":
        return row["record_id"] if row["sheet"] == "Bénéficiaires" else None
    return row.get("beneficiary_id", row.get("person_id"))


def _structure(row: dict[str, Any]) -> Any:
    names = ("structure_id", "lead_structure_id", "from_structure_id")
    return next((row[name] for name in names if row.get(name) is not None), None)


def _by_whom(world: World) -> Iterator[str]:
    """Who did it is the one who is signed in; nobody keeps the history from being kept."""
    note = "UPDATE acts SET note = 'x' WHERE id = 1"
    with world.scene() as scene:
        kept = _kept(scene, note, "app", sign_in=secret_of(1))
        if [row[5] for row in kept] != [1]:
            yield f"by whom: {kept}"
    for role, forgotten in (("batch", True), ("app", False)):
        with world.scene() as scene:
            scene.admin.execute("SELECT set_config('ramsess.forgetting', 'on', true)")
            if bool(_kept(scene, note, role, sign_in=secret_of(1))) == forgotten:
                yield f"{role}: forgotten or not"
    with world.scene() as scene:
        _kept(scene, note, "batch")
        _kept(scene, "UPDATE acts SET note = 'y' WHERE id = 1", "batch")
        done = scene.admin.execute(
            "SELECT count(DISTINCT operation) FROM changes WHERE after ->> 'note' IN ('x', 'y')"
        ).fetchone()
        if done != (1,):
            yield f"one transaction, {done} operations"


def _known_since(world: World) -> Iterator[str]:
    """What a person was before one knew her, told; or what she was since, not told."""
    for kept, change, day in SINCE:
        with world.scene() as scene:
            for statement in (
                *(gone for way, gone in WAYS.items() if way != kept),
                *change.split("; "),
            ):
                scene.admin.execute(statement.encode())
            (found,) = scene.rows("app", "SELECT sight.knows_since(1)::text", sign_in=secret_of(1))
            if found != (day,):
                yield f"{kept}, {change}: {found}"
    with world.enter("app", sign_in=secret_of(1)) as connection:
        asked = "SELECT sight.knows_since(k)::text FROM unnest(ARRAY[2, 3, 4]) k"
        if connection.execute(asked.encode()).fetchall() != [("2020-01-01",), (None,), (None,)]:
            yield "of another's cases"
