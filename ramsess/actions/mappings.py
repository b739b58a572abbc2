"""Keeping how a structure's own spreadsheet is read."""

from __future__ import annotations

from collections.abc import Mapping as Said
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.auditing import note
from ramsess.models import Mapping


def keep_mapping(
    session: Session,
    structure_id: int,
    name: str,
    *,
    sheet: str,
    headings: Sequence[str],
    columns: Said[str, dict[str, str]],
    codes: Said[str, dict[str, Any]],
) -> Mapping:
    """Keep a reading under *name* for a structure; what had that name gives way."""
    mapping = session.scalar(
        select(Mapping).where(Mapping.structure_id == structure_id, Mapping.name == name)
    )
    if mapping is None:
        mapping = Mapping(structure_id=structure_id, name=name)
        session.add(mapping)
    mapping.sheet, mapping.headings = sheet, list(headings)
    mapping.columns, mapping.codes = dict(columns), dict(codes)
    session.flush()
    note(session, "keep_mapping", structure_id=structure_id, record=mapping.public_id)
    return mapping
