"""One search for everything that an account may see: people, parcours, acts, sessions, resources.

People and projects are found by reading the normalised keys of what the account sees and ranking
them here: the database has no trigram index, and behind row-level security an index would not be
used before the policy (docs/adr/0017).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from ramsess import policy
from ramsess.actions.act_search import find_acts, find_sessions
from ramsess.actions.auditing import shown
from ramsess.actions.question import Hit, Question, best_of, keys_of, titled, why_found
from ramsess.actions.ranking import Grade, Keys, Match, together
from ramsess.models import (
    Account,
    Beneficiary,
    Commune,
    Parcours,
    ParcoursBeneficiary,
    Project,
    Resource,
    Structure,
)
from ramsess.models.calendar import today
from ramsess.models.names import normalise
from ramsess.reports.period import french_date

#: People of whom the parcours are looked for; latest resources that are read.
MOST_PEOPLE, LATEST_RESOURCES = 500, 600
_REFERENCE = re.compile(r"(?:p-?)?((?:19|20)\d\d-\d{1,6})", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Found:
    """What was found of a kind: the best, and how many there were."""

    kind: str
    title: str
    hits: Sequence[Hit]
    total: int


def search(session: Session, account: Account, text: str, most: int) -> list[Found]:
    """What answers *text* among what the account sees: *most* of each kind, the best first.

    Noted once, as a search of people that shows none in particular.
    """
    question = Question(session, account, text, most)
    if not question.words:
        return []
    shown(session, "search_records", account_id=account.id)
    found = []
    for kind, title, action, find in KINDS:
        if policy.may(account, action):
            hits = sorted(find(question), key=lambda hit: hit.order)
            if hits:
                found.append(Found(kind, title, hits[:most], len(hits)))
    return found


def _people(question: Question) -> Iterable[Hit]:
    seen = policy.people_seen(question.account, today())
    keys = keys_of(question.session, select(Beneficiary.id, Beneficiary.search_key))
    question.people_by_word = [keys.answering(word) for word in question.words]
    question.people = together(question.people_by_word, keys.words)
    best = best_of(question.people, max(question.most, 50))
    wanted = select(Beneficiary, Commune.name).outerjoin(
        Commune, Commune.code == Beneficiary.commune_code
    )
    people = question.session.execute(
        wanted.where(Beneficiary.id.in_(best), Beneficiary.id.in_(seen))
    ).all()
    for person, commune in people:
        match = question.people[person.id]
        born = f"né·e le {french_date(person.birth_date)}" if person.birth_date else ""
        yield Hit(
            person.name,
            ", ".join(filter(None, (born, commune))),
            why_found(match, "nom exact", "nom"),
            ("beneficiaries.show", {"public_id": person.public_id}),
            match,
        )


def _parcours(question: Question) -> Iterable[Hit]:
    seen = policy.parcours_seen(question.account, today())
    matches = _by_reference(question, seen) or _by_words(question, seen)
    best = best_of(matches, max(question.most, 50))
    rows = question.session.execute(
        select(Parcours, Project.title)
        .join(Project, Project.id == Parcours.project_id)
        .where(Parcours.id.in_(best), Parcours.id.in_(seen))
        .options(selectinload(Parcours.members).joinedload(ParcoursBeneficiary.beneficiary))
    ).all()
    for parcours, title in rows:
        match = matches[parcours.id]
        people = ", ".join(person.name for person in parcours.beneficiaries)
        state = f"sorti le {french_date(parcours.exited_on)}" if parcours.exited_on else ""
        of_people = any(
            person.id in answers
            for person in parcours.beneficiaries
            for answers in question.people_by_word
        )
        why = "projet de cette personne" if of_people else "projet"
        yield Hit(
            f"{parcours.reference} {title}",
            ", ".join(filter(None, (people, state))),
            "référence"
            if match.grade is Grade.REFERENCE
            else why_found(match, "intitulé exact", why),
            ("parcours.show", {"reference": parcours.reference}),
            match,
            (parcours.exited_on or today()).toordinal() + parcours.entered_on.toordinal() / 1e6,
        )
    named = {parcours.id: parcours.reference for parcours, _ in rows}
    question.parcours = [(number, named[number]) for number in best if number in named]


def _by_reference(question: Question, seen: Select[int]) -> dict[int, Match]:
    """The parcours of a reference typed, whole or begun: ``P-2009-0042``, ``2009-42``."""
    said = _REFERENCE.fullmatch(question.text.split(" ")[0])
    if not said:
        return {}
    year, number = said[1].split("-")
    begun = [f"P-{year}-{number}", f"P-{year}-{number.zfill(4)}"]
    rows = question.session.execute(
        select(Parcours.id, Parcours.reference)
        .where(
            Parcours.id.in_(seen),
            Parcours.reference.startswith(begun[0]) | (Parcours.reference == begun[1]),
        )
        .order_by(Parcours.reference)
        .limit(50)
    )
    return {
        row.id: Match(Grade.REFERENCE, 0) if row.reference in begun else Match(Grade.BEGINNING, 0)
        for row in rows
    }


def _by_words(question: Question, seen: Select[int]) -> dict[int, Match]:
    """The parcours whose project and people together hold every word."""
    projects = select(Parcours.id, Project.search_key).join(
        Project, Project.id == Parcours.project_id
    )
    keys = keys_of(question.session, projects)
    answers = [keys.answering(word) for word in question.words]
    somebody: dict[int, Match] = {}
    for found in question.people_by_word:
        for number, match in found.items():
            somebody[number] = min(match, somebody.get(number, match))
    theirs = question.session.execute(
        select(ParcoursBeneficiary.parcours_id, ParcoursBeneficiary.beneficiary_id).where(
            ParcoursBeneficiary.beneficiary_id.in_(best_of(somebody, MOST_PEOPLE)),
            ParcoursBeneficiary.parcours_id.in_(seen),
        )
    )
    for parcours_id, person_id in theirs:
        for found, by_name in zip(answers, question.people_by_word, strict=True):
            if person_id in by_name:
                # A person's exact name is not the project's.
                match = by_name[person_id]
                match = match._replace(grade=max(match.grade, Grade.BEGINNING))
                found[parcours_id] = min(match, found.get(parcours_id, match))
    return together(answers, keys.words)


def _resources(question: Question) -> Iterable[Hit]:
    rows = question.session.execute(
        select(
            Resource.id,
            Resource.public_id,
            Resource.title,
            Structure.name.label("detail"),
            Resource.search_key,
            Resource.recorded_at,
        )
        .join(Structure, Structure.id == Resource.structure_id)
        .order_by(Resource.recorded_at.desc())
        .limit(LATEST_RESOURCES)
    ).all()

    def recency(row: Any) -> float:
        return float(row.recorded_at.timestamp())

    by_title = list(titled(question, rows, "titre", "resources.show", recency))
    yield from by_title
    known = {hit.target[1]["public_id"] for hit in by_title}
    for row in rows:
        if row.public_id not in known and all(word in row.search_key for word in question.words):
            target = ("resources.show", {"public_id": row.public_id})
            match = Match(Grade.INSIDE, 2)
            yield Hit(row.title, row.detail, "description", target, match, recency(row))


def _structures(question: Question) -> Iterable[Hit]:
    rows = question.session.execute(select(Structure.id, Structure.code, Structure.name)).all()
    keys = Keys((row.id, normalise(f"{row.code} {row.name}")) for row in rows)
    matches = together([keys.answering(word) for word in question.words], keys.words)
    for row in rows:
        if row.id in matches:
            match = matches[row.id]
            if question.words == [row.code.lower()]:
                match = Match(Grade.REFERENCE, 0)
            why = (
                "sigle" if match.grade is Grade.REFERENCE else why_found(match, "nom exact", "nom")
            )
            target = ("network.index", {"_anchor": f"structure-{row.code}"})
            yield Hit(row.name, row.code, why, target, match)


#: In the order of the page; people come first, parcours use them, acts use both.
KINDS: tuple[tuple[str, str, str, Callable[[Question], Iterable[Hit]]], ...] = (
    ("people", "Personnes", "see_people", _people),
    ("parcours", "Parcours et projets", "see_parcours", _parcours),
    ("acts", "Actes", "see_acts", find_acts),
    ("sessions", "Séances", "see_sessions", find_sessions),
    ("resources", "Ressources", "see_resources", _resources),
    ("structures", "Structures", "see_network", _structures),
)
