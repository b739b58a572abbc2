"""A person's attributes as they were at the time (Rule 8), completed by later imports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ramsess.exchange.apply.writing import Writing
from ramsess.exchange.check.batch import PersonRow, Workbook
from ramsess.exchange.check.lines import Line
from ramsess.models.beneficiary import age_on

HEADINGS = {
    "sex_code": "sexe",
    "situation_code": "situation",
    "education_code": "niveau_formation",
    "commune_code": "commune_insee",
    "rsa": "rsa",
    "qpv": "qpv",
}
ATTRIBUTES = tuple(HEADINGS)
SNAPSHOT = ("age", *ATTRIBUTES)
UNKNOWN = (None, "NR", "")


def attributes_of(row: PersonRow) -> dict[str, Any]:
    """What a workbook's own row says of a person, by column of the database."""
    return {
        "sex_code": row.sex,
        "situation_code": row.situation,
        "education_code": row.education,
        "commune_code": row.commune,
        "rsa": row.rsa,
        "qpv": row.qpv,
    }


class Portraits:
    """The people of an import: their ids, and their attributes on a day.

    *people* gives, by record id, the attributes that the database holds once people are written.
    """

    def __init__(
        self,
        writing: Writing,
        ids: Mapping[tuple[int, str], int],
        people: Mapping[int, Mapping[str, Any]],
    ) -> None:
        self._ids = ids
        self._people = people
        self._writing = writing

    def person_id(self, book: Workbook, local_id: str) -> int:
        """The record of the person whom a workbook calls *local_id*."""
        return self._ids[book.structure_id, local_id]

    def on(self, book: Workbook, local_id: str, day: dt.date) -> dict[str, Any]:
        """The attributes that the workbook's own row gives, with the age on *day*."""
        row = book.people.get(local_id)
        person = self._people[self.person_id(book, local_id)]
        said = attributes_of(row) if row else {name: person[name] for name in ATTRIBUTES}
        return {"age": age_on(person["birth_date"], day), **said}


def completed(
    line: Line, before: Mapping[str, Any], now: Mapping[str, Any], who: str
) -> dict[str, Any]:
    """What stands for a moment already recorded: the known stays, the unknown is completed.

    The age alone follows a corrected birth or entry date. A difference is reported on *line*.
    """
    result: dict[str, Any] = {"age": now["age"]}
    for name in ATTRIBUTES:
        result[name] = now[name] if before[name] in UNKNOWN else before[name]
        if now[name] not in UNKNOWN and now[name] != result[name]:
            line.notice(
                None,
                f"« {HEADINGS[name]} » de « {who} » a changé depuis : la valeur du moment est "
                "conservée dans les comptes.",
            )
    return result
