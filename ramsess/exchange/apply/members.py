"""Write the people of parcours, with their attributes at entry (Rule 8)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ramsess.exchange import layout
from ramsess.exchange.apply.snapshots import SNAPSHOT, Portraits, completed
from ramsess.exchange.apply.writing import Writing
from ramsess.exchange.bulk import among, delete_rows, insert_rows, update_rows
from ramsess.models import ParcoursBeneficiary

_KEY = ("parcours_id", "beneficiary_id")


def write_members(writing: Writing, portraits: Portraits) -> None:
    """Give each parcours the people that its lead's line names, as that workbook describes them.

    Other structures' lines change nothing; the people whom they name otherwise are reported.
    """
    led = [target for target in writing.batch.targets() if target.lead_row]
    known = _load(writing, [target.record_id for target in led])
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    gone: list[tuple[int, int]] = []
    for target in led:
        row, book = target.lead_row, target.lead_book
        assert row
        assert book
        assert target.record_id
        before = known.get(target.record_id, {})
        named = {portraits.person_id(book, local_id): local_id for local_id in row.people}
        written = len(new) + len(changed), set(before) - set(named)
        gone += [(target.record_id, person) for person in before if person not in named]
        for person, local_id in named.items():
            now = portraits.on(book, local_id, row.entered_on)
            place = {"parcours_id": target.record_id, "beneficiary_id": person}
            if person not in before:
                new.append({**place, **now})
                continue
            stands = completed(row.line, before[person], now, local_id)
            if stands != before[person]:
                changed.append({**place, **stands})
        if written != (len(new) + len(changed), set()):
            entered = row.entered_on
            writing.seals.refuse_moment(row.line, "bénéficiaires", entered, entered, row.exited_on)
    if writing.refused:
        return
    delete_rows(writing.session, ParcoursBeneficiary, gone, _KEY)
    insert_rows(writing.session, ParcoursBeneficiary, new)
    update_rows(writing.session, ParcoursBeneficiary, changed, _KEY)
    _report_others(writing, portraits)


def _load(writing: Writing, ids: list[int | None]) -> dict[int, dict[int, dict[str, Any]]]:
    columns = [getattr(ParcoursBeneficiary, name) for name in (*_KEY, *SNAPSHOT)]
    found: dict[int, dict[int, dict[str, Any]]] = {}
    for row in writing.session.execute(
        select(*columns).where(among(ParcoursBeneficiary.parcours_id, ids))
    ):
        values = {name: getattr(row, name) for name in SNAPSHOT}
        found.setdefault(row.parcours_id, {})[row.beneficiary_id] = values
    return found


def _report_others(writing: Writing, portraits: Portraits) -> None:
    sharing = [
        (book, row)
        for book in writing.batch.books
        for row in book.parcours.values()
        if row.reference
    ]
    members = _load(writing, [row.target.record_id for _, row in sharing if row.target])
    for book, row in sharing:
        assert row.target
        assert row.target.record_id
        named = {portraits.person_id(book, local_id) for local_id in row.people}
        if named != set(members.get(row.target.record_id, {})):
            row.line.notice(
                layout.LAYOUTS[layout.PARCOURS].column("bénéficiaires").name,
                "Les personnes diffèrent de celles de la structure référente, qui sont retenues.",
            )
