"""One search for everything that an account may see: people, parcours, acts, sessions, resources.

People and projects are found by reading the normalised keys of what the account sees and ranking
them here: the database has no trigram index, and behind row-level security an index would not be
used before the policy (docs/adr/0017). Acts number a million: they are found by their date, their
type, the parcours found, and the latest notes of one's own structures.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.orm import Session, selectinload

from ramsess import policy
from ramsess.actions.auditing import shown
from ramsess.actions.ranking import Grade, Keys, Match, together
from ramsess.models import (
    Account,
    Act,
    ActType,
    Beneficiary,
    Commune,
    GroupSession,
    Parcours,
    ParcoursBeneficiary,
    Project,
    Resource,
    Structure,
)
from ramsess.models.calendar import today
from ramsess.models.names import normalise
from ramsess.reports.period import french_date

LONGEST, MOST_WORDS = 200, 8
#: People of whom the parcours are looked for; latest sessions and notes that are read.
MOST_PEOPLE, LATEST = 500, 300
SESSIONS_SINCE = dt.timedelta(days=730)
ACTS_OF = 3

NEAR = "orthographe proche"
_REFERENCE = re.compile(r"(?:p-?)?((?:19|20)\d\d-\d{1,6})", re.IGNORECASE | re.ASCII)
_DATE = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?\b", re.ASCII)


@dataclass(frozen=True)
class Hit:
    """Something found. *reason* says why; *target* an endpoint and its arguments.

    *recency* breaks ties: the greatest first.
    """

    title: str
    detail: str
    reason: str
    target: tuple[str, dict[str, Any]]
    match: Match
    recency: float = 0

    @property
    def order(self) -> tuple[Any, ...]:
        return (self.match.grade, self.match.off, -self.recency, self.title)


@dataclass(frozen=True)
class Found:
    """What was found of a kind: the best, and how many there were."""

    kind: str
    title: str
    hits: Sequence[Hit]
    total: int


@dataclass
class Question:
    """What is asked, by whom; what one kind finds, another may use."""

    session: Session
    account: Account
    text: str
    most: int
    words: list[str] = field(default_factory=list)
    people: dict[int, Match] = field(default_factory=dict)
    people_by_word: list[dict[int, Match]] = field(default_factory=list)
    parcours: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text = self.text[:LONGEST].strip()
        self.words = normalise(self.text).split()[:MOST_WORDS]

    @property
    def own(self) -> set[int]:
        return policy.structure_ids(self.account)


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


def _keys(session: Session, query: Select[int, str]) -> Keys:
    """The keys of the rows that row-level security shows, in one text: rows would cost as much as
    reading them. What is shown of them is asked for by its policy too.
    """
    said = query.subquery()
    number, key = said.c
    text = select(func.string_agg(cast(number, Text) + " " + key, "\n"))
    lines = (session.scalar(text) or "").splitlines()
    split = (line.partition(" ") for line in lines)
    return Keys((int(number), key) for number, _, key in split)


def _best(matches: Mapping[int, Match], most: int) -> list[int]:
    return sorted(matches, key=lambda number: matches[number])[:most]


def _why(match: Match, exact: str, otherwise: str) -> str:
    if match.grade is Grade.NEAR:
        return f"{otherwise}, {NEAR}"
    return exact if match.grade is Grade.NAME else otherwise


def _people(question: Question) -> Iterable[Hit]:
    seen = policy.people_seen(question.account, today())
    keys = _keys(question.session, select(Beneficiary.id, Beneficiary.search_key))
    question.people_by_word = [keys.answering(word) for word in question.words]
    question.people = together(question.people_by_word, keys.words)
    best = _best(question.people, max(question.most, 50))
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
            _why(match, "nom exact", "nom"),
            ("beneficiaries.show", {"public_id": person.public_id}),
            match,
        )


def _parcours(question: Question) -> Iterable[Hit]:
    seen = policy.parcours_seen(question.account, today())
    matches = _by_reference(question, seen) or _by_words(question, seen)
    best = _best(matches, max(question.most, 50))
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
            "référence" if match.grade is Grade.REFERENCE else _why(match, "intitulé exact", why),
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
    keys = _keys(question.session, projects)
    answers = [keys.answering(word) for word in question.words]
    somebody: dict[int, Match] = {}
    for found in question.people_by_word:
        for number, match in found.items():
            somebody[number] = min(match, somebody.get(number, match))
    theirs = question.session.execute(
        select(ParcoursBeneficiary.parcours_id, ParcoursBeneficiary.beneficiary_id).where(
            ParcoursBeneficiary.beneficiary_id.in_(_best(somebody, MOST_PEOPLE)),
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


def _acts(question: Question) -> Iterable[Hit]:
    wanted: dict[int, tuple[Match, str]] = {}

    def want(query: Select[int], match: Match, why: str) -> None:
        for number in question.session.scalars(query):
            wanted.setdefault(number, (match, why))

    seen = Act.id.in_(policy.acts_seen(question.account))
    latest = select(Act.id).where(seen).order_by(Act.done_on.desc(), Act.id.desc())
    day = _day(question.text)
    kinds = _types(question)
    if day:
        dated = latest.where(Act.done_on == day)
        dated = dated.where(Act.type_code.in_(kinds)) if kinds else dated
        want(dated.limit(50), Match(Grade.NAME, 0), "date")
    elif kinds:
        # Of one's own structures: an index leads to their latest ones.
        mine = latest.where(Act.structure_id.in_(question.own), Act.type_code.in_(kinds))
        want(mine.limit(question.most), Match(Grade.NAME, 0), "type d’acte")
    else:
        for number, reference in question.parcours[:ACTS_OF]:
            of = latest.where(Act.parcours_id == number).limit(ACTS_OF)
            want(of, Match(Grade.BEGINNING, 1), f"acte de {reference}")
        wanted |= _by_note(question, wanted)
    rows = question.session.execute(
        select(Act, ActType.label, GroupSession.title, Parcours.reference)
        .join(ActType, ActType.code == Act.type_code)
        .outerjoin(GroupSession, GroupSession.act_id == Act.id)
        .outerjoin(Parcours, Parcours.id == Act.parcours_id)
        .where(Act.id.in_(list(wanted)), seen)
    )
    for act, label, title, reference in rows:
        match, why = wanted[act.id]
        page = "sessions.show" if title else "acts.show"
        yield Hit(
            f"{title or label}, {french_date(act.done_on)}",
            ", ".join(filter(None, (label if title else "", reference))),
            why,
            (page, {"public_id": act.public_id}),
            match,
            act.done_on.toordinal(),
        )


def _by_note(question: Question, but: Mapping[int, Any]) -> dict[int, tuple[Match, str]]:
    """Among the latest acts of one's own structures, those whose note holds every word."""
    rows = question.session.execute(
        select(Act.id, Act.note)
        .where(Act.structure_id.in_(question.own), Act.note != "")
        .order_by(Act.done_on.desc(), Act.id.desc())
        .limit(LATEST)
    )
    keys = Keys((row.id, normalise(row.note)) for row in rows if row.id not in but)
    found = together([keys.answering(word) for word in question.words], keys.words)
    sure = {number: match for number, match in found.items() if match.grade < Grade.NEAR}
    return {number: (match._replace(grade=Grade.INSIDE), "note") for number, match in sure.items()}


