"""What becomes of each row of an import, in the words of the workbook: for people to look at."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.exchange import layout
from ramsess.exchange.apply.snapshots import HEADINGS
from ramsess.exchange.apply.writing import Writing
from ramsess.exchange.bulk import among
from ramsess.exchange.check.lines import Line
from ramsess.exchange.watch import Row, Watch
from ramsess.models import Account, Act, Adviser, Beneficiary, Parcours
from ramsess.models.calendar import today

HIDDEN = "valeur d’une autre structure"
_OF_PROJECT = {"legal_form_code": "forme_juridique", "sector_code": "secteur",
               "commune_code": "commune_insee"}  # fmt: skip
# Table → column → the workbook's heading.
_TOLD: dict[str, dict[str, str]] = {
    "beneficiaries": {
        "last_name": "nom", "first_name": "prénom", "birth_date": "date_naissance",
        **HEADINGS, "phone": "téléphone", "email": "courriel",
    },
    "projects": {"title": "intitulé", **_OF_PROJECT},
    "parcours": {
        "entered_on": "date_entrée", "entry_phase_code": "phase_entrée", "origin": "prescripteur",
        "exited_on": "date_sortie", "outcome_code": "motif_sortie",
        "jobs_created": "emplois_créés", "jobs_consolidated": "emplois_consolidés",
        **{f"entry_{name}": f"{heading} (à l’entrée)" for name, heading in _OF_PROJECT.items()},
    },
    "involvements": {"joined_on": "date_entrée", "left_on": "date_sortie"},
    "phase_changes": {"phase_code": "phase_actuelle", "reached_on": "date_phase_actuelle"},
    "acts": {
        "done_on": "date", "type_code": "type", "scheme_code": "dispositif",
        "modality_code": "modalité", "commune_code": "commune_insee",
        "anonymous_count": "personnes_anonymes", "note": "commentaire",
    },
    "group_sessions": {
        "title": "intitulé", "minutes": "durée_minutes", "reference": "référence_séance",
    },
    "session_hosts": {"anonymous_count": "personnes_anonymes"},
    "assignments": {"share": "quotité", "from_on": "depuis", "to_on": "jusqu'à"},
    **{
        table: {name: f"{heading} (ce jour-là)" for name, heading in HEADINGS.items()}
        for table in ("parcours_beneficiaries", "act_beneficiaries", "attendances")
    },
}  # fmt: skip
# The column that names the record to which a row belongs; ``id`` elsewhere.
_OWNER = {
    "involvements": "parcours_id", "phase_changes": "parcours_id",
    "parcours_beneficiaries": "parcours_id", "group_sessions": "act_id",
    "session_hosts": "act_id", "act_beneficiaries": "act_id", "attendances": "act_id",
    "act_advisers": "act_id", "assignments": "adviser_id",
}  # fmt: skip
_SHEETS = {
    "beneficiaries": (layout.PEOPLE,),
    "parcours": (layout.PARCOURS,),
    "acts": (layout.ACTS, layout.SESSIONS),
    "advisers": (layout.ADVISERS,),
}
_RECORDS = {"parcours_id": "parcours", "act_id": "acts", "adviser_id": "advisers"}
_PEOPLE_OF = {
    "parcours_beneficiaries": "bénéficiaires", "act_beneficiaries": "bénéficiaire",
    "attendances": "participants",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A row of the import: where it stands, what it is about, and what becomes of it.

    ``fate``: created, updated or unchanged; ``changes``: heading, old and new value.
    """

    file: str
    sheet: str
    row: int
    about: str
    fate: str
    matched: bool = False
    changes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Change:
    """A value of a record that changes: the record, the row that says so, and both values."""

    table: str
    record: int
    line: Line
    heading: str
    old: str
    new: str


@dataclass
class Preview:
    """What *viewer* is shown; the old values of what she does not see are withheld."""

    viewer: Account
    entries: list[Entry] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def look(self, writing: Writing, watch: Watch) -> None:
        """Keep what the import did, while the database holds it."""
        self.changes = list(_Teller(writing, watch).changes())
        self.entries = [
            Entry(
                file=line.file,
                sheet=line.sheet,
                row=line.number,
                about=_about(line),
                fate=fate,
                matched=line.sheet == layout.PEOPLE and (line.file, line.number) in writing.matched,
            )
            for line, fate in writing.fates
        ]

    def conclude(self, session: Session) -> None:
        """Tell the changes, once nothing is written any more: an import gives sight of people."""
        seen = self._seen(session)
        told: dict[tuple[str, str, int], list[tuple[str, str, str]]] = defaultdict(list)
        for one in self.changes:
            hidden = one.table in seen and one.record not in seen[one.table]
            change = (one.heading, HIDDEN if hidden else one.old, one.new)
            told[one.line.file, one.line.sheet, one.line.number].append(change)
        self.entries = sorted(
            (
                replace(entry, changes=tuple(told.get((entry.file, entry.sheet, entry.row), ())))
                for entry in self.entries
            ),
            key=lambda entry: (entry.file, _rank(entry.sheet), entry.row),
        )

    def as_json(self) -> list[dict[str, Any]]:
        """The entries, to keep."""
        return [vars(entry) for entry in self.entries]

    def _seen(self, session: Session) -> dict[str, set[int]]:
        """Of the records changed, those that the viewer saw, by table."""
        day = today()
        found = {}
        for model, visible in (
            (Beneficiary, policy.people_seen(self.viewer, day)),
            (Parcours, policy.parcours_seen(self.viewer, day)),
            (Act, policy.acts_seen(self.viewer)),
        ):
            table = model.__tablename__
            ids = {one.record for one in self.changes if one.table == table}
            found[table] = set(
                session.scalars(select(model.id).where(among(model.id, ids), model.id.in_(visible)))
            )
        return found


