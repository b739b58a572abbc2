"""From workbooks to records, as domain.md, section 6, says to read them."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from tests.counting.recount.records import Act, Network, Parcours, Person, Post, Work
from tests.counting.workbooks import Row, Workbook

Rows = list[tuple[str, Row]]


def read(workbooks: Iterable[Workbook]) -> Network:
    """The network that the workbooks describe together; their order does not matter."""
    books = sorted(workbooks, key=lambda book: book.structure)
    persons = {
        (book.structure, row["id_local"]): identity(book.structure, row)
        for book in books
        for row in book["Bénéficiaires"]
    }
    posts = Posts(books)
    parcours = read_parcours(books, persons)
    acts = read_acts(books, persons, parcours, posts)
    sessions = read_sessions(books, persons, posts)
    distinct = list(dict.fromkeys(parcours.values()))
    return Network(distinct, acts + sessions, [book.structure for book in books], posts.lines)


# --- Who is who --------------------------------------------------------------------------------


def normalised(name: str) -> str:
    """Without accents, case or punctuation, œ as oe, single spaces."""
    name = name.lower().replace("œ", "oe").replace("æ", "ae")
    bare = [c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c)]
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def identity(structure: str, row: Row) -> Person:
    """Same normalised name, first name and known date of birth: the same person."""
    if row["date_naissance"] is None:
        return (structure, row["id_local"])
    return (normalised(row["nom"]), normalised(row["prénom"]), row["date_naissance"])


def items(cell: str | None) -> list[str]:
    """A list inside a cell, separated by `;`."""
    return [item.strip() for item in (cell or "").split(";") if item.strip()]


# --- For whom an adviser works -----------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """One adviser's minutes as a cell says them; `mail` tells the advisers of a session apart."""

    mail: str
    structure: str
    minutes: int

    @property
    def work(self) -> Work:
        return Work(self.mail, self.structure, self.minutes)


class Posts:
    """Who is assigned where, and when."""

    def __init__(self, books: Iterable[Workbook]) -> None:
        self.lines = [
            Post(row["courriel"], book.structure, row["quotité"], row["depuis"], row["jusqu'à"])
            for book in books
            for row in book["Conseillers"]
        ]

    def structure(self, mail: str, workbook: str, day: dt.date) -> str:
        """The workbook's structure when assigned to it that day, else the only one."""
        assigned = {
            post.structure
            for post in self.lines
            if post.mail == mail
            and (post.since is None or post.since <= day)
            and (post.until is None or day <= post.until)
        }
        if workbook in assigned:
            return workbook
        (only,) = assigned
        return only

    def shares(self, cell: str | None, default: int, workbook: str, day: dt.date) -> list[Share]:
        """`e-mail`, `e-mail:minutes` or `e-mail/CODE:minutes`, separated by `;`."""
        found = []
        for item in items(cell):
            who, _, minutes = item.partition(":")
            mail, _, code = who.partition("/")
            structure = code or self.structure(mail, workbook, day)
            found.append(Share(mail, structure, int(minutes) if minutes else default))
        return found


# --- Parcours ----------------------------------------------------------------------------------


def read_parcours(
    books: list[Workbook], persons: dict[tuple[str, str], Person]
) -> dict[tuple[str, str], Parcours]:
    """(structure, id_local) → its parcours, the same for the lead and those who take part."""
    found: dict[tuple[str, str], Parcours] = {}
    for book in books:
        for row in book["Parcours"]:
            if row["référence_réseau"] is None:
                found[book.structure, row["id_local"]] = led(book, row, persons)
    for book in books:
        for row in book["Parcours"]:
            if row["référence_réseau"] is not None:
                lead, _, id_local = row["référence_réseau"].partition("/")
                shared = found[lead, id_local]
                stay = (row["date_entrée"], row["date_sortie"])
                shared.stays.setdefault(book.structure, []).append(stay)
                found[book.structure, row["id_local"]] = shared
    return found


def led(book: Workbook, row: Row, persons: dict[tuple[str, str], Person]) -> Parcours:
    """A parcours as the row of the structure that leads it tells it."""
    rows = {person["id_local"]: person for person in book["Bénéficiaires"]}
    phases = [(row["date_entrée"], row["phase_entrée"])]
    if row["phase_actuelle"] not in (None, row["phase_entrée"]):
        phases.append((row["date_phase_actuelle"], row["phase_actuelle"]))
    return Parcours(
        lead=book.structure,
        id_local=row["id_local"],
        entry=row["date_entrée"],
        exit=row["date_sortie"],
        project=row,
        people={
            persons[book.structure, id_local]: rows[id_local]
            for id_local in items(row["bénéficiaires"])
        },
        phases=phases,
        stays={book.structure: [(row["date_entrée"], None)]},
    )


# --- Acts and sessions -------------------------------------------------------------------------


def read_acts(
    books: list[Workbook],
    persons: dict[tuple[str, str], Person],
    parcours: dict[tuple[str, str], Parcours],
    posts: Posts,
) -> list[Act]:
    acts = []
    for book in books:
        code = book.structure
        for row in book["Actes"]:
            day, minutes = row["date"], row["durée_minutes"]
            shares = posts.shares(row["conseiller"], minutes, code, day)
            shares += posts.shares(row["co_conseillers"], minutes, code, day)
            acts.append(
                Act(
                    date=day,
                    type=row["type"],
                    scheme=row["dispositif"] or "DRA",
                    commune=row["commune_insee"],
                    work=tuple(share.work for share in shares),
                    persons=frozenset(persons[code, name] for name in items(row["bénéficiaire"])),
                    anonymous=row["personnes_anonymes"] or 0,
                    parcours=parcours[code, row["parcours"]] if row["parcours"] else None,
                    is_session=False,
                    modality=row["modalité"],
                )
            )
    return acts


def read_sessions(
    books: list[Workbook], persons: dict[tuple[str, str], Person], posts: Posts
) -> list[Act]:
    """Rule 7: rows under one `référence_séance` are one session; each brings its own animators,
    participants and anonymous people. Of the rest, the first structure that says it is believed.
    """
    shared: dict[object, Rows] = {}
    for book in books:
        for row in book["Séances"]:
            key = row["référence_séance"] or (book.structure, row["id_local"])
            shared.setdefault(key, []).append((book.structure, row))
    return [
        Act(
            date=rows[0][1]["date"],
            type=rows[0][1]["type"],
            scheme=first_said(rows, "dispositif") or "DRA",
            commune=first_said(rows, "commune_insee"),
            work=tuple(share.work for share in animation(rows, posts)),
            persons=frozenset(
                persons[code, name] for code, row in rows for name in items(row["participants"])
            ),
            anonymous=sum(row["personnes_anonymes"] or 0 for _, row in rows),
            parcours=None,
            is_session=True,
        )
        for rows in shared.values()
    ]


def first_said(rows: Rows, heading: str) -> str | None:
    return next((row[heading] for _, row in rows if row[heading] is not None), None)


def animation(rows: Rows, posts: Posts) -> list[Share]:
    """Rule 2: two workbooks that name the same adviser for the same structure name one share of
    time; the workbook of the structure for which it was worked says how long it was."""
    kept: dict[tuple[str, str], Share] = {}
    for code, row in rows:
        for share in posts.shares(row["animateurs"], row["durée_minutes"], code, row["date"]):
            key = (share.mail, share.structure)
            if key not in kept or code == share.structure:
                kept[key] = share
    return list(kept.values())