def _day(text: str) -> dt.date | None:
    """The day that the text says: ``12/03/2009``, ``12/03`` for the last one."""
    said = _DATE.search(text)
    if not said:
        return None
    day, month, year = said.groups()
    now = today()
    try:
        if year:
            return dt.date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
        found = dt.date(now.year, int(month), int(day))
        return found if found <= now else found.replace(year=now.year - 1)
    except ValueError:
        return None


def _types(question: Question) -> list[str]:
    """The types of act whose code or whole label was typed."""
    rows = question.session.execute(select(ActType.code, ActType.label)).all()
    label = " ".join(question.words)
    return [
        row.code
        for row in rows
        if row.code.lower() in question.words or normalise(row.label) == label
    ]


def _titles(
    question: Question, rows: Iterable[Any], why: str, page: str, recency: Callable[[Any], float]
) -> Iterable[Hit]:
    known = {row.id: row for row in rows}
    keys = Keys((row.id, normalise(row.title)) for row in known.values())
    matches = together([keys.answering(word) for word in question.words], keys.words)
    for number, match in matches.items():
        row = known[number]
        yield Hit(
            row.title,
            row.detail,
            _why(match, f"{why} exact", why),
            (page, {"public_id": row.public_id}),
            match,
            recency(row),
        )


def _sessions(question: Question) -> Iterable[Hit]:
    rows = question.session.execute(
        select(
            Act.id, Act.public_id, Act.done_on, GroupSession.title, ActType.label.label("detail")
        )
        .join(GroupSession, GroupSession.act_id == Act.id)
        .join(ActType, ActType.code == Act.type_code)
        .where(Act.structure_id.in_(question.own), Act.done_on >= today() - SESSIONS_SINCE)
        .order_by(Act.done_on.desc(), Act.id.desc())
        .limit(LATEST)
    ).all()
    hits = _titles(question, rows, "intitulé", "sessions.show", lambda row: row.done_on.toordinal())
    dates = {str(row.public_id): french_date(row.done_on) for row in rows}
    for hit in hits:
        day = dates[str(hit.target[1]["public_id"])]
        yield Hit(hit.title, f"{day}, {hit.detail}", *_rest(hit))


def _rest(hit: Hit) -> tuple[Any, ...]:
    return hit.reason, hit.target, hit.match, hit.recency


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
        .limit(2 * LATEST)
    ).all()

    def recency(row: Any) -> float:
        return float(row.recorded_at.timestamp())

    titled = list(_titles(question, rows, "titre", "resources.show", recency))
    yield from titled
    known = {hit.target[1]["public_id"] for hit in titled}
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
            why = "sigle" if match.grade is Grade.REFERENCE else _why(match, "nom exact", "nom")
            target = ("network.index", {"_anchor": f"structure-{row.code}"})
            yield Hit(row.name, row.code, why, target, match)


#: In the order of the page; people come first, parcours use them, acts use both.
KINDS: tuple[tuple[str, str, str, Callable[[Question], Iterable[Hit]]], ...] = (
    ("people", "Personnes", "see_people", _people),
    ("parcours", "Parcours et projets", "see_parcours", _parcours),
    ("acts", "Actes", "see_acts", _acts),
    ("sessions", "Séances", "see_sessions", _sessions),
    ("resources", "Ressources", "see_resources", _resources),
    ("structures", "Structures", "see_network", _structures),
)
