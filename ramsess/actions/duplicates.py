"""Possible duplicates: found in the whole base, judged by people, told across structures.

The search sees everybody: it is a command's (``ramsess duplicates``). What it finds is shown to who
sees both records; of two structures, neither of which sees the other's, see ``actions.matches``.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, or_, select, text
from sqlalchemy.orm import Session, joinedload

from ramsess import policy
from ramsess.actions.auditing import note_person
from ramsess.actions.refusals import ConflictError
from ramsess.duplicates.comparing import Verdict, compare
from ramsess.duplicates.identity import Identity
from ramsess.duplicates.pairs import Pair, find_pairs
from ramsess.models import Account, Beneficiary, DuplicatePair, Structure
from ramsess.models.calendar import today

#: How many pairs a day a structure is told of records that it does not see: more would let
#: somebody ask the network about people by inventing some.
TOLD_A_DAY = 20
#: The columns of a record that are compared with another.
COMPARED = ("last_name", "first_name", "birth_date", "phone", "email", "commune_code", "sex_code")
# Names alone, or a contact alone, tell nothing to another structure: both must agree.
_BESIDES_NAMES = {"birth_same", "birth_turned", "phone", "email"}

_WHO_KNOWS_WHOM = text(
    """
    SELECT known.beneficiary_id, known.structure_id FROM (
    SELECT beneficiary_id, structure_id FROM acquaintances
    UNION SELECT m.beneficiary_id, i.structure_id FROM parcours_beneficiaries m
      JOIN involvements i ON i.parcours_id = m.parcours_id
      WHERE i.joined_on <= :day AND coalesce(i.left_on >= :day, true)
    UNION SELECT n.beneficiary_id, a.structure_id FROM act_beneficiaries n
      JOIN acts a ON a.id = n.act_id
    UNION SELECT n.beneficiary_id, s.structure_id FROM act_beneficiaries n
      JOIN act_advisers s ON s.act_id = n.act_id
    UNION SELECT beneficiary_id, structure_id FROM attendances
    UNION SELECT record_id, structure_id FROM exchange_keys WHERE sheet = 'Bénéficiaires'
    ) AS known
    WHERE CAST(:people AS int[]) IS NULL OR known.beneficiary_id = ANY (:people)
    """
)


@dataclass(frozen=True)
class Search:
    """What a search of the whole base did: pairs that are open now, new ones, told, gone."""

    people: int
    open: int
    new: int
    told: int
    gone: int


def identity_of(person: Beneficiary) -> Identity:
    """What is compared of a record."""
    return Identity(person.id, **{name: getattr(person, name) for name in COMPARED})


def search_duplicates(session: Session) -> Search:
    """Compare everybody with everybody; keep what is new, forget what no longer looks alike.

    A pair that was settled is open again only if one of its records changed. Run again, it does
    nothing more. As a command.
    """
    columns = [getattr(Beneficiary, name) for name in ("id", *COMPARED)]
    rows = session.execute(select(*columns).where(Beneficiary.nameless_since.is_(None)))
    people = {row.id: Identity(**row._mapping) for row in rows}
    found = {(pair.first_id, pair.second_id): pair for pair in find_pairs(list(people.values()))}
    proofs = {ids: evidence(people[ids[0]], people[ids[1]]) for ids in found}
    known = {
        (pair.first_id, pair.second_id): pair
        for pair in session.scalars(select(DuplicatePair).where(DuplicatePair.kept_id.is_(None)))
    }
    gone = [pair.id for ids, pair in known.items() if pair.verdict is None and ids not in found]
    session.execute(delete(DuplicatePair).where(DuplicatePair.id.in_(gone)))
    for ids in found.keys() & known.keys():
        _renew(known[ids], found[ids].verdict, proofs[ids])
    fresh = found.keys() - known.keys()
    if fresh:
        session.execute(
            insert(DuplicatePair), [_row(found[ids], proofs[ids]) for ids in sorted(fresh)]
        )
    session.flush()
    told = _tell(session)
    still = select(func.count()).where(DuplicatePair.verdict.is_(None))
    return Search(len(people), session.scalar(still) or 0, len(fresh), told, len(gone))


def evidence(one: Identity, other: Identity) -> str:
    """A digest of what was compared of two records, in either order."""
    said = sorted(repr([getattr(item, name) for name in COMPARED]) for item in (one, other))
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _row(pair: Pair, proof: str) -> dict[str, object]:
    return {
        "first_id": pair.first_id,
        "second_id": pair.second_id,
        "score": pair.verdict.score,
        "reasons": list(pair.verdict.reasons),
        "evidence": proof,
        "found_on": today(),
        "version": 1,
    }


def _renew(pair: DuplicatePair, verdict: Verdict, proof: str) -> None:
    """Say what is known now; a record that changed opens the pair again, unanswered."""
    if pair.evidence == proof:
        return
    pair.score, pair.reasons, pair.evidence = verdict.score, list(verdict.reasons), proof
    pair.verdict = pair.ended_on = pair.account_id = pair.told_on = None
    pair.first_structure_id = pair.first_consent_on = None
    pair.second_structure_id = pair.second_consent_on = None
    pair.found_on = today()


def _tell(session: Session) -> int:
    """Tell both sides of pairs whose records no structure sees together; the likeliest first."""
    knows = who_knows(session)
    told: Counter[int] = Counter()
    waiting = []
    for pair in session.scalars(
        select(DuplicatePair)
        .where(DuplicatePair.verdict.is_(None))
        .order_by(DuplicatePair.score.desc(), DuplicatePair.id)
    ):
        sides = knows[pair.first_id] | knows[pair.second_id]
        if pair.told_on == today():
            told.update(sides)
        elif pair.told_on is None and _across(pair, knows):
            waiting.append((pair, sides))
    done = 0
    for pair, sides in waiting:
        shareable = func.sight.shareable(pair.first_id, pair.second_id)
        if max(told[side] for side in sides) < TOLD_A_DAY and session.scalar(select(shareable)):
            pair.told_on = today()
            told.update(sides)
            done += 1
    session.flush()
    return done


def _across(pair: DuplicatePair, knows: dict[int, set[int]]) -> bool:
    one, other = knows[pair.first_id], knows[pair.second_id]
    names = [code for code in pair.reasons if code.startswith("last_") or code == "swapped"]
    enough = bool(names) and bool(_BESIDES_NAMES & set(pair.reasons))
    return enough and bool(one) and bool(other) and not one & other


def who_knows(session: Session, people: Sequence[int] | None = None) -> defaultdict[int, set[int]]:
    """Person → the structures that see her record today; of everybody, or of *people* alone."""
    knows: defaultdict[int, set[int]] = defaultdict(set)
    rows = session.execute(
        _WHO_KNOWS_WHOM, {"day": today(), "people": None if people is None else list(people)}
    )
    for person_id, structure_id in rows:
        knows[person_id].add(structure_id)
    return knows


def open_pairs(session: Session, account: Account | None, limit: int) -> Sequence[DuplicatePair]:
    """The pairs that wait, the likeliest first: those of which the account sees both records.

    All of them, for who oversees the network (*account* None).
    """
    query = (
        select(DuplicatePair)
        .where(DuplicatePair.verdict.is_(None))
        .options(joinedload(DuplicatePair.first), joinedload(DuplicatePair.second))
        .order_by(DuplicatePair.score.desc(), DuplicatePair.id)
        .limit(limit)
    )
    if account is not None:
        query = query.where(DuplicatePair.id.in_(policy.pairs_seen(account, today())))
    return session.scalars(query).all()


def merged_pairs(session: Session, account: Account, limit: int) -> Sequence[DuplicatePair]:
    """The merges of which the account sees the record that stays, the latest first."""
    return session.scalars(
        select(DuplicatePair)
        .where(
            DuplicatePair.kept_id.is_not(None),
            DuplicatePair.id.in_(policy.pairs_seen(account, today())),
        )
        .options(joinedload(DuplicatePair.kept))
        .order_by(DuplicatePair.ended_on.desc(), DuplicatePair.id.desc())
        .limit(limit)
    ).all()


def pairs_of(session: Session, account: Account, person: Beneficiary) -> Sequence[DuplicatePair]:
    """What waits, or was merged, of a person whom the account sees."""
    return session.scalars(
        select(DuplicatePair)
        .where(
            or_(DuplicatePair.verdict.is_(None), DuplicatePair.kept_id == person.id),
            or_(DuplicatePair.first_id == person.id, DuplicatePair.second_id == person.id),
            DuplicatePair.id.in_(policy.pairs_seen(account, today())),
        )
        .order_by(DuplicatePair.id)
    ).all()


@dataclass(frozen=True)
class Line:
    """A pair as who oversees the network reads it: no name; who sees each record."""

    pair: DuplicatePair
    first: Sequence[str]
    second: Sequence[str]

    @property
    def together(self) -> Sequence[str]:
        """The structures that see both records, and have to settle."""
        return [name for name in self.first if name in self.second]


def overview(session: Session, limit: int) -> list[Line]:
    """Every pair that waits, for who oversees the network."""
    pairs = open_pairs(session, None, limit)
    knows = who_knows(session, [one for pair in pairs for one in (pair.first_id, pair.second_id)])
    names = dict(session.execute(select(Structure.id, Structure.name)).all())

    def of(person_id: int) -> list[str]:
        return sorted(names[structure_id] for structure_id in knows[person_id])

    return [Line(pair, of(pair.first_id), of(pair.second_id)) for pair in pairs]


def judge_distinct(
    session: Session, account: Account, pair: DuplicatePair, *, version: int
) -> None:
    """Note that the two records are two people: never proposed again unless one changes.

    Raises ConflictError when it was settled, or found again, meanwhile.
    """
    held = select(DuplicatePair.id).where(
        DuplicatePair.id == pair.id, DuplicatePair.verdict.is_(None)
    )
    if session.scalar(held.with_for_update()) is None:
        raise ConflictError
    session.refresh(pair)
    if pair.version != version:
        raise ConflictError
    pair.verdict, pair.ended_on, pair.account_id = "distinct", today(), account.id
    session.flush()
    for person in (pair.first, pair.second):
        note_person(session, "tell_people_apart", person)


def enter_as_distinct(
    session: Session, account: Account, person: Beneficiary, others: Iterable[Beneficiary]
) -> None:
    """Who enters *person* was shown *others* and said that she is none of them."""
    for other in others:
        first, second = sorted((identity_of(person), identity_of(other)), key=lambda one: one.id)
        verdict = compare(first, second)
        session.execute(
            insert(DuplicatePair).values(
                **_row(Pair(first.id, second.id, verdict), evidence(first, second)),
                public_id=uuid.uuid4(),
                verdict="distinct",
                ended_on=today(),
                account_id=account.id,
            )
        )
