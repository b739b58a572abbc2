"""Write acts, the minutes of those who did them, and the person received (Rules 1 and 2)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ramsess.exchange import layout
from ramsess.exchange.apply.snapshots import SNAPSHOT, Portraits, completed
from ramsess.exchange.apply.writing import Writing
from ramsess.exchange.bulk import among, delete_rows, insert_rows, new_ids, update_rows
from ramsess.exchange.check.batch import ActRow, Share, Workbook
from ramsess.models import Act, ActAdviser, ActBeneficiary

_OWN = (
    "done_on", "type_code", "structure_id", "parcours_id", "plan_action_id", "scheme_code",
    "modality_code", "commune_code", "anonymous_count", "note",
)  # fmt: skip
SHARE = ("adviser_id", "structure_id", "recorded_by_id", "position", "minutes")
SHARE_KEY = ("act_id", "adviser_id", "structure_id")


def write_acts(writing: Writing, portraits: Portraits, advisers: dict[str, int]) -> None:
    """Write the sheets Actes: new acts, and those that differ from what is recorded."""
    rows = [(book, row) for book in writing.batch.books for row in book.acts.values()]
    earlier = {id(row): writing.earlier(book, layout.ACTS, row.local_id) or 0 for book, row in rows}
    known = _load_acts(writing, set(earlier.values()))
    shares = load_shares(writing, set(known))
    people = _load_people(writing, set(known))
    fresh = [row for _, row in rows if earlier[id(row)] not in known]
    given = dict(zip(map(id, fresh), new_ids(writing.session, Act, len(fresh)), strict=True))
    new, changed, new_shares, gone_shares = [], [], [], []
    visitors = _Visitors(people)
    for book, row in rows:
        act_id = given.get(id(row)) or earlier[id(row)]
        before = known.get(act_id)
        own = _own(book, row, before)
        wanted = share_rows(row.shares, advisers, book.structure_id)
        met = visitors.take(act_id, book, row, portraits)
        worked = sorted(shares.get(act_id, ())) != sorted(wanted)
        modified = before != own or worked or met
        if worked or act_id in visitors.moved or _counted(before) != _counted(own):
            day = before["done_on"] if before else None
            writing.seals.refuse(row.line, "date", day, row.done_on)
        if before is None:
            new.append({"id": act_id, **own, "version": 1})
        elif modified:
            changed.append({"id": act_id, **own})
        if worked:
            gone_shares += [(act_id, share[0], share[1]) for share in shares.get(act_id, ())]
            new_shares += [
                {"act_id": act_id, **dict(zip(SHARE, share, strict=True))} for share in wanted
            ]
        writing.count(row.line, new=before is None, changed=modified)
        writing.name(book, layout.ACTS, row.local_id, act_id)
    if writing.refused:
        return
    insert_rows(writing.session, Act, new)
    update_rows(writing.session, Act, changed)
    delete_rows(writing.session, ActAdviser, gone_shares, SHARE_KEY)
    insert_rows(writing.session, ActAdviser, new_shares)
    visitors.write(writing)


def _own(book: Workbook, row: ActRow, before: dict[str, Any] | None) -> dict[str, Any]:
    parcours_id = row.target.record_id if row.target else None
    # A workbook says nothing of plans: what was chosen stays while the act stays on its parcours.
    stays = before is not None and before["parcours_id"] == parcours_id
    return {
        "done_on": row.done_on,
        "type_code": row.type,
        "structure_id": book.structure_id,
        "parcours_id": parcours_id,
        "plan_action_id": before["plan_action_id"] if before and stays else None,
        "scheme_code": row.scheme,
        "modality_code": row.modality,
        "commune_code": row.commune,
        "anonymous_count": row.anonymous,
        "note": row.note,
    }


def _counted(own: dict[str, Any] | None) -> dict[str, Any] | None:
    return own and {name: value for name, value in own.items() if name != "note"}


def share_rows(
    shares: list[Share], advisers: dict[str, int], recorded_by: int
) -> list[tuple[int, ...]]:
    """The shares as rows in the order of SHARE; the first named has position 0."""
    return [
        (advisers[share.email], share.structure_id, recorded_by, position, share.minutes)
        for position, share in enumerate(shares)
    ]


def load_shares(writing: Writing, ids: set[int]) -> dict[int, list[tuple[int, ...]]]:
    """The shares in the database by act, in the order of SHARE."""
    columns = [getattr(ActAdviser, name) for name in ("act_id", *SHARE)]
    found: dict[int, list[tuple[int, ...]]] = {}
    for act_id, *share in writing.session.execute(
        select(*columns).where(among(ActAdviser.act_id, ids))
    ):
        found.setdefault(act_id, []).append(tuple(share))
    return found


def _load_acts(writing: Writing, ids: set[int]) -> dict[int, dict[str, Any]]:
    columns = [getattr(Act, name) for name in ("id", *_OWN)]
    found: dict[int, dict[str, Any]] = {}
    for act_id, *values in writing.session.execute(select(*columns).where(among(Act.id, ids))):
        found[act_id] = dict(zip(_OWN, values, strict=True))
    return found


def _load_people(writing: Writing, ids: set[int]) -> dict[int, dict[int, dict[str, Any]]]:
    names = ("act_id", "beneficiary_id", *SNAPSHOT)
    columns = [getattr(ActBeneficiary, name) for name in names]
    found: dict[int, dict[int, dict[str, Any]]] = {}
    for act_id, person, *values in writing.session.execute(
        select(*columns).where(among(ActBeneficiary.act_id, ids))
    ):
        found.setdefault(act_id, {})[person] = dict(zip(SNAPSHOT, values, strict=True))
    return found


class _Visitors:
    """The people received without a parcours, act by act."""

    def __init__(self, known: dict[int, dict[int, dict[str, Any]]]) -> None:
        self._known = known
        self._new: list[dict[str, Any]] = []
        self._changed: list[dict[str, Any]] = []
        self._gone: list[tuple[int, int]] = []
        #: The acts that name somebody else than before.
        self.moved: set[int] = set()

    def take(self, act_id: int, book: Workbook, row: ActRow, portraits: Portraits) -> bool:
        """Compare the person whom the act names with the record; True when something changes."""
        before = self._known.get(act_id, {})
        if not before and not row.person:
            return False
        named = {portraits.person_id(book, row.person)} if row.person else set()
        gone = [(act_id, person) for person in before if person not in named]
        self._gone += gone
        changed = bool(gone)
        if named != set(before):
            self.moved.add(act_id)
        for person in named:
            assert row.person
            now = portraits.on(book, row.person, row.done_on)
            place = {"act_id": act_id, "beneficiary_id": person}
            if person not in before:
                self._new.append({**place, **now})
                changed = True
                continue
            stands = completed(row.line, before[person], now, row.person)
            if stands != before[person]:
                self._changed.append({**place, **stands})
                changed = True
        return changed

    def write(self, writing: Writing) -> None:
        """Write what changed."""
        key = ("act_id", "beneficiary_id")
        delete_rows(writing.session, ActBeneficiary, self._gone, key)
        insert_rows(writing.session, ActBeneficiary, self._new)
        update_rows(writing.session, ActBeneficiary, self._changed, key)