def _rank(sheet: str) -> int:
    return list(layout.LAYOUTS).index(sheet)


def _about(line: Line) -> str:
    """What the row is about, as it says it itself."""
    parts: tuple[Any, ...]
    if line.sheet in (layout.PEOPLE, layout.ADVISERS):
        parts = (line["prénom"], line["nom"])
    elif line.sheet == layout.PARCOURS:
        parts = (line["intitulé"],)
    else:
        parts = (_text(line["date"]), line["type"], line["intitulé"] or line["conseiller"])
    return " ".join(str(part) for part in parts if part)


def _text(value: Any) -> str:
    """A value as the workbook would hold it."""
    if value is None or value == "":
        return "vide"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, Decimal):
        return f"{value:.2f}".replace(".", ",")
    return str(value)


class _Teller:
    """From rows of the database to rows of the workbooks."""

    def __init__(self, writing: Writing, watch: Watch) -> None:
        self._writing, self._watch = writing, watch
        session = writing.session
        self._emails = dict(session.execute(select(Adviser.id, Adviser.email)).all())
        self._advisers = {one.id: one.name for one in session.scalars(select(Adviser))}
        self._lines = self._lines_by_record()
        projects = {old["id"] for old, _ in watch.updated.get("projects", [])}
        self._of_project = dict(
            session.execute(
                select(Parcours.project_id, Parcours.id).where(among(Parcours.project_id, projects))
            ).all()
        )
        self._names = self._local_ids()

    def changes(self) -> Iterator[Change]:
        """The changes to tell, one for each row that speaks of the record."""
        for table, record, heading, old, new in (*self._values(), *self._members()):
            for sheet in _SHEETS[table]:
                for line in self._lines.get((sheet, record), ()):
                    yield Change(table, record, line, heading, old, new)

    def _lines_by_record(self) -> dict[tuple[str, int], list[Line]]:
        """The rows that speak of a record, by (sheet, record id)."""
        ids = {email: key for key, email in self._emails.items()}
        found: dict[tuple[str, int], list[Line]] = defaultdict(list)
        for book in self._writing.batch.books:
            for sheet, rows in book.rows().items():
                for local_id, row in rows.items():
                    key = self._writing.keys[book.structure_id, sheet, local_id]
                    found[sheet, key].append(row.line)
            for adviser in book.advisers:
                found[layout.ADVISERS, ids[adviser.email]].append(adviser.line)
        return found

    def _local_ids(self) -> dict[int, str]:
        """What the workbooks' structures call people, by record id."""
        names: dict[int, str] = {}
        for (_, sheet), keys in self._writing.known.keys.items():
            if sheet == layout.PEOPLE:
                names.update({record: local_id for local_id, record in keys.items()})
        for (_, sheet, local_id), record in self._writing.keys.items():
            if sheet == layout.PEOPLE:
                names[record] = local_id
        return names

    def _values(self) -> Iterator[tuple[str, int, str, str, str]]:
        for table, pairs in self._watch.updated.items():
            for old, new in pairs:
                for column, heading in _TOLD.get(table, {}).items():
                    if column in new and new[column] != old[column]:
                        owner, record = self._record(table, old)
                        yield owner, record, heading, _text(old[column]), _text(new[column])

    def _record(self, table: str, row: Row) -> tuple[str, int]:
        if table == "projects":
            return "parcours", self._of_project[row["id"]]
        column = _OWNER.get(table, "id")
        return _RECORDS.get(column, table), row[column]

    def _members(self) -> Iterator[tuple[str, int, str, str, str]]:
        """Who did what, and who was there: whole lists, of records that were there before."""
        fresh = {
            table: {row["id"] for row in self._watch.added.get(table, [])}
            for table in ("acts", "parcours")
        }
        for table, heading in (("act_advisers", "conseillers"), *_PEOPLE_OF.items()):
            lists: dict[tuple[str, int], tuple[list[str], list[str]]] = defaultdict(
                lambda: ([], [])
            )
            for side, rows in enumerate((self._watch.removed, self._watch.added)):
                for row in rows.get(table, []):
                    owner, record = self._record(table, row)
                    if record not in fresh[owner]:
                        lists[owner, record][side].append(self._member(table, row))
            for (owner, record), (gone, come) in lists.items():
                # Who stays, written again in another place, is nobody's change to read.
                left = [one for one in gone if one not in come]
                joined = [one for one in come if one not in gone]
                yield owner, record, heading, _listed(left), _listed(joined)

    def _member(self, table: str, row: Row) -> str:
        if table == "act_advisers":
            return f"{self._advisers[row['adviser_id']]} ({row['minutes']} min)"
        return self._names.get(row["beneficiary_id"], "une personne")


def _listed(items: list[str]) -> str:
    return " ; ".join(sorted(items)) or "personne"
