"""Erase what the history of records keeps of a person: it lives and dies with her."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

# Whatever somebody may have been named in, by the table whose history may hold it.
TEXTS = {
    "acts": ("note",),
    "projects": ("title", "search_key", "siret"),
    "parcours": ("origin",),
    "fundings": ("label",),
    "group_sessions": ("title",),
    "orientations": ("reason", "answer_note"),
    "plans": ("reason",),
    "plan_actions": ("objective",),
}


# What workbooks called her and her records, once: the keys of the history's own rows.
_FORMER_KEYS = text(
    "SELECT DISTINCT key FROM changes WHERE noun = 'exchange_keys' AND kind <> 'I' AND CASE "
    "key ->> 'sheet' WHEN 'Bénéficiaires' THEN person_id = :person "
    "WHEN 'Parcours' THEN before ->> 'record_id' = ANY (CAST(:parcours AS text[])) "
    "ELSE before ->> 'record_id' = ANY (CAST(:acts AS text[])) END"
)
# They go out of the list of those added together, and with what became of them.
_KEYS = (
    text(
        "UPDATE changes SET after = NULL, key = (SELECT coalesce(jsonb_agg(item), '[]') "
        "FROM jsonb_array_elements(key) item WHERE NOT :gone @> jsonb_build_array(item)) "
        "WHERE noun = 'exchange_keys' AND kind = 'I' AND EXISTS (SELECT "
        "FROM jsonb_array_elements(key) item WHERE :gone @> jsonb_build_array(item))"
    ).bindparams(bindparam("gone", type_=JSONB)),
    text(
        "DELETE FROM changes WHERE noun = 'exchange_keys' AND kind <> 'I' "
        "AND :gone @> jsonb_build_array(key)"
    ).bindparams(bindparam("gone", type_=JSONB)),
)


@contextmanager
def keeping_nothing(session: Session) -> Iterator[None]:
    """What is taken away inside is not kept by the history; for commands only."""
    session.flush()
    session.execute(text("SELECT set_config('ramsess.forgetting', 'on', true)"))
    yield
    session.flush()
    session.execute(text("SELECT set_config('ramsess.forgetting', '', true)"))


def forget_history(
    session: Session,
    person_id: int,
    parcours: Sequence[int],
    acts: Sequence[int],
    keys: Sequence[dict[str, Any]],
) -> None:
    """Drop the history of *person_id*, and every text that the one of her records holds.

    *parcours* and *acts* are hers, *keys* those of workbooks that go (structure, sheet,
    ``local_id``). Of a shared parcours the earlier texts go too: what is left is which figure
    changed, when, by whom.
    """
    former = session.scalars(
        _FORMER_KEYS,
        {"person": person_id, "parcours": [*map(str, parcours)], "acts": [*map(str, acts)]},
    )
    gone = [*keys, *former]
    session.execute(text("DELETE FROM changes WHERE person_id = :person"), {"person": person_id})
    for statement in _KEYS:
        session.execute(statement, {"gone": gone})
    for noun, names in TEXTS.items():
        for name in names:
            for side in ("before", "after"):
                session.execute(
                    text(
                        f"UPDATE changes SET {side} = {side} || "  # noqa: S608  # our own names
                        "jsonb_build_object(CAST(:name AS text), '') "
                        f"WHERE noun = :noun AND {side} ->> :name <> '' AND (act_id = ANY (:acts) "
                        "OR parcours_id = ANY (:parcours) "
                        "OR (before ->> 'parcours_id')::int = ANY (:parcours) "
                        "OR noun = 'projects' AND (coalesce(key -> 0, key) ->> 'id')::int IN "
                        "(SELECT project_id FROM parcours WHERE id = ANY (:parcours)))"
                    ),
                    {"name": name, "noun": noun, "acts": acts, "parcours": parcours},
                )
