"""What the database already knows of the rows of an import."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from ramsess.exchange import layout
from ramsess.exchange.bulk import among
from ramsess.exchange.check.batch import ParcoursTarget, Span
from ramsess.models import Adviser, Assignment, Beneficiary, ExchangeKey, Involvement, Parcours


@dataclass
class Known:
    """Exchange keys of the import's structures by (structure id, sheet), and the assignments.

    ``stays`` are the assignments by (e-mail, structure id), with their record ids.
    """

    keys: dict[tuple[int, str], dict[str, int]]
    advisers: set[str]
    stays: dict[tuple[str, int], list[tuple[int, Span]]]
    parcours: dict[int, ParcoursTarget] = field(default_factory=dict)

    def key(self, structure_id: int, sheet: str, local_id: str) -> int | None:
        """The record that a structure's workbook already names so."""
        return self.keys.get((structure_id, sheet), {}).get(local_id)


def load_known(session: Session, structure_ids: list[int], codes: dict[str, int],
               references: set[str]) -> Known:  # fmt: skip
    """Read what the rows may speak of; *references* are those typed in ``référence_réseau``."""
    keys: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    rows = session.execute(
        select(
            ExchangeKey.structure_id,
            ExchangeKey.sheet,
            ExchangeKey.local_id,
            ExchangeKey.record_id,
        ).where(
            ExchangeKey.structure_id.in_(structure_ids),
            # A person erased since leaves a key that names nobody.
            or_(
                ExchangeKey.sheet != layout.PEOPLE,
                exists().where(Beneficiary.id == ExchangeKey.record_id),
            ),
        )
    )
    for structure_id, sheet, local_id, record_id in rows:
        keys[structure_id, sheet][local_id] = record_id
    _load_named_elsewhere(session, keys, structure_ids, codes, references)
    known = Known(keys, set(session.scalars(select(Adviser.email))), _stays(session))
    ids = {
        record_id
        for (_, sheet), found in keys.items()
        if sheet == layout.PARCOURS
        for record_id in found.values()
    }
    known.parcours = _parcours(session, ids, references)
    return known


def _load_named_elsewhere(
    session: Session,
    keys: dict[tuple[int, str], dict[str, int]],
    structure_ids: list[int],
    codes: dict[str, int],
    references: set[str],
) -> None:
    """Add the parcours that rows name ``CODE/id_local`` in a workbook of an earlier import."""
    wanted: dict[int, set[str]] = defaultdict(set)
    for reference in references:
        code, _, local_id = reference.partition("/")
        structure_id = codes.get(code.strip().upper())
        if local_id and structure_id and structure_id not in structure_ids:
            wanted[structure_id].add(local_id.strip())
    for structure_id, local_ids in wanted.items():
        found = session.execute(
            select(ExchangeKey.local_id, ExchangeKey.record_id).where(
                ExchangeKey.structure_id == structure_id,
                ExchangeKey.sheet == layout.PARCOURS,
                among(ExchangeKey.local_id, local_ids),
            )
        )
        keys[structure_id, layout.PARCOURS].update(found.all())


def _stays(session: Session) -> dict[tuple[str, int], list[tuple[int, Span]]]:
    stays: dict[tuple[str, int], list[tuple[int, Span]]] = defaultdict(list)
    rows = session.execute(
        select(
            Adviser.email,
            Assignment.structure_id,
            Assignment.id,
            Assignment.from_on,
            Assignment.to_on,
        )
        .join(Assignment.adviser)
        .order_by(Assignment.id)
    )
    for email, structure_id, identifier, first, last in rows:
        stays[email, structure_id].append((identifier, Span(first, last)))
    return stays


def _parcours(session: Session, ids: set[int], references: set[str]) -> dict[int, ParcoursTarget]:
    found: dict[int, ParcoursTarget] = {}
    rows = session.execute(
        select(
            Parcours.id,
            Parcours.reference,
            Parcours.lead_structure_id,
            Parcours.entered_on,
            Parcours.exited_on,
        ).where(among(Parcours.id, ids) | among(Parcours.reference, references))
    )
    for identifier, reference, lead_id, entered_on, exited_on in rows:
        found[identifier] = ParcoursTarget(lead_id, entered_on, exited_on, identifier, reference)
    stays = session.execute(
        select(
            Involvement.parcours_id,
            Involvement.structure_id,
            Involvement.id,
            Involvement.joined_on,
            Involvement.left_on,
        )
        .where(among(Involvement.parcours_id, found))
        .order_by(Involvement.id)
    )
    for parcours_id, structure_id, identifier, first, last in stays:
        spans = found[parcours_id].known.setdefault(structure_id, [])
        spans.append((identifier, Span(first, last)))
    return found


def day_text(day: dt.date) -> str:
    """A date as people write it: 12/03/2009."""
    return day.strftime("%d/%m/%Y")
